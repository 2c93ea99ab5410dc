"""Wrong backward passes of a convolution layer, for every exercise that asks for one.

A wrong dx, dw or db takes (dy, x, w, stride, padding); `BACKWARDS` holds each as a whole backward
pass whose other two gradients are right.
"""

from collections.abc import Callable

import numpy as np

from autograder.lessons.catalogue import (
    CHANNELS_ALIKE,
    CROPPED_AT_CORNER,
    CROPPED_TO_NOTHING,
    DB_COUNTS,
    DB_EACH_POSITION,
    DB_MEAN,
    DW_ONE_WINDOW,
    DW_TURNED,
    DX_BATCH_MEAN,
    FILTERS_FOR_CHANNELS,
    FLIPS_ONE_AXIS,
    INT_OUTPUT,
    LAST_FILTER_WINS,
    LAST_WINDOW_WINS,
    NOT_CROPPED,
    NOT_TURNED,
    ONE_CHANNEL_OF_DX,
    ONE_IMAGE_OF_DX,
    ONE_TAP,
    ORDER_SWAPPED,
    OVERLAPS_AVERAGED,
    PADS_AFTER_2D,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    REMAINDER_CUT,
    SINGLE_OUTPUT,
    STRIDE_IGNORED,
    SUMMED_KERNEL,
    TRANSPOSES_KERNEL,
    WITHOUT_DY,
)
from autograder.lessons.layer import (
    backward,
    bias_gradient,
    input_gradient,
    pair,
    scatter,
    weight_gradient,
    windows,
    zeros_around,
)
from autograder.lessons.register import breaks, mistake

DW_ONE_IMAGE = mistake(
    "dw-of-one-image",
    "dw or db is that of a single image",
    "The kernels are shared by the whole batch. Is each image's part added?",
)
DW_BATCH_MEAN = mistake(
    "divided-by-the-batch",
    "dw and db are divided by the number of images",
    "Where would a division come from? dy says already how the loss weighs each image.",
)

# dx ---------------------------------------------------------------------------------------------

REMAINDER_LAST_WINDOW = mistake(
    "remainder-read-by-last-window",
    "the last windows are moved to the edge, over the pixels that no window read",
    "Where did the last window begin in the forward pass?",
)

# dw ---------------------------------------------------------------------------------------------

DW_ONE_AXIS = mistake(
    "dw-flipped-on-one-axis",
    "dw is flipped along one axis",
    "Which pixel did the kernel's top right entry meet in the first window?",
)
DW_TRANSPOSED = mistake(
    "dw-transposed",
    "dw has its rows and columns exchanged",
    "Which of the two kernel indices moves along the image's rows?",
)
DW_UNPADDED = mistake(
    "dw-from-unpadded-x",
    "dw is taken from x without its padding",
    "What did the kernel's top left entry meet in the first window: the first pixel, or a zero "
    "of the padding?",
)
DW_POSITIONS_MEAN = mistake(
    "dw-divided-by-the-positions",
    "dw is averaged over the positions",
    "The loss is the sum of y times dy. Does a weight that is used twice count half?",
)
DW_NO_STRIDE = mistake(
    "dw-ignores-the-stride",
    "dw pairs dy with windows that are one pixel apart",
    "At which pixel does the window of output i begin?",
)
DW_ONE_CHANNEL = mistake(
    "dw-of-one-channel",
    "dw is the same for all channels",
    "Which channel of x did w[f, 1] meet?",
)

# db ---------------------------------------------------------------------------------------------

DB_ONE_NUMBER = mistake(
    "db-one-number",
    "db is one sum for all filters",
    "Which outputs does b[0] reach?",
)
DB_WRONG_AXES = mistake(
    "db-summed-over-other-axes",
    "db is summed over other axes than images, rows and columns",
    "Which axis of dy has to remain?",
)

CHANGES_ARGUMENTS = mistake(
    "backward-changes-its-arguments",
    "an argument is changed",
    "Print dy, x and w before and after the call.",
)


def _with_kernels(change: Callable) -> Callable:
    return lambda dy, x, w, s=1, p=0: input_gradient(dy, change(w), x.shape, s, p)


def _transposed_kernel(dy, x, w, s=1, p=0):
    if w.shape[2] != w.shape[3]:
        raise IndexError("index out of bounds")
    return input_gradient(dy, w.swapaxes(2, 3), x.shape, s, p)


def _assigned(dy, x, w, s=1, p=0):
    """Let each window overwrite, window by window, after the filters are summed."""
    (sh, sw), (ph, pw) = pair(s), pair(p)
    grads = np.einsum("nfhw,fcij->nchwij", dy, w)
    dx = np.zeros((*x.shape[:2], x.shape[2] + 2 * ph, x.shape[3] + 2 * pw))
    for i, j in np.ndindex(dy.shape[2:]):
        rows = slice(i * sh, i * sh + w.shape[2])
        dx[:, :, rows, j * sw : j * sw + w.shape[3]] = grads[:, :, i, j]
    return dx[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]]


def _assigned_by_filter(dy, x, w, s=1, p=0):
    """Let each window of each filter overwrite: the last filter's last window is left."""
    return _assigned(dy[:, -1:], x, w[-1:], s, p)


def _assigned_by_tap(dy, x, w, s=1, p=0):
    """Let each tap overwrite, as columns put back with `=` or a buffered `+=` do."""
    (sh, sw), (ph, pw) = pair(s), pair(p)
    grads = np.einsum("nfhw,fcij->nchwij", dy, w)
    dx = np.zeros((*x.shape[:2], x.shape[2] + 2 * ph, x.shape[3] + 2 * pw))
    oh, ow = dy.shape[2:]
    for i, j in np.ndindex(w.shape[2:]):
        rows, columns = i + sh * np.arange(oh), j + sw * np.arange(ow)
        dx[:, :, rows[:, None], columns] = grads[..., i, j]
    return dx[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]]


def _averaged(dy, x, w, s=1, p=0):
    ones = np.ones((1, 1, *dy.shape[2:], *w.shape[2:]))
    coverage = scatter(ones, (1, 1, *x.shape[2:]), s, p)
    return input_gradient(dy, w, x.shape, s, p) / np.maximum(coverage, 1)


def _padded_gradient(dy, x, w, s=1, p=0):
    ph, pw = pair(p)
    shape = (*x.shape[:2], x.shape[2] + 2 * ph, x.shape[3] + 2 * pw)
    return input_gradient(dy, w, shape, s, 0)


def _cropped_to_nothing(dy, x, w, s=1, p=0):
    ph, pw = pair(p)
    return _padded_gradient(dy, x, w, s, p)[:, :, ph:-ph, pw:-pw]


def _cropped_at_corner(dy, x, w, s=1, p=0):
    return _padded_gradient(dy, x, w, s, p)[:, :, : x.shape[2], : x.shape[3]]


def _ends_with_windows(dy, x, w, s=1, p=0):
    """Leave out the rows and columns that no window reaches."""
    dx = _padded_gradient(dy, x, w, s, p)
    (sh, sw), (ph, pw) = pair(s), pair(p)
    rows = min(sh * (dy.shape[2] - 1) + w.shape[2], x.shape[2] + ph)
    columns = min(sw * (dy.shape[3] - 1) + w.shape[3], x.shape[3] + pw)
    return dx[:, :, ph:rows, pw:columns]


def _stride_one(dy, x, w, s=1, p=0):
    return input_gradient(dy, w, x.shape, 1, p)


def _at_the_edge(dy, x, w, s=1, p=0):
    """Count the windows from the far edge."""
    return input_gradient(dy[:, :, ::-1, ::-1], w[..., ::-1, ::-1], x.shape, s, p)[:, :, ::-1, ::-1]


def _exchanged(dy, x, w, s=1, p=0):
    if w.shape[0] != w.shape[1]:
        raise ValueError("shapes do not match")
    return input_gradient(dy, w.swapaxes(0, 1), x.shape, s, p)


def _one_filter(place):
    def dx(dy, x, w, s=1, p=0):
        return input_gradient(dy[:, [place]], w[[place]], x.shape, s, p)

    return dx


def _one_channel_filled(dy, x, w, s=1, p=0):
    dx = input_gradient(dy, w, x.shape, s, p)
    dx[:, 1:] = 0
    return dx


def _one_image(dy, x, w, s=1, p=0):
    return input_gradient(np.broadcast_to(dy[:1], dy.shape), w, x.shape, s, p)


def _one_corner(w):
    corner = np.zeros_like(w)
    corner[..., 0, 0] = w[..., 0, 0]
    return corner


def _settings_misread(gradient, stride=lambda s: s, padding=lambda p: p):
    return lambda dy, x, w, s=1, p=0: gradient(dy, x, w, stride(s), padding(p))


def _right_dx(dy, x, w, s=1, p=0):
    return input_gradient(dy, w, x.shape, s, p)


def _turned(value):
    return pair(value)[::-1]


def _first(value):
    return pair(value)[0]


WRONG_DX: list[tuple[str, Callable]] = [
    (NOT_TURNED, _with_kernels(lambda w: w[..., ::-1, ::-1])),
    (FLIPS_ONE_AXIS, _with_kernels(lambda w: w[..., ::-1, :])),
    (FLIPS_ONE_AXIS, _with_kernels(lambda w: w[..., ::-1])),
    (TRANSPOSES_KERNEL, _transposed_kernel),
    (LAST_WINDOW_WINS, _assigned),
    (LAST_WINDOW_WINS, _assigned_by_filter),
    (LAST_WINDOW_WINS, _assigned_by_tap),
    (OVERLAPS_AVERAGED, _averaged),
    (NOT_CROPPED, _padded_gradient),
    (CROPPED_TO_NOTHING, _cropped_to_nothing),
    (CROPPED_AT_CORNER, _cropped_at_corner),
    (REMAINDER_CUT, _ends_with_windows),
    (REMAINDER_LAST_WINDOW, _at_the_edge),
    (STRIDE_IGNORED, _stride_one),
    (PAIR_SWAPPED, _settings_misread(_right_dx, stride=_turned)),
    (PAIR_SWAPPED, _settings_misread(_right_dx, padding=_turned)),
    (PAIR_FIRST_ONLY, _settings_misread(_right_dx, stride=_first)),
    (PAIR_FIRST_ONLY, _settings_misread(_right_dx, padding=_first)),
    (FILTERS_FOR_CHANNELS, _exchanged),
    (LAST_FILTER_WINS, _one_filter(0)),
    (LAST_FILTER_WINS, _one_filter(-1)),
    (CHANNELS_ALIKE, _with_kernels(lambda w: np.broadcast_to(w[:, :1], w.shape))),
    (CHANNELS_ALIKE, _with_kernels(lambda w: np.broadcast_to(w.sum(1, keepdims=True), w.shape))),
    (ONE_CHANNEL_OF_DX, _one_channel_filled),
    (ONE_IMAGE_OF_DX, _one_image),
    (ONE_TAP, _with_kernels(_one_corner)),
    (
        SUMMED_KERNEL,
        _with_kernels(lambda w: np.broadcast_to(w.sum((2, 3), keepdims=True), w.shape)),
    ),
    (DX_BATCH_MEAN, lambda dy, x, w, s=1, p=0: _right_dx(dy, x, w, s, p) / len(x)),
    (WITHOUT_DY, lambda dy, x, w, s=1, p=0: _right_dx(np.ones_like(dy), x, w, s, p)),
    (INT_OUTPUT, lambda dy, x, w, s=1, p=0: _right_dx(dy, x, w, s, p).astype(int)),
    (SINGLE_OUTPUT, lambda dy, x, w, s=1, p=0: _right_dx(dy, x, w, s, p).astype(np.float32)),
]


def _right_dw(dy, x, w, s=1, p=0):
    return weight_gradient(dy, x, w.shape[2:], s, p)


def _after(change: Callable) -> Callable:
    return lambda dy, x, w, s=1, p=0: change(_right_dw(dy, x, w, s, p))


def _transposed_dw(dy, x, w, s=1, p=0):
    if w.shape[2] != w.shape[3]:
        raise IndexError("index out of bounds")
    return _right_dw(dy, x, w, s, p).swapaxes(2, 3)


def _unpadded_dw(dy, x, w, s=1, p=0):
    """Cut the windows of the unpadded image; those that hang over are short and raise."""
    if any(pair(p)):
        raise ValueError("operands could not be broadcast together")
    return _right_dw(dy, x, w, s, p)


def _padded_after(dy, x, w, s=1, p=0):
    ph, pw = pair(p)
    x = np.pad(x, ((0, 0), (0, 0), (0, 2 * ph), (0, 2 * pw)))
    return weight_gradient(dy, x, w.shape[2:], s, 0)


def _windows_apart(dy, x, w, s=1, p=0):
    return weight_gradient(dy, x, w.shape[2:], 1, p)


def _one_window(place):
    def dw(dy, x, w, s=1, p=0):
        patches = windows(zeros_around(x, p), w.shape[2:], s)
        return np.einsum("nf,ncij->fcij", dy[:, :, place, place], patches[:, :, place, place])

    return dw


def _last_of_all(dy, x, w, s=1, p=0):
    return _one_window(-1)(dy[-1:], x[-1:], w, s, p)


def _channel_sums(dy, x, w, s=1, p=0):
    return np.broadcast_to(_right_dw(dy, x, w, s, p)[:, :1], w.shape).copy()


WRONG_DW: list[tuple[str, Callable]] = [
    (DW_TURNED, _after(lambda dw: dw[..., ::-1, ::-1])),
    (DW_ONE_AXIS, _after(lambda dw: dw[..., ::-1, :])),
    (DW_ONE_AXIS, _after(lambda dw: dw[..., ::-1])),
    (DW_TRANSPOSED, _transposed_dw),
    (DW_UNPADDED, _unpadded_dw),
    (PADS_AFTER_2D, _padded_after),
    (DW_ONE_WINDOW, _one_window(0)),
    (DW_ONE_WINDOW, _one_window(-1)),
    (DW_ONE_WINDOW, _last_of_all),
    (
        DW_POSITIONS_MEAN,
        lambda dy, x, w, s=1, p=0: _right_dw(dy, x, w, s, p) / dy[0, 0].size,
    ),
    (
        DW_POSITIONS_MEAN,
        lambda dy, x, w, s=1, p=0: _right_dw(dy, x, w, s, p) / (dy[0, 0].size * len(dy)),
    ),
    (DW_NO_STRIDE, _windows_apart),
    (DW_ONE_CHANNEL, _channel_sums),
    (WITHOUT_DY, lambda dy, x, w, s=1, p=0: _right_dw(np.ones_like(dy), x, w, s, p)),
    (INT_OUTPUT, _after(lambda dw: dw.astype(int))),
    (SINGLE_OUTPUT, _after(lambda dw: dw.astype(np.float32))),
]

WRONG_DB: list[tuple[str, Callable]] = [
    (DB_EACH_POSITION, lambda dy: dy),
    (DB_EACH_POSITION, lambda dy: dy.sum(axis=0)),
    (DB_EACH_POSITION, lambda dy: dy.sum(axis=(0, 1))),
    (DB_EACH_POSITION, lambda dy: dy.sum(axis=(2, 3))),
    (DB_MEAN, lambda dy: dy.mean(axis=(0, 2, 3))),
    (DB_MEAN, lambda dy: dy.mean(axis=0).sum(axis=(1, 2))),
    (DB_MEAN, lambda dy: dy.mean(axis=(2, 3)).sum(axis=0)),
    (DB_ONE_NUMBER, lambda dy: dy.sum()),
    (DB_ONE_NUMBER, lambda dy: np.full(dy.shape[1], dy.sum())),
    (DB_WRONG_AXES, lambda dy: dy.sum(axis=(0, 1, 2))),
    (DB_WRONG_AXES, lambda dy: dy.sum(axis=(1, 2, 3))),
    (DB_COUNTS, lambda dy: np.full(dy.shape[1], float(dy[:, 0].size))),
    (DW_ONE_IMAGE, lambda dy: dy[-1].sum(axis=(1, 2))),
    (INT_OUTPUT, lambda dy: bias_gradient(dy).astype(int)),
]


def _whole(dx=None, dw=None, db=None) -> Callable:
    """Return a backward pass in which the given gradients are replaced."""

    def wrong(dy, x, w, s=1, p=0):
        return (
            (dx or _right_dx)(dy, x, w, s, p),
            (dw or _right_dw)(dy, x, w, s, p),
            (db or bias_gradient)(dy),
        )

    return wrong


def _batch_mean(dy, x, w, s=1, p=0):
    dx, dw, db = backward(dy, x, w, s, p)
    return dx, dw / len(x), db / len(x)


def _one_image_of_dw(place):
    def wrong(dy, x, w, s=1, p=0):
        dx, _, _ = backward(dy, x, w, s, p)
        _, dw, db = backward(dy[place], x[place], w, s, p)
        return dx, dw, db

    return wrong


def _without_dy(dy, x, w, s=1, p=0):
    return backward(np.ones_like(dy), x, w, s, p)


def _reuses_x(dy, x, w, s=1, p=0):
    result = backward(dy, x, w, s, p)
    x[...] = 0
    return result


def _scales_dy(dy, x, w, s=1, p=0):
    result = backward(dy, x, w, s, p)
    dy *= 2
    return result


BACKWARDS: list[tuple[str, Callable]] = [
    *((id, _whole(dx=dx)) for id, dx in WRONG_DX),
    *((id, _whole(dw=dw)) for id, dw in WRONG_DW),
    *((id, _whole(db=db)) for id, db in WRONG_DB),
    (DW_BATCH_MEAN, _batch_mean),
    (DW_BATCH_MEAN, _whole(dw=lambda dy, x, w, s=1, p=0: _right_dw(dy, x, w, s, p) / len(x))),
    (DW_ONE_IMAGE, _one_image_of_dw(np.s_[-1:])),
    (DW_ONE_IMAGE, _one_image_of_dw(np.s_[:1])),
    (WITHOUT_DY, _without_dy),
    (ORDER_SWAPPED, lambda *args: backward(*args)[::-1]),
    (ORDER_SWAPPED, lambda *args: (backward(*args)[1], backward(*args)[0], backward(*args)[2])),
    (CHANGES_ARGUMENTS, _reuses_x),
    (CHANGES_ARGUMENTS, _scales_dy),
]


def enter_backwards(exercise: str, entries=None, adapt: Callable = lambda function: function):
    """Put wrong backward passes beside an exercise, adapted to its own signature."""
    for id, function in BACKWARDS if entries is None else entries:
        breaks(exercise, id)(adapt(function))
