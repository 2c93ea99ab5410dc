"""The status of each submission, what the checks said of it, and who is who, beside the grades.

nbgrader's own tables hold scores and nothing else, so they cannot tell a submission that could not
be read from one that earned no points.  The tables here can.  They are in the gradebook's own
database, so that a grade and its record are written in one transaction: after a crash there are
both or neither.  nbgrader does not touch tables that it does not know.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import UTC
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from nbgrader.api import Gradebook, Student
from sqlalchemy.engine import Connection

from autograder.pipeline.coursedir import OpenGradebook
from autograder.pipeline.records import Cell, Record
from autograder.startup import version_gradebooks_here

AT_ONCE = 500  # learners in one statement; databases limit the values that one may hold


_METADATA = sa.MetaData()
_OWNER = ("lesson", "student")
_NUMBERS = {"seconds", "score", "points"}


def _column(name: str) -> sa.Column:
    if name == "graded_at":
        return sa.Column(name, sa.DateTime, nullable=False)
    kind = sa.Float if name in _NUMBERS else sa.Text
    return sa.Column(name, kind, nullable=name in _NUMBERS)


RECORDS = sa.Table(
    "autograder_record",
    _METADATA,
    *(sa.Column(name, sa.String(128), primary_key=True) for name in _OWNER),
    *(_column(field.name) for field in fields(Record) if field.name != "cells"),
)
CELLS = sa.Table(
    "autograder_cell",
    _METADATA,
    *(sa.Column(name, sa.String(128), primary_key=True) for name in _OWNER),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    *(_column(field.name) for field in fields(Cell)),
)
# What each answer was when it was graded, see `autograder.pipeline.gradebook.answers`.
ANSWERS = sa.Table(
    "autograder_answers",
    _METADATA,
    *(sa.Column(name, sa.String(128), primary_key=True) for name in _OWNER),
    sa.Column("digests", sa.Text, nullable=False),
)
# What platforms call a learner; the number is theirs.
ACCOUNTS = sa.Table(
    "autograder_account",
    _METADATA,
    sa.Column("student", sa.String(128), nullable=False),
    sa.Column("platform", sa.String(32), primary_key=True),
    sa.Column("number", sa.String(128), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("lesson", sa.String(128), primary_key=True),
)
# What a lesson was when it was entered, see `autograder.pipeline.gradebook.structure`.
LESSONS = sa.Table(
    "autograder_lesson",
    _METADATA,
    sa.Column("lesson", sa.String(128), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
)


def read_records(
    db_url: str, lesson: str, students: Iterable[str] | None = None
) -> dict[str, Record]:
    """Return the record of each learner of whom there is one, sorted by name.

    Parameters
    ----------
    db_url : the gradebook's database, ``course.coursedir.db_url``
    students : only these; all when None

    Notes
    -----
    Two queries, however large the class.  {} where nothing has been graded yet.
    """
    if not is_there(db_url):
        return {}
    with connected(db_url) as connection:
        if not sa.inspect(connection).has_table(RECORDS.name):
            return {}
        return load(connection, lesson, students)


def is_there(db_url: str) -> bool:
    """Whether there is a gradebook; to open a file of SQLite's would make it."""
    url = sa.make_url(db_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def read_record(db_url: str, lesson: str, student: str) -> Record | None:
    """Return the record of one learner's submission, or None when there is none."""
    return read_records(db_url, lesson, [student]).get(student)


def write_records(db_url: str, lesson: str, records: Mapping[str, Record]) -> None:
    """Keep the records of these learners in place of earlier ones: all of them or, failing, none.

    Raises
    ------
    sqlalchemy.exc.SQLAlchemyError : when the database refuses; nothing has changed then
    """
    prepare(db_url)
    with connected(db_url) as connection, connection.begin():
        save(connection, lesson, records)


def with_tables(gradebook: Gradebook) -> Connection:
    """Return the transaction of an open gradebook, in which the tables are; the caller commits."""
    connection = gradebook.db.connection()
    _METADATA.create_all(connection)
    return connection


def prepare(db_url: str) -> None:
    """Make the tables, and the gradebook that they lie in, where they are not there yet."""
    version_gradebooks_here()
    with connected(db_url) as connection:
        there = sa.inspect(connection).get_table_names()
    if not set(_METADATA.tables) <= set(there):
        # nbgrader takes a database with any table in it for a complete gradebook.
        with OpenGradebook(db_url) as gradebook:
            _METADATA.create_all(gradebook.engine)


def load(
    connection: Connection, lesson: str, students: Iterable[str] | None = None
) -> dict[str, Record]:
    """Do what `read_records` does in the transaction of an open connection."""
    cells: dict[str, list[Cell]] = {}
    for row in _rows(connection, CELLS, lesson, students):
        values = dict(row)
        for name in (*_OWNER, "position"):
            del values[name]
        cells.setdefault(row["student"], []).append(Cell(**values))
    found = {}
    for row in _rows(connection, RECORDS, lesson, students):
        values = dict(row) | {"graded_at": row["graded_at"].replace(tzinfo=UTC)}
        for name in _OWNER:
            del values[name]
        found[row["student"]] = Record(**values, cells=tuple(cells.get(row["student"], ())))
    return found


def save(connection: Connection, lesson: str, records: Mapping[str, Record]) -> None:
    """Do what `write_records` does in the transaction of an open connection."""
    rows, cells = [], []
    for student, record in records.items():
        owner = {"lesson": lesson, "student": student}
        values = {f.name: getattr(record, f.name) for f in fields(Record) if f.name != "cells"}
        when = record.graded_at.astimezone(UTC).replace(tzinfo=None)
        rows.append(owner | values | {"graded_at": when})
        cells += [
            owner | {"position": position} | asdict(cell)
            for position, cell in enumerate(record.cells)
        ]
    for table, new in ((CELLS, cells), (RECORDS, rows)):
        replace_rows(connection, table, lesson, records, new)


def forget_removed(connection: Connection) -> None:
    """Remove what is kept of learners who have been removed from nbgrader's class list.

    Whoever is entered again later begins anew.
    """
    for table in (RECORDS, CELLS, ANSWERS, ACCOUNTS):
        gone = table.c.student.not_in(sa.select(Student.id))
        connection.execute(sa.delete(table).where(gone))


def replace_rows(
    connection: Connection, table: sa.Table, lesson: str, students: Iterable[str], new: list[dict]
) -> None:
    """Put new rows of these learners in the place of all that `table` has of them."""
    for names in some(students):
        old = (table.c.lesson == lesson) & table.c.student.in_(names)
        connection.execute(sa.delete(table).where(old))
    if new:
        connection.execute(sa.insert(table), new)


def _rows(
    connection: Connection, table: sa.Table, lesson: str, students: Iterable[str] | None
) -> Iterator[Mapping[str, Any]]:
    # Who has been removed from nbgrader's class list is gone.
    there = table.c.student.in_(sa.select(Student.id))
    wanted = sa.select(table).where(table.c.lesson == lesson, there).order_by(*table.primary_key)
    for names in some(students):
        query = wanted if names is None else wanted.where(table.c.student.in_(names))
        yield from connection.execute(query).mappings()


def some(students: Iterable[str] | None) -> Iterator[list[str] | None]:
    """Return the learners in parts that fit into one statement; one part, None, for all."""
    names = None if students is None else sorted(students)
    if names is None:
        yield None
        return
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]


@contextlib.contextmanager
def connected(db_url: str) -> Iterator[Connection]:
    """Open a connection of its own to the gradebook's database, for as long as it is used."""
    engine = sa.create_engine(db_url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
