"""The exercises of lesson 12, in the order in which it asks them."""

from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import above, layered, paths_cancel, sees_nothing

_LAYERS = "list of (kernel, stride, padding, dilation), input side first"

EXERCISES = (
    prediction("12", "fifth_size", "a whole number: pixels that an output of network B spans"),
    Exercise(
        "12",
        "receptive_field",
        "function",
        (
            Part("stride", 2, "stacks with strides"),
            Part("dilation", 1, "stacks with dilation and padding"),
            Part("networks", 1, "LeNet, VGG-16, and the empty stack"),
        ),
        "(layers)",
        {"layers": _LAYERS},
        "(size, jump) ints, pixels of the input",
        shows=layered("stride", "padding", "dilation"),
    ),
    prediction("12", "seventh_by_seven", "a whole number: pixels that VGG-16 spans after pool5"),
    prediction("12", "region_start", "a whole number: the first input index of output 0"),
    Exercise(
        "12",
        "receptive_region",
        "function",
        (
            Part("start", 2, "output 0, with padding and dilation"),
            Part("index", 1, "outputs further along"),
        ),
        "(layers, i)",
        {"layers": _LAYERS, "i": "int, index of an output"},
        "(first, last) ints, inclusive input indices, negative inside the padding",
        shows=(*layered("stride", "padding", "dilation"), above("i")),
    ),
    prediction("12", "pixels_used", "a whole number: pixels that can change one output"),
    Exercise(
        "12",
        "empirical_receptive_field",
        "function",
        (
            Part("solid", 2, "stacks without dilation"),
            Part("holes", 2, "stacks that leave pixels unused"),
        ),
        "(layers, n, i)",
        {"layers": _LAYERS, "n": "int, inputs on the axis", "i": "int, index of an output"},
        "(n,) bool, which inputs reach output i",
        fresh=True,
        shows=(
            *layered("stride", "padding", "dilation"),
            above("i"),
            *sees_nothing(),
            paths_cancel(),
        ),
    ),
    Exercise(
        "12",
        "effective_width",
        "function",
        (
            Part("values", 1, "layers of 3 taps, all alike"),
            Part("stacks", 2, "other kernels, dilations and strides"),
        ),
        "(layers)",
        {"layers": _LAYERS},
        "float, standard deviation of the effective field, pixels",
        shows=layered("stride", "padding", "dilation"),
    ),
    Exercise(
        "12",
        "wide_stack",
        "function",
        (
            Part("wide", 1, "widths up to 2 ** (depth + 1) - 1"),
            Part("widest", 2, "widths up to the largest that depth layers can span"),
        ),
        "(width, depth)",
        {"width": "int, pixels to span", "depth": "int, layers allowed"},
        "list of (3, 1, padding, dilation) layers that span width pixels and use all they span",
        shows=(above("depth", 3), above("width", 26)),
    ),
    written("12", "extent_and_use", 2),
)
