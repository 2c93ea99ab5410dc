"""One lesson's graded cells in its own order, and where the lesson treats each exercise."""

import re
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from autograder.pipeline.gradebook.verdicts import exercise_and_part

HEADING = re.compile(r"(#{1,3})\s+(.+?)\s*#*\s*$")
FENCE = re.compile(r"\s*(```|~~~)")


@dataclass(frozen=True)
class Question:
    """One graded cell.

    Attributes
    ----------
    grade_id : its name in nbgrader
    exercise, part : its two halves; the part of a written answer is ""
    points : the most that it is worth
    by_hand : whether a person grades it
    """

    grade_id: str
    exercise: str
    part: str
    points: float
    by_hand: bool

    @property
    def title(self) -> str:
        """The exercise and, where there is one, the part: ``correlate1d, values``."""
        return f"{self.exercise}, {self.part}" if self.part else self.exercise


@dataclass(frozen=True)
class Place:
    """Where a lesson treats an exercise.

    Attributes
    ----------
    section : the heading under which it is explained, "" where there is none
    cell : number of the cell that begins with that heading
    """

    section: str = ""
    cell: int = 0


def questions(nb: NotebookNode) -> list[Question]:
    """Return the graded cells of a notebook, in its order."""
    answers = [cell.metadata.nbgrader.grade_id for cell in nb.cells if is_solution(cell)]
    found = []
    for cell in nb.cells:
        if is_grade(cell):
            mark = cell.metadata.nbgrader
            exercise, part = exercise_and_part(mark.grade_id, answers)
            found.append(Question(mark.grade_id, exercise, part, mark.points, is_solution(cell)))
    return found


def places(nb: NotebookNode) -> dict[str, Place]:
    """Return the section that explains each exercise, by the exercise's name.

    That is the last heading of the first or second level above its answer: headings below those
    name the exercise itself.
    """
    found, place = {}, Place()
    for number, cell in enumerate(nb.cells):
        if cell.cell_type == "markdown" and not is_solution(cell):
            for level, text in headings(cell.source):
                if level < 3:
                    place = Place(text, number)
        elif is_solution(cell):
            found[cell.metadata.nbgrader.grade_id] = place
    return found


def headings(markdown: str) -> list[tuple[int, str]]:
    """Return the level and text of each heading, those in blocks of code left out.

    Examples
    --------
    >>> headings("## Pad the ends\\n```\\n# no heading\\n```\\n### `pad1d`")
    [(2, 'Pad the ends'), (3, 'pad1d')]
    """
    found, fenced = [], False
    for line in markdown.splitlines():
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced and (match := HEADING.match(line)):
            found.append((len(match[1]), re.sub(r"[`*$]", "", match[2])))
    return found
