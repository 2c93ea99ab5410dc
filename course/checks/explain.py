"""Say what lies behind a failure: the mistake's name, else its line, its setting, its extent."""

import itertools
from typing import Any

from course.checks import diagnose, extent, locate, setting, steady
from course.checks.cases import Case, Spec
from course.checks.faults import call_text, fault
from course.checks.report import Report
from course.checks.run import Outcome, run
from course.checks.source import source_of


def explain(
    report: Report,
    spec: Spec,
    answer: Any,
    cases: list[Case],
    outcomes: list[Outcome],
    located: bool,
) -> None:
    """Add to a report the one explanation that fits, if there is one.

    A name may come from withheld cases; the rest comes from the visible ones alone, and only where
    it is asked for (`located`).  Of an answer that gives something else each time, only this is
    told.
    """
    found = diagnose.misconception(cases, outcomes)
    failed, passed = [], []
    for case, outcome in zip(cases, outcomes, strict=True):
        (failed if fault(spec, case, outcome) else passed).append((case, outcome))
    if spec.kind != "prediction" and (located or found):
        report.extent = _unsteady(answer, failed, passed, cases)
        if report.extent:
            report.details.append(report.extent)
            return
    if found:
        report.misconception = found
        report.name, report.hint = spec.misconceptions[found]
        return
    fact = diagnose.pattern(cases, outcomes)
    if fact:
        report.extent = fact
        report.details.append(fact)
    if not located or spec.kind == "prediction":
        return
    noted = {id(case): outcome for case, outcome in zip(cases, outcomes, strict=True)}
    line = locate.locate(spec, answer, noted)
    if line:
        report.line, report.place = line.number, line.place
        if line.misconception:
            report.misconception = line.misconception
            report.name, report.hint = spec.misconceptions[line.misconception]
            what = f"Beside the mistake that is named below, line {line.number} has to change"
        else:
            what = f"Every case passes when line {line.number} changes"
        report.details += [f"{what} in one place: {line.place}.", f"  {line.text}"]
        return
    if _tell_the_setting(report, spec, answer, noted) or fact:
        return
    report.extent = extent.extent(spec, failed)
    report.details += [report.extent] if report.extent else []


def _unsteady(answer: Any, failed: list, passed: list, cases: list[Case]) -> str:
    fresh = source_of(answer)
    if fresh and not locate.may_be_tried(fresh):
        return ""
    first = failed[0][0] if failed else None
    before = list(itertools.takewhile(lambda case: case is not first, cases))
    return steady.unsteady(answer, failed, passed, fresh, before)


def _tell_the_setting(report: Report, spec: Spec, answer: Any, noted: dict[int, Outcome]) -> bool:
    """Say which one property the failed cases have, those of the other parts included, if any.

    That every result is wrong, and what is to be refused is refused, is no news; nor is a setting
    where the argument is changed in place, which has been told.
    """
    if report.fault == "changed":
        return False
    failed, passed = [], []
    try:
        for case in (case for part in spec.parts for case in part.cases):
            if id(case) not in noted and case.how == "training":  # takes seconds
                continue
            outcome = noted.get(id(case)) or run(answer, case)
            (failed if fault(spec, case, outcome) else passed).append(case)
    except KeyboardInterrupt:  # the plain message stands
        return False
    found = setting.setting(spec, failed, passed)
    if found is None or found.having == "there is a result":
        return False
    report.setting = found.having
    report.details.append(f"Right where {found.lacking}, wrong where {found.having}.")
    first, small = next(c for c in failed if id(c) in noted), setting.smallest(failed)
    if small is not first:
        report.details.append(f"The smallest case that shows it: {call_text(spec, small)}")
    return True
