"""What learners get wrong, as small wrong variants beside the exercise that each one breaks."""

from autograder.misconceptions import gradients_1d, signals  # noqa: F401  (enter their lesson's)
from autograder.misconceptions.catalogue import CATALOGUE, Misconception, variants

__all__ = ["CATALOGUE", "Misconception", "variants"]
