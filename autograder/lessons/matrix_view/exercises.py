"""The exercises of lesson 07, in the order in which it asks them."""

from autograder.lessons.barred import BARRED_2D, ORACLE
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import above, left_out, numbers, oblong, pairs, several
from autograder.lessons.shapes import KERNEL, STRIDE

EXERCISES = (
    prediction("07", "third_row", "a list of nine numbers: row 2 of P2's matrix"),
    prediction("07", "nonzeros_of_matrix", "a whole number: weights in a matrix"),
    Exercise(
        "07",
        "conv_matrix",
        "function",
        (
            Part("values", 2, "the 4 by 9 matrix of a 2 by 2 kernel"),
            Part("shapes", 2, "images and kernels that are not square"),
            Part("stride", 1, "strides, with a remainder and without"),
        ),
        "(w, in_hw, stride=1)",
        {"w": "(KH, KW) kernel", "in_hw": "(H, W) ints", "stride": STRIDE},
        "(OH * OW, H * W) matrix M, so that M @ x.ravel() is the correlation of x with w",
        ("scipy.linalg.toeplitz", "scipy.linalg.convolution_matrix"),
        fresh=True,
        shows=(
            *numbers("w"),
            *oblong("in_hw"),
            *pairs("stride"),
            above("stride"),
            *left_out("stride"),
        ),
    ),
    prediction("07", "copy_gradient", "a number: the dense gradient of the last copy of w[0, 1]"),
    Exercise(
        "07",
        "tie_gradient",
        "function",
        (
            Part("values", 2, "dense gradients, summed over the copies"),
            Part("shapes", 1, "images and kernels that are not square"),
        ),
        "(G, kernel_size, in_hw)",
        {"G": "(OH * OW, H * W) dense gradient", "kernel_size": KERNEL, "in_hw": "(H, W) ints"},
        "(KH, KW) gradient of the kernel",
        ORACLE,
        fresh=True,
        shows=(*numbers("G"), *oblong("in_hw"), *pairs("kernel_size")),
    ),
    prediction("07", "grown_size", "a list of two numbers: rows and columns"),
    Exercise(
        "07",
        "conv_transpose2d",
        "function",
        (
            Part("values", 2, "stride 1, one channel"),
            Part("channels", 2, "several channels in and out"),
            Part("stride", 2, "strides, overlapping and with gaps"),
        ),
        "(y, w, stride=1)",
        {
            "y": "(N, C_in, H, W) images",
            "w": "(C_in, C_out, KH, KW) kernels",
            "stride": STRIDE,
        },
        "(N, C_out, (H - 1) * sh + KH, (W - 1) * sw + KW) images",
        (*BARRED_2D, *ORACLE),
        fresh=True,
        shows=(
            *numbers("y", "w"),
            *oblong("y", "w", "result"),
            several("y", 0, 1),
            several("w", 0, 1),
            *pairs("stride"),
            *left_out("stride"),
        ),
    ),
    written("07", "why_not_the_dense_update", 2),
)
