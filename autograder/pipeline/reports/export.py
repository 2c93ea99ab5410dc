"""The points of every question as CSV, blank where nothing is graded.

nbgrader's own export writes 0.0 for a submission that is missing, unreadable or ungraded.
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from nbgrader.api import Assignment
from sqlalchemy.engine import Connection

from autograder import CommandError
from autograder.exercises import LESSONS
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import RECORDS, connected, load, prepare
from autograder.pipeline.gradebook.late import reckon_penalties
from autograder.pipeline.gradebook.questions import questions
from autograder.pipeline.gradebook.sheets import Sheet, people, read_sheets
from autograder.pipeline.lesson import source_notebook
from autograder.pipeline.records import MISSING, Record
from autograder.pipeline.reports.tables import write_table

PERSON = ("student_id", "last_name", "first_name", "email")


def export_questions(course: NbgraderCourse, wanted: list[str], to: Path) -> tuple[int, list[str]]:
    """Write one row a learner and one column a question; return how many rows, and the lessons.

    Parameters
    ----------
    wanted : lessons; every lesson with a submission in the gradebook when empty

    Raises
    ------
    CommandError : when nothing is graded, or the file cannot be written
    """
    prepare(course.coursedir.db_url)
    with connected(course.coursedir.db_url) as connection:
        lessons = wanted or _graded_lessons(connection)
    reckon_penalties(course, lessons)
    with connected(course.coursedir.db_url) as connection:
        known = people(connection)
        parts = [_Columns(course, connection, lesson) for lesson in lessons]
    if not any(part.records or part.sheets for part in parts):
        raise CommandError(
            f"Nothing of {', '.join(wanted) or 'any lesson'} is graded. "
            "Run `python -m autograder grade LESSON` first."
        )
    rows = [
        [*known[student], *(value for part in parts for value in part.row(student))]
        for student in sorted(known)
    ]
    header = [*PERSON, *(name for part in parts for name in part.header)]
    try:
        write_table(to, header, rows)
    except OSError as error:
        raise CommandError(f"{to} cannot be written: {error.strerror}.") from error
    return len(rows), lessons


class _Columns:
    """What the table says of one lesson: its status, each question, and the whole."""

    def __init__(self, course: NbgraderCourse, connection: Connection, lesson: str):
        self.records = load(connection, lesson)
        self.sheets = read_sheets(connection, lesson)
        asked = questions(source_notebook(course.coursedir, lesson, lesson))
        numbers = {known.name: known.number for known in LESSONS}
        short = numbers.get(lesson, lesson)
        self._cells = [question.grade_id for question in asked]
        self.header = [
            f"{short} status",
            *(f"{short} {q.exercise} {q.part}".rstrip() + f" ({q.points:g})" for q in asked),
            f"{short} late penalty",
            f"{short} score ({sum(q.points for q in asked):g})",
        ]

    def row(self, student: str) -> list[Any]:
        """Return one learner's cells."""
        record, sheet = self.records.get(student), self.sheets.get(student)
        status = said_status(record, sheet)
        if not shows_grades(record, sheet):
            return [status, *([None] * (len(self.header) - 1))]
        marks = [sheet.marks.get(cell) for cell in self._cells]
        return [
            status,
            *(mark.score if mark else None for mark in marks),
            sheet.late_penalty,
            total(sheet),
        ]


def said_status(record: Record | None, sheet: Sheet | None) -> str:
    """Say what became of a submission, and how many answers wait for a person."""
    if record is not None:
        said = record.said
    elif sheet is not None:
        said = "graded" if sheet.is_graded else "not graded"
    else:
        said = MISSING
    waiting = sheet.waiting if shows_grades(record, sheet) else 0
    if not waiting:
        return said
    again = f" (changed since: {', '.join(sheet.again)})" if sheet.again else ""
    return f"{said}; {waiting} to grade by hand{again}"


def shows_grades(record: Record | None, sheet: Sheet | None) -> bool:
    """Whether the gradebook's scores are this submission's.

    One without a record was graded by nbgrader alone; one whose record says that it could not be
    graded may still have an earlier submission's scores.
    """
    return sheet is not None and sheet.is_graded and (record is None or record.is_graded)


def total(sheet: Sheet) -> float | None:
    """Return the points with the penalty taken off, None while a person has still to grade."""
    return None if sheet.waiting else max(0.0, sheet.earned - sheet.late_penalty)


def _graded_lessons(connection: Connection) -> list[str]:
    """Return the lessons with a submission, or a record of one, in the course's order."""
    submitted = sa.select(Assignment.name).join(Assignment.submissions)
    recorded = sa.select(RECORDS.c.lesson)
    return sorted({*connection.scalars(submitted), *connection.scalars(recorded)})
