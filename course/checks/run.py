"""Call a learner's answer on one case and note everything that matters about the call."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.checks.cases import Case, Raised
from course.checks.compare import same
from course.checks.drive import DRIVERS, copied
from course.checks.where import where


@dataclass
class Outcome:
    """What one call gave.

    Attributes
    ----------
    value : the result, or a `Raised`
    error : the exception, if one came out
    line : where in the learner's code it arose, as "line 4: y[i] = ..."
    shapes : the shapes that met there, as a sentence
    changed : positions of the arguments that the call changed in place
    shares : whether the result shares memory with an argument
    arrays : the arrays of the result as they came, where `value` holds copies
    """

    value: Any
    error: BaseException | None = None
    line: str = ""
    shapes: str = ""
    changed: list[int] = field(default_factory=list)
    shares: bool = False
    arrays: list[np.ndarray] = field(default_factory=list)


def run(answer: Any, case: Case, given: tuple | None = None) -> Outcome:
    """Call `answer` on a copy of the case's arguments, or on the copy `given`.

    KeyboardInterrupt passes through: only the caller knows what else was tried.
    """
    given = tuple(copied(arg) for arg in case.args) if given is None else given
    try:
        result = DRIVERS[case.how](answer, *given)
    except (Exception, SystemExit) as error:
        return Outcome(Raised(type(error).__name__), error, *where(error, answer))
    changed = [
        i
        for i, arg in enumerate(case.args)
        if isinstance(arg, (np.ndarray, list, tuple, dict)) and _changed(given[i], arg)
    ]
    arrays = arrays_of(result)
    shares = any(np.shares_memory(part, arg) for part in arrays for arg in arrays_of(given))
    try:  # A later call may write into what this one returned.
        value = copied(result)
    except MemoryError as error:  # a view of little memory may stand for a lot of it
        return Outcome(Raised(type(error).__name__), error)
    return Outcome(value, changed=changed, shares=shares, arrays=arrays)


def _changed(given: Any, arg: Any) -> bool:
    if isinstance(arg, np.ndarray) and np.array_equal(given, arg):  # most often, and quick
        return False
    return not same(given, arg, 0.0)


def arrays_of(item: Any) -> list[np.ndarray]:
    """List the arrays in a result or among the arguments."""
    if isinstance(item, dict):
        item = list(item.values())
    if isinstance(item, (list, tuple)):
        return [array for inner in item for array in arrays_of(inner)]
    return [item] if isinstance(item, np.ndarray) else []
