"""Lesson 06: what goes wrong when gradients go back through the window."""

import numpy as np

from autograder.lessons.backwards import WRONG_DX, enter_backwards
from autograder.lessons.catalogue import (
    CHANGES_UNWEIGHTED,
    DB_COUNTS,
    DB_EACH_POSITION,
    DB_MEAN,
    FLIPS_ONE_AXIS,
    INT_OUTPUT,
    LAST_WINDOW_WINS,
    NO_ZEROS,
    NOT_TURNED,
    ONE_IMAGE_OF_DX,
    ONE_ZERO,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    REMAINDER_CUT,
    SPREAD_TOO_FAR,
    STRIDE_ON_DX,
    TRANSPOSES_KERNEL,
    VIEW,
    ZEROS_TRAIL,
)
from autograder.lessons.layer import backward, forward, input_gradient, pair, zeros_around
from autograder.lessons.register import breaks, mistake

enter_backwards("conv2d_backward_loops")

DB_EXTRA_AXES = mistake(
    "db-with-axes-of-length-one",
    "db has axes of length 1 that b has not",
    "The shape of b is (F,). What does `keepdims`, or a reshape, do to yours?",
)
LAST_OUTPUTS_FORGOTTEN = mistake(
    "last-outputs-forgotten",
    "the last row and the last column of dy send nothing back",
    "Where does `range(OH - 1)` end?",
)


def _with_db(change):
    def wrong(dy, x, w, stride=1, padding=0):
        dx, dw, db = backward(dy, x, w, stride, padding)
        return dx, dw, change(db)

    return wrong


DB_LAST = mistake(
    "db-keeps-the-last-output",
    "db holds what the last output sent, and forgets the others",
    "Every output of a filter adds to its db. Which sign does that line of yours have, = or +=?",
)
CROP_OF_ONE = mistake(
    "crops-one-whatever-the-padding",
    "one row and one column are cut off on each side whatever the padding is",
    "How many rows of zeros did the forward pass put around x?",
)


@breaks("conv2d_backward_loops", DB_LAST)
def _last_db(dy, x, w, stride=1, padding=0):
    dx, dw, _ = backward(dy, x, w, stride, padding)
    return dx, dw, dy[-1, :, -1, -1].copy()


@breaks("conv2d_backward_loops", CROP_OF_ONE)
def _crop_of_one(dy, x, w, stride=1, padding=0):
    (ph, pw), (n, c, h, width) = pair(padding), x.shape
    wide = input_gradient(dy, w, (n, c, h + 2 * ph, width + 2 * pw), stride, 0)
    return wide[:, :, 1:-1, 1:-1], *backward(dy, x, w, stride, padding)[1:]


@breaks("conv2d_backward_loops", ONE_IMAGE_OF_DX)
def _last_image_alone(dy, x, w, stride=1, padding=0):
    dx, dw, db = backward(dy, x, w, stride, padding)
    dx[:-1] = 0
    return dx, dw, db


@breaks("conv2d_backward_loops", LAST_OUTPUTS_FORGOTTEN)
def _without_last(dy, x, w, stride=1, padding=0):
    heard = dy.copy()
    heard[:, :, -1] = heard[:, :, :, -1] = 0
    return backward(heard, x, w, stride, padding)


@breaks("conv2d_backward_loops", INT_OUTPUT)
def _into_arrays_like_the_arguments(dy, x, w, stride=1, padding=0):
    (sh, sw), (ph, pw), (kh, kw) = pair(stride), pair(padding), w.shape[2:]
    x_wide = zeros_around(x, padding)
    dx, dw = np.zeros_like(x_wide), np.zeros_like(w)
    for n, f, i, j in np.ndindex(dy.shape):
        window = np.s_[n, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
        dx[window] = dx[window] + dy[n, f, i, j] * w[f]
        dw[f] = dw[f] + dy[n, f, i, j] * x_wide[window]
    dx = dx[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]]
    return dx, dw, dy.sum(axis=(0, 2, 3))


for _reshape in (
    lambda db: db[:, np.newaxis],
    lambda db: db[np.newaxis],
    lambda db: db[np.newaxis, :, np.newaxis, np.newaxis],
):
    breaks("conv2d_backward_loops", DB_EXTRA_AXES)(_with_db(_reshape))

# dilate2d ---------------------------------------------------------------------------------------

ENTRIES_REPEATED = mistake(
    "entries-repeated",
    "the entries are repeated where zeros are asked for",
    "How many windows does one entry of dy belong to?",
)
TRAILING_ZEROS = mistake(
    "zeros-after-the-last-entry",
    "zeros follow the last entry too",
    "Between two neighbours there are zeros. What stands after the last entry?",
)
DILATED_ONE_AXIS = mistake(
    "zeros-on-one-axis",
    "the zeros stand on one axis only",
    "Two entries that stand one above the other: what is between them?",
)
NOT_DILATED = mistake(
    "no-zeros-between",
    "no zeros are put between the entries",
    "With stride 2, how far apart do the windows of two neighbours begin?",
)
THINNED_OUT = mistake(
    "entries-dropped",
    "entries are dropped instead of moved apart",
    "Does `[::2]` on the right side of `=` make an array longer or shorter?",
)


def _spread(dy, gaps, tail=(0, 0), head=(0, 0)):
    """Put dy's entries `gaps` apart, with zeros before the first and after the last."""
    (gh, gw), (oh, ow) = gaps, dy.shape[2:]
    rows, columns = head[0] + gh * (oh - 1) + 1, head[1] + gw * (ow - 1) + 1
    out = np.zeros((*dy.shape[:2], rows + tail[0], columns + tail[1]), dy.dtype)
    out[:, :, head[0] : rows : gh, head[1] : columns : gw] = dy
    return out


def _dilation(gaps=lambda s: s, tail=lambda s: (0, 0), head=lambda s: (0, 0)):
    return lambda dy, stride: _spread(
        dy, gaps(pair(stride)), tail(pair(stride)), head(pair(stride))
    )


def _one_less(s):
    return s[0] - 1, s[1] - 1


def _repeated(dy, stride):
    sh, sw = pair(stride)
    return dy.repeat(sh, axis=2).repeat(sw, axis=3)


def _repeated_without_tail(dy, stride):
    (sh, sw), (oh, ow) = pair(stride), dy.shape[2:]
    return _repeated(dy, stride)[:, :, : sh * (oh - 1) + 1, : sw * (ow - 1) + 1]


def _or_itself(dy, stride):
    return dy if pair(stride) == (1, 1) else _spread(dy, pair(stride))


for _id, _variant in (
    (SPREAD_TOO_FAR, _dilation(gaps=lambda s: (s[0] + 1, s[1] + 1))),
    (TRAILING_ZEROS, _dilation(tail=_one_less)),
    (TRAILING_ZEROS, _dilation(tail=lambda s: s)),
    (ZEROS_TRAIL, _dilation(head=_one_less)),
    (ENTRIES_REPEATED, _repeated),
    (ENTRIES_REPEATED, _repeated_without_tail),
    (DILATED_ONE_AXIS, _dilation(gaps=lambda s: (s[0], 1))),
    (DILATED_ONE_AXIS, _dilation(gaps=lambda s: (1, s[1]))),
    (PAIR_SWAPPED, _dilation(gaps=lambda s: s[::-1])),
    (PAIR_FIRST_ONLY, _dilation(gaps=lambda s: (s[0], s[0]))),
    (PAIR_FIRST_ONLY, _dilation(gaps=lambda s: (s[1], s[1]))),
    (NOT_DILATED, lambda dy, stride: dy.copy()),
    (THINNED_OUT, lambda dy, stride: dy[:, :, :: pair(stride)[0], :: pair(stride)[1]].copy()),
    (INT_OUTPUT, lambda dy, stride: _spread(dy.astype(int), pair(stride))),
    (VIEW, _or_itself),
):
    breaks("dilate2d", _id)(_variant)

# grad_x_as_convolution --------------------------------------------------------------------------


def _from_dx(dx):
    """Let a wrong dx, which asks an x for its shape only, answer this exercise."""

    def grad_x(dy, w, x_shape, stride=1, padding=0):
        return dx(dy, np.zeros(x_shape), w, stride, padding)

    return grad_x


enter_backwards("grad_x_as_convolution", WRONG_DX, _from_dx)


def _as_convolution(
    border, stretch=lambda dy, s: _spread(dy, pair(s)), step=lambda s: 1, crop=True
):
    """Compute dx as a convolution of dy, bordered and dilated in a wrong way."""

    def grad_x(dy, w, x_shape, stride=1, padding=0):
        (bh, bw), (ph, pw) = border(*w.shape[2:], *pair(padding)), pair(padding)
        bordered = np.pad(stretch(dy, stride), ((0, 0), (0, 0), (bh, bh), (bw, bw)))
        turned = w.swapaxes(0, 1)[..., ::-1, ::-1]
        dx = forward(bordered, turned, np.zeros(w.shape[1]), step(stride))
        if not crop:
            return dx
        h, width = x_shape[2:]
        return dx[:, :, ph : ph + h, pw : pw + width]

    return grad_x


def _full(kh, kw, ph, pw):
    return kh - 1, kw - 1


def _exact(kh, kw, ph, pw):
    """Pad by k - 1 - p, which np.pad refuses where it is negative, and not by the remainder."""
    return kh - 1 - ph, kw - 1 - pw


def _like_dy(dy, w, x_shape, stride=1, padding=0):
    """Keep dx in an array of dy's type, which cuts fractions of w off."""
    return input_gradient(dy, w, x_shape, stride, padding).astype(dy.dtype)


def _filters_turned(turn):
    def grad_x(dy, w, x_shape, stride=1, padding=0):
        return input_gradient(dy, turn(w), x_shape, stride, padding)

    return grad_x


WRONG_AXES_TURNED = mistake(
    "filters-and-channels-turned",
    "filters and channels are turned around where rows and columns are asked for",
    "`np.rot90` and `[::-1, ::-1]` take the first axes unless told otherwise. Which axes of w are "
    "its rows and columns?",
)
PADS_DY_LIKE_X = mistake(
    "pads-dy-like-x",
    "dy gets as many zeros as the forward pass put around x",
    "With padding 0, how many zeros does the turned kernel need around dy?",
)


for _id, _variant in (
    (NO_ZEROS, _as_convolution(lambda kh, kw, ph, pw: (0, 0))),
    (ONE_ZERO, _as_convolution(lambda kh, kw, ph, pw: (1, 1))),
    (STRIDE_ON_DX, _as_convolution(_full, stretch=lambda dy, s: dy, step=lambda s: s)),
    (SPREAD_TOO_FAR, _as_convolution(_full, lambda dy, s: _spread(dy, [v + 1 for v in pair(s)]))),
    (ENTRIES_REPEATED, _as_convolution(_full, _repeated_without_tail)),
    (NOT_DILATED, _as_convolution(_full, stretch=lambda dy, s: dy)),
    (REMAINDER_CUT, _as_convolution(_exact, crop=False)),
    (INT_OUTPUT, _like_dy),
    (PADS_DY_LIKE_X, _as_convolution(lambda kh, kw, ph, pw: (ph, pw), crop=False)),
    (WRONG_AXES_TURNED, _filters_turned(lambda w: w[::-1, ::-1])),
    (WRONG_AXES_TURNED, _filters_turned(lambda w: w[::-1, ::-1, ::-1, ::-1])),
):
    breaks("grad_x_as_convolution", _id)(_variant)

# predictions ------------------------------------------------------------------------------------

FIRST_WINDOW_ONLY = mistake(
    "first-window-only",
    "only the first window is counted",
    "How many of the four windows read the pixel in the middle?",
)
breaks("centre_gradient", NOT_TURNED)(lambda: 1 + 20 + 300 + 4000)
breaks("centre_gradient", TRANSPOSES_KERNEL)(lambda: 4 + 20 + 300 + 1000)
breaks("centre_gradient", LAST_WINDOW_WINS)(lambda: 1000)
breaks("centre_gradient", FIRST_WINDOW_ONLY)(lambda: 4)
breaks("centre_gradient", CHANGES_UNWEIGHTED)(lambda: 1 + 2 + 3 + 4)

DB_ONE_IMAGE = mistake(
    "db-of-one-image",
    "db is that of a single image",
    "Both images use the same bias. Is each image's part added?",
)
DB_BATCH_MEAN = mistake(
    "db-divided-by-the-batch",
    "db is divided by the number of images",
    "Where would a division come from? dy says already how the loss weighs each image.",
)
breaks("batch_bias_gradient", DB_ONE_IMAGE)(lambda: 1111)
breaks("batch_bias_gradient", DB_ONE_IMAGE)(lambda: 2222)
breaks("batch_bias_gradient", DB_BATCH_MEAN)(lambda: 3333 / 2)
breaks("batch_bias_gradient", DB_MEAN)(lambda: 3333 / 4)
breaks("batch_bias_gradient", DB_MEAN)(lambda: 3333 / 8)
breaks("batch_bias_gradient", DB_COUNTS)(lambda: 8)
breaks("batch_bias_gradient", DB_EACH_POSITION)(lambda: [[3, 30], [300, 3000]])

TURNED_ONCE = mistake(
    "turned-once-only",
    "the kernel is turned once where it is turned twice",
    "The kernel that comes in is turned around already. What does a convolution do to it?",
)
breaks("flipped_twice", TURNED_ONCE)(lambda: 1234)
breaks("flipped_twice", FLIPS_ONE_AXIS)(lambda: 3 + 40 + 100 + 2000)
breaks("flipped_twice", FLIPS_ONE_AXIS)(lambda: 2 + 10 + 400 + 3000)

COLUMNS_FIRST = mistake(
    "columns-named-first",
    "rows and columns are given in the other order",
    "A shape names the rows first. Which of the two numbers counts the rows?",
)
breaks("dilated_size", COLUMNS_FIRST)(lambda: [4, 5])
breaks("dilated_size", TRAILING_ZEROS)(lambda: [6, 6])
breaks("dilated_size", NOT_DILATED)(lambda: [3, 2])
breaks("dilated_size", PAIR_SWAPPED)(lambda: [7, 3])
breaks("dilated_size", PAIR_FIRST_ONLY)(lambda: [5, 3])
breaks("dilated_size", PAIR_FIRST_ONLY)(lambda: [7, 4])
breaks("dilated_size", SPREAD_TOO_FAR)(lambda: [7, 5])
