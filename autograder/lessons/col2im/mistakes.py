"""Lesson 09: what goes wrong when columns are scattered back."""

import numpy as np

from autograder.lessons.backwards import enter_backwards
from autograder.lessons.catalogue import (
    CHANNEL_FASTEST,
    CROPPED_AT_CORNER,
    CROPPED_TO_NOTHING,
    DILATION_FROM_ZERO,
    IMAGE_SLOWEST,
    INT_OUTPUT,
    KERNELS_MIXED,
    LAST_WINDOW_WINS,
    NO_DILATION,
    NO_STRIDE,
    NOT_CROPPED,
    ONE_IMAGE,
    ONE_KERNEL_SIZE,
    ONE_OUTPUT_TOO_FEW,
    OVERLAPS_AVERAGED,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    PATCH_BY_COLUMNS,
    PATCHES_TURNED,
    POSITIONS_BY_COLUMNS,
    SINGLE_OUTPUT,
    STRIDE_IGNORED,
    STRIDE_ONE_AXIS,
)
from autograder.lessons.layer import backward, pair, scatter
from autograder.lessons.register import breaks, mistake

# coverage ---------------------------------------------------------------------------------------

COVERED_ONCE = mistake(
    "covered-or-not",
    "each pixel counts one window, however many lie over it",
    "What has to happen to a pixel's number when a second window is laid over it?",
)
COVERED_ALIKE = mistake(
    "covered-alike-everywhere",
    "every pixel has the number of a pixel in the middle",
    "Which windows lie over the top left pixel?",
)
CORNERS_COUNTED = mistake(
    "only-the-first-pixel-of-a-window",
    "each window counts at its first pixel only",
    "Over how many pixels does one window lie?",
)


def _coverage(kernel=lambda k: k, stride=lambda s: s, add=lambda seen: seen + 1, fewer=0):
    """Return a count in which settings are misread, or windows counted otherwise."""

    def coverage(in_hw, kernel_size, stride_given=1):
        (kh, kw), (sh, sw) = kernel(pair(kernel_size)), stride(pair(stride_given))
        over = np.zeros(in_hw, int)
        for i in range(0, in_hw[0] - kh + 1 - fewer, sh):
            for j in range(0, in_hw[1] - kw + 1 - fewer, sw):
                over[i : i + kh, j : j + kw] = add(over[i : i + kh, j : j + kw])
        return over

    return coverage


_counted = _coverage()


def _alike(in_hw, kernel_size, stride=1):
    return np.full(in_hw, _counted(in_hw, kernel_size, stride).max())


def _corners(in_hw, kernel_size, stride=1):
    (kh, kw), (sh, sw), over = pair(kernel_size), pair(stride), np.zeros(in_hw, int)
    over[: in_hw[0] - kh + 1 : sh, : in_hw[1] - kw + 1 : sw] = 1
    return over


for _id, _variant in (
    (COVERED_ONCE, _coverage(add=lambda seen: seen * 0 + 1)),
    (COVERED_ALIKE, _alike),
    (CORNERS_COUNTED, _corners),
    (ONE_OUTPUT_TOO_FEW, _coverage(fewer=1)),
    (NO_STRIDE, _coverage(stride=lambda s: (1, 1))),
    (STRIDE_ONE_AXIS, _coverage(stride=lambda s: (s[0], 1))),
    (STRIDE_ONE_AXIS, _coverage(stride=lambda s: (1, s[1]))),
    (PAIR_SWAPPED, _coverage(stride=lambda s: s[::-1])),
    (PAIR_SWAPPED, _coverage(kernel=lambda k: k[::-1])),
    (PAIR_FIRST_ONLY, _coverage(stride=lambda s: (s[0], s[0]))),
    (ONE_KERNEL_SIZE, _coverage(kernel=lambda k: (k[0], k[0]))),
    (ONE_KERNEL_SIZE, _coverage(kernel=lambda k: (k[1], k[1]))),
):
    breaks("coverage", _id)(_variant)

# col2im -----------------------------------------------------------------------------------------

COVERAGE_ONLY = mistake(
    "counts-the-coverage",
    "the windows over each pixel are counted, whatever the columns hold",
    "Where does `cols` enter?",
)
IMAGE_CUT_OFF_FIRST = mistake(
    "columns-cut-with-image-first",
    "the columns are reshaped as if the image index came first",
    "A reshape never moves a number. Which axis is the last one that the columns are made of?",
)
CHANNELS_SUMMED = mistake(
    "channels-of-columns-mixed",
    "the rows of one channel's patch land in other channels",
    "Which rows of the columns belong to channel 0?",
)


def _sizes(x_shape, kernel_size, stride, padding, dilation):
    settings = zip(x_shape[2:], *map(pair, (kernel_size, stride, padding, dilation)), strict=True)
    return tuple((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in settings)


def _lengths(x_shape, kernel_size, stride, padding, dilation):
    """Name the lengths of the axes that the columns are made of."""
    (kh, kw), (n, c) = pair(kernel_size), x_shape[:2]
    oh, ow = _sizes(x_shape, kernel_size, stride, padding, dilation)
    return {"n": n, "c": c, "h": oh, "w": ow, "i": kh, "j": kw}


def _windows(cols, axes, lengths):
    """Read columns whose axes are laid out in the order `axes` as (N, C, OH, OW, KH, KW)."""
    apart = cols.reshape([lengths[axis] for axis in axes])
    return np.einsum(f"{axes}->nchwij", apart)


def _scatter(grads, x_shape, stride, padding, dilation):
    return scatter(grads, x_shape, stride, padding, dilation)


def _col2im(axes="cijhwn", put=_scatter, change=lambda grads: grads, read=lambda name, v: v):
    """Return a col2im that reads the columns in another order or puts them back otherwise."""

    def col2im(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1):
        lengths = _lengths(x_shape, kernel_size, stride, padding, dilation)
        grads = change(_windows(cols, axes, lengths))
        s, p, d = (
            read(name, pair(value))
            for name, value in (("stride", stride), ("padding", padding), ("dilation", dilation))
        )
        return put(grads, x_shape, s, p, d)

    return col2im


def _padded(grads, x_shape, stride, padding, dilation):
    (n, c, h, w), (ph, pw) = x_shape, pair(padding)
    return scatter(grads, (n, c, h + 2 * ph, w + 2 * pw), stride, 0, dilation)


def _assigned_by_tap(grads, x_shape, stride, padding, dilation):
    (n, c, h, w), (ph, pw) = x_shape, pair(padding)
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    out = np.zeros((n, c, h + 2 * ph, w + 2 * pw))
    for i, j in np.ndindex(grads.shape[4:]):
        rows = i * dh + sh * np.arange(grads.shape[2])
        columns = j * dw + sw * np.arange(grads.shape[3])
        out[:, :, rows[:, None], columns] = grads[..., i, j]
    return out[:, :, ph : ph + h, pw : pw + w]


def _assigned_by_window(grads, x_shape, stride, padding, dilation):
    (n, c, h, w), (ph, pw) = x_shape, pair(padding)
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    out = np.zeros((n, c, h + 2 * ph, w + 2 * pw))
    for i, j in np.ndindex(grads.shape[2:4]):
        rows = i * sh + dh * np.arange(grads.shape[4])
        columns = j * sw + dw * np.arange(grads.shape[5])
        out[:, :, rows[:, None], columns] = grads[:, :, i, j]
    return out[:, :, ph : ph + h, pw : pw + w]


def _averaged(grads, x_shape, *settings):
    coverage = scatter(np.ones_like(grads, dtype=float), x_shape, *settings)
    return scatter(grads, x_shape, *settings) / np.maximum(coverage, 1)


def _cropped_to_nothing(grads, x_shape, stride, padding, dilation):
    ph, pw = pair(padding)
    return _padded(grads, x_shape, stride, padding, dilation)[:, :, ph:-ph, pw:-pw]


def _cropped_at_corner(grads, x_shape, stride, padding, dilation):
    whole = _padded(grads, x_shape, stride, padding, dilation)
    return whole[:, :, : x_shape[2], : x_shape[3]]


def _reader(name, change):
    return lambda given, value: change(value) if given == name else value


for _id, _variant in (
    (LAST_WINDOW_WINS, _col2im(put=_assigned_by_tap)),
    (LAST_WINDOW_WINS, _col2im(put=_assigned_by_window)),
    (OVERLAPS_AVERAGED, _col2im(put=_averaged)),
    (NOT_CROPPED, _col2im(put=_padded)),
    (CROPPED_TO_NOTHING, _col2im(put=_cropped_to_nothing)),
    (CROPPED_AT_CORNER, _col2im(put=_cropped_at_corner)),
    (IMAGE_SLOWEST, _col2im("cijnhw")),
    (IMAGE_CUT_OFF_FIRST, _col2im("ncijhw")),
    (PATCH_BY_COLUMNS, _col2im("cjihwn")),
    (CHANNEL_FASTEST, _col2im("ijchwn")),
    (CHANNEL_FASTEST, _col2im("jichwn")),
    (CHANNELS_SUMMED, _col2im("icjhwn")),
    (POSITIONS_BY_COLUMNS, _col2im("cijwhn")),
    (PATCHES_TURNED, _col2im(change=lambda g: g[..., ::-1, ::-1])),
    (ONE_IMAGE, _col2im(change=lambda g: np.broadcast_to(g[:1], g.shape))),
    (COVERAGE_ONLY, _col2im(change=lambda g: np.ones_like(g))),
    (STRIDE_IGNORED, _col2im(read=_reader("stride", lambda s: (1, 1)))),
    (NO_DILATION, _col2im(read=_reader("dilation", lambda d: (1, 1)))),
    (DILATION_FROM_ZERO, _col2im(read=_reader("dilation", lambda d: (d[0] + 1, d[1] + 1)))),
    (PAIR_SWAPPED, _col2im(read=_reader("stride", lambda s: s[::-1]))),
    (PAIR_SWAPPED, _col2im(read=_reader("padding", lambda p: p[::-1]))),
    (PAIR_SWAPPED, _col2im(read=_reader("dilation", lambda d: d[::-1]))),
    (PAIR_FIRST_ONLY, _col2im(read=_reader("stride", lambda s: (s[0], s[0])))),
    (PAIR_FIRST_ONLY, _col2im(read=_reader("padding", lambda p: (p[0], p[0])))),
    (PAIR_FIRST_ONLY, _col2im(read=_reader("dilation", lambda d: (d[0], d[0])))),
    (INT_OUTPUT, _col2im(change=lambda g: g.astype(int))),
    (SINGLE_OUTPUT, _col2im(change=lambda g: g.astype(np.float32))),
):
    breaks("col2im", _id)(_variant)

# adjoint_gap ------------------------------------------------------------------------------------

SIGNED_GAP = mistake(
    "gap-with-sign",
    "the gap can come out below 0",
    "Is a gap of -3 smaller than one of 2?",
)
ROUND_TRIP = mistake(
    "compares-a-round-trip",
    "x is compared with what comes back from it: that asks for an inverse, not for an adjoint",
    "Columns of ones come back as the coverage, not as ones. Which two products are to agree?",
)
SUMS_COMPARED = mistake(
    "compares-sums",
    "sums are compared instead of inner products",
    "An inner product multiplies entry by entry before it sums. What with what?",
)
NORMS_COMPARED = mistake(
    "compares-norms",
    "sizes are compared instead of inner products",
    "An inner product multiplies entry by entry before it sums. What with what?",
)
RELATIVE_GAP = mistake(
    "gap-made-relative",
    "the gap is divided by something",
    "The exercise asks for the difference itself.",
)
ONE_PRODUCT = mistake(
    "one-product-only",
    "only one of the two inner products is taken",
    "Which two numbers agree when the pair is adjoint?",
)
PRODUCTS_MEAN = mistake(
    "products-averaged",
    "means stand where sums are asked for",
    "x and cols have different numbers of entries. What does a mean divide each product by?",
)
SQUARED_GAP = mistake(
    "gap-squared",
    "the gap is squared",
    "The exercise asks for the absolute value.",
)
ABSOLUTE_PRODUCTS = mistake(
    "absolute-products",
    "absolute values are taken before the difference",
    "If one product is 3 and the other -3, how far apart are they?",
)
ENTRIES_COMPARED = mistake(
    "products-compared-entry-by-entry",
    "the products are compared entry by entry",
    "Which two sums does the formula subtract, and where do its bars stand?",
)


def _gap(combine):
    def adjoint_gap(forward, adjoint, x, cols):
        return float(combine(forward(x), adjoint(cols), x, cols))

    return adjoint_gap


def _dot(a, b):
    return float(np.sum(a * b))


for _id, _variant in (
    (SIGNED_GAP, _gap(lambda y, back, x, c: _dot(y, c) - _dot(x, back))),
    (SIGNED_GAP, _gap(lambda y, back, x, c: _dot(x, back) - _dot(y, c))),
    (SUMS_COMPARED, _gap(lambda y, back, x, c: abs(y.sum() - back.sum()))),
    (SUMS_COMPARED, _gap(lambda y, back, x, c: abs(y.sum() * c.sum() - x.sum() * back.sum()))),
    (NORMS_COMPARED, _gap(lambda y, back, x, c: abs(np.sum(y**2) - np.sum(back**2)))),
    (NORMS_COMPARED, _gap(lambda y, back, x, c: abs(_dot(y, y) ** 0.5 - _dot(x, x) ** 0.5))),
    (
        RELATIVE_GAP,
        _gap(lambda y, back, x, c: abs(_dot(y, c) - _dot(x, back)) / max(1e-8, abs(_dot(y, c)))),
    ),
    (ONE_PRODUCT, _gap(lambda y, back, x, c: abs(_dot(y, c)))),
    (ONE_PRODUCT, _gap(lambda y, back, x, c: abs(_dot(x, back)))),
    (PRODUCTS_MEAN, _gap(lambda y, back, x, c: abs(np.mean(y * c) - np.mean(x * back)))),
    (ENTRIES_COMPARED, _gap(lambda y, back, x, c: np.sum(np.abs(y * c - x * back)))),
    (SQUARED_GAP, _gap(lambda y, back, x, c: (_dot(y, c) - _dot(x, back)) ** 2)),
    (ABSOLUTE_PRODUCTS, _gap(lambda y, back, x, c: abs(abs(_dot(y, c)) - abs(_dot(x, back))))),
    (
        ABSOLUTE_PRODUCTS,
        _gap(lambda y, back, x, c: abs(np.abs(y * c).sum() - np.abs(x * back).sum())),
    ),
):
    breaks("adjoint_gap", _id)(_variant)


@breaks("adjoint_gap", ROUND_TRIP)
def _round_trip(forward, adjoint, x, cols):
    return float(np.abs(adjoint(forward(x)) - x).sum())


@breaks("adjoint_gap", ROUND_TRIP)
def _largest_round_trip(forward, adjoint, x, cols):
    return float(np.abs(adjoint(forward(x)) - x).max())


# conv2d_backward_im2col -------------------------------------------------------------------------

enter_backwards("conv2d_backward_im2col")

DY_NOT_MOVED = mistake(
    "dy-flattened-without-moving-axes",
    "dy was flattened in another order than that of the columns",
    "The columns run over OH, OW, N. In which order does dy run once it is flattened?",
)
DB_COLUMN = mistake(
    "db-as-a-column",
    "db is a column, (F, 1)",
    "A gradient has the shape of what it belongs to. Which shape have the biases?",
)


@breaks("conv2d_backward_im2col", DB_COLUMN)
def _db_column(*args):
    dx, dw, db = backward(*args)
    return dx, dw, db[:, None]


@breaks("conv2d_backward_im2col", KERNELS_MIXED)
def _kernels_mixed(dy, x, w, stride=1, padding=0):
    mixed = w.reshape(-1, len(w)).T.reshape(w.shape)
    return backward(dy, x, mixed, stride, padding)[0], *backward(dy, x, w, stride, padding)[1:]


def _flattened(flatten):
    """Let dy be read in another order than that of the columns."""

    def conv2d_backward_im2col(dy, x, w, stride=1, padding=0):
        n, f, oh, ow = dy.shape
        mixed = flatten(dy).reshape(f, oh, ow, n).transpose(3, 0, 1, 2)
        dx, dw, _ = backward(mixed, x, w, stride, padding)
        return dx, dw, mixed.sum(axis=(0, 2, 3))

    return conv2d_backward_im2col


for _id, _variant in (
    (DY_NOT_MOVED, _flattened(lambda dy: dy.reshape(dy.shape[1], -1))),
    (DY_NOT_MOVED, _flattened(lambda dy: dy.swapaxes(0, 1).reshape(dy.shape[1], -1))),
    (POSITIONS_BY_COLUMNS, _flattened(lambda dy: dy.transpose(1, 3, 2, 0))),
):
    breaks("conv2d_backward_im2col", _id)(_variant)

# predictions ------------------------------------------------------------------------------------

COPIES_REVERSED = mistake(
    "copies-matched-in-reverse",
    "each copy of the pixel is given the gradient of the opposite one",
    "In which row and in which column of X_col does the first copy of 5 stand?",
)
ROW_OF_ONE_WINDOW = mistake(
    "one-column-for-all-copies",
    "all entries of one window, which belong to four pixels",
    "Each copy of 5 stands in another column of X_col. In which?",
)
ROW_OF_ONE_PLACE = mistake(
    "one-row-for-all-copies",
    "all entries of one place in the kernel, which belong to four pixels",
    "Each copy of 5 stands in another row of X_col. In which?",
)
breaks("scattered_centre", COPIES_REVERSED)(lambda: 7532)
breaks("scattered_centre", LAST_WINDOW_WINS)(lambda: 7)
breaks("scattered_centre", LAST_WINDOW_WINS)(lambda: 2000)
breaks("scattered_centre", OVERLAPS_AVERAGED)(lambda: 2357 / 4)
for _digit in (2, 3, 5, 7):
    breaks("scattered_centre", ROW_OF_ONE_WINDOW)(lambda digit=_digit: 1111 * digit)
for _place in (1, 10, 100, 1000):
    breaks("scattered_centre", ROW_OF_ONE_PLACE)(lambda place=_place: 17 * place)

PIXELS_COUNTED = mistake(
    "pixels-counted-once",
    "every pixel is counted once, however many windows are over it",
    "How many ones do the columns hold, and where does each of them end up?",
)
WINDOWS_COUNTED = mistake(
    "windows-counted",
    "the windows are counted, not the pixels under them",
    "How many pixels does one window add a 1 to?",
)
WINDOWS_EVERYWHERE = mistake(
    "every-window-over-every-pixel",
    "every pixel is taken to lie under all windows",
    "Which windows lie over the top left pixel?",
)
breaks("coverage_sum", PIXELS_COUNTED)(lambda: 16)
breaks("coverage_sum", WINDOWS_COUNTED)(lambda: 4)
breaks("coverage_sum", WINDOWS_EVERYWHERE)(lambda: 64)

SUM_EXPECTED = mistake(
    "buffered-sum-expected",
    "the sum that += would give if it added one entry after the other",
    "All four places are read before any is written. What do they read?",
)
WINDOW_ORDER = mistake(
    "last-window-expected",
    "the entry of the last window, as in a loop over windows",
    "The entries are written row by row of the matrix. Which copy of 5 is in its last row?",
)
breaks("buffered_centre", SUM_EXPECTED)(lambda: 1234)
breaks("buffered_centre", WINDOW_ORDER)(lambda: 1000)

GAP_EXPECTED = mistake(
    "gap-of-a-wrong-pair-expected",
    "the gap that maps would have which do not belong together",
    "If forward is P S, with P reversing the rows, what is its transpose?",
)
for _value in (1, 84207):
    breaks("shared_slip_gap", GAP_EXPECTED)(lambda value=_value: value)

breaks("dy_as_a_row", DY_NOT_MOVED)(lambda: [1, 10, 100, 1000])
