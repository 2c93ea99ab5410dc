"""Tell one mistake at length once, and in one line under the other parts of its exercise."""

from dataclasses import replace
from typing import Any

from course.checks.report import Report

# Exercise -> the answer, what was told of it, and under which part.
_told: dict[str, tuple[Any, tuple, str]] = {}


def brief(report: Report, answer: Any) -> Report:
    """Return the report, or one line where another part has told the same of this answer.

    Parameters
    ----------
    report : what is to be shown now
    answer : the function or class that was checked; a new one is told of at length
    """
    what = (report.misconception or "", report.line, report.setting)
    if report.status != "wrong" or not any(what):
        return report
    old, told, part = _told.get(report.exercise, (None, (), ""))
    if old is not answer or told != what or part == report.part:
        _told[report.exercise] = answer, what, report.part
        return report
    same = report.name or (
        f"line {report.line}" if report.line else f"wrong where {report.setting}"
    )
    where = f"part {part}" if part else "the check of all parts"
    details = [f"As under {where}: {same}."]
    return replace(report, details=details, name="", hint="")
