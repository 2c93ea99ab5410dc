"""Try a right answer again: a second call, and arrays with another layout in memory."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.checks.cases import Case
from course.checks.drive import copied
from course.checks.run import Outcome, arrays_of, run

# Training takes seconds, and a predicted value has no call.
ONCE = ("training", "accuracy", "value")

KEPT = (
    "right at first, and not when it is called again.",
    "The same call was right before: does your code keep something from one call to the next, or "
    "draw numbers at random?",
)
READ_ONLY = (
    "right, but it writes into an array that it was given.",
    "The arrays are read-only here. Work on a copy (`.copy()`).",
)
ONE_BUFFER = (
    "right, but every call returns the same array.",
    "The second call writes over what the first one returned: make the array inside the function.",
)
LAID_OUT = (
    "right, but not for arrays that lie otherwise in memory.",
    "The numbers and shapes are the same, but neighbours do not lie side by side in memory, as "
    "after `x.T` or `x[::2]`. There `reshape` and `ravel` make copies, and what is written into a "
    "copy is lost. Does your code write through one, or read memory by steps of its own?",
)
SAID = (KEPT, READ_ONLY, ONE_BUFFER, LAID_OUT)


def once_more(answer: Any, cases: list[Case]) -> Iterator[tuple[Case, Outcome, tuple[str, str]]]:
    """Yield two further calls: the case, its outcome, and what to say where that is wrong.

    The first case comes again, its arrays read-only unless a function is among its arguments, which
    the answer may try at changed places; then the last case that holds an array, laid out anew.
    """
    cases = [case for case in cases if case.how not in ONCE]
    if not cases:
        return
    first = cases[0]
    outcome = run(answer, first, _with(first.args, _locked))
    said = KEPT
    if isinstance(outcome.error, ValueError) and "read-only" in str(outcome.error):
        said = READ_ONLY
        if any(callable(arg) for arg in first.args):
            outcome, said = run(answer, first), KEPT
    yield first, outcome, said
    for case in reversed(cases):
        if any(isinstance(arg, np.ndarray) and arg.size > 1 for arg in case.args):
            yield case, run(answer, case, _with(case.args, _spreader())), LAID_OUT
            return


def one_buffer(outcomes: list[Outcome]) -> bool:
    """Tell whether a call wrote over what an earlier one returned, in the same memory.

    What an answer keeps it may return again, as long as the values stay.
    """
    return any(
        np.may_share_memory(a, b) and np.shares_memory(a, b) and a.tobytes() != before.tobytes()
        for one, two in itertools.combinations(outcomes, 2)
        for a, before in zip(one.arrays, arrays_of(one.value), strict=True)
        for b in two.arrays
    )


def _with(item: Any, change: Any) -> Any:
    """Copy arguments, with `change` made to each array, however deep it lies."""
    if isinstance(item, np.ndarray) and item.ndim:
        return change(item)
    if isinstance(item, list):
        return [_with(inner, change) for inner in item]
    if isinstance(item, tuple):
        return tuple(_with(inner, change) for inner in item)
    if isinstance(item, dict):
        return {key: _with(inner, change) for key, inner in item.items()}
    return copied(item)


def _locked(array: np.ndarray) -> np.ndarray:
    array = array.copy()
    array.flags.writeable = False
    return array


def _spreader() -> Callable[[np.ndarray], np.ndarray]:
    """Return a change that lays out one array after the other, no two of them alike.

    The same numbers are stored by columns or, of one axis, with gaps between them.
    """
    steps = itertools.count(2)

    def spread(array: np.ndarray) -> np.ndarray:
        step = next(steps)
        return array.copy(order="F") if array.ndim > 1 else np.repeat(array, step)[::step]

    return spread
