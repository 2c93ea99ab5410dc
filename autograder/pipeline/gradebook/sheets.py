"""What the gradebook holds of a class, cell by cell, in a few queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.engine import Connection

from autograder.pipeline.gradebook.database import connected, load, prepare, some
from autograder.pipeline.records import Record


@dataclass(frozen=True)
class Mark:
    """One graded cell of one learner.

    Attributes
    ----------
    score : points, with extra credit; None where nothing and nobody has graded it yet
    waits : whether a person has still to look at it, also where there is a score already
    again : whether that is because the answer has changed since a person gave it points
    """

    score: float | None
    waits: bool
    again: bool = False


@dataclass
class Sheet:
    """What one learner has in the gradebook for one lesson.

    Attributes
    ----------
    marks, comments : by the cell's grade id
    late_penalty : points that lateness costs
    timestamp : when it was handed in, in UTC; None when unknown
    """

    marks: dict[str, Mark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    late_penalty: float = 0.0
    timestamp: datetime | None = None

    @property
    def is_graded(self) -> bool:
        """Whether anything here has a score."""
        return any(mark.score is not None for mark in self.marks.values())

    @property
    def earned(self) -> float:
        """The points so far, before a penalty."""
        return sum(mark.score or 0.0 for mark in self.marks.values())

    @property
    def waiting(self) -> int:
        """How many cells a person has still to look at."""
        return sum(mark.waits for mark in self.marks.values())

    @property
    def again(self) -> list[str]:
        """The cells whose answers have changed since a person gave them points."""
        return [name for name, mark in self.marks.items() if mark.again]


def read_sheets(
    connection: Connection, lesson: str, students: Iterable[str] | None = None
) -> dict[str, Sheet]:
    """Return the sheet of every learner with a submission in the gradebook, sorted by name.

    Parameters
    ----------
    students : only these; all when None
    """
    names = None if students is None else list(students)
    scored = sa.or_(Grade.auto_score.is_not(None), Grade.manual_score.is_not(None))
    marks = of_submissions(Grade, lesson).add_columns(
        BaseCell.name, Grade.score, scored, Grade.needs_manual_grade, Grade.manual_score
    )
    said = sa.or_(Comment.manual_comment.is_not(None), Comment.auto_comment.is_not(None))
    comments = of_submissions(Comment, lesson).add_columns(BaseCell.name, Comment.comment)
    handed = (
        sa.select(
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            sa.func.sum(SubmittedNotebook.late_submission_penalty),
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .where(Assignment.name == lesson)
        .group_by(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
    )
    sheets: dict[str, Sheet] = {}
    for part in some(names):
        for student, when, penalty in connection.execute(only(handed, part)):
            sheets[student] = Sheet(timestamp=when, late_penalty=penalty or 0.0)
        for student, cell, score, graded, waits, by_hand in connection.execute(only(marks, part)):
            again = waits and by_hand is not None
            sheets[student].marks[cell] = Mark(score if graded else None, waits, again)
        for student, cell, comment in connection.execute(only(comments.where(said), part)):
            sheets[student].comments[cell] = comment
    return dict(sorted(sheets.items()))


def read_class(
    db_url: str, lesson: str, students: Iterable[str] | None = None
) -> tuple[dict[str, Record], dict[str, Sheet]]:
    """Return the records and the sheets of a class, or of some of its learners."""
    prepare(db_url)
    with connected(db_url) as connection:
        return load(connection, lesson, students), read_sheets(connection, lesson, students)


def people(connection: Connection) -> dict[str, tuple]:
    """Return who is in the gradebook: name -> (name, last name, first name, email)."""
    columns = (Student.id, Student.last_name, Student.first_name, Student.email)
    return {row[0]: tuple(row) for row in connection.execute(sa.select(*columns))}


def of_submissions(table: type[Grade] | type[Comment], lesson: str) -> sa.Select:
    """Select the learners to whom the rows of `table` belong."""
    return (
        sa.select(SubmittedAssignment.student_id)
        .select_from(table)
        .join(SubmittedNotebook, SubmittedNotebook.id == table.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(BaseCell, BaseCell.id == table.cell_id)
        .where(Assignment.name == lesson)
    )


def only(query: sa.Select, students: list[str] | None) -> sa.Select:
    return query if students is None else query.where(SubmittedAssignment.student_id.in_(students))
