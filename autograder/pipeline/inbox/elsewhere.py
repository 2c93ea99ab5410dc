"""Tell the notebook of another lesson: what one lesson gives may be what another asks for."""

from collections import Counter

from nbformat import NotebookNode

from autograder.exercises import EXERCISES, LESSONS
from autograder.judge.code import defined, normal


def other_lesson(submission: NotebookNode, lesson: str, blank: NotebookNode) -> str:
    """Return which other lesson of the course a notebook is, or "".

    It is told by its answers' marks; where an editor has dropped them, by the exercises that its
    cells define, those of the lesson's own given cells left out.

    Parameters
    ----------
    blank : `lesson` as it was given out
    """
    names = {known.number: known.name for known in LESSONS}
    if lesson not in names.values():
        return ""
    marks = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in submission.cells}
    found = _counted(marks, names) or _counted(_defined(submission, lesson, blank), names)
    if not found:
        return ""
    most, count = found.most_common(1)[0]
    return most if most != lesson and count > found[lesson] else ""


def _counted(marks: set, names: dict[str, str]) -> Counter:
    return Counter(names[EXERCISES[mark].lesson] for mark in marks if mark in EXERCISES)


def _defined(submission: NotebookNode, lesson: str, blank: NotebookNode) -> set[str]:
    """Return the exercises that the cells of a notebook define."""
    given = {normal(cell.source) for cell in blank.cells}
    found = set()
    for cell in submission.cells:
        if cell.cell_type == "code":
            own = normal(cell.source) not in given
            found |= {
                name
                for name in defined(cell.source) & EXERCISES.keys()
                if own or lesson.startswith(EXERCISES[name].lesson)
            }
    return found
