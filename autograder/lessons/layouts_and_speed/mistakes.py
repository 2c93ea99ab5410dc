"""Lesson 11: what goes wrong with channels last."""

import numpy as np

from autograder.lessons.backwards import BACKWARDS
from autograder.lessons.catalogue import (
    INT_OUTPUT,
    NO_STRIDE,
    ONE_IMAGE,
    ORDER_SWAPPED,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    PATCH_BY_COLUMNS,
    PATCHES_AS_ROWS,
    PATCHES_TURNED,
    POSITIONS_BY_COLUMNS,
    SINGLE_OUTPUT,
    STRIDE_ONE_AXIS,
    TRANSPOSES_KERNEL,
)
from autograder.lessons.forwards import MUTATIONS, PLAIN
from autograder.lessons.layer import backward, forward, pair, windows
from autograder.lessons.register import breaks, mistake


def first(x):
    """Move channels to where (N, C, H, W) has them; the copy of a view is left to the caller."""
    return x.transpose(0, 3, 1, 2)


def last(x):
    """Move channels back to the end."""
    return x.transpose(0, 2, 3, 1)


def kernels(w, kernel_size, channels):
    """Read (F, KH*KW*C) as (F, C, KH, KW)."""
    return first(w.reshape(len(w), *pair(kernel_size), channels))


# im2col_nhwc ------------------------------------------------------------------------------------

CHANNEL_SLOWEST = mistake(
    "channel-slowest",
    "all pixels of one channel come before those of the next",
    "In memory, what stands next to x[0, 0, 0, 0]: the next channel or the next pixel?",
)
PIXELS_ONE_APART = mistake(
    "pixels-one-apart",
    "neighbouring pixels are taken to be one number apart",
    "With three channels, at which flat index does the second pixel begin?",
)
ROWS_W_APART = mistake(
    "rows-w-apart",
    "neighbouring rows are taken to be W numbers apart",
    "How many numbers does one row of W pixels with C channels hold?",
)
IMAGES_FORGOTTEN = mistake(
    "images-not-told-apart",
    "every image is read from the place of the first, or from a wrong one",
    "At which flat index does the second image begin?",
)
NO_BATCH_AXIS = mistake(
    "batch-laid-out-in-columns",
    "the images are joined into one matrix",
    "How many axes does the result have, and which one is the image's?",
)
ROW_BY_H = mistake(
    "rows-counted-with-the-height",
    "a row is taken to be as long as the image is high",
    "How many pixels are in one row: H or W?",
)

COLUMNS_BY_HEIGHT = mistake(
    "columns-counted-with-oh",
    "the column of window (i, j) is counted with OH where a row of windows has OW",
    "Which column has the first window of the second row, if there are 2 rows of 3 windows?",
)


def _columns_by_height(x, kernel_size, stride=1):
    columns = _columns(x, kernel_size, stride)
    OH, OW = (
        (n - k) // s + 1
        for n, k, s in zip(x.shape[1:3], pair(kernel_size), pair(stride), strict=True)
    )
    wrong = np.zeros(columns.shape, columns.dtype)
    for i, j in np.ndindex(OH, OW):
        wrong[:, :, i * OH + j] = columns[:, :, i * OW + j]
    return wrong


_ORDERS = [
    (CHANNEL_SLOWEST, (0, 1, 4, 5, 2, 3)),
    (PATCH_BY_COLUMNS, (0, 5, 4, 1, 2, 3)),
    (POSITIONS_BY_COLUMNS, (0, 4, 5, 1, 3, 2)),
]


def _columns(x, kernel_size, stride=1, order=(0, 4, 5, 1, 2, 3), change=lambda patches: patches):
    patches = change(windows(first(x), pair(kernel_size), stride))
    n, c, oh, ow, kh, kw = patches.shape
    return patches.transpose(order).reshape(n, kh * kw * c, oh * ow)


def _with(**options):
    return lambda x, kernel_size, stride=1: _columns(x, kernel_size, stride, **options)


def _flat(
    pixel=lambda h, w, c: c,
    row=lambda h, w, c: w * c,
    image=lambda h, w, c: h * w * c,
    start=lambda places, c: places,
):
    """Read flat indices whose steps from pixel to pixel, row to row, image to image are given."""

    def im2col_nhwc(x, kernel_size, stride=1):
        n, h, w, c = x.shape
        (kh, kw), (sh, sw) = pair(kernel_size), pair(stride)
        oh, ow = (h - kh) // sh + 1, (w - kw) // sw + 1
        u, v, channel = (a.ravel()[:, None] for a in np.indices((kh, kw, c)))
        i, j = (a.ravel() for a in np.indices((oh, ow)))
        sizes = h, w, c
        inside = u * row(*sizes) + v * pixel(*sizes) + channel
        starts = start(sh * i * row(*sizes) + sw * j * pixel(*sizes), c)
        places = np.arange(n)[:, None, None] * image(*sizes) + inside + starts
        return np.take(x, places, mode="wrap")

    return im2col_nhwc


breaks("im2col_nhwc", COLUMNS_BY_HEIGHT)(_columns_by_height)
for _id, _order in _ORDERS:
    breaks("im2col_nhwc", _id)(_with(order=_order))
for _id, _variant in (
    (PATCHES_AS_ROWS, lambda *args: _columns(*args).swapaxes(1, 2)),
    (PATCHES_TURNED, _with(change=lambda p: p[..., ::-1, ::-1])),
    (ONE_IMAGE, _with(change=lambda p: np.broadcast_to(p[:1], p.shape))),
    (PIXELS_ONE_APART, _flat(pixel=lambda h, w, c: 1)),
    (PIXELS_ONE_APART, _flat(start=lambda places, c: places // c)),
    (ROWS_W_APART, _flat(row=lambda h, w, c: w)),
    (ROWS_W_APART, _flat(row=lambda h, w, c: w, pixel=lambda h, w, c: 1)),
    (ROW_BY_H, _flat(row=lambda h, w, c: h * c)),
    (IMAGES_FORGOTTEN, _flat(image=lambda h, w, c: h * w)),
    (IMAGES_FORGOTTEN, _flat(image=lambda h, w, c: 1)),
    (NO_BATCH_AXIS, lambda *args: np.concatenate(_columns(*args), axis=1)),
    (NO_BATCH_AXIS, lambda *args: _columns(*args)[0]),
    (NO_STRIDE, lambda x, kernel_size, stride=1: _columns(x, kernel_size, 1)),
    (STRIDE_ONE_AXIS, lambda x, k, stride=1: _columns(x, k, (pair(stride)[0], 1))),
    (STRIDE_ONE_AXIS, lambda x, k, stride=1: _columns(x, k, (1, pair(stride)[1]))),
    (PAIR_SWAPPED, lambda x, k, stride=1: _columns(x, k, pair(stride)[::-1])),
    (PAIR_SWAPPED, lambda x, k, stride=1: _columns(x, pair(k)[::-1], stride)),
    (PAIR_FIRST_ONLY, lambda x, k, stride=1: _columns(x, k, pair(stride)[0])),
    (PAIR_FIRST_ONLY, lambda x, k, stride=1: _columns(x, pair(k)[0], stride)),
    (INT_OUTPUT, lambda *args: _columns(*args).astype(int)),
    (SINGLE_OUTPUT, lambda *args: _columns(*args).astype(np.float32)),
):
    breaks("im2col_nhwc", _id)(_variant)

# conv2d_nhwc ------------------------------------------------------------------------------------

CHANNELS_FIRST = mistake(
    "channels-first",
    "the result has its channels where (N, C, H, W) has them",
    "Which axis of the result is the filters' one in this lesson?",
)
WEIGHTS_CHANNEL_MAJOR = mistake(
    "weights-read-channel-first",
    "the kernels' columns are read with the channel slowest",
    "With three channels, what stands at places 0, 1, 2 of a row of w: channels or pixels?",
)


def _forward(function):
    """Let a forward pass of the other layout answer."""

    def conv2d_nhwc(x, w, b, kernel_size, stride=1, padding=0):
        turned = kernels(w, kernel_size, x.shape[3])
        return last(function(first(x), turned, b, stride, padding))

    return conv2d_nhwc


for _id, _variant in [*PLAIN, *MUTATIONS]:
    breaks("conv2d_nhwc", _id)(_forward(_variant))


@breaks("conv2d_nhwc", CHANNELS_FIRST)
def _not_moved_back(x, w, b, kernel_size, stride=1, padding=0):
    return first(_forward(forward)(x, w, b, kernel_size, stride, padding))


TENSORDOT_RESHAPED = mistake(
    "tensordot-reshaped-straight",
    "the product (F, N, OH*OW) is reshaped to (N, OH, OW, F) without moving its axes",
    "A reshape never moves a number. Which axes does tensordot's result have, in which order?",
)


@breaks("conv2d_nhwc", TENSORDOT_RESHAPED)
def _filters_first(x, w, b, kernel_size, stride=1, padding=0):
    y = _forward(forward)(x, w, 0 * b, kernel_size, stride, padding)
    return y.transpose(3, 0, 1, 2).reshape(y.shape) + b


def _channel_major(w, kernel_size, channels):
    return w.reshape(len(w), channels, *pair(kernel_size))


@breaks("conv2d_nhwc", TRANSPOSES_KERNEL)
def _taps_down_the_columns(x, w, b, kernel_size, stride=1, padding=0):
    kh, kw = pair(kernel_size)
    turned = w.reshape(len(w), kw, kh, x.shape[3]).transpose(0, 3, 2, 1)
    return last(forward(first(x), turned, b, stride, padding))


# conv2d_backward_nhwc ---------------------------------------------------------------------------


def _backward(function):
    def conv2d_backward_nhwc(dy, x, w, kernel_size, stride=1, padding=0):
        turned = kernels(w, kernel_size, x.shape[3])
        dx, dw, db = function(first(dy), first(x), turned, stride, padding)
        return last(dx), last(dw).reshape(len(dw), -1), db

    return conv2d_backward_nhwc


for _id, _variant in BACKWARDS:
    if _id != ORDER_SWAPPED:
        breaks("conv2d_backward_nhwc", _id)(_backward(_variant))

_right = _backward(backward)
breaks("conv2d_backward_nhwc", ORDER_SWAPPED)(lambda *args: _right(*args)[::-1])
breaks("conv2d_backward_nhwc", ORDER_SWAPPED)(
    lambda *args: (_right(*args)[1], _right(*args)[0], _right(*args)[2])
)


@breaks("conv2d_backward_nhwc", CHANNELS_FIRST)
def _dx_channels_first(*args):
    dx, dw, db = _right(*args)
    return first(dx), dw, db


@breaks("conv2d_backward_nhwc", WEIGHTS_CHANNEL_MAJOR)
def _dw_channel_first(dy, x, w, kernel_size, stride=1, padding=0):
    turned = _channel_major(w, kernel_size, x.shape[3])
    dx, dw, db = backward(first(dy), first(x), turned, stride, padding)
    return last(dx), dw.reshape(w.shape), db


CHANNELS_TURNED = mistake(
    "channels-turned-too",
    "the turn has reversed the channels as well",
    "Which axes of w.reshape(F, KH, KW, C) does a turn by 180 degrees reverse?",
)


@breaks("conv2d_backward_nhwc", CHANNELS_TURNED)
def _reversed_rows_of_w(*args):
    dx, dw, db = _right(*args)
    return dx[..., ::-1], dw, db


DW_NOT_FLAT = mistake(
    "dw-not-flattened",
    "dw does not have the shape of w",
    "In this lesson w has two axes. Which ones?",
)


@breaks("conv2d_backward_nhwc", DW_NOT_FLAT)
def _dw_of_four_axes(dy, x, w, kernel_size, *rest):
    dx, dw, db = _right(dy, x, w, kernel_size, *rest)
    return dx, dw.reshape(len(w), *pair(kernel_size), -1), db


@breaks("conv2d_backward_nhwc", DW_NOT_FLAT)
def _dw_transposed(*args):
    dx, dw, db = _right(*args)
    return dx, dw.T, db


# predictions ------------------------------------------------------------------------------------

PLACE_IN_NCHW = mistake(
    "place-in-the-other-layout",
    "the place of that entry with channels first",
    "In NHWC, what stands next to row 2, column 5, channel 1: a pixel or a channel?",
)
breaks("flat_place", PLACE_IN_NCHW)(lambda: (1 * 30 + 2) * 30 + 5)
breaks("flat_place", PIXELS_ONE_APART)(lambda: 2 * 90 + 5 + 1)
breaks("flat_place", ROWS_W_APART)(lambda: 2 * 30 + 5 * 3 + 1)
breaks("flat_place", ROWS_W_APART)(lambda: 2 * 30 + 5 + 1)
COUNTED_FROM_ONE = mistake(
    "counted-from-one",
    "rows, columns, channels or places are counted from 1",
    "Which place has row 0, column 0, channel 0?",
)
breaks("flat_place", COUNTED_FROM_ONE)(lambda: 1 * 90 + 4 * 3 + 0)
breaks("flat_place", COUNTED_FROM_ONE)(lambda: 197)
ROW_AND_COLUMN_EXCHANGED = mistake(
    "row-and-column-exchanged",
    "row and column are exchanged",
    "Which of the two is multiplied by 90?",
)
breaks("flat_place", ROW_AND_COLUMN_EXCHANGED)(lambda: 5 * 90 + 2 * 3 + 1)
CHANNEL_LEFT_OUT = mistake(
    "channel-left-out",
    "the place of the pixel, not of its channel",
    "The pixel begins with channel 0. Where is its channel 1?",
)
breaks("flat_place", CHANNEL_LEFT_OUT)(lambda: 2 * 90 + 5 * 3)

GOES_ON_IN_THE_ROW = mistake(
    "goes-on-in-the-row",
    "the windows go on past the end of their row",
    "Window 27 begins at column 27 and reads columns 27, 28, 29. Is there one more in that row?",
)
breaks("window_start", GOES_ON_IN_THE_ROW)(lambda: 28 * 3)
CLOCKWISE = mistake(
    "clockwise",
    "the window below the last one: the kernel would go round the image",
    "Row by row, at which end does the next row begin?",
)
breaks("window_start", CLOCKWISE)(lambda: 90 + 27 * 3)
breaks("window_start", PIXELS_ONE_APART)(lambda: 28)
breaks("window_start", ROWS_W_APART)(lambda: 30)
ONE_WINDOW_OFF = mistake(
    "one-window-off",
    "the place of the window before or after",
    "Windows 0 to 27 fill the first row. Which one is the first of the second row?",
)
breaks("window_start", ONE_WINDOW_OFF)(lambda: 93)
breaks("window_start", ONE_WINDOW_OFF)(lambda: 81)

# the bug in a given backward --------------------------------------------------------------------

AS_THE_FRIEND = mistake(
    "as-the-friend-has-it",
    "the entry that the friend's code takes",
    "D has KH - 1 rows of zeros above dy. From which window does D[0, 2, 1] come, and what does "
    "that window read?",
)
breaks("bug_in_backward", AS_THE_FRIEND)(lambda: (0, 0))
TURNED_ON_ONE_AXIS = mistake(
    "turned-on-one-axis",
    "the kernel is counted from the other end on one axis only",
    "Windows lie above the pixel, and also to the left of it. Which column of the kernel meets it?",
)
breaks("bug_in_backward", TURNED_ON_ONE_AXIS)(lambda: (2, 0))
breaks("bug_in_backward", TURNED_ON_ONE_AXIS)(lambda: (0, 1))
ENTRY_EXCHANGED = mistake(
    "row-and-column-of-the-entry",
    "row and column are exchanged",
    "A pair is (row, column). The kernel has 3 rows and 2 columns: which number can be 2?",
)
breaks("bug_in_backward", ENTRY_EXCHANGED)(lambda: (1, 2))
ENTRY_FROM_ONE = mistake(
    "entry-counted-from-one",
    "rows and columns are counted from 1",
    "Rows and columns are counted from 0: which is the last row of three?",
)
breaks("bug_in_backward", ENTRY_FROM_ONE)(lambda: (3, 2))
