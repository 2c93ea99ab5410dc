"""Lesson 07: what goes wrong when a convolution is written as one sparse matrix."""

import numpy as np

from autograder.lessons.backwards import WRONG_DX, enter_backwards
from autograder.lessons.catalogue import (
    CHANNELS_ALIKE,
    DX_BATCH_MEAN,
    FILTERS_FOR_CHANNELS,
    FLIPS,
    FLIPS_ONE_AXIS,
    INT_OUTPUT,
    LAST_FILTER_WINS,
    LAST_WINDOW_WINS,
    NO_STRIDE,
    NOT_TURNED,
    ONE_CHANNEL_OF_DX,
    ONE_IMAGE_OF_DX,
    ONE_OUTPUT_TOO_FEW,
    ONE_TAP,
    OVERLAPS_AVERAGED,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    SINGLE_OUTPUT,
    STRIDE_ONE_AXIS,
    SUMMED_KERNEL,
    TRANSPOSES_KERNEL,
    WITHOUT_DY,
)
from autograder.lessons.layer import forward, input_gradient, pair
from autograder.lessons.register import breaks, mistake

# conv_matrix ------------------------------------------------------------------------------------

ONE_TAP_USED = mistake(
    "one-tap-used",
    "only one weight of the kernel is used",
    "Change the kernel's last entry: does your result change?",
)
TAPS_SUMMED = mistake(
    "every-tap-is-the-sum",
    "the sum of the kernel stands in the place of every entry",
    "Take a kernel of a single 1 among zeros. Where in the result should the 1 stand?",
)
MATRIX_TRANSPOSED = mistake(
    "matrix-transposed",
    "rows and columns of the matrix are exchanged",
    "M times x.ravel() is the output: how many rows does M have, one for each pixel or one for "
    "each output?",
)
ROWS_SHIFT_BY_ONE = mistake(
    "every-row-shifts-by-one",
    "each row is the one above, moved by one pixel, past the end of an image row too",
    "The last window of the first row begins at column W - KW. Where does the next window begin?",
)
KERNEL_CONTIGUOUS = mistake(
    "kernel-without-gaps",
    "the kernel's rows stand side by side in the matrix",
    "In x.ravel(), how many places after pixel (0, 0) does pixel (1, 0) stand?",
)
ROW_OF_OUTPUT = mistake(
    "counts-rows-by-the-output",
    "the image's rows are counted with the output's width",
    "Pixel (2, 1) of an image of width W stands at which place of x.ravel()?",
)
ROW_BY_HEIGHT = mistake(
    "counts-rows-by-the-height",
    "the image's rows are counted with its height",
    "How many pixels are in one row: H or W?",
)
DOWN_THE_COLUMNS = mistake(
    "columns-before-rows",
    "pixels or outputs are counted down the columns",
    "`ravel` goes along the rows. Which pixel stands at place 1?",
)


def _outputs(kernel, in_hw, stride):
    sizes = zip(in_hw, kernel, pair(stride), strict=True)
    return tuple((n - k) // s + 1 for n, k, s in sizes)


def _matrix(place=None, row=None, weights=lambda w: w, read=lambda stride: stride):
    """Return a matrix whose entries stand at the places that `place` and `row` say.

    `place` is told where the window begins, `row` which window of how many it is.
    """

    def conv_matrix(w, in_hw, stride=1):
        (h, width), (_, kw), (sh, sw) = in_hw, w.shape, read(pair(stride))
        oh, ow = _outputs(w.shape, in_hw, (sh, sw))
        matrix = np.zeros((oh * ow, h * width), dtype=w.dtype)
        for i, j in np.ndindex(oh, ow):
            for (u, v), weight in np.ndenumerate(weights(w)):
                top, left = i * sh, j * sw
                at = (
                    place(top, left, u, v, h, width, kw, ow)
                    if place
                    else (top + u) * width + left + v
                )
                matrix[row(i, j, oh, ow) if row else i * ow + j, at] += weight
        return matrix

    return conv_matrix


_right = _matrix()


def _only_square(w):
    if w.shape[0] != w.shape[1]:
        raise IndexError("index out of bounds")
    return w.T


NEGATIVE_WEIGHTS_LOST = mistake(
    "negative-weights-lost",
    "weights below 0 lose their sign, or become 0",
    "Which entry should -2 make? A weight is copied as it is.",
)
TAKEN_FOR_SQUARE = mistake(
    "taken-for-square",
    "image and kernel are taken to be square",
    "How many columns has the image, and how many the kernel?",
)
FOUR_AXES = mistake(
    "four-axes-for-two",
    "the result has four axes, a matrix has two",
    "`reshape` makes one axis of two. Which two belong to the rows of M?",
)


def _one_too_few(w, in_hw, stride=1):
    pixels = in_hw[0] * in_hw[1]
    whole = _right(w, in_hw, stride).reshape(*_outputs(w.shape, in_hw, stride), pixels)
    return whole[:-1, :-1].reshape(-1, pixels)


def _square(w, in_hw, stride=1):
    if w.shape[0] > w.shape[1]:
        raise IndexError("index out of bounds")
    return _right(w[:, : w.shape[0]], (in_hw[0], in_hw[0]), stride)


def _unfolded(w, in_hw, stride=1):
    return _right(w, in_hw, stride).reshape(*_outputs(w.shape, in_hw, stride), *in_hw)


def _first_windows(w, in_hw, stride=1):
    """Make as many rows as the stride allows, but let their windows lie one pixel apart."""
    (oh, ow), dense = _outputs(w.shape, in_hw, stride), _right(w, in_hw)
    rows = dense.reshape(*_outputs(w.shape, in_hw, 1), -1)
    return rows[:oh, :ow].reshape(oh * ow, -1)


for _id, _variant in (
    (ONE_OUTPUT_TOO_FEW, _one_too_few),
    (TAKEN_FOR_SQUARE, _square),
    (FOUR_AXES, _unfolded),
    (FLIPS, _matrix(weights=lambda w: w[::-1, ::-1])),
    (FLIPS_ONE_AXIS, _matrix(weights=lambda w: w[::-1])),
    (FLIPS_ONE_AXIS, _matrix(weights=lambda w: w[:, ::-1])),
    (TRANSPOSES_KERNEL, _matrix(weights=_only_square)),
    (MATRIX_TRANSPOSED, lambda w, in_hw, stride=1: _right(w, in_hw, stride).T),
    (ROWS_SHIFT_BY_ONE, _matrix(lambda i, j, u, v, h, w, kw, ow: i * ow + j + u * w + v)),
    (KERNEL_CONTIGUOUS, _matrix(lambda i, j, u, v, h, w, kw, ow: i * w + j + u * kw + v)),
    (ROW_OF_OUTPUT, _matrix(lambda i, j, u, v, h, w, kw, ow: (i + u) * ow + j + v)),
    (ROW_BY_HEIGHT, _matrix(lambda i, j, u, v, h, w, kw, ow: (i + u) * h + j + v)),
    (DOWN_THE_COLUMNS, _matrix(lambda i, j, u, v, h, w, kw, ow: (j + v) * h + i + u)),
    (DOWN_THE_COLUMNS, _matrix(row=lambda i, j, oh, ow: j * oh + i)),
    (
        DOWN_THE_COLUMNS,
        _matrix(
            lambda i, j, u, v, h, w, kw, ow: (j + v) * h + i + u, lambda i, j, oh, ow: j * oh + i
        ),
    ),
    (TAPS_SUMMED, _matrix(weights=lambda w: np.full_like(w, w.sum()))),
    (ONE_TAP_USED, _matrix(weights=lambda w: w[:1, :1])),
    (INT_OUTPUT, lambda w, in_hw, stride=1: _right(w, in_hw, stride).astype(int)),
    (SINGLE_OUTPUT, lambda w, in_hw, stride=1: _right(w, in_hw, stride).astype(np.float32)),
    (NO_STRIDE, _matrix(read=lambda s: (1, 1))),
    (NO_STRIDE, _first_windows),
    (STRIDE_ONE_AXIS, _matrix(read=lambda s: (s[0], 1))),
    (STRIDE_ONE_AXIS, _matrix(read=lambda s: (1, s[1]))),
    (PAIR_SWAPPED, _matrix(read=lambda s: s[::-1])),
    (PAIR_FIRST_ONLY, _matrix(read=lambda s: (s[0], s[0]))),
    (NEGATIVE_WEIGHTS_LOST, lambda w, in_hw, stride=1: _right(np.abs(w), in_hw, stride)),
    (NEGATIVE_WEIGHTS_LOST, lambda w, in_hw, stride=1: _right(np.maximum(w, 0), in_hw, stride)),
):
    breaks("conv_matrix", _id)(_variant)

# tie_gradient -----------------------------------------------------------------------------------

COPIES_AVERAGED = mistake(
    "copies-averaged",
    "the gradient is averaged over the copies",
    "When w[0, 0] rises by 1, all its copies rise by 1. What happens to the loss?",
)
ONE_COPY = mistake(
    "one-copy-only",
    "the gradient of one copy is taken",
    "How many times does w[0, 0] stand in the matrix?",
)
TIED_TURNED = mistake(
    "tied-gradient-turned",
    "the gradient comes out turned by 180 degrees",
    "In the matrix's first row, which weight stands at place 0?",
)
TIED_TRANSPOSED = mistake(
    "tied-gradient-transposed",
    "the gradient has its rows and columns exchanged",
    "Which kernel index moves by a whole image row in x.ravel()?",
)
NOT_TIED = mistake(
    "gradient-not-tied",
    "a matrix comes back: the copies are still apart",
    "How many numbers does the kernel hold?",
)
EVERY_ENTRY = mistake(
    "zeros-of-the-matrix-too",
    "entries of G count where the matrix has a 0 that is no weight",
    "Which entries of the matrix are copies of w[0, 0], and which are 0 whatever w is?",
)
TIED_UNROLLED = mistake(
    "tied-gradient-unrolled",
    "the gradient comes out in one line",
    "Which shape has w? A gradient has the shape of what it belongs to.",
)


def _tie(place=None, combine=np.sum, row=None):
    """Return a sum over the copies that looks for them at the places that `place` says."""

    def tie_gradient(G, kernel_size, in_hw):
        (h, width), (kh, kw) = in_hw, pair(kernel_size)
        oh, ow = h - kh + 1, width - kw + 1
        dw = np.zeros((kh, kw))
        for u, v in np.ndindex(kh, kw):
            copies = [
                G[
                    row(i, j, oh, ow) if row else i * ow + j,
                    place(i, j, u, v, h, width, kw, ow) if place else (i + u) * width + j + v,
                ]
                for i, j in np.ndindex(oh, ow)
            ]
            dw[u, v] = combine(copies)
        return dw

    return tie_gradient


_tied = _tie()


def _masked(G, kernel_size, in_hw):
    return G * (_right(np.ones(pair(kernel_size)), in_hw) != 0)


def _column_sums(G, kernel_size, in_hw):
    kh, kw = pair(kernel_size)
    return G.sum(axis=0).reshape(in_hw)[:kh, :kw]


for _id, _variant in (
    (COPIES_AVERAGED, _tie(combine=np.mean)),
    (ONE_COPY, _tie(combine=lambda copies: copies[0])),
    (ONE_COPY, _tie(combine=lambda copies: copies[-1])),
    (TIED_TURNED, lambda *args: _tied(*args)[::-1, ::-1]),
    (TIED_TRANSPOSED, lambda *args: _tied(*args).T),
    (TIED_UNROLLED, lambda *args: _tied(*args).ravel()),
    (NOT_TIED, lambda G, kernel_size, in_hw: G.copy()),
    (NOT_TIED, _masked),
    (EVERY_ENTRY, _column_sums),
    (EVERY_ENTRY, lambda G, kernel_size, in_hw: np.full(pair(kernel_size), G.sum())),
    (ROWS_SHIFT_BY_ONE, _tie(lambda i, j, u, v, h, w, kw, ow: i * ow + j + u * w + v)),
    (KERNEL_CONTIGUOUS, _tie(lambda i, j, u, v, h, w, kw, ow: i * w + j + u * kw + v)),
    (ROW_OF_OUTPUT, _tie(lambda i, j, u, v, h, w, kw, ow: (i + u) * ow + j + v)),
    (ROW_BY_HEIGHT, _tie(lambda i, j, u, v, h, w, kw, ow: (i + u) * h + j + v)),
    (DOWN_THE_COLUMNS, _tie(lambda i, j, u, v, h, w, kw, ow: (j + v) * h + i + u)),
    (DOWN_THE_COLUMNS, _tie(row=lambda i, j, oh, ow: j * oh + i)),
    (PAIR_SWAPPED, lambda G, k, in_hw: _tied(G, pair(k)[::-1], in_hw)),
    (PAIR_FIRST_ONLY, lambda G, k, in_hw: _tied(G, pair(k)[0], in_hw)),
    (INT_OUTPUT, lambda *args: _tied(*args).astype(int)),
    (SINGLE_OUTPUT, lambda *args: _tied(*args).astype(np.float32)),
):
    breaks("tie_gradient", _id)(_variant)

# conv_transpose2d -------------------------------------------------------------------------------

SIZE_TIMES_STRIDE = mistake(
    "size-times-stride",
    "the size is taken to be the input's times the stride",
    "Where does the last kernel begin, and where does it end?",
)
FORWARD_AGAIN = mistake(
    "forward-instead-of-transpose",
    "a window sums where a pixel is to spread its kernel",
    "Is the result to be larger or smaller than y?",
)
SPREADS_SAME = mistake(
    "cut-to-the-input-size",
    "the result is cut to the size of y",
    "How far does the last pixel's kernel reach beyond it?",
)

STRIDE_BETWEEN_KERNELS = mistake(
    "kernels-one-pixel-apart",
    "the kernels lie one pixel apart, whatever the stride",
    "With stride 2, at which pixel does the second kernel begin?",
)
KERNELS_TOO_FAR_APART = mistake(
    "kernels-too-far-apart",
    "the kernels lie stride + 1 pixels apart",
    "With stride 1, at which pixel does the second kernel begin?",
)

# The mistakes of dx that can be made without padding and without a remainder, and what each is
# called where there is no gradient.
_SHARED = {
    FLIPS_ONE_AXIS: FLIPS_ONE_AXIS,
    TRANSPOSES_KERNEL: TRANSPOSES_KERNEL,
    ONE_TAP: ONE_TAP_USED,
    SUMMED_KERNEL: TAPS_SUMMED,
    INT_OUTPUT: INT_OUTPUT,
    SINGLE_OUTPUT: SINGLE_OUTPUT,
    NOT_TURNED: mistake(
        "kernel-laid-down-turned",
        "the kernel is laid down turned by 180 degrees",
        "Take a map of a single 1. What lies in the result, and what should?",
    ),
    LAST_WINDOW_WINS: mistake(
        "kernels-overwrite-each-other",
        "where kernels overlap, only the last one is kept",
        "Take a pixel on which two kernels lie. Does it hear from both?",
    ),
    OVERLAPS_AVERAGED: mistake(
        "overlapping-kernels-averaged",
        "where kernels overlap, their mean is taken",
        "What becomes of two kernels that lie on one pixel: a sum or a mean?",
    ),
    FILTERS_FOR_CHANNELS: mistake(
        "channels-in-and-out-exchanged",
        "channels that come in and channels that go out are exchanged",
        "Which channels does the first axis of w count? Try two in and three out.",
    ),
    LAST_FILTER_WINS: mistake(
        "one-channel-in",
        "only one of the channels that come in reaches the result",
        "Each channel of y lays down kernels. Are they all added?",
    ),
    CHANNELS_ALIKE: mistake(
        "channels-out-alike",
        "every channel that goes out is the same",
        "Which kernels of w belong to outgoing channel 1?",
    ),
    ONE_CHANNEL_OF_DX: mistake(
        "one-channel-out",
        "only one of the channels that go out is filled",
        "How many outgoing channels does one incoming channel reach?",
    ),
    ONE_IMAGE_OF_DX: mistake(
        "one-image-grown",
        "the results of all images come from one of them",
        "Which image of y makes image 1 of the result?",
    ),
    DX_BATCH_MEAN: mistake(
        "result-divided-by-the-batch",
        "the result is divided by the number of images",
        "Do the images of a batch know of each other?",
    ),
    WITHOUT_DY: mistake(
        "y-without-effect",
        "the values of y have no effect",
        "By how much should the result grow when y doubles?",
    ),
}


def _out_hw(y, w, stride):
    sizes = zip(y.shape[2:], pair(stride), w.shape[2:], strict=True)
    return tuple((n - 1) * s + k for n, s, k in sizes)


def _transpose(y, w, stride=1):
    return input_gradient(y, w, (len(y), w.shape[1], *_out_hw(y, w, stride)), stride)


def _from_dx(dx):
    def conv_transpose2d(y, w, stride=1):
        x = np.zeros((len(y), w.shape[1], *_out_hw(y, w, stride)))
        return dx(y, x, w, stride, 0)

    return conv_transpose2d


enter_backwards(
    "conv_transpose2d", [(_SHARED[id], dx) for id, dx in WRONG_DX if id in _SHARED], _from_dx
)


def _like_y(y, w, stride=1):
    """Keep the result in an array of y's type, which cuts fractions of w off."""
    return _transpose(y, w, stride).astype(y.dtype)


def _other_stride(read):
    return lambda y, w, stride=1: _transpose(y, w, read(pair(stride)))


@breaks("conv_transpose2d", STRIDE_BETWEEN_KERNELS)
def _stride_only_in_size(y, w, stride=1):
    result = np.zeros((len(y), w.shape[1], *_out_hw(y, w, stride)))
    spread = _transpose(y, w, 1)
    result[:, :, : spread.shape[2], : spread.shape[3]] = spread
    return result


@breaks("conv_transpose2d", SIZE_TIMES_STRIDE)
def _size_times_stride(y, w, stride=1):
    (sh, sw), (h, width) = pair(stride), y.shape[2:]
    result = np.zeros((len(y), w.shape[1], h * sh, width * sw))
    spread = _transpose(y, w, stride)[:, :, : h * sh, : width * sw]
    result[:, :, : spread.shape[2], : spread.shape[3]] = spread
    return result


@breaks("conv_transpose2d", FORWARD_AGAIN)
def _forward_again(y, w, stride=1):
    return forward(y, w.swapaxes(0, 1), np.zeros(w.shape[1]), stride)


for _id, _variant in (
    (STRIDE_BETWEEN_KERNELS, _other_stride(lambda s: 1)),
    (INT_OUTPUT, _like_y),
    (PAIR_SWAPPED, _other_stride(lambda s: s[::-1])),
    (PAIR_FIRST_ONLY, _other_stride(lambda s: s[0])),
    (PAIR_FIRST_ONLY, _other_stride(lambda s: s[1])),
    (KERNELS_TOO_FAR_APART, _other_stride(lambda s: (s[0] + 1, s[1] + 1))),
    (SPREADS_SAME, lambda y, w, s=1: _transpose(y, w, s)[:, :, : y.shape[2], : y.shape[3]]),
):
    breaks("conv_transpose2d", _id)(_variant)

# predictions ------------------------------------------------------------------------------------

breaks("third_row", ROWS_SHIFT_BY_ONE)(lambda: [0, 0, 1, 2, 0, 3, 4, 0, 0])
breaks("third_row", KERNEL_CONTIGUOUS)(lambda: [0, 0, 0, 1, 2, 3, 4, 0, 0])
breaks("third_row", FLIPS)(lambda: [0, 0, 0, 4, 3, 0, 2, 1, 0])
breaks("third_row", TRANSPOSES_KERNEL)(lambda: [0, 0, 0, 1, 3, 0, 2, 4, 0])
NEXT_OUTPUT = mistake(
    "row-of-another-output",
    "the row of another output",
    "Which four pixels does y[1, 0] read?",
)
breaks("third_row", NEXT_OUTPUT)(lambda: [0, 0, 0, 0, 1, 2, 0, 3, 4])
breaks("third_row", NEXT_OUTPUT)(lambda: [0, 1, 2, 0, 3, 4, 0, 0, 0])

COPIES_NOT_COUNTED = mistake(
    "weights-without-copies",
    "each weight is counted once",
    "In how many rows of the matrix does each weight stand?",
)
ROW_FOR_EACH_PIXEL = mistake(
    "row-for-each-pixel",
    "a row is counted for each pixel",
    "How many outputs has the layer, and how many pixels the image?",
)
ZEROS_COUNTED = mistake(
    "zeros-counted-too",
    "all entries of the matrix are counted",
    "How many entries of one row hold a weight?",
)
breaks("nonzeros_of_matrix", COPIES_NOT_COUNTED)(lambda: 2 * 3)
breaks("nonzeros_of_matrix", ROW_FOR_EACH_PIXEL)(lambda: 4 * 5 * 2 * 3)
breaks("nonzeros_of_matrix", ZEROS_COUNTED)(lambda: 3 * 3 * 4 * 5)
breaks("nonzeros_of_matrix", ONE_OUTPUT_TOO_FEW)(lambda: 2 * 2 * 2 * 3)
OUTPUTS_COUNTED = mistake(
    "outputs-for-weights",
    "the rows of the matrix are counted, not the weights in them",
    "A row belongs to one output. How many weights does one output use?",
)
breaks("nonzeros_of_matrix", OUTPUTS_COUNTED)(lambda: 3 * 3)

FIRST_COPY = mistake(
    "gradient-of-another-copy",
    "the gradient of another copy",
    "The copy in row 3 belongs to which output? And column 5 to which pixel?",
)
SUM_OF_COPIES = mistake(
    "all-copies-for-one",
    "the gradients of all copies together",
    "One copy stands in one row. Which outputs does it reach?",
)
for _value in (2, 30, 500):
    breaks("copy_gradient", FIRST_COPY)(lambda value=_value: value)
breaks("copy_gradient", SUM_OF_COPIES)(lambda: 2 + 30 + 500 + 6000)
LAST_PIXEL = mistake(
    "another-pixel",
    "the upstream gradient is right, the pixel is not",
    "Which pixel of the image has the place 5, counted from 0?",
)
for _value in (5, 9):
    breaks("copy_gradient", LAST_PIXEL)(lambda value=_value: 1000 * value)
WEIGHT_FOR_PIXEL = mistake(
    "weight-for-pixel",
    "dy is multiplied by the weight, not by what the weight met",
    "The product is M[q, r] times x[r]. By how much does it grow when M[q, r] grows by 1?",
)
breaks("copy_gradient", WEIGHT_FOR_PIXEL)(lambda: 1000 * 2)
DY_ALONE = mistake(
    "upstream-gradient-alone",
    "the upstream gradient alone, without the pixel",
    "The product is M[q, r] times x[r]. By how much does it grow when M[q, r] grows by 1?",
)
breaks("copy_gradient", DY_ALONE)(lambda: 1000)

breaks("grown_size", SIZE_TIMES_STRIDE)(lambda: [10, 3])
breaks("grown_size", STRIDE_BETWEEN_KERNELS)(lambda: [7, 5])
breaks("grown_size", FORWARD_AGAIN)(lambda: [2, 1])
breaks("grown_size", PAIR_SWAPPED)(lambda: [7, 7])
breaks("grown_size", PAIR_FIRST_ONLY)(lambda: [11, 7])
KERNEL_AFTER_EACH = mistake(
    "last-step-counted-too",
    "a step is counted after the last kernel too",
    "Between five kernels, how many steps are there?",
)
breaks("grown_size", KERNEL_AFTER_EACH)(lambda: [13, 6])
