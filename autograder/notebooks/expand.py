"""Write out what a lesson's text only names: an exercise's tests, and functions that are given."""

from nbformat import NotebookNode

from autograder.notebooks.given import definitions
from autograder.notebooks.layout import Course
from autograder.notebooks.roles import ROLES
from autograder.notebooks.text import LessonText

TEST = """\
check("{name}", {name}, "{part}")
### BEGIN HIDDEN TESTS
from autograder.hidden_tests import withheld

withheld("{name}", {name}, "{part}")
### END HIDDEN TESTS"""
CHECK = 'check("{name}", {name})'


def expanded(lesson: LessonText, course: Course) -> LessonText:
    """Return a lesson's text with every cell written out.

    A cell with ``role="tests"`` becomes a test cell for each part of its exercise, except for parts
    that have a test cell of their own; a prediction without points gets a check.  A cell with
    ``role="given"`` and a ``from`` begins with the functions that it names.  A cell whose header
    does not fit the registry stays as it is: `autograder.notebooks.rules` refuses it.

    Raises
    ------
    CommandError
        If a cell with ``role="tests"`` is not empty, or a ``from`` names what is not there.
    """
    by_name = {exercise.name: exercise for exercise in course.exercises_of(lesson.name)}
    headers = [cell.metadata for cell in lesson.notebook.cells]
    written = {(h.get("exercise"), h["part"]) for h in headers if "part" in h}
    cells, lines, made_here = [], [], set()
    for number, cell in enumerate(lesson.notebook.cells):
        exercise = by_name.get(cell.metadata.get("exercise"))
        made = [cell]
        if cell.metadata.get("role") == "tests":
            if cell.source.strip():
                raise lesson.error(
                    'a cell with role="tests" is empty: the build writes its test cells. A test '
                    'of your own has role="test" and names its part.',
                    number,
                )
            fits = exercise and exercise.kind in ROLES["tests"].kinds
            if fits and "part" not in cell.metadata:
                made = _tests(cell, exercise, written)
        elif cell.metadata.get("role") == "given" and "from" in cell.metadata:
            header = {key: value for key, value in cell.metadata.items() if key != "from"}
            code = [*definitions(lesson, number, course), cell.source]
            made = [_with(cell, header, "\n\n\n".join(filter(None, code)))]
        if made != [cell]:
            made_here |= set(range(len(cells), len(cells) + len(made)))
        cells += made
        lines += [lesson.headers[number]] * len(made)
    notebook = NotebookNode({**lesson.notebook, "cells": cells})
    return LessonText(lesson.name, notebook, lines, frozenset(made_here))


def _tests(cell: NotebookNode, exercise, written: set) -> list[NotebookNode]:
    if not exercise.points:
        header = {**cell.metadata, "role": "check"}
        return [_with(cell, header, CHECK.format(name=exercise.name))]
    return [
        _with(
            cell,
            {**cell.metadata, "role": "test", "part": part.name},
            TEST.format(name=exercise.name, part=part.name),
        )
        for part in exercise.parts
        if (exercise.name, part.name) not in written
    ]


def _with(cell: NotebookNode, header: dict, source: str) -> NotebookNode:
    return NotebookNode({**cell, "metadata": NotebookNode(header), "source": source})
