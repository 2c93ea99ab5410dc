"""nbgrader's own export, blank where nothing is graded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from nbgrader.api import Assignment, Gradebook
from nbgrader.plugins import ExportPlugin
from sqlalchemy.engine import Connection

from autograder.pipeline.gradebook.database import load, prepare
from autograder.pipeline.gradebook.late import Lateness
from autograder.pipeline.gradebook.sheets import people, read_sheets
from autograder.pipeline.reports.export import PERSON, said_status, shows_grades, total
from autograder.pipeline.reports.tables import write_table

COLUMNS = (
    *("assignment", "duedate", "timestamp", *PERSON),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status"),
)


class CourseExport(ExportPlugin):
    """Write grades as CSV in nbgrader's columns, and one more: the status.

    ``score`` is blank until every part is graded; ``raw_score`` is what has been earned so far
    and is blank where nothing has been graded.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file named by ``--to``, grades.csv by default."""
        prepare(self.parent.coursedir.db_url)
        lateness = Lateness(self.parent)
        for lesson in gradebook.db.scalars(sa.select(Assignment.name)).all():
            lateness.enter(gradebook.db, lesson)
        gradebook.db.commit()
        path = Path(self.to or "grades.csv")
        write_table(path, COLUMNS, self._rows(gradebook.db.connection()), "utf-8")
        self.log.info("Wrote %s", path)

    def _rows(self, connection: Connection) -> Iterator[list[Any]]:
        known = people(connection)
        wanted = [name for name in sorted(known) if not self.student or name in self.student]
        lessons = connection.execute(
            sa.select(Assignment.name, Assignment.duedate, Assignment.max_score).order_by(
                Assignment.duedate, Assignment.name
            )
        ).all()
        for lesson, due, possible in lessons:
            if self.assignment and lesson not in self.assignment:
                continue
            records, sheets = load(connection, lesson), read_sheets(connection, lesson)
            for student in wanted:
                record, sheet = records.get(student), sheets.get(student)
                scores: list[Any] = [None, None, None]
                if shows_grades(record, sheet):
                    scores = [sheet.earned, sheet.late_penalty, total(sheet)]
                when = sheet.timestamp if sheet else None
                status = said_status(record, sheet)
                yield [lesson, due, when, *known[student], *scores, possible, status]
