"""From cell roles to notebook metadata: what each cell of a lesson is to nbgrader and the judge."""

import copy
import hashlib
from collections import Counter
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.marks import HIDDEN, SOLUTION
from autograder.notebooks.text import LessonText
from course import widgets

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True)
class Role:
    """What one role asks of a cell and gives to it.

    Attributes
    ----------
    kinds : the kinds of exercise that the header may name; empty where it names none
    part : whether the header names a part as well
    grade, solution, locked : nbgrader's meaning of the cell
    tags : the cell's tags in every notebook
    marks : the marks that the cell has to hold, "" for none
    """

    cell_type: str = "code"
    kinds: tuple[str, ...] = ()
    part: bool = False
    grade: bool = False
    solution: bool = False
    locked: bool = False
    tags: tuple[str, ...] = ()
    marks: str = ""

    @property
    def graded(self) -> bool:
        """Whether nbgrader has to know the cell."""
        return self.grade or self.solution or self.locked


# Cells that begin like this show a figure, which wants a slide's room.
FIGURES = tuple(f"{name}(" for name in widgets.__all__)

CODE = ("function", "class")
# An unsolved test says so and the notebook runs on.
GOES_ON = ("raises-exception",)
ROLES = {
    "setup": Role(locked=True, tags=("judge-setup",)),
    "given": Role(locked=True, tags=("judge-setup",)),
    "prediction": Role(kinds=("prediction",), solution=True, tags=("prediction",), marks=SOLUTION),
    "answer": Role(kinds=CODE, solution=True, marks=SOLUTION),
    "test": Role(
        kinds=(*CODE, "prediction"), part=True, grade=True, locked=True, tags=GOES_ON, marks=HIDDEN
    ),
    "tests": Role(kinds=(*CODE, "prediction")),  # becomes test cells: see expand.py
    "check": Role(kinds=(*CODE, "prediction"), tags=GOES_ON),
    "written": Role("markdown", ("written",), grade=True, solution=True, marks=SOLUTION),
    "notes": Role("markdown"),  # what a lecturer says: in the deck alone, see text.without_notes
}


def source_notebook(lesson: LessonText, exercises) -> NotebookNode:
    """Return the lesson's source notebook: solutions, hidden tests and nbgrader's metadata.

    The text has passed `autograder.notebooks.rules.check_lesson` before; `exercises` are those of
    the lesson.  Ids depend on the lesson's content alone, so two builds give the same bytes.
    """
    by_name = {exercise.name: exercise for exercise in exercises}
    notebook = nbformat.v4.new_notebook(metadata=copy.deepcopy(KERNEL))
    used_ids, used_roles = Counter(), Counter()
    for cell in lesson.notebook.cells:
        role_name = cell.metadata.get("role")
        role = ROLES.get(role_name)
        metadata = {}
        if slideshow := cell.metadata.get("slideshow", _usual_slide(cell)):
            metadata["slideshow"] = dict(slideshow)
        tags = [*(role.tags if role else ()), *cell.metadata.get("tags", ())]
        if tags:
            metadata["tags"] = tags
        if role and role.graded:
            used_roles[role_name] += 1
            grade_id = grade_id_of(cell.metadata, used_roles[role_name])
            metadata["nbgrader"] = _nbgrader(role, cell, grade_id, by_name)
            stem = grade_id.replace("_", "-")
        else:
            digest = hashlib.sha256(cell.source.encode("utf-8")).hexdigest()[:12]
            stem = f"{cell.cell_type}-{digest}"
        used_ids[stem] += 1
        count = used_ids[stem]
        make = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
        identity = stem if count == 1 else f"{stem}-{count}"
        notebook.cells.append(make(cell.source, metadata=metadata, id=identity))
    return notebook


def _usual_slide(cell: NotebookNode) -> dict | None:
    """Return where a cell stands in the lesson's deck when its header does not say.

    What learners write, and what checks it, is not on the slides; a figure begins a new one.
    """
    if "role" in cell.metadata:
        return {"slide_type": "skip"}
    figure = cell.cell_type == "code" and cell.source.startswith(FIGURES)
    return {"slide_type": "subslide"} if figure else None


def grade_id_of(header, count: int) -> str:
    """Return nbgrader's id of a cell: its exercise and part, else its role and a count.

    Examples
    --------
    >>> grade_id_of({"role": "test", "exercise": "correlate1d", "part": "values"}, 1)
    'correlate1d_values'
    >>> grade_id_of({"role": "given"}, 2)
    'given_2'
    """
    if "exercise" in header:
        return "_".join(header[key] for key in ("exercise", "part") if key in header)
    return header["role"] if count == 1 else f"{header['role']}_{count}"


def _nbgrader(role: Role, cell: NotebookNode, grade_id: str, by_name: dict) -> dict:
    """Return a cell's nbgrader metadata; points come from the registry."""
    metadata = {
        "grade": role.grade,
        "grade_id": grade_id,
        "locked": role.locked,
        "schema_version": 3,
        "solution": role.solution,
        "task": False,
    }
    if role.grade:
        exercise = by_name[cell.metadata["exercise"]]
        part = cell.metadata.get("part")
        parts = [p for p in exercise.parts if part in (None, p.name)]
        metadata["points"] = sum(p.points for p in parts)
    return metadata
