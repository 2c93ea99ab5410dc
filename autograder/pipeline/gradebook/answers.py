"""Which answers have changed since a person graded them: digests of the answers, one row a learner.

nbgrader marks every score that a person gave to be looked at again as soon as anything is graded
anew.  Here it is marked only where the answer to which it was given is another one.
"""

import json
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from nbformat import NotebookNode
from nbgrader.utils import is_solution, is_task
from sqlalchemy.engine import Connection

from autograder.pipeline.gradebook.database import ANSWERS, replace_rows, some
from autograder.pipeline.gradebook.verdicts import exercise_and_part
from autograder.pipeline.keys import digest

OWN = ""  # stands for the learner's own code between the lesson's cells
DIGITS = 16


def answers_of(nb: NotebookNode) -> dict[str, str]:
    """Return a digest of each answer by its grade id, and of all the learner's own code."""
    found: dict[str, str] = {}
    own = []
    for cell in nb.cells:
        if "nbgrader" not in cell.metadata:
            own += [cell.source] if cell.cell_type == "code" else []
        elif is_solution(cell) or is_task(cell):
            text = json.dumps([cell.source, cell.get("attachments")], sort_keys=True)
            found[cell.metadata.nbgrader.grade_id] = digest(text.encode())[:DIGITS]
    return found | {OWN: digest("\n".join(own).encode())[:DIGITS]}


def changed(before: Mapping[str, str] | None, now: Mapping[str, str]) -> set[str]:
    """Return which answers differ; all of them where nothing is known of before."""
    if before is None:
        return set(now)
    return {name for name in {*before, *now} if before.get(name) != now.get(name)}


def is_answer_changed(grade_id: str, differ: set[str], answers: Iterable[str]) -> bool:
    """Whether the answer has changed to which the points of a graded cell were given."""
    return bool({grade_id, exercise_and_part(grade_id, answers)[0]} & differ)


def load_answers(
    connection: Connection, lesson: str, students: Iterable[str]
) -> dict[str, dict[str, str]]:
    """Return the digests of each learner of whom there are any, as they were last graded."""
    wanted = sa.select(ANSWERS.c.student, ANSWERS.c.digests).where(ANSWERS.c.lesson == lesson)
    return {
        student: json.loads(text)
        for names in some(students)
        for student, text in connection.execute(wanted.where(ANSWERS.c.student.in_(names)))
    }


def save_answers(
    connection: Connection, lesson: str, answers: Mapping[str, Mapping[str, str]]
) -> None:
    """Keep the digests of these learners in place of earlier ones."""
    rows = [
        {"lesson": lesson, "student": student, "digests": json.dumps(digests)}
        for student, digests in answers.items()
    ]
    replace_rows(connection, ANSWERS, lesson, answers, rows)
