"""Lesson 12: what goes wrong when asking what one output can see."""

import math

import numpy as np

from autograder.lessons.catalogue import CROPPED_TO_NOTHING
from autograder.lessons.register import breaks, mistake, variants

# receptive_field --------------------------------------------------------------------------------

SUM_OF_KERNELS = mistake(
    "sum-of-kernels",
    "the kernel sizes are summed",
    "Two 3-tap layers see 5 pixels, not 6. Which pixel did the sum count twice?",
)
PRODUCT_OF_KERNELS = mistake(
    "product-of-kernels",
    "the kernel sizes are multiplied",
    "Two 3-tap layers see 5 pixels, not 9. Draw the windows of neighbours: do they overlap?",
)
FIELD_IGNORES_STRIDE = mistake(
    "field-ignores-strides",
    "the strides have no effect on the size",
    "After a stride of 2, how many input pixels lie between two neighbouring outputs?",
)
JUMP_TOO_EARLY = mistake(
    "jump-multiplied-too-early",
    "a layer's own stride counts for its own kernel, or the layers are taken from the wrong end",
    "A layer's taps read the outputs of the layer before. How far apart are those in the input?",
)
OWN_STRIDE = mistake(
    "jump-is-own-stride",
    "the jump is one layer's stride, not the product of all so far",
    "Two layers of stride 2: how far apart in the input are neighbouring outputs of the second?",
)
JUMP_ADDED = mistake(
    "jump-added",
    "the strides are added instead of multiplied",
    "Two layers of stride 1: how far apart are neighbouring outputs in the input?",
)
FIELD_IGNORES_DILATION = mistake(
    "field-ignores-dilation",
    "the dilations have no effect",
    "Three taps with dilation 2: how far is it from the first to the last?",
)
FIELD_D_TIMES_K = mistake(
    "field-with-d-times-k",
    "a dilated kernel is taken to span d * k pixels",
    "Draw three taps with dilation 2: how many pixels from the first to the last?",
)
PADDING_ADDED = mistake(
    "padding-added-to-the-field",
    "the padding is added to the size",
    "Does a zero beside the image let an output see more pixels?",
)
FIELD_AND_JUMP_SWAPPED = mistake(
    "size-and-jump-exchanged",
    "size and jump come in the wrong order",
    "Which of the two does the exercise ask for first?",
)
ONE_TOO_FEW = mistake(
    "one-pixel-too-few",
    "the size is one pixel short",
    "How many pixels does a stack without layers see?",
)
JUMP_ALONE = mistake(
    "jump-is-one",
    "the jump does not follow the strides",
    "Two layers of stride 2: how far apart in the input are neighbouring outputs of the second?",
)
PADDING_FOR_DILATION = mistake(
    "padding-for-dilation",
    "a layer's last two numbers are exchanged",
    "In which order do the four numbers of a layer come?",
)


def _field(grow=lambda size, jump, k, s, p, d: size + d * (k - 1) * jump, step=lambda j, s: j * s):
    """Return a recurrence from the input side, with its two steps replaced."""

    def receptive_field(layers):
        size = jump = 1
        for k, s, p, d in layers:
            size, jump = grow(size, jump, k, s, p, d), step(jump, s)
        return size, jump

    return receptive_field


_right_field = _field()


def _jump(layers):
    return _right_field(layers)[1]


def _sized(size):
    """Give a wrong size beside the right jump."""
    return lambda layers: (size(layers), _jump(layers))


def _sum(layers):
    return sum(k for k, *_ in layers) or 1


def _product(layers):
    return math.prod(k for k, *_ in layers)


def _from_the_wrong_end(layers):
    size = 1
    for k, s, _, d in layers:
        size = (size - 1) * s + d * (k - 1) + 1
    return size


def _dilated_product(layers):
    return math.prod(d * (k - 1) + 1 for k, _, _, d in layers)


for _id, _variant in (
    (SUM_OF_KERNELS, _sized(_sum)),
    (PRODUCT_OF_KERNELS, _sized(_product)),
    (PRODUCT_OF_KERNELS, _sized(_dilated_product)),
    (FIELD_IGNORES_STRIDE, _sized(lambda layers: 1 + sum(d * (k - 1) for k, _, _, d in layers))),
    (JUMP_TOO_EARLY, _field(lambda size, jump, k, s, p, d: size + d * (k - 1) * jump * s)),
    (JUMP_TOO_EARLY, _sized(_from_the_wrong_end)),
    (OWN_STRIDE, _field(step=lambda j, s: s)),
    (JUMP_ADDED, _field(step=lambda j, s: j + s)),
    (JUMP_ADDED, _field(step=lambda j, s: j + s - 1)),
    (FIELD_IGNORES_DILATION, _field(lambda size, jump, k, s, p, d: size + (k - 1) * jump)),
    (FIELD_D_TIMES_K, _field(lambda size, jump, k, s, p, d: size + (d * k - 1) * jump)),
    (PADDING_FOR_DILATION, _field(lambda size, jump, k, s, p, d: size + p * (k - 1) * jump)),
    (PADDING_ADDED, _field(lambda size, jump, k, s, p, d: size + (d * (k - 1) + 2 * p) * jump)),
    (PADDING_ADDED, _sized(lambda ls: _right_field(ls)[0] + 2 * sum(p for _, _, p, _ in ls))),
    (FIELD_AND_JUMP_SWAPPED, lambda layers: _right_field(layers)[::-1]),
    (ONE_TOO_FEW, _sized(lambda layers: _right_field(layers)[0] - 1)),
    (JUMP_ALONE, lambda layers: (_right_field(layers)[0], 1)),
    (JUMP_ALONE, lambda layers: (_right_field(layers)[0], sum(s for _, s, _, _ in layers))),
):
    breaks("receptive_field", _id)(_variant)


NO_EMPTY_STACK = mistake(
    "empty-stack-refused",
    "a stack without layers ends in an error",
    "What does an output see if there is no layer between it and the input?",
)


@breaks("receptive_field", NO_EMPTY_STACK)
def _begins_with_a_layer(layers):
    (size, jump, _, d), rest = layers[0], layers[1:]
    size = d * (size - 1) + 1
    for k, s, _, d in rest:
        size, jump = size + d * (k - 1) * jump, jump * s
    return size, jump


# receptive_region -------------------------------------------------------------------------------

START_WITHOUT_PADDING = mistake(
    "region-ignores-padding",
    "the padding does not move the region",
    "With one layer of padding 1, which input index does output 0 begin to read at?",
)
PADDING_UNSCALED = mistake(
    "padding-not-scaled",
    "the padding of later layers is counted in input pixels",
    "After a stride of 2, how many input pixels wide is one zero beside the second layer's input?",
)
REGION_IGNORES_DILATION = mistake(
    "region-ignores-dilation",
    "the dilations have no effect on the region",
    "Where does a kernel's last tap read, counted from its first?",
)
REGION_IGNORES_STRIDE = mistake(
    "region-ignores-stride",
    "the strides have no effect on the region",
    "After a stride of 2, which input does output 1 begin to read at?",
)
LAST_EXCLUDED = mistake(
    "last-index-excluded",
    "the last index is one too large",
    "Is the last index still read? The exercise asks for both ends inclusive.",
)
CLIPPED = mistake(
    "region-clipped",
    "the region is cut off at the image's edge",
    "May an index lie in the padding? The exercise says what it looks like there.",
)
REGION_ORDER = mistake(
    "layers-from-the-wrong-end",
    "the layers are walked through from the wrong end",
    "The index is one of the last layer's outputs. Which layer's input does it lead to first?",
)
REGION_IGNORES_INDEX = mistake(
    "index-has-no-effect",
    "the index has no effect, or moves the region by one pixel only",
    "How far apart are the regions of outputs 0 and 1?",
)
CENTRED = mistake(
    "region-centred-on-the-index",
    "the region is centred on the index itself",
    "With stride 2, is output 5 in the middle of the region around input 5?",
)
FIRST_AND_SIZE = mistake(
    "size-for-last",
    "the second number is the size, not the last index",
    "Which two numbers does the exercise ask for?",
)
LAST_FROM_FIRST = mistake(
    "last-of-the-first-window",
    "the last index is that of the first window",
    "first and last are two outputs of the layer before. Whose window ends at the last pixel?",
)
PADDING_BEFORE_STRIDE = mistake(
    "padding-taken-off-before-the-stride",
    "the padding is taken off before the stride counts",
    "Of which row are the p zeros: of the layer's outputs, or of its inputs?",
)
PADDING_ON_BOTH_SIDES = mistake(
    "padding-added-to-the-last-index",
    "the padding moves the last index the other way",
    "All indices are counted from input 0. By how much do the zeros before it move a window's end?",
)


def _region(first=lambda a, s, p: a * s - p, last=lambda b, k, s, p, d: b * s - p + d * (k - 1)):
    def receptive_region(layers, i):
        start = end = i
        for k, s, p, d in reversed(layers):
            start, end = first(start, s, p), last(end, k, s, p, d)
        return start, end

    return receptive_region


_right_region = _region()


def _unscaled(layers, i):
    size, jump = _right_field(layers)
    start = i * jump - sum(p for _, _, p, _ in layers)
    return start, start + size - 1


def _centred(layers, i):
    size = _right_field(layers)[0]
    return i - size // 2, i - size // 2 + size - 1


def _index_alone(layers, i):
    first, last = _right_region(layers, 0)
    return first + i, last + i


def _from_first(layers, i):
    start = end = i
    for k, s, p, d in reversed(layers):
        start = start * s - p
        end = start + d * (k - 1)
    return start, end


for _id, _variant in (
    (LAST_FROM_FIRST, _from_first),
    (
        PADDING_BEFORE_STRIDE,
        _region(lambda a, s, p: (a - p) * s, lambda b, k, s, p, d: (b - p) * s + d * (k - 1)),
    ),
    (PADDING_ON_BOTH_SIDES, _region(last=lambda b, k, s, p, d: b * s + p + d * (k - 1))),
    (
        START_WITHOUT_PADDING,
        _region(lambda a, s, p: a * s, lambda b, k, s, p, d: b * s + d * (k - 1)),
    ),
    (PADDING_UNSCALED, _unscaled),
    (REGION_IGNORES_DILATION, _region(last=lambda b, k, s, p, d: b * s - p + k - 1)),
    (
        REGION_IGNORES_STRIDE,
        _region(lambda a, s, p: a - p, lambda b, k, s, p, d: b - p + d * (k - 1)),
    ),
    (LAST_EXCLUDED, _region(last=lambda b, k, s, p, d: b * s - p + d * (k - 1) + 1)),
    (LAST_EXCLUDED, lambda ls, i: (_right_region(ls, i)[0], _right_region(ls, i)[1] + 1)),
    (CLIPPED, lambda ls, i: (max(0, _right_region(ls, i)[0]), _right_region(ls, i)[1])),
    (REGION_ORDER, lambda layers, i: _right_region(layers[::-1], i)),
    (REGION_IGNORES_INDEX, lambda layers, i: _right_region(layers, 0)),
    (REGION_IGNORES_INDEX, _index_alone),
    (CENTRED, _centred),
    (FIRST_AND_SIZE, lambda ls, i: (_right_region(ls, i)[0], _right_field(ls)[0])),
):
    breaks("receptive_region", _id)(_variant)

# empirical_receptive_field ----------------------------------------------------------------------

HOLES_FILLED = mistake(
    "extent-for-use",
    "every pixel between the first and the last is counted as used",
    "Three 3-tap layers with dilation 2 span 13 pixels. Does pixel 1 reach the output?",
)
MASK_IGNORES_PADDING = mistake(
    "mask-ignores-padding",
    "the mask is shifted by the padding",
    "In padded coordinates, at which index does input 0 stand?",
)
MASK_IGNORES_DILATION = mistake(
    "mask-ignores-dilation",
    "the taps stand side by side",
    "With dilation 2, which inputs does a 3-tap kernel read, counted from its first?",
)
MASK_IGNORES_STRIDE = mistake(
    "mask-ignores-stride",
    "the windows move by 1",
    "With stride 2, at which input does the window of output i begin?",
)
LAST_LAYER_ONLY = mistake(
    "one-layer-only",
    "the gradient is sent through one layer only",
    "How many layers stand between output i and the input?",
)
CLIPS_BY_WRAPPING = mistake(
    "negative-indices-wrap",
    "indices in the padding come in again at the other end",
    "What does numpy read at index -1?",
)
MASK_WRONG_END = mistake(
    "mask-from-the-wrong-end",
    "the layers are walked through from the wrong end",
    "The one-hot gradient stands at the last layer's output. Through which layer does it go first?",
)
MASK_NUMBERS = mistake(
    "counts-for-a-mask",
    "numbers come back, not True and False",
    "Which comparison turns a gradient, or a count, into a mask?",
)
OTHER_OUTPUT = mistake(
    "mask-of-another-output",
    "the mask belongs to another output",
    "At which index does the one-hot gradient have its 1?",
)
ODD_PATHS = mistake(
    "paths-cancel",
    "pixels whose paths cancel count as unused",
    "If two paths with weights 1 and -1 reach a pixel, is it used? Which weights cannot cancel?",
)
PATHS_THROUGH_PADDING = mistake(
    "paths-through-the-padding",
    "paths lead on from the padding of a later layer",
    "A zero that padding puts there was computed from nothing. Which pixels can change it?",
)


def _sizes(layers, n):
    """Return the cells of every row, the input's first."""
    sizes = [n]
    for k, s, p, d in layers:
        sizes.append((sizes[-1] + 2 * p - d * (k - 1) - 1) // s + 1)
    return sizes


def _reached(layers, n, i, weights=lambda k: np.ones(k), wrap=False):
    """Send a one-hot gradient back and return it at the input."""
    sizes = _sizes(layers, n)
    g = np.zeros(sizes[-1])
    g[i] = 1.0
    for (k, s, p, d), size in zip(layers[::-1], sizes[-2::-1], strict=True):
        below = np.zeros(size)
        for output, value in enumerate(g):
            for tap, weight in enumerate(weights(k)):
                at = output * s - p + tap * d
                if 0 <= at < size:
                    below[at] += value * weight
                elif wrap:
                    below[at % size] += value * weight
        g = below
    return g


def _mask(change=lambda layers: layers, **options):
    return lambda layers, n, i: _reached(change(layers), n, i, **options) != 0


def _replaced(**settings):
    """Let one setting of every layer be another number."""
    names = ("k", "s", "p", "d")

    def change(layers):
        named = [dict(zip(names, layer, strict=True)) for layer in layers]
        return [tuple((layer | settings).values()) for layer in named]

    return change


def _solid(layers, n, i):
    used = np.flatnonzero(_mask()(layers, n, i))
    mask = np.zeros(n, bool)
    mask[used[0] : used[-1] + 1] = True
    return mask


def _shifted(layers, n, i):
    """Take padded coordinates for those of the input."""
    shift = sum(p for _, _, p, _ in layers)
    right = _mask()(layers, n, i)
    return np.concatenate([np.zeros(shift, bool), right])[:n]


def _unscaled_solid(layers, n, i):
    first, last = _right_region(layers, i)
    return (np.arange(n) >= first) & (np.arange(n) <= last)


def _cut_at_the_input_only(layers, n, i):
    used = {i}
    for k, s, p, d in reversed(layers):
        used = {output * s - p + tap * d for output in used for tap in range(k)}
    return np.array([pixel in used for pixel in range(n)])


def _cut(keep):
    """Cut the padding off by another slice."""

    def empirical_receptive_field(layers, n, i):
        sizes = _sizes(layers, n)
        g = np.zeros(sizes[-1])
        g[i] = 1.0
        for (k, s, p, d), size in zip(layers[::-1], sizes[-2::-1], strict=True):
            dx = np.zeros(size + 2 * p)
            for output, value in enumerate(g):
                dx[output * s : output * s + d * (k - 1) + 1 : d] += value
            g = keep(dx, p, size)
        return g != 0

    return empirical_receptive_field


for _id, _variant in (
    (CROPPED_TO_NOTHING, _cut(lambda dx, p, size: dx[p:-p])),
    (MASK_IGNORES_PADDING, _cut(lambda dx, p, size: dx[:size])),
    (PATHS_THROUGH_PADDING, _cut_at_the_input_only),
    (HOLES_FILLED, _solid),
    (HOLES_FILLED, _unscaled_solid),
    (MASK_IGNORES_PADDING, _shifted),
    (MASK_IGNORES_DILATION, _mask(_replaced(d=1))),
    (MASK_IGNORES_STRIDE, _mask(_replaced(s=1))),
    (LAST_LAYER_ONLY, _mask(lambda layers: layers[:1])),
    (LAST_LAYER_ONLY, _mask(lambda layers: layers[-1:])),
    (CLIPS_BY_WRAPPING, _mask(wrap=True)),
    (MASK_WRONG_END, _mask(lambda layers: layers[::-1])),
    (MASK_NUMBERS, lambda layers, n, i: _reached(layers, n, i)),
    (MASK_NUMBERS, lambda layers, n, i: (_reached(layers, n, i) != 0).astype(int)),
    (OTHER_OUTPUT, lambda layers, n, i: _mask()(layers, n, 0)),
    (OTHER_OUTPUT, lambda layers, n, i: _mask()(layers, n, -1)),
    (ODD_PATHS, _mask(weights=lambda k: [(-1.0) ** t for t in range(k)])),
):
    breaks("empirical_receptive_field", _id)(_variant)

# effective_width --------------------------------------------------------------------------------

WHOLE_FIELD = mistake(
    "field-for-effective-width",
    "this is the receptive field itself, or a share of it",
    "How much of the field's influence lies near its middle? The width grows like the square root.",
)
EFFECTIVE_VARIANCE = mistake(
    "effective-variance",
    "the variance is returned, not the standard deviation",
    "In which unit is your number: pixels, or pixels squared?",
)
LAYER_VARIANCE = mistake(
    "another-variance-of-a-layer",
    "the variance of one layer is not that of a uniform draw from its taps",
    "Work it out: what is the mean of (-1)^2, 0^2 and 1^2? And of four taps?",
)
DEVIATIONS_ADDED = mistake(
    "deviations-added",
    "the layers' standard deviations are added",
    "What adds up when independent steps follow each other: deviations or variances?",
)
THREE_TAPS_ALWAYS = mistake(
    "width-of-three-taps",
    "every layer is taken to have 3 taps",
    "Five taps step by -2, -1, 0, 1 or 2. What is the mean of the squares of these?",
)
WIDTH_IGNORES_STRIDE = mistake(
    "width-ignores-strides",
    "the strides have no effect on the width",
    "After a stride of 2, how many input pixels is one step of the next layer long?",
)
WIDTH_JUMP_TOO_EARLY = mistake(
    "own-stride-in-the-width",
    "a layer's own stride counts for its own steps",
    "A layer's taps read the outputs of the layer before. How far apart are those in the input?",
)
STEP_UNSQUARED = mistake(
    "step-length-not-squared",
    "the length of a step enters the variance once, not squared",
    "When all steps are twice as long, how many times as large is the mean of their squares?",
)


def _width(
    variance=lambda k: (k * k - 1) / 12,
    step=lambda d, jump, s: d * jump,
    power=2,
    add=lambda parts: math.sqrt(sum(parts)),
):
    """Return an effective width whose named pieces are replaced."""

    def effective_width(layers):
        parts, jump = [], 1
        for k, s, _, d in layers:
            parts.append(variance(k) * step(d, jump, s) ** power)
            jump *= s
        return float(add(parts))

    return effective_width


def _of_size(change):
    return lambda layers: float(change(_right_field(layers)[0]))


for _id, _variant in (
    (WHOLE_FIELD, _of_size(lambda size: size)),
    (WHOLE_FIELD, _of_size(lambda size: (size - 1) / 2)),
    (WHOLE_FIELD, _of_size(lambda size: size / math.sqrt(12))),
    (WHOLE_FIELD, _of_size(math.sqrt)),
    (EFFECTIVE_VARIANCE, _width(add=sum)),
    (LAYER_VARIANCE, _width(lambda k: 1)),
    (LAYER_VARIANCE, _width(lambda k: (k - 1) / 6)),
    (LAYER_VARIANCE, _width(lambda k: (k - 1) ** 2 / 12)),
    (LAYER_VARIANCE, _width(lambda k: (k - 1) ** 2 / 4)),
    (LAYER_VARIANCE, _width(lambda k: k * k / 12)),
    (LAYER_VARIANCE, _width(lambda k: k * (k + 1) / 12)),
    (DEVIATIONS_ADDED, _width(add=lambda parts: sum(map(math.sqrt, parts)))),
    (THREE_TAPS_ALWAYS, _width(lambda k: 2 / 3)),
    (THREE_TAPS_ALWAYS, lambda layers: math.sqrt(2 * len(layers) / 3)),
    (FIELD_IGNORES_DILATION, _width(step=lambda d, jump, s: jump)),
    (WIDTH_IGNORES_STRIDE, _width(step=lambda d, jump, s: d)),
    (WIDTH_JUMP_TOO_EARLY, _width(step=lambda d, jump, s: d * jump * s)),
    (STEP_UNSQUARED, _width(power=1)),
):
    breaks("effective_width", _id)(_variant)

# wide_stack -------------------------------------------------------------------------------------

STACK_WITH_HOLES = mistake(
    "stack-with-holes",
    "the dilations are so large that pixels are left out",
    "Two fields of 3 pixels lie 5 apart. Which pixels lie in neither?",
)
STACK_TOO_NARROW = mistake(
    "stack-too-narrow",
    "the dilations are smaller than they may be",
    "A field has 3 pixels. How far apart may two of them lie so that no pixel between is left out?",
)
STACK_SHRINKS = mistake(
    "stack-without-its-padding",
    "a layer's padding does not fit its dilation",
    "n + 2p - d(k - 1) outputs come from n inputs. Which p makes that n again, with 3 taps?",
)
STACK_TOO_DEEP = mistake(
    "stack-of-too-many-layers",
    "more layers are used than allowed",
    "What, beside another layer, makes a field wider?",
)


def _stack(*dilations, pad=lambda d: d):
    return [(3, 1, pad(d), d) for d in dilations]


def _powers(base, **options):
    return lambda width, depth: _stack(*(base**layer for layer in range(depth)), **options)


def _alike(width, depth):
    return _stack(*[-(-(width - 1) // (2 * depth))] * depth)


def _reaching(last):
    """Give the last layer what the width asks for, whatever lies between."""

    def wide_stack(width, depth):
        rest = width - 1 - 2 * (depth - 1)
        return _stack(*[1] * (depth - 1), last(rest))

    return wide_stack


for _id, _variant in (
    (STACK_WITH_HOLES, _alike),
    (STACK_WITH_HOLES, _reaching(lambda rest: -(-rest // 2))),
    (STACK_WITH_HOLES, _powers(4)),
    (STACK_TOO_NARROW, _powers(1)),
    (STACK_TOO_NARROW, _powers(2)),
    (STACK_TOO_NARROW, lambda width, depth: _stack(*range(1, depth + 1))),
    (STACK_SHRINKS, _powers(3, pad=lambda d: 0)),
    (STACK_SHRINKS, _powers(3, pad=lambda d: 1)),
    (STACK_TOO_DEEP, lambda width, depth: _stack(*[1] * (width // 2))),
    (STACK_TOO_DEEP, lambda width, depth: _powers(2)(width, width.bit_length())),
):
    breaks("wide_stack", _id)(_variant)

# predictions ------------------------------------------------------------------------------------

FIELD_FORMULA = mistake(
    "field-of-the-network",
    "a stride or one pixel is counted wrongly",
    "Draw what one output reads in the layer before, and what that reads, down to the pixels.",
)
JUMP_FOR_SIZE = mistake(
    "jump-for-size",
    "this is the jump, not the size",
    "The question asks for the size: how many pixels does one output span?",
)


def guess_size(prediction, layers):
    """Enter the size that each wrong formula gives on a stack as a wrong prediction."""
    ids = {}
    for id, spellings in variants("receptive_field").items():
        if id == PADDING_FOR_DILATION:  # of code alone: by hand nobody exchanges them
            continue
        for variant in spellings:
            ids.setdefault(variant(layers)[0], set()).add(id)
    for size, fitting in ids.items():
        if size != _right_field(layers)[0]:
            id = fitting.pop() if len(fitting) == 1 else FIELD_FORMULA
            id = JUMP_FOR_SIZE if id == FIELD_AND_JUMP_SWAPPED else id
            breaks(prediction, id)(lambda size=size: size)


guess_size("fifth_size", [(5, 1, 0, 1), (2, 2, 0, 1), (3, 1, 0, 2), (3, 2, 0, 1), (3, 1, 0, 1)])

KERNEL_IN_OUTPUTS = mistake(
    "kernel-not-scaled-by-the-jump",
    "the last kernel is counted in pixels of the input",
    "By how many pixels does the field move from one output of pool5 to the next?",
)
SEVEN_GAPS = mistake(
    "taps-for-gaps",
    "seven steps are counted where there are six",
    "How many steps is it from the first of seven outputs to the last?",
)
WHOLE_IMAGE = mistake(
    "field-ends-at-the-image",
    "the field is taken to end at the image's edge",
    "What does the formula give? It does not know how large the image is.",
)
breaks("seventh_by_seven", KERNEL_IN_OUTPUTS)(lambda: 212 + (7 - 1))
breaks("seventh_by_seven", KERNEL_IN_OUTPUTS)(lambda: 212 + 7)
breaks("seventh_by_seven", SEVEN_GAPS)(lambda: 212 + 7 * 32)
breaks("seventh_by_seven", WHOLE_IMAGE)(lambda: 224)
breaks("seventh_by_seven", PRODUCT_OF_KERNELS)(lambda: 7 * 212)

breaks("region_start", START_WITHOUT_PADDING)(lambda: 0)
breaks("region_start", PADDING_UNSCALED)(lambda: -2)
REGION_OF_ONE_LAYER = mistake(
    "region-of-the-upper-layer",
    "the walk ends one layer too early",
    "-1 is an index of layer 1's outputs. Where does that window begin in the input?",
)
breaks("region_start", REGION_OF_ONE_LAYER)(lambda: -1)

PATHS_FOR_PIXELS = mistake(
    "paths-for-pixels",
    "paths are counted, not pixels",
    "0 + 2 + 4 and 2 + 2 + 2 are two paths. How many pixels do they end at?",
)
ODD_PIXELS = mistake(
    "one-end-not-counted",
    "one end of the field is not counted",
    "Pixels 0 and 12 are both reached. How many even numbers are there from 0 to 12?",
)
breaks("pixels_used", HOLES_FILLED)(lambda: 13)
breaks("pixels_used", PATHS_FOR_PIXELS)(lambda: 27)
breaks("pixels_used", SUM_OF_KERNELS)(lambda: 9)
PIXELS_OF_ONE_LAYER = mistake(
    "pixels-of-one-layer",
    "the taps of one layer are counted",
    "One output reads 3 outputs of the layer before. How many pixels do these 3 reach?",
)
breaks("pixels_used", PIXELS_OF_ONE_LAYER)(lambda: 3)
breaks("pixels_used", ODD_PIXELS)(lambda: 6)
