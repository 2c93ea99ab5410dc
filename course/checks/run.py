"""Call a learner's answer on one case and note everything that matters about the call."""

import linecache
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from course.checks.cases import Case, Raised
from course.checks.compare import same
from course.checks.drive import DRIVERS, copied
from course.protocol import line_of

HERE = str(Path(__file__).parent)


@dataclass
class CallOutcome:
    """What one call gave.

    Attributes
    ----------
    value : the result, or a `Raised`
    error : the exception, if one came out
    line : where in the learner's code it was raised, as "line 4: y[i] = ..."
    changed : positions of the arguments that the call changed in place
    shares : whether the result shares memory with an argument
    """

    value: Any
    error: BaseException | None = None
    line: str = ""
    changed: list[int] = field(default_factory=list)
    shares: bool = False


def run(answer: Any, case: Case, given: tuple | None = None) -> CallOutcome:
    """Call `answer` on a copy of the case's arguments, or on the copy `given`.

    KeyboardInterrupt passes through: only the caller knows what else was tried.
    """
    given = tuple(copied(arg) for arg in case.args) if given is None else given
    try:
        result = DRIVERS[case.how](answer, *given)
    except (Exception, SystemExit) as error:
        return CallOutcome(Raised(type(error).__name__), error, _line_of(error))
    changed = [
        i
        for i, arg in enumerate(case.args)
        if isinstance(arg, (np.ndarray, list, tuple, dict)) and _changed(given[i], arg)
    ]
    shares = any(np.shares_memory(part, arg) for part in _arrays(result) for arg in _arrays(given))
    return CallOutcome(result, changed=changed, shares=shares)


def _changed(given: Any, arg: Any) -> bool:
    if isinstance(arg, np.ndarray) and np.array_equal(given, arg):  # most often, and quick
        return False
    return not same(given, arg, 0.0)


def _arrays(item: Any) -> list[np.ndarray]:
    """List the arrays in a result or among the arguments."""
    if isinstance(item, dict):
        item = list(item.values())
    if isinstance(item, (list, tuple)):
        return [array for inner in item for array in _arrays(inner)]
    return [item] if isinstance(item, np.ndarray) else []


def _line_of(error: BaseException) -> str:
    """Find the last line of the learner's own code in the exception's trace."""
    if line := line_of(error):
        return f"line {line.number}: {line.text.strip()}" if line.number else ""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith(HERE) or "site-packages" in frame.filename:
            continue
        if "/lib/python" in frame.filename or frame.filename.startswith("<frozen"):
            continue
        text = frame.line or linecache.getline(frame.filename, frame.lineno)
        return f"line {frame.lineno}: {text.strip()}"
    return ""
