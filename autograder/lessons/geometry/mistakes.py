"""Lesson 05: what goes wrong with sizes, padding, dilation and groups."""

import math

import numpy as np

from autograder.lessons.catalogue import (
    DILATED_GAPS,
    DILATED_TIMES,
    FLOAT_SIZE,
    FORGETS_ONE,
    INT_OUTPUT,
    NO_DILATION,
    NO_PADDING,
    ONE_AXIS_SIZE,
    PADS_AFTER,
    PADS_ALL_AXES,
    PADS_EDGE,
    PADS_HALF,
    PADS_ONES,
    PADS_TWICE,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    REFUSES_WITHOUT_GAPS,
    ROUNDS_UP,
    VIEW,
)
from autograder.lessons.forwards import GROUPED, MUTATIONS, PLAIN, REFUSALS, enter_forwards
from autograder.lessons.layer import forward, pair, zeros_around
from autograder.lessons.register import breaks, mistake, variants

# output_shape -----------------------------------------------------------------------------------

OTHER_ORDER = mistake(
    "width-before-height",
    "width and height come in the wrong order",
    "An image is (H, W), and so is its size.",
)


def _axis(n, k, stride, padding, dilation):
    room = n + 2 * padding - dilation * (k - 1) - 1
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1


def _each_axis(length):
    """Let a (wrong) size on one axis build one on both."""

    def output_shape(hw, kernel_size, stride=1, padding=0, dilation=1):
        settings = zip(hw, *map(pair, (kernel_size, stride, padding, dilation)), strict=True)
        return tuple(length(*values) for values in settings)

    return output_shape


for _id, _spellings in variants("output_length").items():
    for _variant in _spellings:
        breaks("output_shape", _id)(_each_axis(_variant))

_shape = _each_axis(_axis)
breaks("output_shape", OTHER_ORDER)(lambda *args: _shape(*args)[::-1])
breaks("output_shape", ONE_AXIS_SIZE)(lambda hw, *rest: _shape((hw[0], hw[0]), *rest))
breaks("output_shape", ONE_AXIS_SIZE)(lambda hw, *rest: _shape((hw[1], hw[1]), *rest))
breaks("output_shape", PAIR_SWAPPED)(
    lambda hw, *rest: _shape(hw, *(pair(value)[::-1] for value in rest))
)
breaks("output_shape", PAIR_FIRST_ONLY)(
    lambda hw, *rest: _shape(hw, *(pair(value)[0] for value in rest))
)
breaks("output_shape", PAIR_FIRST_ONLY)(
    lambda hw, *rest: _shape(hw, *(pair(value)[1] for value in rest))
)


def _misread_one(place, read):
    def output_shape(hw, *rest):
        rest = list(rest)
        if place < len(rest):
            rest[place] = read(pair(rest[place]))
        return _shape(hw, *rest)

    return output_shape


for _place in range(4):
    breaks("output_shape", PAIR_SWAPPED)(_misread_one(_place, lambda p: p[::-1]))
    breaks("output_shape", PAIR_FIRST_ONLY)(_misread_one(_place, lambda p: p[0]))

REFUSES_IF_BOTH = mistake(
    "refuses-only-if-both-do-not-fit",
    "a kernel that fits on one axis only is not refused",
    "Should a 1 by 9 kernel be refused on a 5 by 5 image?",
)


@breaks("output_shape", REFUSES_IF_BOTH)
def _refuses_if_both(hw, kernel_size, stride=1, padding=0, dilation=1):
    settings = zip(hw, *map(pair, (kernel_size, stride, padding, dilation)), strict=True)
    rooms = [(n + 2 * p - d * (k - 1) - 1, s) for n, k, s, p, d in settings]
    if all(room < 0 for room, _ in rooms):
        raise ValueError("the kernel does not fit")
    return tuple(room // s + 1 for room, s in rooms)


def _refuses_without_gaps(hw, kernel_size, stride=1, padding=0, dilation=1):
    settings = zip(hw, *map(pair, (kernel_size, stride, padding, dilation)), strict=True)
    rooms = [(n + 2 * p - d * (k - 1) - 1, s, n + 2 * p - k) for n, k, s, p, d in settings]
    if any(plain < 0 for _, _, plain in rooms):
        raise ValueError("the kernel does not fit")
    return tuple(room // s + 1 for room, s, _ in rooms)


# same_padding -----------------------------------------------------------------------------------

EXTRA_BEFORE = mistake(
    "extra-zero-before",
    "the extra zero comes before the signal",
    "The exercise says on which side the larger half stands.",
)
HALF_ROUNDED_DOWN = mistake(
    "same-half-on-both-sides",
    "both sides get the same number of zeros, so that an even kernel changes the size",
    "With n = 4 and k = 2, how many outputs do your zeros give?",
)
ALL_BUT_ONE = mistake(
    "same-padding-without-stride",
    "the zeros are counted as if the stride were 1",
    "With stride 2, the last window need not begin at the last pixel. Where does it begin?",
)
SIZE_FLOORED = mistake(
    "size-rounded-down",
    "the wanted size is rounded down",
    "n = 7 at stride 2: is the wanted size 3 or 4?",
)
NEGATIVE_PADDING = mistake(
    "negative-padding",
    "the padding can come out below 0",
    "With a 1 tap kernel and stride 3, some pixels are read by no window. Can padding be negative?",
)
ALL_AFTER = mistake(
    "all-zeros-on-one-side",
    "all zeros stand on one side",
    "The zeros are shared between before and after.",
)
FULL_ON_BOTH = mistake(
    "total-on-each-side",
    "each side gets all the zeros",
    "Is the number that you found the one for both sides together?",
)
SIZE_KEPT = mistake(
    "keeps-the-size-at-any-stride",
    "the zeros are to keep n outputs although the stride asks for fewer",
    "With stride 2, how many outputs are asked for: n, or n / 2 rounded up?",
)


def _same(total=None, split=None, count=None, spread=None):
    """Return a 'same' padding whose named pieces are replaced."""

    def same_padding(n, k, stride=1, dilation=1):
        wide = spread(k, dilation) if spread else dilation * (k - 1) + 1
        outputs = count(n, stride) if count else -(-n // stride)
        zeros = (
            total(n, wide, stride, outputs) if total else max(0, (outputs - 1) * stride + wide - n)
        )
        return split(zeros) if split else (zeros // 2, zeros - zeros // 2)

    return same_padding


for _id, _variant in (
    (EXTRA_BEFORE, _same(split=lambda z: (z - z // 2, z // 2))),
    (HALF_ROUNDED_DOWN, _same(split=lambda z: (z // 2, z // 2))),
    (HALF_ROUNDED_DOWN, _same(split=lambda z: (math.ceil(z / 2), math.ceil(z / 2)))),
    (HALF_ROUNDED_DOWN, lambda n, k, stride=1, dilation=1: (k // 2, k // 2)),
    (HALF_ROUNDED_DOWN, lambda n, k, stride=1, dilation=1: ((k - 1) // 2, (k - 1) // 2)),
    (FLOAT_SIZE, _same(split=lambda z: (z / 2, z / 2))),
    (ALL_BUT_ONE, _same(total=lambda n, wide, s, outputs: wide - 1)),
    (SIZE_FLOORED, _same(count=lambda n, s: n // s)),
    (NEGATIVE_PADDING, _same(total=lambda n, wide, s, outputs: (outputs - 1) * s + wide - n)),
    (ALL_AFTER, _same(split=lambda z: (0, z))),
    (ALL_AFTER, _same(split=lambda z: (z, 0))),
    (FULL_ON_BOTH, _same(split=lambda z: (z, z))),
    (SIZE_KEPT, _same(count=lambda n, s: n)),
    (NO_DILATION, _same(spread=lambda k, d: k)),
    (DILATED_TIMES, _same(spread=lambda k, d: d * k)),
):
    breaks("same_padding", _id)(_variant)

# choose_layer -----------------------------------------------------------------------------------

OTHER_SETTINGS_ORDER = mistake(
    "settings-in-another-order",
    "the settings come in another order than k, s, p",
    "Which of the three numbers that you return is the kernel?",
)
EVEN_KERNEL = mistake(
    "even-kernel-chosen",
    "the kernel that is chosen can be even",
    "Print your k for n = 9 and m = 3, and for n = 8 and m = 4. Are both odd?",
)
SKIPS_PIXELS = mistake(
    "chosen-windows-skip-pixels",
    "some pixels lie between the chosen windows, or behind the last one",
    "Print where each of your windows begins and ends. Is every pixel in one of them?",
)
ALWAYS_HALVES = mistake(
    "always-halves",
    "the settings halve the size whatever m is",
    "What do your settings make of n = 9 and m = 4? And of m = 2?",
)
ONE_OUTPUT_OFF = mistake(
    "one-output-off",
    "the number of outputs is one off",
    "Call your output_shape with the settings that you choose. Did the count of steps add 1 for "
    "the first window?",
)


def _chosen(n, m):
    s = n // m
    k = n - (m - 1) * s
    return (k, s, 0) if k % 2 else (k + 1, s, 1)


for _id, _variant in (
    (OTHER_SETTINGS_ORDER, lambda n, m: (_chosen(n, m)[1], _chosen(n, m)[0], _chosen(n, m)[2])),
    (OTHER_SETTINGS_ORDER, lambda n, m: _chosen(n, m)[::-1]),
    (EVEN_KERNEL, lambda n, m: (n - (m - 1) * (n // m), n // m, 0)),
    (SKIPS_PIXELS, lambda n, m: (1, n // m, 0)),
    (ALWAYS_HALVES, lambda n, m: (3, 2, 1)),
    (ONE_OUTPUT_OFF, lambda n, m: _chosen(n, m + 1) if n > 2 * m + 1 else (1, 1, 0)),
):
    breaks("choose_layer", _id)(_variant)

# pad2d ------------------------------------------------------------------------------------------


def _sides(around):
    """Return a padding by (top, bottom, left, right) of the pair that came in."""

    def pad2d(x, padding):
        top, bottom, left, right = around(*pair(padding))
        return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))

    return pad2d


PADS_ONE_AXIS = mistake(
    "pads-one-axis",
    "only one axis is padded",
    "How many zeros stand above the first row, and how many before the first column?",
)
PADS_WRONG_AXES = mistake(
    "pads-the-wrong-axes",
    "the zeros stand around other axes than rows and columns",
    "Which axes of (N, C, H, W) are the rows and the columns?",
)


def _pads_first_axes(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((ph, ph), (pw, pw), (0, 0), (0, 0)))


def _pads_or_view(x, padding):
    return zeros_around(x, padding) if any(pair(padding)) else x


def _pads_by_slice(x, padding):
    ph, pw = pair(padding)
    return zeros_around(x, padding) if ph or pw else x[:, :, :, :]


for _id, _variant in (
    (PADS_AFTER, _sides(lambda ph, pw: (0, ph, 0, pw))),
    (PADS_AFTER, _sides(lambda ph, pw: (ph, 0, pw, 0))),
    (PADS_AFTER, _sides(lambda ph, pw: (0, 2 * ph, 0, 2 * pw))),
    (PADS_AFTER, _sides(lambda ph, pw: (2 * ph, 0, 2 * pw, 0))),
    (PADS_HALF, _sides(lambda ph, pw: (ph // 2, ph - ph // 2, pw // 2, pw - pw // 2))),
    (PADS_TWICE, _sides(lambda ph, pw: (2 * ph, 2 * ph, 2 * pw, 2 * pw))),
    (NO_PADDING, lambda x, padding: x.copy()),
    (PADS_EDGE, lambda x, padding: zeros_around(x, padding, mode="edge")),
    (PADS_EDGE, lambda x, padding: zeros_around(x, padding, mode="reflect")),
    (PADS_EDGE, lambda x, padding: zeros_around(x, padding, mode="wrap")),
    (PADS_ONES, lambda x, padding: zeros_around(x, padding, constant_values=1)),
    (PADS_ALL_AXES, lambda x, padding: np.pad(x, pair(padding)[0])),
    (PADS_WRONG_AXES, _pads_first_axes),
    (PADS_ONE_AXIS, _sides(lambda ph, pw: (ph, ph, 0, 0))),
    (PADS_ONE_AXIS, _sides(lambda ph, pw: (0, 0, pw, pw))),
    (PAIR_SWAPPED, _sides(lambda ph, pw: (pw, pw, ph, ph))),
    (PAIR_SWAPPED, _sides(lambda ph, pw: (ph, pw, ph, pw))),
    (PAIR_FIRST_ONLY, _sides(lambda ph, pw: (ph, ph, ph, ph))),
    (PAIR_FIRST_ONLY, _sides(lambda ph, pw: (pw, pw, pw, pw))),
    (INT_OUTPUT, lambda x, padding: zeros_around(x.astype(int), padding)),
    (VIEW, _pads_or_view),
    (VIEW, _pads_by_slice),
):
    breaks("pad2d", _id)(_variant)

# conv2d -----------------------------------------------------------------------------------------

enter_forwards("conv2d", [*PLAIN, *GROUPED, *REFUSALS, *MUTATIONS])


@breaks("conv2d", REFUSES_WITHOUT_GAPS)
def _layer_that_refuses_without_gaps(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    hw, kernel = x.shape[2:], w.shape[2:]
    _shape(hw, kernel, stride, padding)
    shape = _refuses_without_gaps(hw, kernel, stride, padding, dilation)
    if min(shape) < 1:
        return np.zeros((len(x), len(w), *(max(n, 0) for n in shape)))
    return forward(x, w, b, stride, padding, dilation, groups)


# predictions ------------------------------------------------------------------------------------

breaks("alexnet_size", ROUNDS_UP)(lambda: 55)
breaks("alexnet_size", FORGETS_ONE)(lambda: 53)
breaks("alexnet_size", FLOAT_SIZE)(lambda: 54.25)
SIZE_OVER_STRIDE = mistake(
    "size-divided-by-stride",
    "the image's size divided by the stride, whatever the kernel",
    "Where does the last window of 11 pixels begin?",
)
breaks("alexnet_size", SIZE_OVER_STRIDE)(lambda: 56)

NO_ZEROS = mistake(
    "no-zeros-at-all",
    "no zeros at all, which gives one output too few",
    "How many windows of 3 fit on 8 pixels in steps of 2? How many are asked for?",
)
ZERO_BEFORE = mistake(
    "zero-before-the-pixels",
    "the extra zero comes before the pixels",
    "The text says on which side the extra zero stands.",
)
breaks("same_zeros", ZERO_BEFORE)(lambda: [1, 0])
breaks("same_zeros", ALL_BUT_ONE)(lambda: [1, 1])
breaks("same_zeros", NO_ZEROS)(lambda: [0, 0])
breaks("same_zeros", SIZE_KEPT)(lambda: [4, 5])

breaks("dilated_span", DILATED_TIMES)(lambda: 12)
breaks("dilated_span", DILATED_GAPS)(lambda: 11)
breaks("dilated_span", NO_DILATION)(lambda: 3)
STEPS_COUNTED = mistake(
    "steps-counted-not-pixels",
    "the distance from the first tap to the last, one less than the pixels",
    "A plain kernel of 3 taps: are that 2 rows or 3?",
)
breaks("dilated_span", STEPS_COUNTED)(lambda: 8)

GROUPS_NOT_COUNTED = mistake(
    "weights-without-groups",
    "the weights of a layer without groups",
    "How many channels does one filter read?",
)
GROUPS_TWICE = mistake(
    "groups-divided-twice",
    "the weights of one group",
    "How many filters are there over all groups?",
)
ONE_CHANNEL_EACH = mistake(
    "one-channel-for-each-filter",
    "the weights of a depthwise layer",
    "8 channels in 4 groups: how many channels are in one?",
)
FILTERS_A_GROUP = mistake(
    "channels-for-filters",
    "each filter is given as many channels as its group has filters",
    "Which axis of w has length C / groups?",
)
breaks("grouped_weights", GROUPS_NOT_COUNTED)(lambda: 12 * 8 * 9)
breaks("grouped_weights", GROUPS_TWICE)(lambda: 3 * 2 * 9)
breaks("grouped_weights", ONE_CHANNEL_EACH)(lambda: 12 * 9)
breaks("grouped_weights", FILTERS_A_GROUP)(lambda: 12 * 3 * 9)
