"""What a report says of a withheld case: fixed sentences only.

An answer that has a withheld input could write it into names of types, messages, lines of code,
shapes, counts or times.  So none of these are passed on: a report keeps its status, the
misconception that was recognised, and the kind of difference.
"""

from dataclasses import replace

from course.checks.again import SAID
from course.checks.diagnose import PATTERNS
from course.checks.report import Report

HEADLINES = {
    "right": "right on the withheld cases.",
    "wrong": "not right yet on the withheld cases.",
    "not written": "not written yet.",
    "barred": "the answer's cell uses what does this exercise's work.",
    "stopped": "stopped on a withheld case.",
}
# By `Difference.kind`, of the first case that fails.
FAULTS = {
    "type": "The result is of another type than the one that is asked for.",
    "shape": "The shape or length is not the expected one.",
    "values": "The type and shape are right, the values are not.",
    "nan": "Some values are nan, not a number: something was divided by 0, or never set.",
    "precision": "The values are close, but less exact than float64 computes them.",
    "error": "Your code raised an exception where a result, or another one, is asked for.",
    "missing error": "An exception is asked for here, and your answer gave a result.",
    "changed": "The call changed an argument in place. Work on a copy.",
    "view": "The values are right, but the result shares its memory with the argument.",
}


def in_our_words(report: Report) -> Report:
    """Return what may be said of a report on withheld cases."""
    fixed = {line for line, _ in PATTERNS}
    headline, details = HEADLINES[report.status], []
    for told, why in SAID:
        if report.headline == told:
            headline, details = told, [why]
    if not details and report.status == "wrong":
        details = [FAULTS[report.fault]] if report.fault in FAULTS else []
        details += [line for line in report.details if line in fixed]
    unsaid = {"line": 0, "place": "", "setting": "", "extent": ""}
    return replace(report, headline=headline, details=details, **unsaid)
