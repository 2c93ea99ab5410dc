"""What learners get wrong, as small wrong variants beside the exercise that each one breaks."""

from autograder.misconceptions import (  # noqa: F401  (each enters its lesson's)
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
from autograder.misconceptions.catalogue import CATALOGUE, Misconception, variants

__all__ = ["CATALOGUE", "Misconception", "variants"]
