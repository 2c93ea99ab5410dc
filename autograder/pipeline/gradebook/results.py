"""What a class earned: one row for each learner, read with a few queries for any size of class."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment
from sqlalchemy.engine import Connection

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import connected, load, prepare, some
from autograder.pipeline.gradebook.sheets import of_submissions, only
from autograder.pipeline.gradebook.verdicts import diagnosis
from autograder.pipeline.records import Record


@dataclass(frozen=True)
class Result:
    """One learner's row.  `score` is None where nothing was graded, which is not the same as 0."""

    student: str
    record: Record
    score: float | None = None  # what a person gave included, late penalties not taken off
    max_score: float | None = None
    by_hand: int = 0  # answers that wait for a person
    again: tuple[str, ...] = ()  # cells of which a person's points are of an earlier answer

    @property
    def points(self) -> str:
        """The points as people read them: ``12 / 20 + 2 by hand``; empty where not graded."""
        if self.score is None:
            return ""
        hand = [f"{self.by_hand} by hand"] if self.by_hand else []
        hand += [f"changed since: {', '.join(self.again)}"] if self.again else []
        return f"{self.score:g} / {self.max_score:g}" + (f" ({'; '.join(hand)})" if hand else "")

    @property
    def diagnosis(self) -> str:
        """What the checks recognised, in one line."""
        return diagnosis(self.record)


def results(
    course: NbgraderCourse, lesson: str, students: Iterable[str] | None = None
) -> dict[str, Result]:
    """Return the learners' results as they stand now, sorted by name.

    Parameters
    ----------
    students : these learners, also those of whom nothing is known; all with a record when None
    """
    prepare(course.coursedir.db_url)
    with connected(course.coursedir.db_url) as connection:
        return load_results(connection, lesson, students)


def load_results(
    connection: Connection, lesson: str, students: Iterable[str] | None = None
) -> dict[str, Result]:
    """Do what `results` does in the transaction of an open connection."""
    names = None if students is None else sorted(students)
    records = load(connection, lesson, names)
    if names is not None:
        records = {name: records.get(name) or Record("") for name in names}
    scores, again = _scores(connection, lesson, names), _again(connection, lesson, names)
    possible = connection.scalar(sa.select(Assignment.max_score).where(Assignment.name == lesson))
    return {
        student: Result(
            *(student, record, scores[student][0], possible, scores[student][1]),
            again=tuple(again.get(student, ())),
        )
        if record.is_graded and student in scores
        else Result(student, record)
        for student, record in records.items()
    }


def _scores(
    connection: Connection, lesson: str, students: list[str] | None
) -> dict[str, tuple[float, int]]:
    """Return each learner's score and the number of answers that wait for a person."""
    waiting = sa.func.sum(sa.case((Grade.needs_manual_grade, 1), else_=0))
    query = of_submissions(Grade, lesson).add_columns(sa.func.sum(Grade.score), waiting)
    query = query.group_by(SubmittedAssignment.student_id)
    return {
        student: (score, by_hand)
        for part in some(students)
        for student, score, by_hand in connection.execute(only(query, part))
    }


def _again(connection: Connection, lesson: str, students: list[str] | None) -> dict[str, list[str]]:
    """Return the cells whose answers have changed since a person gave them points."""
    query = of_submissions(Grade, lesson).add_columns(BaseCell.name)
    query = query.where(Grade.needs_manual_grade, Grade.manual_score.is_not(None))
    found: dict[str, list[str]] = {}
    for part in some(students):
        for student, cell in connection.execute(only(query, part)):
            found.setdefault(student, []).append(cell)
    return found
