"""Restore a learner's notebook: find each cell of the release in it.

Editors strip metadata, learners copy, delete and rename cells.  What a cell is worth, whether it
is locked and what it is called comes from the release; the learner's notebook says only what
was written.
"""

import re
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.judge.added import added
from autograder.judge.code import defines
from autograder.judge.find import Wanted, found_in, is_given, wanted_cells
from autograder.pipeline.inbox.words_near import joined, text_of, words_near

CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
TYPES = ("code", "markdown", "raw")
LOCKED = ("setup", "locked", "test")


@dataclass(frozen=True)
class Repaired:
    """A valid notebook, and how much of the lesson was recognised in it.

    Attributes
    ----------
    found : how many answers and tests of the release were found; an untouched written answer
        reads alike in every lesson, and is none
    expected : how many there are
    written : how many answers are no longer as they were given out
    note : which answers are missing or cannot run, in a sentence; "" where none is
    """

    notebook: NotebookNode
    found: int
    expected: int
    written: int
    note: str


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
    ordinary cell, unless it is the stub.  Locked cells get the release's text back; what a learner
    added to one runs in a cell below it.  A written answer in cells of the learner's own is put
    below the text that was given for it.  Cells that are not there are not added here: the judge
    knows what it needs.
    """
    wanted = wanted_cells(blank)
    cells = _with_additions(submission.cells, wanted, blank)
    chosen, doubles = found_in(wanted, cells, blank)
    words = words_near(wanted, cells, chosen, doubles, blank)
    left_out = {i for near in words.values() for i in near}
    left_out |= {i for i, key in doubles.items() if is_given(wanted[key], cells[i])}
    marked = {cell.metadata.nbgrader.grade_id: cell for cell in _marked(blank)}
    owned = {index: name for name, index in chosen.items() if name in marked}
    taken = {cell.id for cell in blank.cells}
    repaired = []
    for index, cell in enumerate(cells):
        if index in left_out:
            continue
        if index in owned:
            near = [cells[i] for i in words.get(owned[index], ())]
            repaired.append(_restored(joined(cell, near), marked[owned[index]]))
        else:
            repaired.append(_ordinary(cell, index, taken))
    metadata = {key: blank.metadata[key] for key in blank.metadata if key != "widgets"}
    untouched = {
        name
        for name, index in chosen.items()
        if name not in words and is_given(wanted[name], cells[index])
    }
    texts = {name for name, want in wanted.items() if want.role == "written"}
    answers = {name for name, want in wanted.items() if want.role == "answer"} | texts
    graded = {name for name, cell in marked.items() if _counts(cell)}
    return Repaired(
        new_notebook(cells=repaired, metadata=metadata),
        found=len((graded & set(owned.values())) - (texts & untouched)),
        expected=len(graded),
        written=len((answers & set(chosen)) - untouched),
        note="; ".join(
            filter(None, (_missing(answers, chosen, wanted), _in_text(wanted, cells, untouched)))
        ),
    )


def _with_additions(
    given: list[NotebookNode], wanted: dict[str, Wanted], blank: NotebookNode
) -> list[NotebookNode]:
    """Return the cells, with what was added to a locked one in a cell of its own below it."""
    cells = list(given)
    chosen, _ = found_in(wanted, cells, blank)
    for name, index in sorted(chosen.items(), key=lambda item: -item[1]):
        want = wanted[name]
        kinds = {want.cell["cell_type"], cells[index].cell_type}
        code = added(want.cell["source"], text_of(cells[index]))
        if code and want.role in LOCKED and kinds == {"code"}:
            cells.insert(index + 1, _cell("code", code, NotebookNode(), ""))
    return cells


def _missing(answers: set[str], chosen: dict[str, int], wanted: dict[str, Wanted]) -> str:
    """Say which answers of the lesson are not in a notebook, or ""."""
    gone = sorted(answers - set(chosen), key=lambda name: wanted[name].at)
    if not gone:
        return ""
    last = max((wanted[name].at for name in chosen), default=0)
    cells, are = ("the cell of", "is") if len(gone) == 1 else ("the cells of", "are")
    named = ", ".join(gone[:6]) + (f" and {len(gone) - 6} more" if len(gone) > 6 else "")
    if wanted[gone[0]].at > last and chosen:
        end = max(chosen, key=lambda name: wanted[name].at)
        return f"the notebook ends after {end}: {cells} {named} {are} not in it"
    return f"{cells} {named} {are} not in the notebook"


def _in_text(wanted: dict[str, Wanted], cells: list[NotebookNode], untouched: set[str]) -> str:
    """Say which answers that are as they were given out stand in cells of text, or ""."""
    texts = [text_of(cell) for cell in cells if cell.get("cell_type") != "code"]
    there = [
        name
        for key in sorted(untouched, key=lambda key: wanted[key].at)
        if wanted[key].role == "answer"
        for name in wanted[key].defines
        if any(defines(text, name) for text in texts)
    ]
    if not there:
        return ""
    return f"{' and '.join(there)}: written in a cell of text, which does not run"


def _restored(cell: NotebookNode, target: NotebookNode) -> NotebookNode:
    """Return `cell` as the release has `target`, with the learner's text where it may be edited."""
    mark = target.metadata.nbgrader
    source = text_of(cell) if mark.solution else target.source
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
    made = _cell(kind if kind in TYPES else "raw", text_of(cell), NotebookNode(kept), name)
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
