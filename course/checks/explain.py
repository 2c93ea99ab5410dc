"""Say what lies behind a failure, in this order: the mistake's name, its line, the setting."""

from typing import Any

from course.checks import diagnose, locate, setting
from course.checks.cases import Case, Spec
from course.checks.faults import call_text, fault
from course.checks.report import Report
from course.checks.run import Outcome, run


def explain(
    report: Report,
    spec: Spec,
    answer: Any,
    cases: list[Case],
    outcomes: list[Outcome],
    located: bool,
) -> None:
    """Add to a report the one explanation that fits, if there is one.

    A name may come from withheld cases; lines and settings come from the visible ones alone, and
    only where they are asked for (`located`).
    """
    found = diagnose.misconception(cases, outcomes)
    if found:
        report.misconception = found
        report.name, report.hint = spec.misconceptions[found]
        return
    if fact := diagnose.pattern(cases, outcomes):
        report.details.append(fact)
    if not located or spec.kind == "prediction":
        return
    noted = {id(case): outcome for case, outcome in zip(cases, outcomes, strict=True)}
    line = locate.locate(spec, answer, noted)
    if line:
        report.line, report.place = line.number, line.place
        report.details += [
            f"Every case passes when line {line.number} changes in one place: {line.place}.",
            f"  {line.text}",
        ]
        return
    _tell_the_setting(report, spec, answer, noted)


def _tell_the_setting(report: Report, spec: Spec, answer: Any, noted: dict[int, Outcome]) -> None:
    """Say which one property the failed cases have, those of the other parts included."""
    failed, passed = [], []
    try:
        for case in (case for part in spec.parts for case in part.cases):
            if id(case) not in noted and case.how == "training":  # takes seconds
                continue
            outcome = noted.get(id(case)) or run(answer, case)
            (failed if fault(spec, case, outcome) else passed).append(case)
    except KeyboardInterrupt:  # the plain message stands
        return
    found = setting.setting(spec, failed, passed)
    if found is None:
        return
    report.setting = found.having
    report.details.append(f"Right where {found.lacking}, wrong where {found.having}.")
    first, small = next(c for c in failed if id(c) in noted), setting.smallest(failed)
    if small is not first:
        report.details.append(f"The smallest case that shows it: {call_text(spec, small)}")
