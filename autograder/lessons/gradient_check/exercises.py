"""The exercises of lesson 03, in the order in which it asks them."""

from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import left_out, numbers

EXERCISES = (
    prediction("03", "cube_slope", "a number: the central difference of x cubed at 2, h = 0.5"),
    Exercise(
        "03",
        "numerical_gradient",
        "function",
        (
            Part("linear", 2, "a linear f, where any h is exact"),
            Part("curved", 2, "a curved f, small h, the factor 2"),
            Part("integer", 1, "integer and float32 x"),
            Part("restore", 1, "x of two axes, as it was after the call"),
        ),
        "(f, x, dy, h=0.1)",
        {
            "f": "function of an array like x, returning an array like dy",
            "x": "array of any shape",
            "dy": "array of f(x)'s shape, upstream gradient",
            "h": "float, the step to each side",
        },
        "array of x's shape in float64, central difference of the sum of f(x) * dy",
        ("scipy.optimize.approx_fprime", "torch.autograd.gradcheck"),
        fresh=True,
        shows=(*numbers("x", "dy"), *left_out("h")),
    ),
    prediction("03", "integer_slope", "a number: P1's slope at x[2] in an array of integers"),
    Exercise(
        "03",
        "relative_error",
        "function",
        (
            Part("values", 2, "arrays of equal and of very different size"),
            Part("floor", 1, "zeros, nearly zeros, empty arrays"),
        ),
        "(a, b, floor=1e-8)",
        {"a": "array", "b": "array of a's shape", "floor": "float, smallest denominator"},
        "float, max|a - b| / max(floor, max(|a| + |b|))",
        shows=(*numbers("a", "b", result=False), *left_out("floor")),
    ),
    prediction("03", "float32_error", "a number: the relative error of a gradient of zeros"),
    Exercise(
        "03",
        "first_mismatch",
        "function",
        (
            Part("index", 2, "mismatches in one, two and four axes, row-major order"),
            Part("equal", 1, "equal arrays, differences within tol, NaN"),
            Part("shape", 1, "arrays of different shapes"),
        ),
        "(a, b, tol=1e-9)",
        {"a": "array", "b": "array", "tol": "float, largest absolute difference that is equal"},
        "tuple of ints, or None when equal",
        shows=(*numbers("a", "b", result=False), *left_out("tol")),
    ),
    written("03", "why_h_may_be_large", 2),
)
