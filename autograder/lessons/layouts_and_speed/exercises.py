"""The exercises of lesson 11, in the order in which it asks them."""

import numpy as np

from autograder import reference
from autograder.lessons.barred import BARRED_2D, ORACLE
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import (
    Property,
    left_out,
    numbers,
    oblong,
    pairs,
    several,
)
from autograder.lessons.shapes import B1, KERNEL, PADDING, STRIDE

_NHWC = {"x": "(N, H, W, C) images", "w": "(F, KH*KW*C) kernels"}

SIDES = (1, 2)  # rows and columns of (N, H, W, C)


def _windows(call) -> tuple[int, int]:
    """Count the windows down and across, from the columns of the image's places."""
    places = np.arange(call.args["x"][0].size).reshape(1, *call.args["x"].shape[1:])
    columns = reference.im2col_nhwc(places, call.args["kernel_size"], call.args.get("stride", 1))
    across = columns[0, 0] // places[0, 0].size  # the image's row in which each window begins
    down = len(np.unique(across))
    return down, len(across) // down


SETTINGS = (*pairs("kernel_size", "stride", "padding"), *left_out("stride", "padding"))
UNEVEN = (
    Property("more windows down than across", lambda c: _windows(c)[0] > _windows(c)[1] > 1),
    Property("more windows across than down", lambda c: 1 < _windows(c)[0] < _windows(c)[1]),
)

EXERCISES = (
    prediction("11", "flat_place", "a whole number: the flat index of one entry in NHWC"),
    prediction("11", "window_start", "a whole number: the flat index at which window 28 begins"),
    Exercise(
        "11",
        "im2col_nhwc",
        "function",
        (
            Part("values", 2, "one image, rows by kernel row, kernel column, channel"),
            Part("batch", 1, "several images"),
            Part("geometry", 1, "strides, nothing square"),
        ),
        "(x, kernel_size, stride=1)",
        {"x": "(N, H, W, C) images, already padded", "kernel_size": KERNEL, "stride": STRIDE},
        "(N, KH*KW*C, OH*OW) columns",
        fresh=True,
        shows=(
            *numbers("x"),
            *oblong("x", axes=SIDES),
            several("x", 0, 3),
            *pairs("kernel_size", "stride"),
            *left_out("stride"),
            *UNEVEN,
        ),
    ),
    Exercise(
        "11",
        "conv2d_nhwc",
        "function",
        (
            Part("values", 2, "several filters, each with its bias"),
            Part("geometry", 2, "strides, padding, nothing square"),
        ),
        "(x, w, b, kernel_size, stride=1, padding=0)",
        {
            "x": _NHWC["x"],
            "w": _NHWC["w"],
            "b": B1,
            "kernel_size": KERNEL,
            "stride": STRIDE,
            "padding": PADDING,
        },
        "(N, OH, OW, F) the layer's output",
        BARRED_2D,
        fresh=True,
        shows=(
            *numbers("x", "w", "b"),
            *oblong("x", "result", axes=SIDES),
            several("x", 0, 3),
            *SETTINGS,
        ),
    ),
    prediction("11", "bug_in_backward", "a pair: row and column of a kernel's entry", points=1),
    Exercise(
        "11",
        "conv2d_backward_nhwc",
        "function",
        (
            Part("dx", 2, "the images' gradient, kernels without symmetry"),
            Part("dw", 1, "the kernels' gradient"),
            Part("db", 1, "the biases' gradient"),
            Part("geometry", 2, "strides, padding, nothing square"),
        ),
        "(dy, x, w, kernel_size, stride=1, padding=0)",
        {
            "dy": "(N, OH, OW, F) upstream gradient",
            "x": _NHWC["x"],
            "w": _NHWC["w"],
            "kernel_size": KERNEL,
            "stride": STRIDE,
            "padding": PADDING,
        },
        "(dx, dw, db) of the shapes of x, w and (F,)",
        (*BARRED_2D, *ORACLE, "friends_dx"),
        fresh=True,
        shows=(
            *numbers("dy", "x", "w"),
            *oblong("dy", "x", axes=SIDES),
            several("dy", 0, 3),
            several("x", 0, 3),
            *SETTINGS,
        ),
    ),
    written("11", "read_the_timings", 2),
)
