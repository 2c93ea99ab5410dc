"""Lesson 08: what goes wrong when patches become columns."""

import numpy as np

from autograder.lessons.catalogue import (
    CHANNEL_FASTEST,
    DILATION_FROM_ZERO,
    IMAGE_SLOWEST,
    INT_OUTPUT,
    KERNELS_MIXED,
    NO_DILATION,
    NO_PADDING,
    NO_STRIDE,
    ONE_AXIS_SIZE,
    ONE_IMAGE,
    ONE_KERNEL_SIZE,
    PADS_AFTER_2D,
    PADS_EDGE,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    PATCH_BY_COLUMNS,
    PATCHES_AS_ROWS,
    PATCHES_TURNED,
    POSITIONS_BY_COLUMNS,
    RESHAPED_STRAIGHT,
    SINGLE_OUTPUT,
    STRIDE_ONE_AXIS,
)
from autograder.lessons.forwards import MUTATIONS, PLAIN, enter_forwards
from autograder.lessons.layer import pair, windows, zeros_around
from autograder.lessons.register import breaks, mistake

# Orders in which the axes of the windows (N, C, OH, OW, KH, KW) are laid out as columns. ----------

PATCH_CLOCKWISE = mistake(
    "patch-read-clockwise",
    "each patch is read around its edge",
    "Which entry of the patch stands at the last place? Row by row, it is the bottom right one.",
)
POSITIONS_CLOCKWISE = mistake(
    "positions-clockwise",
    "the windows are taken around the image, clockwise",
    "After the last window of the first row, which one comes next: below it, or at the far left?",
)
KERNEL_SLOWEST_MIX = mistake(
    "windows-and-entries-mixed-up",
    "the array was reshaped without first moving its axes",
    "A reshape never moves a number. Which axes have to stand next to each other before it?",
)

RIGHT_ORDER = (1, 4, 5, 2, 3, 0)
ORDERS = [
    (PATCH_BY_COLUMNS, (1, 5, 4, 2, 3, 0)),
    (CHANNEL_FASTEST, (4, 5, 1, 2, 3, 0)),
    (CHANNEL_FASTEST, (5, 4, 1, 2, 3, 0)),
    (POSITIONS_BY_COLUMNS, (1, 4, 5, 3, 2, 0)),
    (IMAGE_SLOWEST, (1, 4, 5, 0, 2, 3)),
    (KERNEL_SLOWEST_MIX, (0, 1, 2, 3, 4, 5)),
    (KERNEL_SLOWEST_MIX, (0, 1, 4, 5, 2, 3)),
    (KERNEL_SLOWEST_MIX, (1, 2, 3, 4, 5, 0)),
]


def columns(patches, order=RIGHT_ORDER):
    """Lay windows (N, C, OH, OW, KH, KW) out as (C*KH*KW, OH*OW*N)."""
    n, c, oh, ow, kh, kw = patches.shape
    return patches.transpose(order).reshape(c * kh * kw, oh * ow * n)


def _cut(x, kernel_size, stride=1, padding=0, dilation=1, pad=zeros_around):
    return windows(pad(x, padding), pair(kernel_size), stride, dilation)


def _im2col(*settings_read, order=RIGHT_ORDER, change=lambda patches: patches, pad=zeros_around):
    """Return an im2col in which settings are misread, windows changed or laid out otherwise."""
    read = dict(settings_read)

    def im2col(x, kernel_size, stride=1, padding=0, dilation=1):
        given = {"kernel": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
        given = {name: read.get(name, pair)(pair(value)) for name, value in given.items()}
        return columns(change(_cut(x, *given.values(), pad=pad)), order)

    return im2col


SETTINGS = [
    (NO_STRIDE, ("stride", lambda s: (1, 1))),
    (NO_PADDING, ("padding", lambda p: (0, 0))),
    (NO_DILATION, ("dilation", lambda d: (1, 1))),
    (DILATION_FROM_ZERO, ("dilation", lambda d: (d[0] + 1, d[1] + 1))),
    (STRIDE_ONE_AXIS, ("stride", lambda s: (s[0], 1))),
    (STRIDE_ONE_AXIS, ("stride", lambda s: (1, s[1]))),
    (ONE_KERNEL_SIZE, ("kernel", lambda k: (k[0], k[0]))),
    (ONE_KERNEL_SIZE, ("kernel", lambda k: (k[1], k[1]))),
    *(
        (id, (name, read))
        for name in ("kernel", "stride", "padding", "dilation")
        for id, read in (
            (PAIR_SWAPPED, lambda v: v[::-1]),
            *([(PAIR_FIRST_ONLY, lambda v: (v[0], v[0]))] if name != "kernel" else []),
        )
    ),
]

for _id, _order in ORDERS:
    breaks("im2col", _id)(_im2col(order=_order))
for _id, _read in SETTINGS:
    breaks("im2col", _id)(_im2col(_read))

_right = _im2col()


def _clockwise(patches):
    kh, kw = patches.shape[4:]
    if (kh, kw) != (2, 2):
        return patches  # of other sizes a learner would read some other order
    return patches[..., [0, 0, 1, 1], [0, 1, 1, 0]].reshape(patches.shape)


def _around(height, width):
    """Return the places of a map, numbered row by row, from the corner inwards and clockwise."""
    left, order = np.arange(height * width).reshape(height, width), []
    while left.size:
        order += left[0].tolist()
        left = np.rot90(left[1:])
    return order


def _windows_clockwise(patches):
    n, c, oh, ow, kh, kw = patches.shape
    return patches.reshape(n, c, oh * ow, kh, kw)[:, :, _around(oh, ow)].reshape(patches.shape)


def _after(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (0, 2 * ph), (0, 2 * pw)))


for _id, _variant in (
    (PATCHES_AS_ROWS, lambda *args: _right(*args).T),
    (PATCHES_AS_ROWS, lambda x, *rest: columns(_cut(x, *rest), (1, 4, 5, 0, 2, 3)).T),
    (PATCH_CLOCKWISE, _im2col(change=_clockwise)),
    (POSITIONS_CLOCKWISE, _im2col(change=_windows_clockwise)),
    (PATCHES_TURNED, _im2col(change=lambda p: p[..., ::-1, ::-1])),
    (ONE_IMAGE, _im2col(change=lambda p: np.broadcast_to(p[:1], p.shape))),
    (ONE_IMAGE, lambda x, *rest: _right(x[:1], *rest)),
    (PADS_AFTER_2D, _im2col(pad=_after)),
    (PADS_EDGE, _im2col(pad=lambda x, p: zeros_around(x, p, mode="edge"))),
    (PADS_EDGE, _im2col(pad=lambda x, p: zeros_around(x, p, mode="reflect"))),
    (INT_OUTPUT, lambda *args: _right(*args).astype(int)),
    (SINGLE_OUTPUT, lambda *args: _right(*args).astype(np.float32)),
):
    breaks("im2col", _id)(_variant)

# im2col_indices ---------------------------------------------------------------------------------

ROWS_AND_COLUMNS_SWAPPED = mistake(
    "row-and-column-indices-exchanged",
    "the arrays for rows and for columns are exchanged",
    "Which of the three goes to the image's rows?",
)
INDICES_IN_ANOTHER_ORDER = mistake(
    "indices-in-another-order",
    "the three index arrays come back in another order",
    "The image is read as padded[:, channels, rows, columns]. In which order do they come back?",
)
REPEAT_AND_TILE = mistake(
    "repeat-and-tile-exchanged",
    "the windows' rows and columns are counted in the wrong order",
    "Print the first row of `columns`: does it begin 0, 1, 2 or 0, 0, 0?",
)
TAPS_REPEAT_AND_TILE = mistake(
    "taps-repeat-and-tile-exchanged",
    "the kernel's rows and columns are counted in the wrong order",
    "Print `columns[:, 0]` for a 2 by 2 kernel: does it begin 0, 1 or 0, 0?",
)
CHANNELS_TILED = mistake(
    "channels-tiled",
    "the channel changes with every row, where it should stay for a whole kernel",
    "How many rows of X_col belong to channel 0, and are they next to each other?",
)
K_FLAT = mistake(
    "k-without-second-axis",
    "the array of channels has one axis",
    "It meets arrays of shape (C*KH*KW, OH*OW): which shape spreads along their second axis?",
)
UNPADDED_COORDINATES = mistake(
    "indices-into-the-unpadded-image",
    "the indices count from the image's own corner, so that some are negative",
    "The indices are into the padded image. Where does its first window begin?",
)
INDICES_TRANSPOSED = mistake(
    "indices-transposed",
    "the indices of a window stand in a row, not in a column",
    "Which shape is asked for: one row for each entry of a patch, or for each window?",
)
HEIGHT_FOR_WIDTH = mistake(
    "split-by-the-height",
    "a number is split by the height where the width belongs",
    "After how many windows does a new row of windows begin, and after how many entries a new row "
    "of the kernel?",
)
KERNEL_ROW_RUNS_ON = mistake(
    "kernel-row-runs-on",
    "the kernel's row goes on rising from one channel to the next",
    "Which kernel row does the first entry of channel 1 stand in?",
)
ONE_CHANNEL_INDICES = mistake(
    "indices-of-one-channel",
    "the indices stop after one channel",
    "How many rows has X_col of an image with three channels?",
)
INDICES_AS_FLOATS = mistake(
    "indices-as-floats",
    "the indices are floats",
    "numpy picks entries by whole numbers alone. Where do floats come in: a division with `/`, or "
    "an array made without a dtype?",
)


def _indices(order_of_taps=(0, 1), order_of_windows=(0, 1), read=lambda name, v: v, channels=None):
    """Return index arrays whose taps or windows are counted in another order."""

    def im2col_indices(x_shape, kernel_size, stride=1, padding=0, dilation=1):
        kernel, s = read("kernel", pair(kernel_size)), read("stride", pair(stride))
        p, d = read("padding", pair(padding)), read("dilation", pair(dilation))
        hw = read("image", tuple(x_shape[2:]))
        out = [
            (n + 2 * q - g * (k - 1) - 1) // t + 1
            for n, q, g, k, t in zip(hw, p, d, kernel, s, strict=True)
        ]
        if min(out) < 1:
            raise ValueError("the kernel does not fit")
        c, (kh, kw) = x_shape[1], kernel
        taps = np.indices(kernel).transpose(0, *(1 + a for a in order_of_taps)).reshape(2, -1)
        starts = np.indices(out).transpose(0, *(1 + a for a in order_of_windows)).reshape(2, -1)
        i, j = (np.tile(d[a] * taps[a], c)[:, None] + s[a] * starts[a] for a in range(2))
        k = channels(c, kh * kw) if channels else np.repeat(np.arange(c), kh * kw)
        return k[:, None], i, j

    return im2col_indices


_right_indices = _indices()


def _reader(name, change):
    return lambda given, value: change(value) if given == name else value


for _id, (_name, _change) in SETTINGS:
    breaks("im2col_indices", _id)(_indices(read=_reader(_name, _change)))


def _indices_changed(change):
    return lambda *args: change(*_right_indices(*args))


def _split_by(window, tap, wrap=True):
    """Split the numbers of windows and taps by one of their two sizes each, 0 the height."""

    def im2col_indices(x_shape, kernel_size, stride=1, padding=0, dilation=1):
        k, rows, columns = _right_indices(x_shape, kernel_size, stride, padding, dilation)
        kernel, (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
        out = rows[0, -1] // sh + 1, columns[0, -1] // sw + 1
        r, q = np.arange(len(k))[:, None], np.arange(rows.shape[1])
        u, v = np.divmod(r, kernel[tap])
        return (
            k,
            q // out[window] * sh + (u % kernel[0] if wrap else u) * dh,
            q % out[window] * sw + v * dw,
        )

    return im2col_indices


def _u_for_v(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    """Add the kernel's column to the window's row, and its row to the window's column."""
    k, rows, columns = _right_indices(x_shape, kernel_size, stride, padding, dilation)
    (_, kw), (dh, dw), taps = pair(kernel_size), pair(dilation), len(k) // x_shape[1]
    u, v = np.divmod(np.arange(len(k))[:, None] % taps, kw)
    return k, rows + (v - u) * dh, columns + (u - v) * dw


def _negative(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    k, i, j = _right_indices(x_shape, kernel_size, stride, padding, dilation)
    return k, i - pair(padding)[0], j - pair(padding)[1]


def _first_channel(x_shape, *rest):
    return _right_indices((x_shape[0], 1, *x_shape[2:]), *rest)


for _id, _variant in (
    (ROWS_AND_COLUMNS_SWAPPED, _indices_changed(lambda k, i, j: (k, j, i))),
    (INDICES_IN_ANOTHER_ORDER, _indices_changed(lambda k, i, j: (i, j, k))),
    (REPEAT_AND_TILE, _indices(order_of_windows=(1, 0))),
    (TAPS_REPEAT_AND_TILE, _indices(order_of_taps=(1, 0))),
    (TAPS_REPEAT_AND_TILE, _u_for_v),
    (CHANNELS_TILED, _indices(channels=lambda c, size: np.tile(np.arange(c), size))),
    (K_FLAT, _indices_changed(lambda k, i, j: (k[:, 0], i, j))),
    (UNPADDED_COORDINATES, _negative),
    (INDICES_TRANSPOSED, _indices_changed(lambda k, i, j: (k, i.T, j.T))),
    (INDICES_TRANSPOSED, _indices_changed(lambda k, i, j: (k.T, i.T, j.T))),
    (HEIGHT_FOR_WIDTH, _split_by(0, 1)),
    (HEIGHT_FOR_WIDTH, _split_by(1, 0)),
    (HEIGHT_FOR_WIDTH, _split_by(0, 0)),
    (KERNEL_ROW_RUNS_ON, _split_by(1, 1, wrap=False)),
    (ONE_CHANNEL_INDICES, _first_channel),
    (ONE_AXIS_SIZE, _indices(read=_reader("image", lambda hw: (hw[0], hw[0])))),
    (ONE_AXIS_SIZE, _indices(read=_reader("image", lambda hw: (hw[1], hw[1])))),
    (INDICES_AS_FLOATS, _indices_changed(lambda k, i, j: (k * 1.0, i * 1.0, j * 1.0))),
    (INDICES_AS_FLOATS, _indices_changed(lambda k, i, j: (k * 1.0, i, j))),
    (INDICES_AS_FLOATS, _indices_changed(lambda k, i, j: (k, i * 1.0, j * 1.0))),
    (INDICES_AS_FLOATS, _indices_changed(lambda k, i, j: (k, i.astype(np.float32), j))),
):
    breaks("im2col_indices", _id)(_variant)

# conv2d_im2col ----------------------------------------------------------------------------------

IMAGES_BEFORE_POSITIONS = mistake(
    "product-read-image-first",
    "the product's columns are read as if all windows of one image came first",
    "Which image does column 1 of the product belong to?",
)
OUTPUT_AXES = mistake(
    "output-axes-in-another-order",
    "the output's axes stand in another order",
    "The output is (N, F, OH, OW). Which axis of yours is which?",
)


def _product(x, w, stride, padding, order=RIGHT_ORDER):
    patches = windows(zeros_around(x, padding), w.shape[2:], stride)
    flat = w.reshape(len(w), -1)
    return flat @ columns(patches, order), (len(x), len(w), *patches.shape[2:4])


def _conv(shape_back, order=RIGHT_ORDER):
    def conv2d_im2col(x, w, b, stride=1, padding=0):
        product, sizes = _product(x, w, stride, padding, order)
        return shape_back(product + b[:, None], *sizes)

    return conv2d_im2col


def _to_layer(y, n, f, oh, ow):
    return y.reshape(f, oh, ow, n).transpose(3, 0, 1, 2)


SETTINGS_NOT_PASSED = mistake(
    "settings-do-not-reach-the-columns",
    "the columns are made without the stride and the padding",
    "What does im2col have to be told besides the images and the kernel's size?",
)


def _kernels_mixed(x, w, b, stride=1, padding=0):
    _, (n, f, oh, ow) = _product(x, w, stride, padding)
    cols = columns(windows(zeros_around(x, padding), w.shape[2:], stride))
    return _to_layer(w.reshape(-1, f).T @ cols + b[:, None], n, f, oh, ow)


def _settings_not_passed(x, w, b, stride=1, padding=0):
    _, sizes = _product(x, w, stride, padding)
    product, _ = _product(x, w, 1, 0)
    return _to_layer(product + b[:, None], *sizes)


enter_forwards("conv2d_im2col", [*PLAIN, *MUTATIONS])

for _id, _variant in (
    (RESHAPED_STRAIGHT, _conv(lambda y, n, f, oh, ow: y.reshape(n, f, oh, ow))),
    (RESHAPED_STRAIGHT, _conv(lambda y, n, f, oh, ow: y.reshape(n, f, oh, ow), (1, 4, 5, 0, 2, 3))),
    (RESHAPED_STRAIGHT, _conv(lambda y, n, f, oh, ow: y.T.reshape(n, f, oh, ow))),
    (
        IMAGES_BEFORE_POSITIONS,
        _conv(lambda y, n, f, oh, ow: y.reshape(f, n, oh, ow).swapaxes(0, 1)),
    ),
    (IMAGES_BEFORE_POSITIONS, _conv(_to_layer, (1, 4, 5, 0, 2, 3))),
    (OUTPUT_AXES, _conv(lambda y, n, f, oh, ow: y.reshape(f, oh, ow, n))),
    (OUTPUT_AXES, _conv(lambda y, n, f, oh, ow: y.reshape(f, oh, ow, n).transpose(3, 1, 2, 0))),
    (OUTPUT_AXES, _conv(lambda y, n, f, oh, ow: y.reshape(f, oh, ow, n).swapaxes(0, 3))),
    (OUTPUT_AXES, _conv(lambda y, n, f, oh, ow: y)),
    (PATCH_BY_COLUMNS, _conv(_to_layer, (1, 5, 4, 2, 3, 0))),
    (POSITIONS_BY_COLUMNS, _conv(_to_layer, (1, 4, 5, 3, 2, 0))),
    (
        POSITIONS_BY_COLUMNS,
        _conv(lambda y, n, f, oh, ow: y.reshape(f, ow, oh, n).transpose(3, 0, 2, 1)),
    ),
    (KERNELS_MIXED, _kernels_mixed),
    (SETTINGS_NOT_PASSED, _settings_not_passed),
):
    breaks("conv2d_im2col", _id)(_variant)

# predictions ------------------------------------------------------------------------------------

PATCH_SKIPPED = mistake(
    "patch-skipped",
    "this is the last patch of the top edge, one window further",
    "The third patch ends in 1, 2. What comes after a step of one pixel?",
)
breaks("fourth_patch", PATCH_SKIPPED)(lambda: [0, 0, 3, 0])
breaks("fourth_patch", PATCH_BY_COLUMNS)(lambda: [0, 2, 0, 3])
breaks("fourth_patch", PATCH_CLOCKWISE)(lambda: [0, 0, 3, 2])

breaks("row_eleven", CHANNEL_FASTEST)(lambda: [2, 1, 0])
breaks("row_eleven", PATCH_BY_COLUMNS)(lambda: [1, 2, 0])
ROW_FROM_ONE = mistake(
    "counts-from-one",
    "one place too early: counted from 1",
    "Row 0 stands for (0, 0, 0). For which place does row 9 stand?",
)
breaks("row_eleven", ROW_FROM_ONE)(lambda: [1, 0, 1])

CHANNELS_FORGOTTEN = mistake(
    "channels-forgotten",
    "a patch is taken to hold one channel",
    "How many numbers of the image lie under a 3 by 3 window when there are 3 channels?",
)
BATCH_FORGOTTEN = mistake(
    "batch-forgotten",
    "the windows of one image",
    "How many windows do all five images have together?",
)
breaks("columns_shape", CHANNELS_FORGOTTEN)(lambda: [9, 500])
breaks("columns_shape", BATCH_FORGOTTEN)(lambda: [27, 100])
breaks("columns_shape", NO_PADDING)(lambda: [27, 320])
breaks("columns_shape", PATCHES_AS_ROWS)(lambda: [500, 27])

BATCH_INTACT = mistake(
    "reshape-taken-to-sort",
    "the map that ought to come out",
    "A reshape keeps the order. Which four numbers stand first in the product?",
)
PRODUCT_DOWN = mistake(
    "product-read-down-its-columns",
    "the product read down its columns",
    "numpy reshapes row by row. Which four numbers stand first in the product's first row?",
)
breaks("scrambled_map", BATCH_INTACT)(lambda: [4, 4, 4, 4])
breaks("scrambled_map", PRODUCT_DOWN)(lambda: [4, 8, 40, 80])
