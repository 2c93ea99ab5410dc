"""Feedback pages: what a learner earned, what the checks recognised, what to look at again.

``python -m autograder feedback LESSON`` and ``nbgrader generate_feedback`` write the same pages.
"""

import argparse
import glob
import html
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade, is_solution

from autograder import CommandError
from autograder.exercises import LESSONS
from autograder.pipeline.course import Course
from autograder.pipeline.records import FAILED, Record, read_records
from autograder.pipeline.verdicts import exercise_and_part, telling

# How each outcome is said to a learner; the mark is read out by its words, not by its colour.
MARKS = {"right": "✓", "wrong": "✗", "not written": "…", "barred": "✗", "stopped": "■"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lesson", help="lesson, as 01 or 01_sliding_window")
    parser.add_argument(
        "--student", action="append", default=[], metavar="NAME", help="only this learner"
    )


def run(args: argparse.Namespace) -> int:
    """Write the pages and say where they are; 1 if one of them could not be written."""
    from autograder.pipeline.grade import lesson_name

    course = Course(Path.cwd())
    lesson = lesson_name(course, args.lesson)
    pages, failures = write_feedback(course, lesson, args.student)
    for student, reason in failures.items():
        print(f"{student}: no page, {reason}")
    print(f"{len(pages)} feedback pages in {course.coursedir.feedback_directory}/STUDENT/{lesson}/")
    return 1 if failures else 0


def write_feedback(
    course: Course, lesson: str, students: list[str] | None = None
) -> tuple[list[Path], dict[str, str]]:
    """Write the page of every graded submission of `lesson`; one failure stops no other.

    Returns
    -------
    (pages, failures) : the files written, and why there is none by learner
    """
    records = read_records(course.coursedir.db_url, lesson)
    if not (students or records):
        raise CommandError(
            f"Nothing of {lesson} is graded. Run `python -m autograder grade {lesson}` first."
        )
    pages, failures = [], {}
    for student in students or records:
        record = records.get(student) or Record(FAILED)
        if not record.is_graded:
            failures[student] = record.said
            continue
        try:
            course.convert(GenerateFeedback, lesson, student_id=glob.escape(student))
        except NbGraderException as error:
            failures[student] = str(error)
            continue
        pages.append(feedback_page(course, lesson, student))
    return pages, failures


def feedback_page(course: Course, lesson: str, student: str) -> Path:
    """Return where the feedback page of one learner is written."""
    folder = course.coursedir.format_path(course.coursedir.feedback_directory, student, lesson)
    return Path(folder) / f"{lesson}.html"


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML with the course's template, which carries all it needs and no script."""

    export_from_notebook = None

    def default_filters(self):
        """Add the filter with which the template shows a report's sentences."""
        yield from super().default_filters()
        yield ("sentence", sentence)


def sentence(text: str) -> str:
    """Escape a sentence and set what stands between backquotes in a code font.

    Examples
    --------
    >>> sentence("`x < y` is wrong")
    '<code>x &lt; y</code> is wrong'
    """
    pieces = html.escape(text or "").split("`")
    if len(pieces) % 2 == 0:
        return html.escape(text)
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(pieces))


class Summarize(GetGrades):
    """Collect points, comments and what the checks said into ``resources["feedback"]``."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Read the grades as nbgrader does, then make the summary."""
        nb, resources = super().preprocess(nb, resources)
        names, verdict = resources["nbgrader"], nb.metadata.get("autograder", {})
        waiting = self._waiting(names)
        answers = [cell.metadata.nbgrader.grade_id for cell in nb.cells if is_solution(cell)]
        rows = []
        for cell in nb.cells:
            if is_grade(cell):
                row = _row(cell, verdict.get("cells", {}), answers, waiting)
                cell.metadata["feedback"] = row
                rows.append(row)
        titles = {lesson.name: lesson.title for lesson in LESSONS}
        resources["feedback"] = {
            "title": titles.get(names["assignment"], names["assignment"]),
            "lesson": names["assignment"],
            "student": names["student"],
            "status": verdict.get("status", ""),
            "reason": verdict.get("reason", ""),
            "score": names["score"],
            "max_score": names["max_score"],
            "late_penalty": names["late_penalty"],
            "by_hand": sum(row["points"] for row in rows if row["waits"]),
            "rows": rows,
            "again": _again(rows),
        }
        return nb, resources

    def _waiting(self, names: dict) -> set[str]:
        """Return the grade ids that no one has graded yet; nbgrader shows them as 0."""
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            return {
                grade.name
                for grade in notebook.grades
                if grade.auto_score is None and grade.manual_score is None
            }


def _row(cell: NotebookNode, verdicts: dict, answers: list[str], waiting: set[str]) -> dict:
    """Return what the summary says about one graded cell."""
    mark = cell.metadata.nbgrader
    judged = verdicts.get(mark.grade_id, {})
    exercise, part = exercise_and_part(mark.grade_id, answers)
    said = telling(judged.get("reports", []))
    outcome = judged.get("outcome", "")
    return {
        "anchor": f"cell-{mark.grade_id}",
        "exercise": exercise,
        "part": part,
        "score": mark.score,
        "points": mark.points,
        "waits": mark.grade_id in waiting,
        "judged": bool(judged),
        "outcome": outcome,
        "mark": MARKS.get(outcome, ""),
        "headline": said.get("headline", ""),
        "name": said.get("name", ""),
        "hint": said.get("hint", ""),
        "comment": mark.get("comment") or "",
    }


def _again(rows: list[dict]) -> list[dict]:
    """Return one entry for each exercise that lost points to a judged part, in lesson order.

    What was said of several parts alike is said once, with the names of all of them.
    """
    entries: dict[str, dict] = {}
    for row in rows:
        if row["judged"] and row["score"] < row["points"]:
            entry = {"exercise": row["exercise"], "anchor": row["anchor"], "says": {}}
            entry = entries.setdefault(row["exercise"], entry)
            # A recognised mistake says it all; how many cases differ stands at the test itself.
            headline = "" if row["name"] else row["headline"] or row["outcome"]
            said = {"headline": headline, "name": row["name"], "hint": row["hint"], "parts": []}
            same = entry["says"].setdefault((headline, row["name"], row["hint"]), said)
            same["parts"].append(row["part"])
    return [entry | {"says": list(entry["says"].values())} for entry in entries.values()]
