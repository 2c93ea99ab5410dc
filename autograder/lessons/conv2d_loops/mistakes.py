"""Lesson 04: what goes wrong with images and seven loops."""

import numpy as np

from autograder.lessons.catalogue import (
    AVERAGES,
    CHANNEL_ORDER,
    FLIPS,
    FULL,
    JUMPS,
    KEEPS_LENGTH,
    ONE_CHANNEL,
)
from autograder.lessons.forwards import FORWARDS, MUTATIONS, PLAIN, REFUSALS, enter_forwards
from autograder.lessons.layer import forward, layer
from autograder.lessons.register import breaks, mistake


def _two_axes(function):
    def correlate2d(x, w):
        return function(x[None, None], w[None, None], np.zeros(1))[0, 0]

    return correlate2d


enter_forwards("correlate2d", [*FORWARDS, *REFUSALS, *MUTATIONS], _two_axes)
enter_forwards("conv2d_loops", [*PLAIN, *MUTATIONS])

_right = _two_axes(forward)


@breaks("correlate2d", FULL)
def _full(x, w):
    return _right(np.pad(x, [(k - 1, k - 1) for k in w.shape]), w)


@breaks("correlate2d", KEEPS_LENGTH)
def _as_large_as_the_image(x, w):
    y = np.zeros(x.shape)
    right = _right(x, w)
    y[: right.shape[0], : right.shape[1]] = right
    return y


@breaks("correlate2d", JUMPS)
def _jumps(x, w):
    return _right(x, w)[:: w.shape[0], :: w.shape[1]]


ROW_BY_ROW = mistake(
    "rows-alone",
    "each kernel row slides over its image row alone, and the rows are not summed",
    "How many pixels does one window hold, and how many products are in your sum?",
)


@breaks("correlate2d", ROW_BY_ROW)
def _first_row_only(x, w):
    alone = np.zeros_like(w)
    alone[0] = w[0]
    return _right(x, alone)


MATRIX_PRODUCT = mistake(
    "matrix-product-in-the-window",
    "window and kernel are multiplied as matrices, not entry by entry",
    "Which of `*` and `@` multiplies each pixel by the weight on it?",
)


def _as_matrices(patches, w, groups=1):
    if w.shape[2] != w.shape[3]:
        raise ValueError("matmul: the shapes do not fit")
    return np.einsum("nchwij,fcjk->nfhw", patches, w)


breaks("correlate2d", MATRIX_PRODUCT)(_two_axes(layer(weigh=_as_matrices)))
breaks("conv2d_loops", MATRIX_PRODUCT)(layer(weigh=_as_matrices))

FILTERS_LAST = mistake(
    "filters-on-the-last-axis",
    "the filters stand on the last axis of y",
    "The shape asked for is (N, F, OH, OW). Where does `tensordot`, or `@`, put the filters' axis?",
)
BIAS_EACH_STEP = mistake(
    "bias-at-every-window",
    "the bias is added to the whole map at every window",
    "How often is your line with `b` run, and to how many outputs does it add?",
)
UNPADDED_BOUNDS = mistake(
    "windows-counted-without-padding",
    "the windows are counted on the image without its zeros",
    "How many windows fit on the padded image? Which H and W does your count use?",
)


def _filters_last(x, w, b, *settings):
    return np.moveaxis(forward(x, w, b, *settings), 1, 3)


def _bias_at_every_window(x, w, b, *settings):
    y = forward(x, w, 0 * b, *settings)
    return y + (b * y[0, 0].size)[:, None, None]


def _windows_of_the_unpadded(x, w, b, stride=1, padding=0, *settings):
    y = forward(x, w, b, stride, padding, *settings)
    oh, ow = forward(x, w, b, stride, 0, *settings).shape[2:]
    return y[:, :, :oh, :ow]


for _id, _variant in (
    (FILTERS_LAST, _filters_last),
    (BIAS_EACH_STEP, _bias_at_every_window),
    (UNPADDED_BOUNDS, _windows_of_the_unpadded),
):
    for _exercise in ("conv2d_loops", "conv2d"):
        breaks(_exercise, _id)(_variant)

# predictions ------------------------------------------------------------------------------------

ROWS_EXCHANGED = mistake(
    "kernel-rows-exchanged",
    "the kernel's rows are exchanged",
    "Which two weights lie over the two upper pixels of the window?",
)
PAIRED_OTHERWISE = mistake(
    "weights-paired-otherwise",
    "some weights meet other pixels than those under them",
    "Which weight lies over the window's top right pixel, and which over its bottom left one?",
)
EARLIER_WINDOW = mistake(
    "an-earlier-window",
    "the value of an earlier window",
    "Which of the windows has the 9 under it?",
)
breaks("last_window", FLIPS)(lambda: 63)
breaks("last_window", AVERAGES)(lambda: 77 / 4)
breaks("last_window", ROWS_EXCHANGED)(lambda: 65)
breaks("last_window", PAIRED_OTHERWISE)(lambda: 75)
for _value in (37, 47, 67):
    breaks("last_window", EARLIER_WINDOW)(lambda value=_value: value)

NOT_DIVIDED = mistake(
    "blur-not-divided",
    "the blur adds nine pixels and forgets to divide",
    "What is each of the nine weights of the blur?",
)
MIDDLE_ALONE = mistake(
    "middle-weight-alone",
    "only the middle weight counts",
    "Which other weights of the kernel are not 0?",
)
SIGNS_DROPPED = mistake(
    "signs-dropped",
    "the minus signs are dropped",
    "What do the weights of the left column and of the right column add up to together?",
)
WEIGHTS_ONLY = mistake(
    "sum-of-weights-only",
    "the sums of the weights, not yet times the brightness",
    "The sky has the value 200. What does each weight multiply?",
)
breaks("flat_sky", NOT_DIVIDED)(lambda: [1800, 200, 0])
breaks("flat_sky", MIDDLE_ALONE)(lambda: [200 / 9, 1000, 0])
breaks("flat_sky", MIDDLE_ALONE)(lambda: [200, 1000, 0])
breaks("flat_sky", SIGNS_DROPPED)(lambda: [200, 200, 1600])
breaks("flat_sky", SIGNS_DROPPED)(lambda: [200, 1800, 1600])
breaks("flat_sky", WEIGHTS_ONLY)(lambda: [1, 1, 0])

SAME_WEIGHTS = mistake(
    "first-channel-weights-for-all",
    "all channels meet the first channel's weights",
    "Which weights stand in w[1]?",
)
breaks("two_channels", CHANNEL_ORDER)(lambda: 84736251)
CHANNELS_EXCHANGED = mistake(
    "channels-exchanged",
    "each channel meets the other one's weights",
    "Which channel of x does w[0] belong to?",
)
breaks("two_channels", CHANNELS_EXCHANGED)(lambda: 43218765)
breaks("two_channels", FLIPS)(lambda: 12345678)
breaks("two_channels", ONE_CHANNEL)(lambda: 4321)
breaks("two_channels", ONE_CHANNEL)(lambda: 87650000)
breaks("two_channels", SAME_WEIGHTS)(lambda: 13086)

_OUTPUTS = 8 * 128 * 128
ONE_FILTER_COUNTED = mistake(
    "filters-not-counted",
    "the products of one filter",
    "How many filters are there, and does each of them go over the whole image?",
)
CHANNELS_NOT_COUNTED = mistake(
    "channels-not-counted",
    "the channels are left out",
    "How many weights does one filter have on an image of three channels?",
)
PADDING_NOT_COUNTED = mistake(
    "outputs-without-padding",
    "the outputs are counted as if there were no padding",
    "How many windows of 3 by 3 fit on 130 by 130 pixels?",
)
PADDED_PIXELS = mistake(
    "padded-pixels-for-outputs",
    "the padded pixels are counted instead of the outputs",
    "How many windows of 3 by 3 fit on 130 by 130 pixels?",
)
OUTPUTS_ALONE = mistake(
    "outputs-counted-alone",
    "the outputs, not the products that make them",
    "How many products does one output take?",
)
WEIGHTS_COUNTED = mistake(
    "weights-counted",
    "the number of weights",
    "How often is each weight used?",
)
breaks("multiplications", ONE_FILTER_COUNTED)(lambda: 128 * 128 * 27)
breaks("multiplications", CHANNELS_NOT_COUNTED)(lambda: _OUTPUTS * 9)
breaks("multiplications", PADDING_NOT_COUNTED)(lambda: 8 * 126 * 126 * 27)
breaks("multiplications", PADDED_PIXELS)(lambda: 8 * 130 * 130 * 27)
breaks("multiplications", OUTPUTS_ALONE)(lambda: _OUTPUTS)
breaks("multiplications", WEIGHTS_COUNTED)(lambda: 8 * 27)
