"""The exercises of lesson 04, in the order in which it asks them."""

from autograder.lessons.barred import BARRED_2D, BARRED_FOURIER
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import above, left_out, numbers, oblong, pairs, several
from autograder.lessons.shapes import B1, PADDING, STRIDE, W4, X4

EXERCISES = (
    prediction("04", "last_window", "a number: y[1, 1] of P2"),
    Exercise(
        "04",
        "correlate2d",
        "function",
        (
            Part("values", 2, "images without symmetry, kernels 2 by 2 and 3 by 3"),
            Part("shapes", 2, "images and kernels that are not square"),
            Part("types", 1, "integer, float32 and float64 input, left unchanged"),
            Part("refuse", 1, "a kernel that does not fit on one axis"),
        ),
        "(x, w)",
        {"x": "(H, W) image", "w": "(KH, KW) kernel"},
        "(H - KH + 1, W - KW + 1) the cross-correlation of x with w",
        (*BARRED_2D, *BARRED_FOURIER),
        fresh=True,
        shows=(*numbers("x", "w"), *oblong("x", "w", "result")),
    ),
    prediction("04", "flat_sky", "a list of three numbers: a flat patch of 200, filtered"),
    prediction("04", "two_channels", "a number: the place-value kernel on two channels"),
    Exercise(
        "04",
        "conv2d_loops",
        "function",
        (
            Part("channels", 2, "several channels, summed"),
            Part("filters", 2, "several filters, each with its bias"),
            Part("batch", 1, "several images"),
            Part("stride", 2, "strides, with a remainder too"),
            Part("padding", 2, "zeros on each side"),
            Part("geometry", 1, "nothing square, nothing equal, everything at once"),
        ),
        "(x, w, b, stride=1, padding=0)",
        {"x": X4, "w": W4, "b": B1, "stride": STRIDE, "padding": PADDING},
        "(N, F, OH, OW) the layer's output",
        (*BARRED_2D, *BARRED_FOURIER),
        fresh=True,
        shows=(
            *numbers("x", "w", "b"),
            *oblong("x", "w", "result"),
            several("x", 0, 1),
            several("w", 0, 1),
            *pairs("stride", "padding"),
            above("padding"),
            *left_out("stride", "padding"),
        ),
    ),
    prediction("04", "multiplications", "a whole number: the products of one layer"),
    written("04", "count_the_cost", 2),
)
