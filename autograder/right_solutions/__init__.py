"""Right solutions in several styles: every one must pass the visible checks and hidden tests."""

from collections.abc import Callable

from autograder.right_solutions import (  # noqa: F401  (each enters its lesson's)
    backward_loops,
    capstone,
    col2im,
    conv2d_layer,
    conv2d_loops,
    geometry,
    gradient_check,
    gradients_1d,
    im2col,
    layouts,
    matrix_view,
    receptive_field,
    signals,
)
from autograder.right_solutions.styles import SOLUTIONS

__all__ = ["solutions"]


def solutions(exercise: str) -> list[Callable]:
    """Return the right solutions of an exercise; none of a prediction, which has one answer.

    Examples
    --------
    >>> len(solutions("correlate1d")) >= 4
    True
    """
    return SOLUTIONS.get(exercise, [])
