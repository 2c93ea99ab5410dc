"""Say what is wrong with one outcome, and print the call that gave it."""

from course.checks import drive
from course.checks.cases import Case, Raised, Spec
from course.checks.compare import Difference, compare, tolerance
from course.checks.run import Outcome
from course.checks.words import describe, describe_type, literal

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
    if found:
        return found
    if outcome.changed:
        parameters = drive.parameters(case.how, spec.parameters)
        names = " and ".join(f"`{parameters[i]}`" for i in outcome.changed)
        what = f"The result is right, but the call changed {names} in place."
        advice = "Work on a copy (`.copy()`): the caller may still need the original."
        return Difference("changed", f"{what} {advice}")
    if spec.fresh and outcome.shares:
        what = "The values are right, but the result shares its memory with the argument."
        advice = "Change one and the other changes: return a new array, such as `x.copy()`."
        return Difference("view", f"{what} {advice}")
    return None


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
    """Print the call that a case makes, shortened where it is long."""
    names = drive.parameters(case.how, spec.parameters)
    given = dict(zip(names, map(literal, case.args), strict=False))
    if "settings" in given:  # a constructor's arguments, in its own brackets
        given["settings"] = ", ".join(map(literal, case.args[names.index("settings")]))
    plain = f"{spec.name}({', '.join(given.values())})"
    reads = drive.READS.get(case.how, "{call}")
    text = reads.format(call=plain, name=spec.name, **given)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."
