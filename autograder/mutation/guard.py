"""Keep a changed answer from taking all memory or all time, and from reading beyond an array."""

import resource
import signal
import sys
from typing import Any

import numpy as np
from numpy.lib import stride_tricks

from course.checks.source import OutOfFuel

MEMORY = 4 * 2**30  # bytes; a changed shape may ask for more
_as_strided = stride_tricks.as_strided


def guard() -> None:
    """Set this process's limits: memory, what an alarm does, and `as_strided` with bounds."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    signal.signal(signal.SIGPROF, _stop)
    stride_tricks.as_strided = within_bounds
    for name, module in list(sys.modules.items()):
        held = getattr(module, "as_strided", None)
        if name.startswith("autograder.") and held is _as_strided:
            module.as_strided = within_bounds


def _stop(*_: Any) -> None:
    raise OutOfFuel


def within_bounds(x: Any, shape: Any = None, strides: Any = None, **keywords: Any) -> np.ndarray:
    """Do what numpy's `as_strided` does, where it stays inside the array's own memory.

    Raises
    ------
    ValueError
        Where it does not; numpy would read whatever lies there, or end the process.
    """
    array = np.asarray(x)
    shape = array.shape if shape is None else tuple(shape)
    strides = array.strides if strides is None else tuple(strides)
    reach = [(n - 1) * step for n, step in zip(shape, strides, strict=True)]
    low, high = sum(r for r in reach if r < 0), sum(r for r in reach if r > 0)
    first, end = np.lib.array_utils.byte_bounds(array)
    start = array.__array_interface__["data"][0]
    if 0 not in shape and (start + low < first or start + high + array.itemsize > end):
        raise ValueError("as_strided would read beyond the array")
    return _as_strided(x, shape, strides, **keywords)
