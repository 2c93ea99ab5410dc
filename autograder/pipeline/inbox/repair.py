"""Restore a learner's notebook: find each cell of the release in it.

Editors strip metadata, learners copy, delete and rename cells.  What a cell is worth, whether it
is locked and what it is called comes from the release; the learner's notebook says only what
was written.
"""

import re
from collections import Counter
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.exercises import EXERCISES, LESSONS
from autograder.judge.find import found_in, wanted_cells

CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
TYPES = ("code", "markdown", "raw")


@dataclass(frozen=True)
class Repaired:
    """A valid notebook, and how much of the lesson was recognised in it."""

    notebook: NotebookNode
    found: int  # answer, test and written cells of the release that were found
    expected: int  # how many the release has


def repair(submission: NotebookNode, blank: NotebookNode) -> Repaired:
    """Return `submission` with the release's ids and metadata on every cell that it came from.

    Parameters
    ----------
    submission : the learner's notebook, nbformat 4, possibly damaged
    blank : the notebook as it was given out, see `autograder.pipeline.lesson`

    Notes
    -----
    Cells are found as the judge finds them, see `autograder.judge.find`.  Of two copies of an
    answer, the last one that differs from the stub counts; the other stays in the notebook as an
    ordinary cell.  Locked cells get the release's text back.  Cells that are
    not there are not added here: the judge knows what it needs.
    """
    cells = list(submission.cells)
    wanted = {cell.metadata.nbgrader.grade_id: cell for cell in _marked(blank)}
    chosen, _ = found_in(wanted_cells(blank), cells, blank)
    owned = {index: name for name, index in chosen.items() if name in wanted}
    taken = {cell.id for cell in blank.cells}
    repaired = []
    for index, cell in enumerate(cells):
        if index in owned:
            repaired.append(_restored(cell, wanted[owned[index]]))
        else:
            repaired.append(_ordinary(cell, index, taken))
    metadata = {key: blank.metadata[key] for key in blank.metadata if key != "widgets"}
    graded = {name for name, cell in wanted.items() if _counts(cell)}
    return Repaired(
        new_notebook(cells=repaired, metadata=metadata),
        found=len(graded & set(owned.values())),
        expected=len(graded),
    )


def other_lesson(submission: NotebookNode, lesson: str) -> str:
    """Return which other lesson of the course a notebook is, told by its answers' marks, or "".

    What one lesson gives may be what another asks for, so that its cells would earn points.
    """
    names = {known.number: known.name for known in LESSONS}
    marks = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in submission.cells}
    found = Counter(names[EXERCISES[mark].lesson] for mark in marks if mark in EXERCISES)
    if not found or lesson not in names.values():
        return ""
    most, count = found.most_common(1)[0]
    return most if most != lesson and count > found[lesson] else ""


def _restored(cell: NotebookNode, target: NotebookNode) -> NotebookNode:
    """Return `cell` as the release has `target`, with the learner's text where it may be edited."""
    mark = target.metadata.nbgrader
    source = _text(cell) if mark.solution else target.source
    made = _cell(target.cell_type, source, target.metadata, target.id)
    _keep_attachments(cell, made)
    return made


def _ordinary(cell: NotebookNode, index: int, taken: set[str]) -> NotebookNode:
    """Return a cell of the learner's own: its text and nothing that grading could mistake."""
    tags = cell.get("metadata", {}).get("tags") or []
    # Only this tag changes how a cell runs; "judge-setup" above all is the instructor's to give.
    kept = {"tags": ["raises-exception"]} if "raises-exception" in tags else {}
    name = cell.get("id")
    if not (isinstance(name, str) and CELL_ID.fullmatch(name)) or name in taken:
        name = f"own-{index}"
    while name in taken:
        name += "-"
    taken.add(name)
    kind = cell.get("cell_type")
    made = _cell(kind if kind in TYPES else "raw", _text(cell), NotebookNode(kept), name)
    _keep_attachments(cell, made)
    return made


def _cell(kind: str, source: str, metadata: NotebookNode, name: str) -> NotebookNode:
    """Return a cell without outputs; the notebook is validated once, as a whole."""
    empty = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return NotebookNode(cell_type=kind, source=source, metadata=metadata, id=name, **empty)


def _keep_attachments(cell: NotebookNode, made: NotebookNode) -> None:
    """Copy pictures pasted into a markdown cell, leaving out whatever is not a picture."""
    given = cell.get("attachments")
    if made.cell_type != "markdown" or not isinstance(given, dict):
        return
    kept = {
        name: NotebookNode({kind: data for kind, data in bundle.items() if _is_picture(kind, data)})
        for name, bundle in given.items()
        if isinstance(bundle, dict)
    }
    if any(kept.values()):
        made.attachments = NotebookNode({name: bundle for name, bundle in kept.items() if bundle})


def _is_picture(kind: str, data) -> bool:
    return kind.startswith("image/") and isinstance(data, str)


def _marked(blank: NotebookNode) -> list[NotebookNode]:
    """Return the release's cells that nbgrader knows: answers, tests, written ones, locked ones."""
    return [cell for cell in blank.cells if "nbgrader" in cell.metadata]


def _counts(cell: NotebookNode) -> bool:
    mark = cell.metadata.nbgrader
    return mark.grade or mark.solution


def _text(cell: NotebookNode) -> str:
    """Return a cell's text with Unix line ends and no space around it."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(str(line) for line in source)
    return str(source).replace("\r\n", "\n").replace("\r", "\n").strip("\n ")
