"""Wrong forward passes of a convolution layer, for every exercise that asks for one.

Each takes (x, w, b, stride, padding, dilation, groups).  `enter_forwards` puts them beside an
exercise; those that need dilation or groups go beside exercises that have them.
"""

from collections.abc import Callable

import numpy as np

from autograder.lessons.catalogue import (
    AVERAGES,
    CHANNEL_ORDER,
    DILATED_GAPS,
    FLIPS,
    FLIPS_ONE_AXIS,
    INT_OUTPUT,
    LAST_PRODUCT,
    NO_BIAS,
    NO_DILATION,
    NO_PADDING,
    NO_REFUSAL,
    NO_STRIDE,
    ONE_AXIS_SIZE,
    ONE_CHANNEL,
    ONE_IMAGE,
    ONE_KERNEL_SIZE,
    ONE_SAMPLE,
    PADS_AFTER_2D,
    PADS_ALL_AXES,
    PADS_EDGE,
    PADS_ONCE,
    PADS_ONES,
    PADS_TWICE,
    PAIR_FIRST_ONLY,
    PAIR_SWAPPED,
    REFUSES_EXACT,
    REFUSES_REMAINDER,
    ROUNDS_UP,
    SINGLE_OUTPUT,
    STRIDE_ONE_AXIS,
    TRANSPOSES_KERNEL,
)
from autograder.lessons.layer import (
    extent,
    forward,
    layer,
    pair,
    weighted_sum,
    windows,
    zeros_around,
)
from autograder.lessons.register import breaks, mistake

CHANNELS_REVERSED = mistake(
    "channels-reversed",
    "the channels meet the weights in reverse",
    "Which channel of x does w[f, 0] belong to?",
)

BIAS_EACH_PRODUCT = mistake(
    "bias-in-the-sum",
    "the bias is added with every product",
    "What does the layer give for an image of zeros: b, or many times b?",
)
BIAS_EACH_CHANNEL = mistake(
    "bias-once-per-channel",
    "the bias is added once for every channel",
    "Inside which loops does your bias stand? Try an image of zeros with two channels.",
)
BIAS_OF_FIRST = mistake(
    "one-bias-for-all",
    "one filter's bias is used for all",
    "Which entry of b belongs to filter 1?",
)
BIAS_ALONG_WIDTH = mistake(
    "bias-along-the-width",
    "the biases are spread along the columns of the map, not over the filters",
    "numpy lines shapes up from the right: which axis of your array meets (F,), and is it the "
    "filters' axis?",
)
AVERAGES_CHANNELS = mistake(
    "channels-averaged",
    "the channels are averaged, not summed",
    "If all channels are equal, is the output that of one channel, or C times as large?",
)
MAP_PER_CHANNEL = mistake(
    "channels-kept-apart",
    "the channels are kept apart instead of summed",
    "How many maps does one filter give for an image of three channels?",
)
STRIDE_NOT_IN_WINDOW = mistake(
    "stride-only-in-the-size",
    "the output has the right size, but the windows still move by 1",
    "At which pixel does the window of output i begin?",
)
MISSES_LAST_TAPS = mistake(
    "misses-the-last-taps",
    "the kernel's last row or column is left out",
    "How many rows does `x[i : i + 2]` have? And how many does your window have?",
)
ONE_WINDOW_SHORT = mistake(
    "misses-the-last-windows",
    "the last row and the last column of windows are left out",
    "How many 3 by 3 windows fit on an image of 3 by 3?",
)
BATCH_SUMMED = mistake(
    "images-summed",
    "the images of the batch are summed",
    "Should y[0] change when x[1] changes?",
)
ONE_FILTER = mistake(
    "one-filter-for-all",
    "one filter is used for all maps",
    "Which kernel does the second filter's map use?",
)
TRANSPOSES_MAP = mistake(
    "output-transposed",
    "rows and columns of the output are exchanged",
    "At which entry of y do you store the window that begins at row i, column j?",
)
NOT_RESET = mistake(
    "sum-not-reset",
    "each sum goes on from the one before",
    "Where in the loops does the sum begin at 0 again?",
)
CHANGES_X = mistake(
    "changes-its-input",
    "the input is changed",
    "Print x before and after the call.",
)

# dilation and groups, lesson 05 -----------------------------------------------------------------

DILATED_SIZE = mistake(
    "kernel-spans-d-times-k",
    "the dilated kernel is taken to span d * k pixels",
    "Draw three taps with dilation 2: how many pixels from the first to the last?",
)
DILATION_ONE_AXIS = mistake(
    "dilation-on-one-axis",
    "the dilation acts on one axis only",
    "Look at a kernel's last row: how many pixels below its first row does it stand?",
)
DILATION_AS_STRIDE = mistake(
    "dilation-moves-the-window",
    "the dilation moves the windows, not the taps",
    "Which of the two spreads the taps of one window: stride or dilation?",
)
FIRST_GROUP = mistake(
    "first-group-for-all",
    "every filter looks at the first group's channels",
    "Which channels does the last filter see?",
)
GROUPS_INTERLEAVED = mistake(
    "channels-dealt-out",
    "the channels are dealt out to the groups in turn",
    "With 4 channels and 2 groups, which channels are in group 0: 0 and 1, or 0 and 2?",
)
FILTERS_INTERLEAVED = mistake(
    "filters-dealt-out",
    "the filters are dealt out to the groups in turn",
    "With 6 filters and 2 groups, which group does filter 1 belong to?",
)
GROUPS_REVERSED = mistake(
    "groups-in-reverse",
    "the groups of channels and filters are paired in reverse",
    "Which channels does filter 0 see?",
)
GROUPS_LEAK = mistake(
    "groups-not-kept-apart",
    "each filter sees the channels of all groups",
    "Change a channel of the second group: should the first filter's map change?",
)
GROUPS_NOT_REFUSED = mistake(
    "groups-that-do-not-divide",
    "groups that do not divide the channels or filters are accepted",
    "With 6 channels and 4 groups, what are the channels of the last group?",
)


def _scaled(factor: Callable) -> Callable:
    return lambda patches, w, groups=1: weighted_sum(patches, w, groups) / factor(w)


def _transposed_kernel(patches, w, groups=1):
    if w.shape[2] != w.shape[3]:
        raise IndexError("index out of bounds")
    return weighted_sum(patches, w.swapaxes(2, 3), groups)


def _mixed_order(patches, w, groups=1):
    """Line (C, KH, KW) columns up with kernels flattened as (KH, KW, C)."""
    mixed = w.transpose(0, 2, 3, 1).reshape(w.shape)
    return weighted_sum(patches, mixed, groups)


def _map_per_channel(patches, w, groups=1):
    n, c, oh, ow = patches.shape[:4]
    maps = np.einsum("nchwij,fcij->nfchw", patches, w[:, :c])
    return maps.reshape(n, -1, oh, ow)


def _masked(w, keep):
    masked = np.zeros_like(w)
    masked[keep] = w[keep]
    return masked


def _with_weights(change: Callable) -> Callable:
    return lambda patches, w, groups=1: weighted_sum(patches, change(w), groups)


def _with_patches(change: Callable) -> Callable:
    return lambda x, kernel, s=1, d=1: change(windows(x, kernel, s, d))


def _top_left(x, kernel, stride=1, dilation=1):
    right = windows(x, kernel, stride, dilation)
    return windows(x, kernel, 1, dilation)[:, :, : right.shape[2], : right.shape[3]]


def _stride_rows(x, kernel, stride=1, dilation=1):
    right = windows(x, kernel, stride, dilation)
    return windows(x, kernel, (pair(stride)[0], 1), dilation)[..., : right.shape[3], :, :]


def _stride_columns(x, kernel, stride=1, dilation=1):
    right = windows(x, kernel, stride, dilation)
    return windows(x, kernel, (1, pair(stride)[1]), dilation)[:, :, : right.shape[2]]


def _first(value):
    return pair(value)[0]


def _second(value):
    return pair(value)[1]


def _turned(value):
    return pair(value)[::-1]


def _rounded_up(x, kernel, stride=1, dilation=1):
    """Read zeros beyond the edge, so that one more window counts where the stride leaves rest."""
    sizes = zip(x.shape[2:], extent(kernel, dilation), pair(stride), strict=True)
    more = [-(n - e) % s if n >= e else 0 for n, e, s in sizes]
    padded = np.pad(x, ((0, 0), (0, 0), (0, more[0]), (0, more[1])))
    windows(x, kernel, stride, dilation)
    return windows(padded, kernel, stride, dilation)


def _square_map(x, kernel, stride=1, dilation=1):
    patches = windows(x, kernel, stride, dilation)
    if patches.shape[2] < patches.shape[3]:
        return patches[:, :, :, : patches.shape[2]]
    if patches.shape[2] > patches.shape[3]:
        raise IndexError("index out of bounds")
    return patches


def _with_kernel(change: Callable) -> Callable:
    """Cut windows for a kernel of another size; the weights follow as far as they go."""

    def wrong(x, w, b, stride=1, padding=0, dilation=1, groups=1):
        kh, kw = change(*w.shape[2:])
        if kh > w.shape[2] or kw > w.shape[3]:
            raise IndexError("index out of bounds")
        return forward(x, w[:, :, :kh, :kw], b, stride, padding, dilation, groups)

    return wrong


def _refuse_remainder(x, kernel, stride=1, dilation=1):
    room = [n - e for n, e in zip(x.shape[2:], extent(kernel, dilation), strict=True)]
    if any(r % s for r, s in zip(room, pair(stride), strict=True)):
        raise ValueError("the stride does not divide")
    return windows(x, kernel, stride, dilation)


def _refuse_exact(x, kernel, stride=1, dilation=1):
    if any(n <= e for n, e in zip(x.shape[2:], extent(kernel, dilation), strict=True)):
        raise ValueError("the kernel does not fit")
    return windows(x, kernel, stride, dilation)


def _empty_where_none_fits(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    (ph, pw), (sh, sw) = pair(padding), pair(stride)
    eh, ew = extent(w.shape[2:], dilation)
    oh = max(0, (x.shape[2] + 2 * ph - eh) // sh + 1)
    ow = max(0, (x.shape[3] + 2 * pw - ew) // sw + 1)
    if oh and ow:
        return forward(x, w, b, stride, padding, dilation, groups)
    return np.zeros((x.shape[0], w.shape[0], oh, ow))


def _negative_size(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    """Meet the missing refusal as numpy does: a negative size raises, a size of 0 does not."""
    (ph, pw), (sh, sw) = pair(padding), pair(stride)
    eh, ew = extent(w.shape[2:], dilation)
    oh, ow = (x.shape[2] + 2 * ph - eh) // sh + 1, (x.shape[3] + 2 * pw - ew) // sw + 1
    if oh > 0 and ow > 0:
        return forward(x, w, b, stride, padding, dilation, groups)
    return np.zeros((x.shape[0], w.shape[0], oh, ow))


def _in_place(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    y = forward(x, w, b, stride, padding, dilation, groups)
    x += 1
    return y


def _whole_sums(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    return forward(x, w, b, stride, padding, dilation, groups).astype(int)


def _single(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    return forward(x, w, b, stride, padding, dilation, groups).astype(np.float32)


def _running(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    y = forward(x, w, 0 * b, stride, padding, dilation, groups)
    return np.cumsum(y.ravel()).reshape(y.shape) + b[:, None, None]


def _running_over_filters(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    y = forward(x, w, b, stride, padding, dilation, groups)
    return np.cumsum(y, axis=1)


def _transposed_map(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    y = forward(x, w, b, stride, padding, dilation, groups)
    return y.swapaxes(2, 3)


def _settings(stride=None, padding=None, dilation=None):
    """Let settings be misread before a right forward pass."""
    stride, padding, dilation = (change or (lambda v: v) for change in (stride, padding, dilation))

    def wrong(x, w, b, s=1, p=0, d=1, groups=1):
        return forward(x, w, b, stride(s), padding(p), dilation(d), groups)

    return wrong


def _pads_after(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (0, 2 * ph), (0, 2 * pw)))


def _pads_before(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (2 * ph, 0), (2 * pw, 0)))


def _pads_half(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (ph, 0), (pw, 0)))


def _pads_rest(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (0, ph), (0, pw)))


def _pads_all(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((ph, ph), (0, 0), (ph, ph), (pw, pw)))


def _pads_channels(x, padding):
    return np.pad(x, pair(padding)[0])


def _last_product(patches, w, groups=1):
    last = np.zeros_like(w)
    last[:, -1, -1, -1] = w[:, -1, -1, -1]
    return weighted_sum(patches, last, groups)


def _one_pixel(patches, w, groups=1):
    corner = np.broadcast_to(patches[..., :1, :1], patches.shape)
    return weighted_sum(corner, w, groups)


def _bias_along_width(y, b):
    return y + b


FORWARDS: list[tuple[str, Callable]] = [
    (FLIPS, layer(weigh=_with_weights(lambda w: w[..., ::-1, ::-1]))),
    (FLIPS_ONE_AXIS, layer(weigh=_with_weights(lambda w: w[..., ::-1, :]))),
    (FLIPS_ONE_AXIS, layer(weigh=_with_weights(lambda w: w[..., ::-1]))),
    (TRANSPOSES_KERNEL, layer(weigh=_transposed_kernel)),
    (AVERAGES, layer(weigh=_scaled(lambda w: w[0].size))),
    (AVERAGES, layer(weigh=_scaled(lambda w: w[0, 0].size))),
    (LAST_PRODUCT, layer(weigh=_last_product)),
    (ONE_SAMPLE, layer(weigh=_one_pixel)),
    (MISSES_LAST_TAPS, _with_kernel(lambda kh, kw: (max(kh - 1, 1), kw))),
    (MISSES_LAST_TAPS, _with_kernel(lambda kh, kw: (kh, max(kw - 1, 1)))),
    (MISSES_LAST_TAPS, layer(weigh=_with_weights(lambda w: _masked(w, np.s_[..., :-1, :-1])))),
    (ONE_WINDOW_SHORT, layer(cut=_with_patches(lambda p: p[:, :, :-1, :-1]))),
    (ONE_KERNEL_SIZE, _with_kernel(lambda kh, kw: (kw, kw))),
    (ONE_KERNEL_SIZE, _with_kernel(lambda kh, kw: (kh, kh))),
    (ONE_AXIS_SIZE, layer(cut=_square_map)),
    (TRANSPOSES_MAP, _transposed_map),
    (INT_OUTPUT, _whole_sums),
    (SINGLE_OUTPUT, _single),
    (NOT_RESET, _running),
]

BIASES = [
    (NO_BIAS, layer(bias=lambda y, b: y)),
    (BIAS_OF_FIRST, layer(bias=lambda y, b: y + b[0])),
    (BIAS_OF_FIRST, layer(bias=lambda y, b: y + b[-1])),
    (BIAS_ALONG_WIDTH, layer(bias=_bias_along_width)),
    (
        BIAS_EACH_PRODUCT,
        lambda x, w, b, *rest: forward(x, w, w[0].size * b, *rest),
    ),
    (
        BIAS_EACH_CHANNEL,
        lambda x, w, b, *rest: forward(x, w, w.shape[1] * b, *rest),
    ),
]

BATCHES = [
    (ONE_IMAGE, layer(cut=_with_patches(lambda p: np.broadcast_to(p[:1], p.shape)))),
    (ONE_IMAGE, layer(cut=_with_patches(lambda p: np.broadcast_to(p[-1:], p.shape)))),
    (
        BATCH_SUMMED,
        layer(cut=_with_patches(lambda p: np.broadcast_to(p.sum(0, keepdims=True), p.shape))),
    ),
    (ONE_FILTER, layer(weigh=_with_weights(lambda w: np.broadcast_to(w[:1], w.shape)))),
    (NOT_RESET, _running_over_filters),
]

CHANNELS = [
    (AVERAGES_CHANNELS, layer(weigh=_scaled(lambda w: w.shape[1]))),
    (ONE_CHANNEL, layer(weigh=_with_weights(lambda w: _masked(w, np.s_[:, :1])))),
    (ONE_CHANNEL, layer(weigh=_with_weights(lambda w: _masked(w, np.s_[:, -1:])))),
    (MAP_PER_CHANNEL, layer(weigh=_map_per_channel, bias=lambda y, b: y)),
    (CHANNEL_ORDER, layer(weigh=_mixed_order)),
    (CHANNELS_REVERSED, layer(weigh=_with_weights(lambda w: w[:, ::-1]))),
]

STRIDES = [
    (NO_STRIDE, _settings(stride=lambda s: 1)),
    (STRIDE_NOT_IN_WINDOW, layer(cut=_top_left)),
    (STRIDE_ONE_AXIS, layer(cut=_stride_rows)),
    (STRIDE_ONE_AXIS, layer(cut=_stride_columns)),
    (PAIR_SWAPPED, _settings(stride=_turned)),
    (PAIR_SWAPPED, _settings(padding=_turned)),
    (PAIR_SWAPPED, _settings(stride=_turned, padding=_turned)),
    (PAIR_FIRST_ONLY, _settings(stride=_first)),
    (PAIR_FIRST_ONLY, _settings(stride=_second)),
    (PAIR_FIRST_ONLY, _settings(padding=_first)),
    (PAIR_FIRST_ONLY, _settings(padding=_second)),
    (PAIR_FIRST_ONLY, _settings(stride=_first, padding=_first)),
    (ROUNDS_UP, layer(cut=_rounded_up)),
    (REFUSES_REMAINDER, layer(cut=_refuse_remainder)),
]

PADDINGS = [
    (NO_PADDING, _settings(padding=lambda p: 0)),
    (PADS_TWICE, _settings(padding=lambda p: tuple(2 * q for q in pair(p)))),
    (PADS_AFTER_2D, layer(pad=_pads_after)),
    (PADS_AFTER_2D, layer(pad=_pads_before)),
    (PADS_ONCE, layer(pad=_pads_half)),
    (PADS_ONCE, layer(pad=_pads_rest)),
    (PADS_EDGE, layer(pad=lambda x, p: zeros_around(x, p, mode="edge"))),
    (PADS_EDGE, layer(pad=lambda x, p: zeros_around(x, p, mode="reflect"))),
    (PADS_EDGE, layer(pad=lambda x, p: zeros_around(x, p, mode="wrap"))),
    (PADS_ONES, layer(pad=lambda x, p: zeros_around(x, p, constant_values=1))),
    (PADS_ALL_AXES, layer(pad=_pads_all)),
    (PADS_ALL_AXES, layer(pad=_pads_channels)),
]

REFUSALS = [
    (NO_REFUSAL, _empty_where_none_fits),
    (NO_REFUSAL, _negative_size),
    (REFUSES_EXACT, layer(cut=_refuse_exact)),
]

MUTATIONS = [(CHANGES_X, _in_place)]

PLAIN = [*FORWARDS, *BIASES, *BATCHES, *CHANNELS, *STRIDES, *PADDINGS]


def _regrouped(channels: Callable, filters: Callable | None = None) -> Callable:
    """Take the groups' channels, or the filters, in another order."""

    def wrong(x, w, b, stride=1, padding=0, dilation=1, groups=1):
        if filters:
            order = filters(np.arange(len(w)), groups)
            y = forward(x, w[order], b[order], stride, padding, dilation, groups)
            return y[:, np.argsort(order)]
        taken = x[:, channels(np.arange(x.shape[1]), groups)]
        return forward(taken, w, b, stride, padding, dilation, groups)

    return wrong


def _leaking(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    tiled = np.tile(w, (1, groups, 1, 1))
    return forward(x, tiled, b, stride, padding, dilation, 1)


def _groups_cut_off(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    """Divide with // and leave what is over."""
    p, f = x.shape[1] // groups, w.shape[0] // groups
    whole = x[:, : p * groups], w[: f * groups, :p], b[: f * groups]
    y = forward(*whole, stride, padding, dilation, groups)
    rest = np.zeros((y.shape[0], w.shape[0] - f * groups, *y.shape[2:]))
    return np.concatenate([y, rest], axis=1)


def _groups_run_over(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    """Let the filters that are over look for channels that do not exist."""
    if w.shape[0] % groups:
        raise IndexError("index out of bounds")
    return _groups_cut_off(x, w, b, stride, padding, dilation, groups)


def _dilated_size(x, kernel, stride=1, dilation=1):
    """Leave room for d * k pixels: windows at the far edges are missing."""
    right = windows(x, kernel, stride, dilation)
    shape = [
        (n - d * k) // s + 1
        for n, k, s, d in zip(x.shape[2:], kernel, pair(stride), pair(dilation), strict=True)
    ]
    if min(shape) < 1:
        raise ValueError("the kernel does not fit")
    return right[:, :, : shape[0], : shape[1]]


def _dilation_as_stride(x, kernel, stride=1, dilation=1):
    steps = tuple(s * d for s, d in zip(pair(stride), pair(dilation), strict=True))
    return windows(x, kernel, steps, 1)


def _wider(d):
    return tuple(v + 1 for v in pair(d))


GROUPED = [
    (NO_DILATION, _settings(dilation=lambda d: 1)),
    (DILATED_GAPS, _settings(dilation=_wider)),
    (DILATED_SIZE, layer(cut=_dilated_size)),
    (DILATION_ONE_AXIS, _settings(dilation=lambda d: (pair(d)[0], 1))),
    (DILATION_ONE_AXIS, _settings(dilation=lambda d: (1, pair(d)[1]))),
    (DILATION_AS_STRIDE, layer(cut=_dilation_as_stride)),
    (PAIR_SWAPPED, _settings(dilation=_turned)),
    (PAIR_SWAPPED, _settings(stride=_turned, padding=_turned, dilation=_turned)),
    (PAIR_FIRST_ONLY, _settings(dilation=_first)),
    (PAIR_FIRST_ONLY, _settings(dilation=_second)),
    (PAIR_FIRST_ONLY, _settings(stride=_first, padding=_first, dilation=_first)),
    (FIRST_GROUP, _regrouped(lambda c, g: np.tile(c[: len(c) // g], g))),
    (GROUPS_INTERLEAVED, _regrouped(lambda c, g: c.reshape(-1, g).T.ravel())),
    (FILTERS_INTERLEAVED, _regrouped(None, lambda f, g: f.reshape(-1, g).T.ravel())),
    (GROUPS_REVERSED, _regrouped(lambda c, g: c.reshape(g, -1)[::-1].ravel())),
    (GROUPS_LEAK, _leaking),
    (GROUPS_NOT_REFUSED, _groups_cut_off),
    (GROUPS_NOT_REFUSED, _groups_run_over),
]


def enter_forwards(exercise: str, entries: list, adapt: Callable = lambda function: function):
    """Put wrong forward passes beside an exercise, adapted to its own signature."""
    for id, function in entries:
        breaks(exercise, id)(adapt(function))
