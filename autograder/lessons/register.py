"""Where lessons enter what they know: mistakes with their wrong variants, and right solutions."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Misconception:
    """A mistake that learners make.

    Attributes
    ----------
    id : words joined by hyphens; what reports count
    name : one line that completes "What this looks like: ..."
    hint : one question or pointer that helps to find it, without giving the line
    """

    id: str
    name: str
    hint: str


CATALOGUE: dict[str, Misconception] = {}
_VARIANTS: dict[str, dict[str, list[Callable]]] = {}
_SOLUTIONS: dict[str, list[Callable]] = {}


def mistake(id: str, name: str, hint: str) -> str:
    """Enter a misconception and return its id."""
    if id in CATALOGUE:
        raise ValueError(f"the misconception {id!r} stands in the catalogue already")
    CATALOGUE[id] = Misconception(id, name, hint)
    return id


def breaks(exercise: str, id: str) -> Callable[[Callable], Callable]:
    """Mark a function as what `exercise` looks like under the misconception `id`.

    One misconception may have several spellings in one exercise.
    """
    if id not in CATALOGUE:
        raise ValueError(f"the misconception {id!r} does not stand in the catalogue")

    def register(variant: Callable) -> Callable:
        _VARIANTS.setdefault(exercise, {}).setdefault(id, []).append(variant)
        return variant

    return register


def variants(exercise: str) -> dict[str, list[Callable]]:
    """Return the wrong variants of an exercise: id -> its spellings.

    Examples
    --------
    >>> from autograder import misconceptions
    >>> sorted(misconceptions.variants("flip_is_invisible"))[1]
    'answers-true-for-all'
    """
    return _VARIANTS.get(exercise, {})


def solves(exercise: str) -> Callable[[Callable], Callable]:
    """Mark a function or class as a right solution of `exercise`."""

    def register(solution: Callable) -> Callable:
        _SOLUTIONS.setdefault(exercise, []).append(solution)
        return solution

    return register


def solutions(exercise: str) -> list[Callable]:
    """Return the right solutions of an exercise; none of a prediction, which has one answer.

    Examples
    --------
    >>> from autograder import right_solutions
    >>> len(right_solutions.solutions("correlate1d")) >= 4
    True
    """
    return _SOLUTIONS.get(exercise, [])
