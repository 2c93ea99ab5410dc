"""The exercises of lesson 09, in the order in which it asks them."""

from autograder.lessons.backward_loops.exercises import BACKWARD_PARTS
from autograder.lessons.barred import BARRED_2D, ORACLE
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.im2col.exercises import SETTINGS
from autograder.lessons.properties import left_out, numbers, oblong, pairs, uneven_outputs
from autograder.lessons.shapes import (
    BACKWARD_RETURNS,
    BACKWARD_TAKES,
    COLUMN_TAKES,
    KERNEL,
    STRIDE,
)

# A gap has no sign.
GAP = tuple(p for p in numbers("x", "cols") if p.text != "a negative number in the result")

EXERCISES = (
    prediction(
        "09", "scattered_centre", "a number: the centre of dx, from windows that send 2, 3, 5, 7"
    ),
    prediction("09", "coverage_sum", "a number: the sum of a 4 by 4 image's coverage by 3 by 3"),
    Exercise(
        "09",
        "coverage",
        "function",
        (
            Part("count", 1, "stride 1"),
            Part("stride", 1, "strides, gaps, pixels left over"),
        ),
        "(in_hw, kernel_size, stride=1)",
        {"in_hw": "(H, W) ints", "kernel_size": KERNEL, "stride": STRIDE},
        "(H, W) whole numbers: the windows over each pixel",
        ORACLE,
        shows=(*oblong("in_hw"), *pairs("kernel_size", "stride"), *left_out("stride")),
    ),
    prediction("09", "buffered_centre", "a number: the centre of P2 after a buffered +="),
    Exercise(
        "09",
        "col2im",
        "function",
        (
            Part("coverage", 2, "columns of ones: how often each pixel is covered"),
            Part("values", 2, "place values, which show a lost sum"),
            Part("batch", 1, "several images and channels"),
            Part("geometry", 2, "strides, padding, dilation, nothing square"),
        ),
        "(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1)",
        {"cols": "(C*KH*KW, OH*OW*N) columns", "x_shape": "(N, C, H, W) ints", **COLUMN_TAKES},
        "(N, C, H, W) images, each entry of cols added where im2col read it",
        ("torch.nn.functional.fold", "torch.nn.Fold", *ORACLE),
        fresh=True,
        shows=(*numbers("cols"), *uneven_outputs("x_shape"), *oblong("x_shape"), *SETTINGS),
    ),
    Exercise(
        "09",
        "adjoint_gap",
        "function",
        (
            Part("adjoint", 1, "pairs that are adjoint, and one that is not"),
            Part("wrong", 1, "pairs that are not"),
        ),
        "(forward, adjoint, x, cols)",
        {
            "forward": "function from arrays like x to arrays like cols",
            "adjoint": "function from arrays like cols to arrays like x",
            "x": "array",
            "cols": "array",
        },
        "float, |<forward(x), cols> - <x, adjoint(cols)>|",
        shows=GAP,
    ),
    prediction("09", "shared_slip_gap", "a number: the gap of two maps that share a wrong order"),
    prediction("09", "dy_as_a_row", "a list of four numbers: two images' dy as the columns go"),
    Exercise(
        "09",
        "conv2d_backward_im2col",
        "function",
        BACKWARD_PARTS,
        "(dy, x, w, stride=1, padding=0)",
        BACKWARD_TAKES,
        BACKWARD_RETURNS,
        (*BARRED_2D, *ORACLE),
        fresh=True,
    ),
    written("09", "adjoint_not_inverse", 2),
)
