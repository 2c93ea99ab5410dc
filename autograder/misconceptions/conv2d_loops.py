"""Lesson 04: what goes wrong with images and seven loops."""

import numpy as np

from autograder.misconceptions.catalogue import breaks, mistake
from autograder.misconceptions.forwards import FORWARDS, MUTATIONS, PLAIN, REFUSALS, enter_forwards
from autograder.misconceptions.layer import forward
from autograder.misconceptions.signals import FULL, JUMPS, KEEPS_LENGTH


def _two_axes(function):
    def correlate2d(x, w):
        return function(x[None, None], w[None, None], np.zeros(1))[0, 0]

    return correlate2d


enter_forwards("correlate2d", [*FORWARDS, *REFUSALS, *MUTATIONS], _two_axes)
enter_forwards("conv2d_loops", [*PLAIN, *MUTATIONS])

_right = _two_axes(forward)


@breaks("correlate2d", FULL)
def _full(x, w):
    return _right(np.pad(x, [(k - 1, k - 1) for k in w.shape]), w)


@breaks("correlate2d", KEEPS_LENGTH)
def _as_large_as_the_image(x, w):
    y = np.zeros(x.shape)
    right = _right(x, w)
    y[: right.shape[0], : right.shape[1]] = right
    return y


@breaks("correlate2d", JUMPS)
def _jumps(x, w):
    return _right(x, w)[:: w.shape[0], :: w.shape[1]]


ROW_BY_ROW = mistake(
    "rows-alone",
    "each kernel row slides over its image row alone, and the rows are not summed",
    "How many pixels does one window hold, and how many products are in your sum?",
)


@breaks("correlate2d", ROW_BY_ROW)
def _first_row_only(x, w):
    alone = np.zeros_like(w)
    alone[0] = w[0]
    return _right(x, alone)
