"""Enter the cells of a lesson into the gradebook, where something has changed.

nbgrader makes the student version for that and commits every cell by itself, which takes longer
than to grade a submission.
"""

import hashlib
import json

import nbgrader
import sqlalchemy as sa
from nbgrader.api import Assignment, GradeCell, Notebook, SolutionCell, SourceCell, TaskCell
from sqlalchemy.engine import Connection

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import LESSONS, connected, is_there, prepare
from autograder.pipeline.lesson import source_path

KINDS = (Notebook, GradeCell, SolutionCell, TaskCell, SourceCell)


def enter(course: NbgraderCourse, lesson: str) -> None:
    """Enter the lesson's cells and points, unless the gradebook has them already.

    It has them where nothing has changed since they were entered: not the built lesson, not
    nbgrader and its settings, not the cells in the gradebook.

    Raises
    ------
    CommandError : as `NbgraderCourse.register` does
    """
    db_url = course.coursedir.db_url
    if is_there(db_url):
        with connected(db_url) as connection:
            if _stands(connection, course, lesson):
                return
    course.register(lesson)
    prepare(db_url)
    with connected(db_url) as connection, connection.begin():
        row = {"lesson": lesson, "digest": _digest(connection, course, lesson)}
        connection.execute(sa.delete(LESSONS).where(LESSONS.c.lesson == lesson))
        connection.execute(sa.insert(LESSONS), row)


def _stands(connection: Connection, course: NbgraderCourse, lesson: str) -> bool:
    if not sa.inspect(connection).has_table(LESSONS.name):
        return False
    kept = connection.scalar(sa.select(LESSONS.c.digest).where(LESSONS.c.lesson == lesson))
    return kept == _digest(connection, course, lesson)


def _digest(connection: Connection, course: NbgraderCourse, lesson: str) -> str:
    """Return the digest of what decides which cells are entered, and of the cells there are."""
    notebooks = source_path(course.coursedir, lesson, lesson).parent.glob("*.ipynb")
    built = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in notebooks}
    settings = {name: of for name, of in course.app.config.items() if name != "CourseDirectory"}
    decides = [nbgrader.__version__, course.coursedir.course_id, settings, built]
    entered = [_rows(connection, kind, lesson) for kind in KINDS]
    text = json.dumps([decides, entered], sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(connection: Connection, kind: type, lesson: str) -> list[list]:
    """Return the lesson's notebooks, or their cells of one kind, without the ids of rows."""
    columns = [column for column in sa.inspect(kind).columns if not column.foreign_keys]
    query = sa.select(Notebook.name, *(column for column in columns if not column.primary_key))
    query = query.select_from(Notebook).join(Assignment, Assignment.id == Notebook.assignment_id)
    if kind is not Notebook:
        query = query.join(kind, kind.notebook_id == Notebook.id)
    return sorted(map(list, connection.execute(query.where(Assignment.name == lesson))), key=str)


def _plain(value: object) -> object:
    """Return sets in order, and what else JSON cannot hold, such as classes, by its name."""
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)
