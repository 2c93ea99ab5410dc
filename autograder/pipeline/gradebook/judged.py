"""The judge's verdict as the autograded notebook keeps it."""

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from autograder import CommandError
from autograder.judge import Verdict

# What of a report is kept with the grade: enough for feedback.  Of a withheld case every one of
# these is a sentence of ours, see `course.checks.withheld`.
KEPT = ("exercise", "part", "status", "headline", "details", "misconception", "name", "hint")
KEPT += ("line", "place", "setting", "extent")


def with_verdict(verdict: Verdict, blank: NotebookNode) -> NotebookNode:
    """Return the judged notebook with what the checks said, as it is kept.

    Parameters
    ----------
    blank : the lesson as it was given out
    """
    judged = verdict.notebook
    for name, cell in verdict.cells.items():
        judged.metadata.autograder["cells"][name]["reports"] = [
            {key: report.get(key) for key in KEPT} for report in cell.reports
        ]
    _set_checksums(judged, blank)
    return judged


def automatic_score(cell: NotebookNode, verdict: dict) -> float | None:
    """Return the points of a graded cell, None where a person has to give them.

    Parameters
    ----------
    verdict : the judge's, from the notebook's metadata

    Raises
    ------
    CommandError : for a test cell without a verdict, which nbgrader would give all its points
    """
    name = cell.metadata.nbgrader.grade_id
    if name in verdict["cells"]:
        return float(verdict["cells"][name]["score"])
    if not is_solution(cell):
        raise CommandError(f"The judge gave no score for the test cell {name!r}.")
    return determine_grade(cell)[0]


def automatic_comment(cell: NotebookNode) -> str | None:
    """Return nbgrader's remark on an answer that is as it was given out."""
    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    return "No response." if untouched and not is_task(cell) else None


def _set_checksums(judged: NotebookNode, blank: NotebookNode) -> None:
    """Set the checksums from which nbgrader tells an untouched answer from a written one."""
    given = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.checksum
        for cell in blank.cells
        if "nbgrader" in cell.metadata
    }
    for cell in judged.cells:
        mark = cell.metadata.get("nbgrader")
        if mark and mark.get("grade_id") in given:
            changed = is_grade(cell) and not is_solution(cell)
            mark["checksum"] = compute_checksum(cell) if changed else given[mark["grade_id"]]
