"""The exercises of lesson 05, in the order in which it asks them."""

from autograder.lessons.barred import BARRED_2D
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import above, left_out, numbers, oblong, pairs, several
from autograder.lessons.shapes import B1, DILATION, KERNEL, PADDING, STRIDE, X4

EXERCISES = (
    prediction("05", "alexnet_size", "a whole number: outputs along 224 pixels, k = 11, s = 4"),
    prediction("05", "dilated_span", "a whole number: rows that a dilated kernel spans"),
    Exercise(
        "05",
        "output_shape",
        "function",
        (
            Part("square", 1, "one number for both axes"),
            Part("pairs", 1, "a pair for each setting"),
            Part("remainder", 1, "sizes that a stride does not divide"),
            Part("refuse", 1, "kernels that do not fit on one axis"),
        ),
        "(hw, kernel_size, stride=1, padding=0, dilation=1)",
        {
            "hw": "(H, W) ints",
            "kernel_size": KERNEL,
            "stride": STRIDE,
            "padding": PADDING,
            "dilation": DILATION,
        },
        "(OH, OW) ints",
        shows=(
            *oblong("hw"),
            *pairs("kernel_size", "stride", "padding", "dilation"),
            *left_out("stride", "padding", "dilation"),
        ),
    ),
    prediction("05", "same_zeros", "a list of two whole numbers: zeros before and after"),
    Exercise(
        "05",
        "same_padding",
        "function",
        (
            Part("odd", 1, "odd kernels at stride 1"),
            Part("even", 1, "even kernels: the extra zero comes after"),
            Part("stride", 2, "strides and dilations, never negative"),
        ),
        "(n, k, stride=1, dilation=1)",
        {
            "n": "int, pixels on the axis",
            "k": "int, taps on the axis",
            "stride": "int",
            "dilation": "int",
        },
        "(before, after) ints, so that the output has ceil(n / stride) pixels",
        shows=(above("stride", 2), above("dilation"), *left_out("stride", "dilation")),
    ),
    Exercise(
        "05",
        "choose_layer",
        "function",
        (
            Part("half", 1, "half as many outputs as pixels"),
            Part("fewer", 2, "any number of outputs up to half of the pixels"),
        ),
        "(n, m)",
        {"n": "int, pixels on the axis", "m": "int, outputs, with 2 * m <= n"},
        "(k, s, p) ints, k odd and p < k, with which m windows read every one of n pixels",
    ),
    Exercise(
        "05",
        "pad2d",
        "function",
        (
            Part("values", 1, "the same zeros on both axes"),
            Part("pairs", 1, "different zeros on the two axes, batch and channels alone"),
            Part("fresh", 1, "padding 0 as well: the result is a new array"),
        ),
        "(x, padding)",
        {"x": X4, "padding": PADDING},
        "(N, C, H + 2 * ph, W + 2 * pw) x between zeros",
        fresh=True,
        shows=(*numbers("x"), *oblong("x", "result"), several("x", 0, 1), *pairs("padding")),
    ),
    prediction("05", "grouped_weights", "a whole number: weights of a layer with groups"),
    Exercise(
        "05",
        "conv2d",
        "function",
        (
            Part("pairs", 2, "stride and padding as pairs"),
            Part("dilation", 2, "kernels with gaps, as pairs too"),
            Part("groups", 2, "two and more groups"),
            Part("depthwise", 1, "one group a channel"),
            Part("geometry", 1, "nothing square, nothing equal, everything at once"),
            Part("refuse", 1, "kernels that do not fit, channels that do not divide"),
        ),
        "(x, w, b, stride=1, padding=0, dilation=1, groups=1)",
        {
            "x": X4,
            "w": "(F, C // groups, KH, KW) kernels",
            "b": B1,
            "stride": STRIDE,
            "padding": PADDING,
            "dilation": DILATION,
            "groups": "int that divides C and F",
        },
        "(N, F, OH, OW) the layer's output",
        BARRED_2D,
        fresh=True,
        shows=(
            *numbers("x", "w", "b"),
            *oblong("x", "w", "result"),
            several("x", 0, 1),
            several("w", 0, 1),
            *pairs("stride", "padding", "dilation"),
            above("padding"),
            above("groups", 2),
            *left_out("stride", "padding", "dilation", "groups"),
        ),
    ),
    written("05", "where_the_pixel_goes", 2),
)
