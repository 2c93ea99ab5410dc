"""Inputs on which answers are tried."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Inputs:
    """The arguments of one call, and the name of the way to make it."""

    args: tuple
    how: str = "call"


@dataclass(frozen=True)
class PartInputs:
    """What one part tries: the inputs that learners see, and how withheld ones are drawn."""

    shown: tuple[Inputs, ...]
    draw: Callable[[np.random.Generator], list[Inputs]]


def given(*args, how: str = "call") -> Inputs:
    """Write one call's arguments."""
    return Inputs(args, how)
