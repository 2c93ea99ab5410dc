"""Lesson 02: what goes wrong with the gradients of one signal and one kernel."""

import numpy as np

from autograder.lessons.catalogue import (
    CHANGES_UNWEIGHTED,
    INT_OUTPUT,
    LAST_WINDOW,
    LAST_WINDOW_WINS,
    NO_ZEROS,
    NOT_TURNED,
    ONE_TAP,
    ONE_ZERO,
    ORDER_SWAPPED,
    OVERLAPS_AVERAGED,
    REMAINDER_CUT,
    RETURNS_EARLY,
    SPREAD_TOO_FAR,
    STRIDE_IGNORED,
    STRIDE_ON_DX,
    SUMMED_KERNEL,
    ZEROS_TRAIL,
)
from autograder.lessons.register import breaks, mistake

# the signal's gradient, at any stride -----------------------------------------------------------

AS_LONG_AS_DY = mistake(
    "dx-as-long-as-dy",
    "dx has dy's length, not the signal's",
    "A gradient has the shape of what it belongs to. How long was x?",
)
ONE_TOO_LONG = mistake(
    "dx-one-too-long",
    "dx is one sample too long",
    "Turn n - k + 1 = len(dy) around: what is n?",
)
DY_BACKWARDS = mistake(
    "dy-backwards",
    "dy was read from its end",
    "Which output does dy[0] belong to, and which samples did that output read?",
)
DX_BACKWARDS = mistake(
    "dx-backwards",
    "dx comes out backwards",
    "Which sample does the last entry of dx belong to?",
)
SAME_FOR_ALL = mistake(
    "dy-summed-first",
    "the entries of dy are summed before they meet the kernel",
    "Does x[0] reach every output?",
)


def _scatter(dy, w, n, stride=1):
    dx = np.zeros(n, dtype=np.result_type(dy, w, np.float64))
    for i, g in enumerate(dy):
        dx[i * stride : i * stride + len(w)] += g * w
    return dx


def _full(x, w):
    return _scatter(x, w, len(x) + len(w) - 1)


def _assigned(dy, w, n, stride=1):
    dx = np.zeros(n)
    for i, g in enumerate(dy):
        dx[i * stride : i * stride + len(w)] = g * w
    return dx


def _first_kept(dy, w, n, stride=1):
    return _assigned(dy[::-1], w[::-1], n - (n - len(w)) % stride, stride)[::-1]


def _averaged(dy, w, n, stride=1):
    coverage = _scatter(np.ones(len(dy)), np.ones(len(w)), n, stride)
    return _scatter(dy, w, n, stride) / np.maximum(coverage, 1)


def _first_windows(dy, w, n, stride, count):
    """Send back the first windows alone."""
    return _scatter(np.append(dy[:count], 0 * dy[count:]), w, n, stride)


def _both_strides(id, function):
    """Enter a variant that takes the signal's length and the stride, for both exercises."""
    breaks("grad_x_1d", id)(lambda dy, w: function(dy, w, len(dy) + len(w) - 1, 1))
    breaks("grad_x_1d_strided", id)(function)


for _id, _variant in (
    (NOT_TURNED, lambda dy, w, n, s: _scatter(dy, w[::-1], n, s)),
    (LAST_WINDOW_WINS, _assigned),
    (OVERLAPS_AVERAGED, _averaged),
    (DY_BACKWARDS, lambda dy, w, n, s: _scatter(dy[::-1], w, n, s)),
    (DX_BACKWARDS, lambda dy, w, n, s: _scatter(dy, w, n, s)[::-1]),
    (ONE_TAP, lambda dy, w, n, s: _scatter(dy, np.append(w[:1], 0 * w[1:]), n, s)),
    (ONE_TAP, lambda dy, w, n, s: _scatter(dy, np.append(0 * w[:-1], w[-1:]), n, s)),
    (SUMMED_KERNEL, lambda dy, w, n, s: _scatter(dy, np.full(len(w), w.sum()), n, s)),
    (SAME_FOR_ALL, lambda dy, w, n, s: _scatter(np.full(len(dy), dy.sum()), w, n, s)),
    (RETURNS_EARLY, lambda dy, w, n, s: _first_windows(dy, w, n, s, 1)),
    (LAST_WINDOW, lambda dy, w, n, s: _first_windows(dy, w, n, s, len(dy) - 1)),
    (INT_OUTPUT, lambda dy, w, n, s: _scatter(dy, w, n, s).astype(int)),
    (INT_OUTPUT, lambda dy, w, n, s: _scatter(dy, w, n, s).astype(dy.dtype)),
    (INT_OUTPUT, lambda dy, w, n, s: _scatter(dy, w, n, s).astype(w.dtype)),
    (AS_LONG_AS_DY, lambda dy, w, n, s: _scatter(dy, w, n, s)[: len(dy)]),
    (ONE_TOO_LONG, lambda dy, w, n, s: np.append(_scatter(dy, w, n, s), 0.0)),
):
    _both_strides(_id, _variant)

breaks("grad_x_1d", LAST_WINDOW_WINS)(lambda dy, w: _first_kept(dy, w, len(dy) + len(w) - 1))


def _slide(x, w):
    """Correlate; a kernel longer than the signal gives nothing."""
    count = max(len(x) - len(w) + 1, 0)
    return np.array([x[i : i + len(w)] @ w for i in range(count)])


breaks("grad_x_1d", ONE_ZERO)(lambda dy, w: _slide(np.pad(dy, 1), w[::-1]))
breaks("grad_x_1d", ONE_ZERO)(lambda dy, w: _slide(np.pad(dy, 1), w))
breaks("grad_x_1d", NO_ZEROS)(lambda dy, w: _slide(dy, w[::-1]))
breaks("grad_x_1d", NO_ZEROS)(lambda dy, w: _slide(dy, w))
breaks("grad_x_1d", AS_LONG_AS_DY)(lambda dy, w: _full(dy, w)[(len(w) - 1) // 2 :][: len(dy)])
breaks("grad_x_1d", ONE_TOO_LONG)(lambda dy, w: _slide(np.pad(dy, len(w)), w[::-1])[1:])
breaks("grad_x_1d", ONE_TOO_LONG)(lambda dy, w: _slide(np.pad(dy, len(w)), w[::-1])[:-1])

# grad_x_1d_strided ------------------------------------------------------------------------------

REMAINDER_FIRST = mistake(
    "remainder-in-front",
    "the zeros for samples that no window reads stand in front",
    "Where does the first window begin, and at which end of x are samples left over?",
)


def _spread(dy, w, n, gap, offset=0):
    dx = np.zeros(max(n, offset + gap * (len(dy) - 1) + len(w)))
    for i, g in enumerate(dy):
        dx[offset + i * gap : offset + i * gap + len(w)] += g * w
    return dx


@breaks("grad_x_1d_strided", STRIDE_ON_DX)
def _strides_over_full(dy, w, n, stride):
    full = _full(dy, w)[::stride]
    return np.append(full, np.zeros(max(0, n - len(full))))[:n]


@breaks("grad_x_1d_strided", STRIDE_ON_DX)
def _strides_over_full_short(dy, w, n, stride):
    return _full(dy, w)[::stride]


@breaks("grad_x_1d_strided", REMAINDER_FIRST)
def _remainder_first(dy, w, n, stride):
    left_over = n - (stride * (len(dy) - 1) + len(w))
    return np.append(np.zeros(left_over), _scatter(dy, w, n - left_over, stride))


breaks("grad_x_1d_strided", STRIDE_IGNORED)(lambda dy, w, n, s: _full(dy, w))
breaks("grad_x_1d_strided", STRIDE_IGNORED)(lambda dy, w, n, s: _scatter(dy, w, n))
breaks("grad_x_1d_strided", REMAINDER_CUT)(
    lambda dy, w, n, s: _scatter(dy, w, s * (len(dy) - 1) + len(w), s)
)
breaks("grad_x_1d_strided", SPREAD_TOO_FAR)(lambda dy, w, n, s: _spread(dy, w, n, s + 1)[:n])
breaks("grad_x_1d_strided", SPREAD_TOO_FAR)(lambda dy, w, n, s: _spread(dy, w, n, s + 1))
breaks("grad_x_1d_strided", ZEROS_TRAIL)(lambda dy, w, n, s: _spread(dy, w, n, s, s - 1)[:n])
breaks("grad_x_1d_strided", ZEROS_TRAIL)(lambda dy, w, n, s: _spread(dy, w, n, s, s - 1))

# grad_w_1d --------------------------------------------------------------------------------------

DW_BACKWARDS = mistake(
    "dw-backwards",
    "dw comes out backwards: this is the gradient of the layer that flips its kernel",
    "Which sample did w[0] meet in the first window? That product belongs to dw[0].",
)
DY_TURNED = mistake(
    "dy-turned-over-x",
    "dy was turned before it slides over x",
    "Which samples did the first window read? dy[0] belongs to that window.",
)
ONE_WINDOW = mistake(
    "one-window-only",
    "only one window is kept",
    "w[0] was used in every window. Is each window's part added to those before?",
)
AVERAGED_OVER_OUTPUTS = mistake(
    "averaged-over-outputs",
    "the sum over the outputs is divided by their number",
    "The loss is the sum of y times dy. Where would a division come from?",
)
DW_AS_LONG_AS_DY = mistake(
    "dw-as-long-as-dy",
    "dw has dy's length, not the kernel's",
    "With n samples and n - k + 1 outputs, what is k?",
)
X_STANDS_STILL = mistake(
    "x-stands-still",
    "every tap meets the same samples",
    "In the first window w[0] meets x[0]. Which sample does w[1] meet there?",
)
ALL_SHIFTS = mistake(
    "dw-too-long",
    "windows that hang over the ends of x are counted too",
    "dw has one entry a tap. How many do you return?",
)


def _each_tap(dy, x, k=None):
    k = len(x) - len(dy) + 1 if k is None else k
    return np.array(
        [sum(g * x[i + t] for i, g in enumerate(dy) if i + t < len(x)) for t in range(k)]
    )


breaks("grad_w_1d", DW_BACKWARDS)(lambda dy, x: _each_tap(dy, x)[::-1])
breaks("grad_w_1d", DY_TURNED)(lambda dy, x: _each_tap(dy[::-1], x))
breaks("grad_w_1d", ONE_WINDOW)(lambda dy, x: dy[-1] * x[len(dy) - 1 :])
breaks("grad_w_1d", ONE_WINDOW)(lambda dy, x: dy[0] * x[: len(x) - len(dy) + 1])
breaks("grad_w_1d", AVERAGED_OVER_OUTPUTS)(lambda dy, x: _each_tap(dy, x) / len(dy))
breaks("grad_w_1d", DW_AS_LONG_AS_DY)(lambda dy, x: _each_tap(dy, x, len(dy)))
breaks("grad_w_1d", X_STANDS_STILL)(lambda dy, x: np.full(len(x) - len(dy) + 1, dy @ x[: len(dy)]))
breaks("grad_w_1d", ALL_SHIFTS)(lambda dy, x: _full(x, dy[::-1]))
breaks("grad_w_1d", ALL_SHIFTS)(lambda dy, x: _each_tap(dy, x, len(x)))
for _part in (lambda dw: dw[0], lambda dw: dw[:1], lambda dw: np.append(dw[:1], 0 * dw[1:])):
    breaks("grad_w_1d", RETURNS_EARLY)(lambda dy, x, part=_part: part(_each_tap(dy, x)))
breaks("grad_w_1d", LAST_WINDOW)(lambda dy, x: _each_tap(np.append(dy[:-1], 0), x))
breaks("grad_w_1d", INT_OUTPUT)(lambda dy, x: _each_tap(dy, x).astype(int))
breaks("grad_w_1d", INT_OUTPUT)(lambda dy, x: _each_tap(dy, x).astype(dy.dtype))
breaks("grad_w_1d", INT_OUTPUT)(lambda dy, x: _each_tap(dy, x).astype(x.dtype))

# grad_b_1d --------------------------------------------------------------------------------------

DB_PER_OUTPUT = mistake(
    "bias-gradient-per-output",
    "there is one bias gradient for each output",
    "How many biases does the layer have?",
)
DB_AVERAGED = mistake(
    "bias-gradient-averaged",
    "the bias gradient is averaged",
    "When b rises by 1, every output rises by 1. What happens to the sum of y times dy?",
)
DB_COUNTED = mistake(
    "bias-gradient-counts",
    "the outputs are counted, whatever dy is",
    "Where does dy enter?",
)
DB_ONE_OUTPUT = mistake(
    "bias-gradient-of-one-output",
    "only one output's gradient is taken",
    "Which outputs does the bias reach?",
)
DB_ABSOLUTE = mistake(
    "bias-gradient-without-sign",
    "the signs of dy are lost",
    "Should 1 and -1 add to 2, or cancel?",
)

breaks("grad_b_1d", DB_PER_OUTPUT)(lambda dy: dy)
breaks("grad_b_1d", DB_AVERAGED)(lambda dy: dy.mean())
breaks("grad_b_1d", DB_COUNTED)(lambda dy: len(dy))
breaks("grad_b_1d", DB_ONE_OUTPUT)(lambda dy: dy[-1])
breaks("grad_b_1d", DB_ONE_OUTPUT)(lambda dy: dy[0])
breaks("grad_b_1d", DB_ABSOLUTE)(lambda dy: np.abs(dy).sum())
breaks("grad_b_1d", INT_OUTPUT)(lambda dy: int(dy.sum()))

# grad_convolve1d --------------------------------------------------------------------------------

DX_OF_CORRELATION = mistake(
    "dx-of-the-other-layer",
    "dx belongs to the layer that correlates",
    "In this layer y[0] reads x[0] with the kernel's last weight. What does dy[0] send to x[0]?",
)
DW_OF_CORRELATION = mistake(
    "dw-of-the-other-layer",
    "dw belongs to the layer that correlates",
    "In this layer the kernel's last weight meets x[0] in y[0]. Which entry of dw gets dy[0] x[0]?",
)
ONLY_DX = mistake(
    "one-gradient-only",
    "one gradient comes back where several are asked for",
    "Which gradients does the exercise ask for?",
)


def _flipping(dy, x, w):
    return _scatter(dy, w[::-1], len(x)), _each_tap(dy, x)[::-1]


def _of_the_flipping_layer(dx=None, dw=None):
    """Replace one gradient of the layer that flips its kernel."""

    def variant(dy, x, w):
        right = _flipping(dy, x, w)
        return dx(dy, x, w) if dx else right[0], dw(dy, x, w) if dw else right[1]

    return variant


# Who takes both from the other layer is told so of each: a part looks at one of them.
for _id, _parts in (
    (DX_OF_CORRELATION, {"dx": lambda dy, x, w: _scatter(dy, w, len(x))}),
    (DW_OF_CORRELATION, {"dw": lambda dy, x, w: _each_tap(dy, x)}),
    (LAST_WINDOW_WINS, {"dx": lambda dy, x, w: _assigned(dy, w[::-1], len(x))}),
    (OVERLAPS_AVERAGED, {"dx": lambda dy, x, w: _averaged(dy, w[::-1], len(x))}),
    (DX_BACKWARDS, {"dx": lambda dy, x, w: _scatter(dy, w[::-1], len(x))[::-1]}),
    (DY_TURNED, {"dw": lambda dy, x, w: _each_tap(dy[::-1], x)}),
    (ONE_WINDOW, {"dw": lambda dy, x, w: dy[-1] * x[len(dy) - 1 :][::-1]}),
    (AVERAGED_OVER_OUTPUTS, {"dw": lambda dy, x, w: _each_tap(dy, x)[::-1] / len(dy)}),
    (RETURNS_EARLY, {"dx": lambda dy, x, w: _first_windows(dy, w[::-1], len(x), 1, 1)}),
    (LAST_WINDOW, {"dx": lambda dy, x, w: _first_windows(dy, w[::-1], len(x), 1, len(dy) - 1)}),
    (LAST_WINDOW, {"dw": lambda dy, x, w: _each_tap(np.append(dy[:-1], 0), x)[::-1]}),
    (INT_OUTPUT, {"dx": lambda dy, x, w: _flipping(dy, x, w)[0].astype(int)}),
    (INT_OUTPUT, {"dw": lambda dy, x, w: _flipping(dy, x, w)[1].astype(int)}),
):
    breaks("grad_convolve1d", _id)(_of_the_flipping_layer(**_parts))


@breaks("grad_convolve1d", INT_OUTPUT)
def _like_the_signal(dy, x, w):
    return tuple(gradient.astype(x.dtype) for gradient in _flipping(dy, x, w))


@breaks("grad_convolve1d", INT_OUTPUT)
def _like_what_they_belong_to(dy, x, w):
    dx, dw = _flipping(dy, x, w)
    return dx.astype(x.dtype), dw.astype(w.dtype)


breaks("grad_convolve1d", ORDER_SWAPPED)(lambda dy, x, w: _flipping(dy, x, w)[::-1])
breaks("grad_convolve1d", ONLY_DX)(lambda dy, x, w: _flipping(dy, x, w)[0])

# predictions ------------------------------------------------------------------------------------

P1_W, P1_DY = np.array([1, 2, 3]), np.array([1, 10, 100])

breaks("middle_gradient", NOT_TURNED)(lambda: int(_scatter(P1_DY, P1_W[::-1], 5)[2]))
breaks("middle_gradient", LAST_WINDOW_WINS)(lambda: int(_assigned(P1_DY, P1_W, 5)[2]))
breaks("middle_gradient", OVERLAPS_AVERAGED)(lambda: int(_averaged(P1_DY, P1_W, 5)[2]))

breaks("middle_gradient", CHANGES_UNWEIGHTED)(lambda: int(P1_W.sum()))

breaks("zeros_around_dy", ONE_ZERO)(lambda: 1)
NO_ZEROS_AROUND = mistake(
    "no-zeros-around-dy",
    "dy gets no zeros",
    "How many windows of 3 fit on 3 entries, and how many are needed?",
)
breaks("zeros_around_dy", NO_ZEROS_AROUND)(lambda: 0)
WHOLE_KERNEL_OVER = mistake(
    "pads-dy-by-the-kernel",
    "dy is padded by the whole kernel's length",
    "A window that hangs over by the whole kernel meets which entry of dy?",
)
breaks("zeros_around_dy", WHOLE_KERNEL_OVER)(lambda: len(P1_W))
BOTH_SIDES_COUNTED = mistake(
    "zeros-of-both-sides",
    "the zeros of both sides are counted together",
    "How many zeros stand on one side?",
)
breaks("zeros_around_dy", BOTH_SIDES_COUNTED)(lambda: 2 * (len(P1_W) - 1))

breaks("strided_gradient", LAST_WINDOW_WINS)(lambda: int(_assigned(P1_DY, P1_W, 7, 2)[2]))
breaks("strided_gradient", NOT_TURNED)(lambda: int(_scatter(P1_DY, P1_W[::-1], 7, 2)[2]))
breaks("strided_gradient", STRIDE_IGNORED)(lambda: int(_scatter(P1_DY, P1_W, 5)[2]))
