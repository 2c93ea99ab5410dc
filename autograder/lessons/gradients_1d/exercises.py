"""The exercises of lesson 02, in the order in which it asks them."""

from autograder.lessons.barred import BARRED_1D
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import above, numbers
from autograder.lessons.shapes import W1, X1

EXERCISES = (
    prediction("02", "middle_gradient", "a number: by how much the loss rises with x[2] of P1"),
    Exercise(
        "02",
        "grad_x_1d",
        "function",
        (
            Part("values", 2, "place-value gradients, in which a flip can be read"),
            Part("lengths", 2, "kernels of even length, of length 1, and longer than dy"),
        ),
        "(dy, w)",
        {"dy": "(n - k + 1,) upstream gradient", "w": W1},
        "(n,) gradient of the signal, for the layer that correlates",
        BARRED_1D,
        fresh=True,
        shows=numbers("dy", "w"),
    ),
    prediction("02", "zeros_around_dy", "a whole number: zeros on each side"),
    Exercise(
        "02",
        "grad_w_1d",
        "function",
        (
            Part("values", 2, "place-value gradients, in which a flip can be read"),
            Part("lengths", 1, "one output, one tap, even lengths"),
        ),
        "(dy, x)",
        {"dy": "(n - k + 1,) upstream gradient", "x": X1},
        "(k,) gradient of the kernel, for the layer that correlates",
        BARRED_1D,
        fresh=True,
        shows=numbers("dy", "x"),
    ),
    Exercise(
        "02",
        "grad_b_1d",
        "function",
        (Part("values", 1, "upstream gradients of several lengths"),),
        "(dy)",
        {"dy": "(m,) upstream gradient"},
        "scalar, gradient of the bias",
        shows=numbers("dy"),
    ),
    Exercise(
        "02",
        "grad_convolve1d",
        "function",
        (
            Part("dx", 2, "the signal's gradient for the layer that flips its kernel"),
            Part("dw", 2, "the kernel's gradient for the layer that flips its kernel"),
        ),
        "(dy, x, w)",
        {"dy": "(n - k + 1,) upstream gradient", "x": X1, "w": W1},
        "(dx, dw) of shapes (n,) and (k,), for the layer that flips its kernel",
        BARRED_1D,
        fresh=True,
        shows=numbers("dy", "x", "w"),
    ),
    prediction("02", "strided_gradient", "a number: dx[2] of P4"),
    Exercise(
        "02",
        "grad_x_1d_strided",
        "function",
        (
            Part("stride", 2, "strides 2 and 3 that fit exactly"),
            Part("remainder", 2, "signals whose last samples no window reaches"),
        ),
        "(dy, w, n, stride)",
        {
            "dy": "((n - k) // stride + 1,) upstream gradient",
            "w": W1,
            "n": "int, samples in the signal",
            "stride": "int, samples from one window to the next",
        },
        "(n,) gradient of the signal, for the layer that correlates",
        BARRED_1D,
        fresh=True,
        shows=(*numbers("dy", "w"), above("stride")),
    ),
    written("02", "name_the_gradients", 2),
)
