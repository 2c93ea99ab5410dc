"""Lesson 06: what goes wrong when gradients go back through the window."""

import numpy as np

from autograder.misconceptions.backwards import (
    DB_COUNTS,
    DB_EACH_POSITION,
    DB_MEAN,
    DW_BATCH_MEAN,
    DW_ONE_IMAGE,
    WRONG_DX,
    enter_backwards,
)
from autograder.misconceptions.catalogue import breaks, mistake
from autograder.misconceptions.forwards import (
    FLIPS_ONE_AXIS,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    TRANSPOSES_KERNEL,
)
from autograder.misconceptions.geometry import VIEW
from autograder.misconceptions.gradients_1d import (
    CHANGES_UNWEIGHTED,
    LAST_WINDOW_WINS,
    NO_ZEROS,
    NOT_TURNED,
    ONE_ZERO,
    SPREAD_TOO_FAR,
    STRIDE_ON_DX,
    ZEROS_TRAIL,
)
from autograder.misconceptions.layer import forward, pair
from autograder.misconceptions.signals import INT_OUTPUT

enter_backwards("conv2d_backward_loops")

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
        h, width = x_shape[2:]
        return dx[:, :, ph : ph + h, pw : pw + width]

    return grad_x


def _full(kh, kw, ph, pw):
    return kh - 1, kw - 1


for _id, _variant in (
    (NO_ZEROS, _as_convolution(lambda kh, kw, ph, pw: (0, 0))),
    (ONE_ZERO, _as_convolution(lambda kh, kw, ph, pw: (1, 1))),
    (STRIDE_ON_DX, _as_convolution(_full, stretch=lambda dy, s: dy, step=lambda s: s)),
    (SPREAD_TOO_FAR, _as_convolution(_full, lambda dy, s: _spread(dy, [v + 1 for v in pair(s)]))),
    (ENTRIES_REPEATED, _as_convolution(_full, _repeated_without_tail)),
    (NOT_DILATED, _as_convolution(_full, stretch=lambda dy, s: dy)),
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

breaks("batch_bias_gradient", DW_ONE_IMAGE)(lambda: 1111)
breaks("batch_bias_gradient", DW_ONE_IMAGE)(lambda: 2222)
breaks("batch_bias_gradient", DW_BATCH_MEAN)(lambda: 3333 / 2)
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
