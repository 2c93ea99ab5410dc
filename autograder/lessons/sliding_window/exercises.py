"""The exercises of lesson 01, in the order in which it asks them."""

from autograder.lessons.barred import BARRED_1D
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import above, left_out, numbers
from autograder.lessons.shapes import W1, X1

EXERCISES = (
    prediction("01", "last_output", "a number: y[2] of P1"),
    Exercise(
        "01",
        "correlate1d",
        "function",
        (
            Part("values", 2, "signals and kernels whose numbers cannot hide a flip"),
            Part("lengths", 2, "kernels of even length, of length 1, and as long as the signal"),
            Part("types", 1, "integer, float32 and float64 input, left unchanged"),
            Part("refuse", 1, "a kernel longer than the signal, and some that fit"),
        ),
        "(x, w)",
        {"x": X1, "w": W1},
        "(n - k + 1,) the cross-correlation of x with w",
        BARRED_1D,
        fresh=True,
        shows=numbers("x", "w"),
    ),
    prediction("01", "impulse_response", "a list of three numbers"),
    Exercise(
        "01",
        "convolve1d",
        "function",
        (
            Part("impulse", 1, "an impulse, which copies the kernel into the output"),
            Part("values", 2, "signals and kernels of several lengths and types, left unchanged"),
        ),
        "(x, w)",
        {"x": X1, "w": W1},
        "(n - k + 1,) the convolution of x with w",
        BARRED_1D,
        fresh=True,
        shows=numbers("x", "w"),
    ),
    Exercise(
        "01",
        "flip_is_invisible",
        "function",
        (
            Part("same", 1, "kernels that read the same in both directions, and one that does not"),
            Part("different", 1, "kernels that do not, by a little or in sign, and one that does"),
        ),
        "(w)",
        {"w": W1},
        "bool, whether correlation and convolution with w give the same output for every signal",
    ),
    Exercise(
        "01",
        "pad1d",
        "function",
        (
            Part("values", 1, "one and several zeros on each side, numbers kept exactly"),
            Part("fresh", 1, "padding 0 as well: the result is a new array"),
        ),
        "(x, padding)",
        {"x": X1, "padding": "int, zeros on each side"},
        "(n + 2 * padding,) x between zeros",
        fresh=True,
        shows=(*numbers("x"), above("padding")),
    ),
    prediction("01", "padded_length", "a whole number"),
    Exercise(
        "01",
        "output_length",
        "function",
        (
            Part("plain", 1, "stride 1, no padding"),
            Part("padding", 1, "padding on both sides"),
            Part("stride", 1, "strides that fit exactly and strides that leave a remainder"),
            Part("dilation", 1, "kernels with gaps, alone and with everything else"),
            Part("refuse", 1, "kernels that do not fit, and some that fit exactly"),
        ),
        "(n, k, stride=1, padding=0, dilation=1)",
        {
            "n": "int, samples in the signal",
            "k": "int, taps in the kernel",
            "stride": "int, samples from one window to the next",
            "padding": "int, zeros on each side",
            "dilation": "int, samples from one tap to the next",
        },
        "int, the number of windows that fit",
        shows=(
            above("stride"),
            above("padding"),
            above("dilation"),
            *left_out("stride", "padding", "dilation"),
        ),
    ),
    written("01", "why_flip", 2),
)
