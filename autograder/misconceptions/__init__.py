"""What learners get wrong, as small wrong variants beside the exercise that each one breaks."""

from autograder.misconceptions import signals  # noqa: F401  (enters lesson 01's)
from autograder.misconceptions.catalogue import CATALOGUE, Misconception, variants

__all__ = ["CATALOGUE", "Misconception", "variants"]
