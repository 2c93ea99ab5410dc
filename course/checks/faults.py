"""Say what is wrong with one outcome, and print the call that gave it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from course.checks import drive
from course.checks.cases import Case, Raised, Spec
from course.checks.compare import NO_RETURN, Difference, compare, tolerance
from course.checks.run import Outcome
from course.checks.words import SMALL, describe, describe_type, literal

LONGEST = 400  # characters of one printed call


def fault(spec: Spec, case: Case, outcome: Outcome) -> Difference | None:
    """Say what is wrong with one outcome, or return None."""
    if isinstance(case.expected, Raised):
        return _fault_of_missing_error(case.expected, outcome)
    if outcome.error is not None:
        what = f"Your code raised {type(outcome.error).__name__}; a result is expected."
        return Difference("error", what, _said(outcome))
    if isinstance(outcome.value, drive.NoTuple):
        return Difference("type", f"Your answer gives {outcome.value.description}.")
    found = compare(outcome.value, case.expected, tolerance(case.args))
    if found and outcome.value is None and _may_be_none(spec):  # no `return` need be missing
        found = Difference(found.kind, found.what.removesuffix(f" {NO_RETURN}"), found.numbers)
    if outcome.changed:
        parameters = drive.parameters(case.how, spec.parameters)
        names = " and ".join(f"`{parameters[i]}`" for i in outcome.changed)
        what = f"The result is right, but the call changed {names} in place."
        if found:
            what = f"The call changed {names} in place. {found.what}"
        advice = "Work on a copy (`.copy()`): the caller may still need the original."
        return Difference("changed", f"{what} {advice}", found.numbers if found else ())
    if found:
        return found
    if spec.fresh and outcome.shares:
        what = "The values are right, but the result shares its memory with the argument."
        advice = "Change one and the other changes: return a new array, such as `x.copy()`."
        return Difference("view", f"{what} {advice}")
    return None


def _may_be_none(spec: Spec) -> bool:
    return any(case.expected is None for part in spec.parts for case in part.cases)


def told_first(failed: list[int], faults: list[Difference | None]) -> int:
    """Return the failed case that is told: a changed argument may be why other cases fail."""
    return next((i for i in failed if faults[i].kind == "changed"), failed[0])


def _fault_of_missing_error(expected: Raised, outcome: Outcome) -> Difference | None:
    if outcome.error is None:
        what = f"A {expected.type_name} is asked for here, and your answer gave a result."
        numbers = (f"It gave {describe(outcome.value)}.",)
        if isinstance(outcome.value, Exception) or "Error" in describe_type(outcome.value):
            numbers += ("It was returned; write `raise`, not `return`.",)
        return Difference("missing error", what, numbers)
    if expected.fits(outcome.error):
        return None
    name = type(outcome.error).__name__
    if name == expected.type_name:
        name = "a class of your own with that name"
    what = f"A {expected.type_name} is asked for here, and your code raised {name}."
    return Difference("error", what, _said(outcome))


def _said(outcome: Outcome) -> tuple[str, ...]:
    """Say where an exception arose and what it says, leaving out what is empty."""
    where = f"At {outcome.line}" if outcome.line else ""
    said = str(outcome.error)[:LONGEST]
    return tuple(line for line in (where, said, outcome.shapes) if line)


def call_text(spec: Spec, case: Case) -> str:
    """Print the call that a case makes; where it is long, its largest arrays by their shapes."""
    names = drive.parameters(case.how, spec.parameters)
    largest = sorted((a.size for a in _arrays(case.args)), reverse=True)
    for most in (SMALL + 1, *(size for size in largest if size <= SMALL)):
        text = _call_text(spec, case, names, most)
        if len(text) <= LONGEST:
            return text
    return text[:LONGEST] + "..."


def _call_text(spec: Spec, case: Case, names: list[str], most: int) -> str:
    """Print a call in which arrays of `most` entries and more are not written out."""
    texts = [literal(arg, most) for arg in case.args]
    given = dict(zip(names, texts, strict=False))
    if "settings" in given:  # a constructor's arguments, in its own brackets
        given["settings"] = ", ".join(map(literal, case.args[names.index("settings")]))
    plain = f"{spec.name}({', '.join(given.values())})"
    return drive.READS.get(case.how, "{call}").format(call=plain, name=spec.name, **given)


def _arrays(item: Any) -> Iterator[np.ndarray]:
    """Yield the arrays among arguments, however deep they lie."""
    if isinstance(item, np.ndarray):
        yield item
    elif isinstance(item, (tuple, list, dict)):
        for inner in item.values() if isinstance(item, dict) else item:
            yield from _arrays(inner)
