"""Cases computed from inputs: what the reference gives, and what each wrong variant gives."""

import functools
import warnings
from collections.abc import Callable, ItemsView, Iterator, Mapping
from typing import Any

from autograder.lessons.inputs import Inputs
from course.checks.cases import Case, Raised
from course.checks.compare import same, tolerance
from course.checks.drive import DRIVERS, NoTuple, copied


def computed_case(inputs: Inputs, right: Callable, wrong: dict[str, list[Callable]]) -> Case:
    """Compute what the reference gives on these inputs, and, once asked, what the variants give."""
    expected = _outcome(right, inputs)
    return Case(inputs.args, expected, WrongOutcomes(inputs, expected, wrong), inputs.how)


class WrongOutcomes(Mapping):
    """What each misconception gives on one case, by id: a tuple with one entry a spelling.

    A misconception that gives the right outcome in all its spellings is left out: a case does not
    speak of it.  Computed when first looked at, since a right answer never needs it.

    Attributes
    ----------
    outcomes : what every spelling gives, told or not; who has run them all may set it
    """

    def __init__(self, inputs: Inputs, expected: Any, variants: dict[str, list[Callable]]):
        self._inputs, self._expected, self._variants = inputs, expected, variants

    @functools.cached_property
    def outcomes(self) -> dict[str, tuple]:
        return {
            key: tuple(_outcome(variant, self._inputs) for variant in spellings)
            for key, spellings in sorted(self._variants.items())
        }

    @functools.cached_property
    def _telling(self) -> dict[str, tuple]:
        rtol = tolerance(self._inputs.args)
        return {
            key: values
            for key, values in self.outcomes.items()
            if not all(same(value, self._expected, rtol) for value in values)
        }

    def __getitem__(self, key: str) -> tuple:
        return self._telling[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._telling)

    def __len__(self) -> int:
        return len(self._telling)

    # Mapping's own take several times as long, and every answer is compared with every id.
    def __contains__(self, key: object) -> bool:
        return key in self._telling

    def items(self) -> ItemsView[str, tuple]:
        """Return the ids and what each gives."""
        return self._telling.items()


def _outcome(function: Callable, inputs: Inputs) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong variant may divide by 0
        try:
            if inputs.how == "value":  # a prediction: the reference computes what to predict
                return function()
            return named_by(DRIVERS[inputs.how](function, *(copied(arg) for arg in inputs.args)))
        except Exception as error:
            return Raised(type(error).__name__)


def named_by(result: Any) -> Any:
    """Return what a case tells a misconception by; no tuple has words of its own, and no name."""
    return Raised("NoTuple") if isinstance(result, NoTuple) else result
