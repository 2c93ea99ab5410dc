"""The exercises of lesson 06, in the order in which it asks them."""

from autograder.lessons.barred import BARRED_2D, ORACLE
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import above, left_out, numbers, oblong, pairs, several
from autograder.lessons.shapes import BACKWARD_RETURNS, BACKWARD_TAKES, DY4, PADDING, STRIDE, W4

BACKWARD_PARTS = (
    Part("dx", 2, "the images' gradient, stride 1"),
    Part("dw", 2, "the kernels' gradient, stride 1"),
    Part("db", 1, "the biases' gradient"),
    Part("stride", 2, "strides and padding"),
    Part("remainder", 1, "pixels that no window reaches"),
    Part("geometry", 1, "nothing square, nothing equal, everything at once"),
)

EXERCISES = (
    prediction("06", "centre_gradient", "a number: the middle of P2's dx"),
    prediction("06", "batch_bias_gradient", "a number: db of two images"),
    Exercise(
        "06",
        "conv2d_backward_loops",
        "function",
        BACKWARD_PARTS,
        "(dy, x, w, stride=1, padding=0)",
        BACKWARD_TAKES,
        BACKWARD_RETURNS,
        (*BARRED_2D, *ORACLE),
        fresh=True,
        shows=(
            *numbers("dy", "x", "w"),
            *oblong("dy", "x", "w"),
            several("dy", 0, 1),
            several("x", 0, 1),
            several("w", 0, 1),
            *pairs("stride", "padding"),
            above("padding"),
            *left_out("stride", "padding"),
        ),
    ),
    prediction("06", "flipped_twice", "a number: the middle of P2's dx, kernel flipped twice"),
    prediction("06", "dilated_size", "a list of two numbers: rows and columns of a dilated dy"),
    Exercise(
        "06",
        "dilate2d",
        "function",
        (
            Part("values", 1, "one stride for both axes"),
            Part("pairs", 1, "a stride an axis; stride 1 gives a new array"),
        ),
        "(dy, stride)",
        {"dy": DY4, "stride": STRIDE},
        "(N, F, (OH - 1) * sh + 1, (OW - 1) * sw + 1) dy with zeros between its entries",
        fresh=True,
        shows=(*numbers("dy"), *oblong("dy", "result"), several("dy", 0, 1), *pairs("stride")),
    ),
    Exercise(
        "06",
        "grad_x_as_convolution",
        "function",
        (
            Part("plain", 2, "stride 1, no padding"),
            Part("padding", 1, "padding 0 and more"),
            Part("stride", 2, "strides, with remainder rows"),
            Part("geometry", 1, "nothing square, nothing equal"),
        ),
        "(dy, w, x_shape, stride=1, padding=0)",
        {
            "dy": DY4,
            "w": W4,
            "x_shape": "(N, C, H, W) ints",
            "stride": STRIDE,
            "padding": PADDING,
        },
        "(N, C, H, W) gradient of the images",
        # The lesson compares this answer with the other one, so it may not call it.
        (*BARRED_2D, *ORACLE, "conv2d_backward_loops"),
        fresh=True,
        shows=(
            *numbers("dy", "w"),
            *oblong("dy", "w", "result"),
            several("dy", 0, 1),
            several("w", 0, 1),
            *pairs("stride", "padding"),
            above("padding"),
            *left_out("stride", "padding"),
        ),
    ),
    written("06", "why_the_kernel_turns", 2),
)
