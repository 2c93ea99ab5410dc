"""The reference: every exercise's right answer, under its own name, in plain loops.

>>> from autograder import reference
>>> reference.correlate1d(np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3]))
array([14, 20, 26])
"""

import numpy as np  # noqa: F401  (the example above uses it)

from autograder.reference.signals import (
    convolve1d,
    correlate1d,
    flip_is_invisible,
    output_length,
    pad1d,
)

__all__ = ["convolve1d", "correlate1d", "flip_is_invisible", "output_length", "pad1d"]
