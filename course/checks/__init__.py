"""Check an answer and learn at once whether it is right and, if not, which mistake it is.

>>> import numpy as np
>>> from course.checks import check
>>> check("last_output", 26)
✓ last_output: right, as you predicted.
"""

from typing import Any

from course.checks import cases, seen, shown, unrun
from course.checks.cases import PartCases, Spec
from course.checks.examine import examine
from course.checks.report import CheckFailed, Report, in_voila, show, somebody_reads
from course.checks.run import Outcome

__all__ = ["CheckFailed", "Report", "check"]

unrun.watch()


def check(exercise: str, answer: Any, part: str | None = None) -> None:
    """Try an answer on its visible cases and show what comes of it.

    Parameters
    ----------
    exercise : the exercise's name, for example ``"correlate1d"``
    answer : your function or class, or your predicted value
    part : one part of the exercise; all of them when left out

    Raises
    ------
    CheckFailed
        If the answer is not right yet.  A notebook shows the message and no traceback; of an answer
        that is not written it shows a card alone, where a person runs it, and so it does of every
        answer in a page that Voila makes.
    """
    outcomes: dict[int, Outcome] = {}
    report = _report(exercise, answer, part, outcomes)
    told, figure, read = report, "", somebody_reads()
    if read:
        told = seen.brief(report, answer)
        figure = _in_a_figure(exercise, part, outcomes) if told is report and outcomes else ""
    on_screen = show(told, figure)
    waits = report.status == "not written" and read
    if on_screen and (waits or in_voila()):
        return
    if report.status != "right":
        raise CheckFailed(report, on_screen)


def _parts(spec: Spec, part: str | None) -> list[PartCases]:
    return [p for p in spec.parts if part is None or p.name == part]


def _in_a_figure(exercise: str, part: str | None, outcomes: dict[int, Outcome]) -> str:
    """Return a failed case as a folded figure, or "": the message is complete without one."""
    spec = cases.spec(exercise)
    try:
        return shown.failed_case(spec, _parts(spec, part), outcomes)
    except Exception:  # a learner never sees the inside of a check
        return ""


def _report(exercise: str, answer: Any, part: str | None, outcomes: dict[int, Outcome]) -> Report:
    try:
        spec = cases.spec(exercise)
    except KeyError:
        known = ", ".join(cases.names())
        headline = f"there is no exercise of this name. The exercises are: {known}."
        return Report(str(exercise), "", "wrong", headline)
    parts = _parts(spec, part)
    if not parts:
        known = ", ".join(p.name for p in spec.parts)
        return Report(exercise, "", "wrong", f"it has no part {part!r}. Its parts are: {known}.")
    if isinstance(answer, unrun.Unrun):
        headline = "not run yet. Run the cell of your answer above, then this one again."
        return Report(exercise, part or "", "not written", headline)
    try:
        return examine(spec, answer, parts, known=outcomes)
    except Exception as error:  # a learner never sees the inside of a check
        headline = f"the check could not read your answer ({type(error).__name__}: {error})."
        return Report(exercise, part or "", "wrong", headline)
