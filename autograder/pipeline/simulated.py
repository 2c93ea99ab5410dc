"""A simulated class for lesson 01: what each learner hands in, and what they should get for it."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.pipeline import records
from autograder.pipeline.simulated_answers import (
    BARRED,
    CHEATS,
    EINSUM,
    FLIPS,
    FORGETS_FLIP,
    FORGETS_ONE,
    LOOPS,
    LOOPS_FOREVER,
    MISSES_LAST,
    READS,
    SCRIPT,
    SLICES,
    WINDOWS,
)

LESSON = "01_sliding_window"
AUTOMATIC = 18  # points that need no person


@dataclass(frozen=True)
class Learner:
    """One simulated learner.

    Attributes
    ----------
    did : what they did, for the table
    hand_in : from the released notebook, the bytes of their file, or None for no file
    status : the status that they should get
    points : their automatic points, None where nothing is graded
    says : misconceptions' ids, or outcomes, that their diagnosis has to name
    name : their file's name
    """

    who: str
    did: str
    hand_in: Callable[[NotebookNode], bytes | None]
    status: str = records.GRADED
    points: float | None = AUTOMATIC
    says: tuple[str, ...] = ()
    name: str = f"{LESSON}.ipynb"


def written(answers: dict[str, str], **changed: str) -> Callable[[NotebookNode], bytes]:
    """Hand in the release with these answers written into their cells."""

    def hand_in(release: NotebookNode) -> bytes:
        return _bytes(_solved(release, answers | changed))

    return hand_in


def with_cell(answers: dict[str, str], source: str, after: str) -> Callable[[NotebookNode], bytes]:
    """Hand in answers and one more cell, after the cell with the grade id `after`."""

    def hand_in(release: NotebookNode) -> bytes:
        nb = _solved(release, answers)
        place = next(i for i, cell in enumerate(nb.cells) if _grade_id(cell) == after)
        nb.cells.insert(place + 1, new_code_cell(source.strip(), id="learners-own"))
        return _bytes(nb)

    return hand_in


def _solved(release: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    nb = copy.deepcopy(release)
    for cell in nb.cells:
        name = _grade_id(cell)
        if name in answers:
            cell.source = answers[name].strip()
    return nb


def _grade_id(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _bytes(nb: NotebookNode) -> bytes:
    return nbformat.writes(nb).encode()


def _with_mark_and_windows_lines(release: NotebookNode) -> bytes:
    return b"\xef\xbb\xbf" + written(LOOPS)(release).replace(b"\n", b"\r\n")


def _without_metadata(release: NotebookNode) -> bytes:
    nb = _solved(release, LOOPS)
    for number, cell in enumerate(nb.cells):
        cell.metadata, cell.id = NotebookNode(), f"cell-{number}"
    return _bytes(nb)


CLASS = (
    Learner("ada", "right, with loops", written(LOOPS)),
    Learner("ben", "right, with slices", written(SLICES)),
    Learner("chloe", "right, with sliding_window_view", written(WINDOWS)),
    Learner("diego", "right, with einsum and np.pad", written(EINSUM)),
    Learner(
        "emma", "flips the kernel of the correlation", written(LOOPS, correlate1d=FLIPS),
        points=12, says=("flips-the-kernel",),
    ),
    Learner(
        "felix", "forgets to flip the convolution",
        written(LOOPS, convolve1d=FORGETS_FLIP),
        points=15, says=("kernel-not-flipped",),
    ),
    Learner(
        "gia", "output length without the + 1",
        written(LOOPS, output_length=FORGETS_ONE),
        points=13, says=("forgets-the-first-window",),
    ),
    Learner(
        "hugo", "misses the last window", written(LOOPS, correlate1d=MISSES_LAST),
        points=12, says=("misses-the-last-window",),
    ),
    Learner(
        "ines", "calls np.correlate, which is barred",
        written(LOOPS, correlate1d=BARRED),
        points=12, says=("barred",),
    ),
    Learner(
        "jonas", "nothing: the release as it was", written({}), points=0, says=("not written",),
    ),
    Learner(
        "kira", "os._exit in a cell after exercise 1",
        with_cell(LOOPS, "import os\n\nos._exit(0)", after="correlate1d_refuse"),
        status=records.PARTLY,
    ),
    Learner(
        "leo", "an endless loop in convolve1d", written(LOOPS, convolve1d=LOOPS_FOREVER),
        points=15, says=("stopped",),
    ),
    Learner(
        "mila", "an endless loop in a cell after exercise 1",
        with_cell(LOOPS, "while True:\n    pass", after="correlate1d_refuse"),
        status=records.PARTLY,
    ),
    Learner(
        "noah", "patches check and numpy, reads source and gradebook",
        with_cell({}, CHEATS + READS, after="output_length"), points=0,
    ),
    Learner(
        "olga", "a file that is cut short", lambda release: written(LOOPS)(release)[:3000],
        status=records.UNREADABLE, points=None,
    ),
    Learner(
        "pia", "right; byte order mark, Windows line ends, '(1)' in the name",
        _with_mark_and_windows_lines, name=f"{LESSON} (1).ipynb",
    ),
    Learner("quinn", "no file", lambda release: None, status=records.MISSING, points=None),
    Learner("ravi", "right; a script in the written answer", written(LOOPS, why_flip=SCRIPT)),
    Learner("sana", "right; an editor took all metadata away", _without_metadata),
    Learner(
        "tom", "another notebook",
        lambda release: _bytes(nbformat.v4.new_notebook(cells=[new_code_cell("print(1)")])),
        status=records.ELSEWHERE, points=None,
    ),
)  # fmt: skip
