"""The exercises of lesson 08, in the order in which it asks them."""

from autograder.lessons.barred import BARRED_2D
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import (
    left_out,
    numbers,
    oblong,
    pairs,
    several,
    uneven_outputs,
)
from autograder.lessons.shapes import B1, COLUMN_TAKES, PADDING, STRIDE, W4, X4

SETTINGS = (
    *pairs("kernel_size", "stride", "padding", "dilation"),
    *left_out("stride", "padding", "dilation"),
)

EXERCISES = (
    prediction("08", "fourth_patch", "a list of four numbers: window (0, 3) of the worked image"),
    prediction("08", "row_eleven", "a list [c, u, v]: row 11 of 3 channels and a 3 by 3 kernel"),
    prediction("08", "columns_shape", "a list of two numbers: the batched example's columns"),
    Exercise(
        "08",
        "im2col",
        "function",
        (
            Part("patches", 2, "the 25 patches of the padded 4 by 4 image"),
            Part("channels", 1, "several channels, channel-major rows"),
            Part("batch", 2, "several images, the image index fastest"),
            Part("geometry", 1, "nothing square, nothing equal"),
        ),
        "(x, kernel_size, stride=1, padding=0, dilation=1)",
        {"x": X4, **COLUMN_TAKES},
        "(C*KH*KW, OH*OW*N) columns",
        ("torch.nn.functional.unfold", "torch.nn.Unfold"),
        fresh=True,
        shows=(*numbers("x"), *uneven_outputs("x"), several("x", 0, 1), *SETTINGS),
    ),
    prediction("08", "scrambled_map", "a list of four numbers: P3's product reshaped straight"),
    Exercise(
        "08",
        "conv2d_im2col",
        "function",
        (
            Part("filters", 2, "one image, several filters, each with its bias"),
            Part("batch", 2, "several images, not mixed"),
            Part("geometry", 2, "strides, padding, nothing square"),
        ),
        "(x, w, b, stride=1, padding=0)",
        {"x": X4, "w": W4, "b": B1, "stride": STRIDE, "padding": PADDING},
        "(N, F, OH, OW) the layer's output",
        (*BARRED_2D, "conv2d_loops", "conv2d"),
        fresh=True,
        shows=(
            *numbers("x", "w", "b"),
            *uneven_outputs("x", "w"),
            *oblong("x", "w"),
            several("x", 0, 1),
            several("w", 0, 1),
            *pairs("stride", "padding"),
            *left_out("stride", "padding"),
        ),
    ),
    Exercise(
        "08",
        "im2col_indices",
        "function",
        (
            Part("plain", 2, "stride 1, one channel"),
            Part("channels", 1, "several channels"),
            Part("geometry", 2, "nothing square, nothing equal"),
        ),
        "(x_shape, kernel_size, stride=1, padding=0, dilation=1)",
        {"x_shape": "(N, C, H, W) ints", **COLUMN_TAKES},
        "(channels, rows, columns) of shapes (C*KH*KW, 1), (C*KH*KW, OH*OW), (C*KH*KW, OH*OW), "
        "integer, into the padded image",
        fresh=True,
        shows=(*uneven_outputs("x_shape"), *SETTINGS),
    ),
    written("08", "what_columns_cost", 2),
)
