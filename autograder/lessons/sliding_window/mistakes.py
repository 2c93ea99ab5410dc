"""Lesson 01: what goes wrong with one signal and one kernel."""

import math

import numpy as np

from autograder.lessons.catalogue import (
    AVERAGES,
    DILATED_TIMES,
    DILATION_FROM_ZERO,
    FLIPS,
    FLOAT_SIZE,
    FORGETS_ONE,
    FULL,
    INT_OUTPUT,
    JUMPS,
    KEEPS_LENGTH,
    LAST_PRODUCT,
    LAST_WINDOW,
    NO_DILATION,
    NO_PADDING,
    NO_REFUSAL,
    NO_STRIDE,
    ONE_SAMPLE,
    PADS_AFTER,
    PADS_EDGE,
    PADS_HALF,
    PADS_ONCE,
    PADS_ONES,
    PADS_TWICE,
    REFUSES_EXACT,
    REFUSES_REMAINDER,
    REFUSES_WITHOUT_GAPS,
    RETURNS_EARLY,
    ROUNDS_UP,
)
from autograder.lessons.register import breaks, mistake


def _windows(x, k, count=None):
    count = len(x) - k + 1 if count is None else count
    return [x[i : i + k] for i in range(count)]


def _refuse_long(x, w):
    if len(w) > len(x):
        raise ValueError("kernel longer than the signal")


# correlate1d and convolve1d ---------------------------------------------------------------------

UNFLIPPED = mistake(
    "kernel-not-flipped",
    "the kernel slides as it is written, or is flipped twice",
    "Send the impulse [0, 0, 1, 0, 0] through: "
    "does the kernel come out as it is written, or backwards?",
)
BACKWARDS = mistake(
    "output-backwards",
    "the output comes out backwards",
    "Which window should y[0] belong to, the leftmost or the rightmost? "
    "Look for a `[::-1]` on the signal or on the result.",
)
RUNNING_TOTAL = mistake(
    "keeps-a-running-total",
    "each output holds the ones before it too",
    "Where does the sum start again from 0: once, or for every window?",
)
SAME_WINDOW = mistake(
    "stays-in-the-first-window",
    "every output is the first window's sum",
    "Which index of x changes when the window moves?",
)


def _correlate(x, w):
    _refuse_long(x, w)
    return np.array([window @ w for window in _windows(x, len(w))])


def _convolve(x, w):
    return _correlate(x, w[::-1])


breaks("correlate1d", FLIPS)(_convolve)
breaks("convolve1d", UNFLIPPED)(_correlate)


def _both(function):
    """Let a helper that takes the plain product build a variant for either operation."""
    return {
        "correlate1d": lambda x, w: function(x, w),
        "convolve1d": lambda x, w: function(x, w[::-1]),
    }


def _last_window(x, w):
    _refuse_long(x, w)
    return np.array([window @ w for window in _windows(x, len(w), len(x) - len(w))])


def _averages(x, w):
    return _correlate(x, w) / len(w)


def _keeps_length_zeros(x, w):
    _refuse_long(x, w)
    y = np.zeros(len(x))
    y[: len(x) - len(w) + 1] = _correlate(x, w)
    return y


def _keeps_length_cut(x, w):
    _refuse_long(x, w)
    return np.array([x[i : i + len(w)] @ w[: len(x) - i] for i in range(len(x))])


def _keeps_length_padded(x, w):
    _refuse_long(x, w)
    before = (len(w) - 1) // 2
    return _correlate(np.pad(x, (before, len(w) - 1 - before)), w)


def _full(x, w):
    return _correlate(np.pad(x, len(w) - 1), w)


def _last_product(x, w):
    _refuse_long(x, w)
    return np.array([window[-1] * w[-1] for window in _windows(x, len(w))])


def _one_sample(x, w):
    _refuse_long(x, w)
    return np.array([window[0] * w.sum() for window in _windows(x, len(w))])


def _jumps(x, w):
    _refuse_long(x, w)
    return np.array([x[i : i + len(w)] @ w for i in range(0, len(x) - len(w) + 1, len(w))])


def _int_output(x, w):
    return _correlate(x, w).astype(int)


def _int_sums(x, w):
    """Fill an array of ints: each partial sum is cut."""
    _refuse_long(x, w)
    y = np.zeros(len(x) - len(w) + 1, dtype=int)
    for i in range(len(y)):
        for t in range(len(w)):
            y[i] = int(y[i] + x[i + t] * w[t])
    return y


def _int_like_signal(x, w):
    """Fill an array of the signal's dtype: whole sums are cut."""
    return _correlate(x, w).astype(x.dtype)


def _int_like_signal_sums(x, w):
    """Fill an array of the signal's dtype: each partial sum is cut."""
    _refuse_long(x, w)
    y = np.zeros(len(x) - len(w) + 1, dtype=x.dtype)
    for i in range(len(y)):
        for t in range(len(w)):
            y[i] += (x[i + t] * w[t]).astype(x.dtype) if y.dtype.kind == "i" else x[i + t] * w[t]
    return y


def _unfilled_end(x, w):
    y = _correlate(x, w)
    y[-1] = 0
    return y


def _first_only(x, w):
    y = np.zeros_like(_correlate(x, w))
    y[0] = x[: len(w)] @ w
    return y


def _first_product(x, w):
    y = np.zeros_like(_correlate(x, w))
    y[0] = x[0] * w[0]
    return y


def _running_total(x, w):
    return np.cumsum(_correlate(x, w))


def _same_window(x, w):
    return np.full_like(_correlate(x, w), x[: len(w)] @ w)


for _id, _helper in (
    (INT_OUTPUT, _int_like_signal),
    (INT_OUTPUT, _int_like_signal_sums),
    (LAST_WINDOW, _unfilled_end),
    (RETURNS_EARLY, _first_only),
    (RETURNS_EARLY, _first_product),
    (RUNNING_TOTAL, _running_total),
    (SAME_WINDOW, _same_window),
    (LAST_WINDOW, _last_window),
    (AVERAGES, _averages),
    (KEEPS_LENGTH, _keeps_length_zeros),
    (KEEPS_LENGTH, _keeps_length_cut),
    (KEEPS_LENGTH, _keeps_length_padded),
    (FULL, _full),
    (LAST_PRODUCT, _last_product),
    (ONE_SAMPLE, _one_sample),
    (JUMPS, _jumps),
    (INT_OUTPUT, _int_output),
    (INT_OUTPUT, _int_sums),
):
    for _exercise, _variant in _both(_helper).items():
        breaks(_exercise, _id)(_variant)


@breaks("correlate1d", BACKWARDS)
def _turns_signal_and_kernel(x, w):
    return _correlate(x[::-1], w[::-1])


@breaks("convolve1d", BACKWARDS)
def _turns_the_signal(x, w):
    return _correlate(x[::-1], w)


@breaks("convolve1d", BACKWARDS)
def _turns_the_result(x, w):
    return _correlate(x, w)[::-1]


# predictions ------------------------------------------------------------------------------------

P1_X, P1_W = np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3])

breaks("last_output", FLIPS)(lambda: int(_convolve(P1_X, P1_W)[-1]))
breaks("last_output", AVERAGES)(lambda: int(_correlate(P1_X, P1_W)[-1]) / 3)

ONE_PRODUCT = mistake(
    "one-product-of-three",
    "one product alone",
    "Which three products belong to the third window? Are all three added?",
)
breaks("last_output", ONE_PRODUCT)(lambda: 15)

LINED_UP = mistake(
    "impulse-copies-in-order",
    "the kernel in its own order",
    "In the first window the 1 stands last. Which weight does it meet there?",
)
breaks("impulse_response", LINED_UP)(lambda: [1, 2, 3])

breaks("padded_length", ROUNDS_UP)(lambda: 5)
breaks("padded_length", NO_STRIDE)(lambda: 8)

# output_length ----------------------------------------------------------------------------------

ROUNDS_NEAREST = mistake(
    "rounds-to-nearest",
    "the size is rounded to the nearest whole number",
    "With n = 8, k = 3, stride 3: does a third window still fit?",
)
PLUS_ONE_INSIDE = mistake(
    "adds-one-before-dividing",
    "the 1 is added before the division, not after",
    "Count the steps that the window can take, then count where it can stand: how do they differ?",
)
KERNEL_GAPS = mistake(
    "extent-without-the-last-tap",
    "the span of the kernel is counted from tap to tap, one entry short",
    "How many entries does a kernel of 1 tap span?",
)
NO_BRACKETS = mistake(
    "divides-a-part-of-the-numerator",
    "only a part of the numerator is divided by the stride",
    "In Python `/` and `//` come before `+` and `-`. What is divided in 4 - 2 // 2?",
)


def _length(n, k, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (k - 1) - 1
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1


@breaks("output_length", FORGETS_ONE)
def _(n, k, stride=1, padding=0, dilation=1):
    return _length(n, k, stride, padding, dilation) - 1


@breaks("output_length", PADS_ONCE)
def _(n, k, stride=1, padding=0, dilation=1):
    return _length(n + padding, k, stride, 0, dilation)


@breaks("output_length", NO_PADDING)
def _(n, k, stride=1, padding=0, dilation=1):
    return _length(n, k, stride, 0, dilation)


@breaks("output_length", NO_STRIDE)
def _(n, k, stride=1, padding=0, dilation=1):
    return _length(n, k, 1, padding, dilation)


@breaks("output_length", FLOAT_SIZE)
def _(n, k, stride=1, padding=0, dilation=1):
    _length(n, k, stride, padding, dilation)
    return (n + 2 * padding - dilation * (k - 1) - 1) / stride + 1


@breaks("output_length", ROUNDS_UP)
def _(n, k, stride=1, padding=0, dilation=1):
    _length(n, k, stride, padding, dilation)
    return math.ceil((n + 2 * padding - dilation * (k - 1) - 1) / stride) + 1


@breaks("output_length", ROUNDS_NEAREST)
def _(n, k, stride=1, padding=0, dilation=1):
    _length(n, k, stride, padding, dilation)
    return round((n + 2 * padding - dilation * (k - 1) - 1) / stride) + 1


@breaks("output_length", PLUS_ONE_INSIDE)
def _(n, k, stride=1, padding=0, dilation=1):
    _length(n, k, stride, padding, dilation)
    return (n + 2 * padding - dilation * (k - 1)) // stride


@breaks("output_length", DILATED_TIMES)
def _(n, k, stride=1, padding=0, dilation=1):
    return _length(n, dilation * k, stride, padding, 1)


@breaks("output_length", NO_DILATION)
def _(n, k, stride=1, padding=0, dilation=1):
    return _length(n, k, stride, padding, 1)


@breaks("output_length", DILATION_FROM_ZERO)
def _(n, k, stride=1, padding=0, dilation=1):
    return _length(n, k, stride, padding, dilation + 1)


@breaks("output_length", KERNEL_GAPS)
def _(n, k, stride=1, padding=0, dilation=1):
    return _length(n + 1, k, stride, padding, dilation)


@breaks("output_length", NO_BRACKETS)
def _(n, k, stride=1, padding=0, dilation=1):
    _length(n, k, stride, padding, dilation)
    return n + 2 * padding - (dilation * (k - 1) + 1) // stride + 1


@breaks("output_length", NO_BRACKETS)
def _(n, k, stride=1, padding=0, dilation=1):
    _length(n, k, stride, padding, dilation)
    return n - (dilation * (k - 1) + 1) + 2 * padding // stride + 1


@breaks("output_length", NO_BRACKETS)
def _(n, k, stride=1, padding=0, dilation=1):
    _length(n, k, stride, padding, dilation)
    return n + 2 * padding - dilation * (k - 1) - 1 // stride + 1


@breaks("output_length", NO_REFUSAL)
def _(n, k, stride=1, padding=0, dilation=1):
    return (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1


@breaks("output_length", NO_REFUSAL)
def _(n, k, stride=1, padding=0, dilation=1):
    return int((n + 2 * padding - dilation * (k - 1) - 1) / stride + 1)


@breaks("output_length", NO_REFUSAL)
def _(n, k, stride=1, padding=0, dilation=1):
    return max(0, (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1)


@breaks("output_length", REFUSES_EXACT)
def _(n, k, stride=1, padding=0, dilation=1):
    if dilation * (k - 1) + 1 >= n + 2 * padding:
        raise ValueError("the kernel does not fit")
    return _length(n, k, stride, padding, dilation)


@breaks("output_length", REFUSES_WITHOUT_GAPS)
def _(n, k, stride=1, padding=0, dilation=1):
    if n + 2 * padding < k:
        raise ValueError("the kernel does not fit")
    return (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1


@breaks("output_length", REFUSES_REMAINDER)
def _(n, k, stride=1, padding=0, dilation=1):
    if (n + 2 * padding - dilation * (k - 1) - 1) % stride:
        raise ValueError("the stride does not divide")
    return _length(n, k, stride, padding, dilation)


# pad1d ------------------------------------------------------------------------------------------


breaks("pad1d", PADS_AFTER)(lambda x, padding: np.pad(x, (0, padding)))
breaks("pad1d", PADS_AFTER)(lambda x, padding: np.pad(x, (padding, 0)))
breaks("pad1d", PADS_AFTER)(lambda x, padding: np.pad(x, (0, 2 * padding)))
breaks("pad1d", PADS_AFTER)(lambda x, padding: np.pad(x, (2 * padding, 0)))
breaks("pad1d", PADS_HALF)(lambda x, padding: np.pad(x, padding // 2))
breaks("pad1d", PADS_HALF)(lambda x, padding: np.pad(x, (padding // 2, padding - padding // 2)))
breaks("pad1d", PADS_EDGE)(lambda x, padding: np.pad(x, padding, mode="edge"))
breaks("pad1d", PADS_EDGE)(lambda x, padding: np.pad(x, padding, mode="reflect"))
breaks("pad1d", PADS_EDGE)(lambda x, padding: np.pad(x, padding, mode="wrap"))
breaks("pad1d", PADS_ONES)(lambda x, padding: np.pad(x, padding, constant_values=1))
breaks("pad1d", PADS_TWICE)(lambda x, padding: np.pad(x, 2 * padding))
ADDS = mistake(
    "adds-instead-of-joining",
    "the zeros are added to the numbers, not put beside them",
    "What does `+` do between a list and an array? `np.concatenate` joins.",
)
breaks("pad1d", ADDS)(lambda x, padding: [0] * padding + x + [0] * padding)
breaks("pad1d", INT_OUTPUT)(lambda x, padding: np.pad(x.astype(int), padding))

# flip_is_invisible ------------------------------------------------------------------------------

ENDS_ONLY = mistake(
    "compares-the-ends",
    "only the two ends are compared",
    "Try [1, 2, 3, 1]: does it read the same backwards?",
)
ANY_EQUAL = mistake(
    "one-match-is-enough",
    "one matching pair is taken to be enough",
    "The middle entry always meets itself. Should `any` of the pairs agree, or `all`?",
)
CONSTANT_ONLY = mistake(
    "only-constant-kernels",
    "only kernels whose entries are all equal are accepted",
    "Try [1, 2, 1]: what does it look like from the right?",
)
IGNORES_SIGN = mistake(
    "ignores-the-sign",
    "a kernel is accepted that the flip turns into its negative",
    "Try [1, 0, -1]: does the flip change the output?",
)
NEARLY = mistake(
    "nearly-equal-is-equal",
    "entries that differ by a little are taken to be equal",
    "Is 1.000001 the same as 1? This question has an exact answer.",
)
LENGTH_DECIDES = mistake(
    "length-decides",
    "the kernel's length decides",
    "Do [1, 2, 3] and [1, 2, 1] deserve the same answer?",
)
ALWAYS_TRUE = mistake(
    "answers-true-for-all",
    "every kernel is accepted",
    "Try [1, 2, 3] on an impulse, as it is and flipped. Sorting and summing lose the order.",
)
INVERTED = mistake(
    "answers-the-opposite",
    "the answer is turned around",
    "The question is whether the flip is invisible, not whether it shows.",
)

breaks("flip_is_invisible", ENDS_ONLY)(lambda w: bool(w[0] == w[-1]))
breaks("flip_is_invisible", ANY_EQUAL)(lambda w: bool(np.any(w == w[::-1])))
breaks("flip_is_invisible", CONSTANT_ONLY)(lambda w: bool(np.all(w == w[0])))
breaks("flip_is_invisible", IGNORES_SIGN)(lambda w: bool(np.all(np.abs(w) == np.abs(w[::-1]))))
breaks("flip_is_invisible", NEARLY)(lambda w: bool(np.allclose(w, w[::-1])))
breaks("flip_is_invisible", NEARLY)(lambda w: bool(np.allclose(w, w[::-1], atol=1e-3)))
breaks("flip_is_invisible", LENGTH_DECIDES)(lambda w: len(w) % 2 == 1)
breaks("flip_is_invisible", ALWAYS_TRUE)(lambda w: True)
breaks("flip_is_invisible", ALWAYS_TRUE)(lambda w: bool(np.all(np.sort(w) == np.sort(w[::-1]))))
breaks("flip_is_invisible", INVERTED)(lambda w: not np.all(w == w[::-1]))
