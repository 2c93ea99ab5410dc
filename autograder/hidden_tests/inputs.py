"""Inputs of a part, and how a case is computed from them."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.checks.cases import Case, Raised
from course.checks.compare import same, tolerance
from course.checks.drive import DRIVERS, copied


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


def computed_case(inputs: Inputs, right: Callable, wrong: dict[str, list[Callable]]) -> Case:
    """Compute what the reference and every wrong variant give on these inputs.

    A misconception that gives the right outcome in all its spellings is left out: a case does not
    speak of it.
    """
    expected = _outcome(right, inputs)
    rtol = tolerance(inputs.args)
    outcomes = {
        key: tuple(_outcome(variant, inputs) for variant in spellings)
        for key, spellings in sorted(wrong.items())
    }
    telling = {
        key: values
        for key, values in outcomes.items()
        if not all(same(value, expected, rtol) for value in values)
    }
    return Case(inputs.args, expected, telling, inputs.how)


def _outcome(function: Callable, inputs: Inputs) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong variant may divide by 0
        try:
            if inputs.how == "value":  # a prediction: the reference computes what to predict
                return function()
            return DRIVERS[inputs.how](function, *(copied(arg) for arg in inputs.args))
        except Exception as error:
            return Raised(type(error).__name__)
