"""A simulated class of any lesson: what each learner hands in, and what they should get for it."""

import copy
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder import exercises
from autograder.exercises import Exercise, exercises_of
from autograder.pipeline import records
from autograder.pipeline.simulated.answers import (
    Answer,
    barred_answer,
    endless_answer,
    mistakes,
    right_answer,
    wrong_answer,
)
from course.checks.families import members

LESSON = "01_sliding_window"
STYLES = 4
WRONG = ("emma", "felix", "gia", "hugo", "uma", "viktor", "wanda", "xenia")
IN_WORDS = "I followed one number by hand through the worked example, and it came out the same."
SCRIPT = """
I followed one number through the worked example: $y_i = w_i$.

<script>document.title = "mine"</script>
<img src="x" onerror="document.title = 'mine'"> <a href="javascript:alert(1)">more</a>
"""
CHEATS = """
import builtins, sys
from pathlib import Path

import course.checks
import numpy as np

def check(*args, **kwargs):
    return None

course.checks.check = check
course.checks.CheckFailed = ZeroDivisionError
np.allclose = np.array_equal = lambda *args, **kwargs: True
builtins.AssertionError = ZeroDivisionError

class Equal:
    shape, dtype, ndim = (3,), np.dtype(float), 1
    def __eq__(self, other): return True
    def __len__(self): return 3
    def __array__(self, *args, **kwargs): return np.ones(3)

{names} = lambda *args: Equal()

found = []
here = Path.cwd()
for folder in [here, *here.parents]:
    for name in ("source", "solutions", "gradebook.db", "autograder"):
        try:
            place = folder / name
            files = [place] if place.is_file() else sorted(place.rglob("*.ipynb"))
            found += [file.read_bytes()[:100] for file in files]
        except OSError:
            pass
        try:
            with open(folder / "gradebook.db", "r+b") as book:
                book.write(b"mine")
        except OSError:
            pass
try:
    from autograder.reference import *
except Exception:
    pass
"""

HandIn = Callable[[NotebookNode], bytes | None]
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class SimulatedLearner:
    """One simulated learner.

    Attributes
    ----------
    did : what they did, for the table
    hand_in : from the released notebook, the bytes of their file, or None for no file
    name : their file's name
    status : the status that they should get
    points : their automatic points, None where nothing is graded
    says : their whole diagnosis, None where it does not matter
    """

    who: str
    did: str
    hand_in: HandIn
    name: str
    status: str = records.GRADED
    points: float | None = None
    says: str | None = None


def class_of(lesson: str) -> tuple[SimulatedLearner, ...]:
    """Return the hand-made class of a lesson: right, wrong, unfinished, broken and hostile."""
    return tuple(_learners(exercises.lesson(lesson).name))


def _learners(lesson: str) -> Iterable[SimulatedLearner]:
    asked = exercises_of(lesson)
    graded = [exercise for exercise in asked if exercise.kind in ("function", "class")]
    first, last = graded[0], graded[-1]
    right = answers_in_style(lesson, 0)
    file = f"{lesson}.ipynb"

    def learner(
        who: str, did: str, hand_in: HandIn, answers: Answers = right, **but
    ) -> SimulatedLearner:
        return replace(
            SimulatedLearner(who, did, hand_in, file, **expected(lesson, answers)), **but
        )

    def nothing(who: str, did: str, hand_in: HandIn, status: str) -> SimulatedLearner:
        return SimulatedLearner(who, did, hand_in, file, status)

    def with_one(exercise: Exercise, answer: Answer) -> Answers:
        return right | {exercise.name: answer}

    for style, who in enumerate(("ada", "ben", "chloe", "diego")):
        answers = answers_in_style(lesson, style)
        yield learner(who, f"right, in style {style + 1} of {STYLES}", written(answers), answers)
    for who, (exercise, mistake, spelling) in zip(WRONG, _mistaken(graded), strict=True):
        answers = answers_in_style(lesson, spelling)
        answers |= {exercise.name: wrong_answer(exercise.name, mistake, spelling)}
        yield learner(who, f"{exercise.name}: {mistake}", written(answers), answers)
    for exercise in [e for e in graded if any("." in name for name in members(e.barred))][:1]:
        answers = with_one(exercise, barred_answer(exercise))
        # A cell that loads a large library may take longer than a cell may.
        hand_in = _without_calls(exercise.name, written(answers))
        yield learner("ines", f"leaves {exercise.name} to a library", hand_in, answers)
    yield learner("jonas", "nothing: the release as it was", written({}), {})
    after_first = f"{first.name}_{first.parts[-1].name}"
    yield learner(
        "kira",
        f"os._exit in a cell after {first.name}",
        with_cell(right, "import os\n\nos._exit(0)", after_first),
        status=records.PARTLY,
    )
    functions = (exercise for exercise in graded if exercise.kind == "function")
    looping = min(functions, key=lambda exercise: len(exercise.parts))
    answers = with_one(looping, endless_answer(looping))
    hand_in = _without_calls(looping.name, written(answers))
    yield learner("leo", f"an endless loop in {looping.name}", hand_in, answers)
    yield learner(
        "mila",
        f"an endless loop in a cell after {first.name}",
        with_cell(right, "while True:\n    pass", after_first),
        status=records.PARTLY,
    )
    cheats = CHEATS.format(names=" = ".join(exercise.name for exercise in graded))
    yield learner(
        "noah",
        "patches check and numpy, reads source and gradebook",
        with_cell({}, cheats, last.name),
        {},
        says=None,
    )
    yield nothing(
        "olga",
        "a file that is cut short",
        lambda release: written(right)(release)[:3000],
        records.UNREADABLE,
    )
    yield learner(
        "pia",
        "right; byte order mark, Windows line ends, '(1)' in the name",
        lambda release: b"\xef\xbb\xbf" + written(right)(release).replace(b"\n", b"\r\n"),
        name=f"{lesson} (1).ipynb",
    )
    yield nothing("quinn", "no file", lambda release: None, records.MISSING)
    in_words = {exercise.name: Answer(SCRIPT) for exercise in asked if exercise.kind == "written"}
    yield learner("ravi", "right; a script in the written answer", written(right | in_words))
    yield learner("sana", "right; an editor took all metadata away", _without_metadata(right))
    yield nothing(
        "tom",
        "another notebook",
        lambda release: _bytes(new_notebook(cells=[new_code_cell("print(1)", id="other")])),
        records.ELSEWHERE,
    )


def _mistaken(graded: list[Exercise]) -> list[tuple[Exercise, str, int]]:
    """Return what goes wrong, and in which spelling: some mistakes are met more than once."""
    rounds = itertools.zip_longest(*([(e, m) for m in mistakes(e)] for e in graded))
    met = [pair for around in rounds for pair in around if pair][: len(WRONG) - 3]
    return [(*pair, 0) for pair in met] + [(*met[0], 1), (*met[0], 2), (*met[1], 1)]


def answers_in_style(lesson: str, style: int) -> dict[str, Answer]:
    """Return right answers to everything that the lesson asks."""
    return {
        exercise.name: Answer(IN_WORDS)
        if exercise.kind == "written"
        else right_answer(exercise, style)
        for exercise in exercises_of(lesson)
    }


def expected(lesson: str, answers: Answers) -> dict:
    """Return what a lesson's answers should get: `points`, and what the diagnosis `says`.

    What is not in `answers` is not written.
    """
    asked = [e for e in exercises_of(lesson) if e.kind != "written" and e.points]
    blank = Answer("", says=("not written",))
    got = {exercise.name: answers.get(exercise.name, blank) for exercise in asked}
    lost = {name: answer.says for name, answer in got.items() if answer.says}
    if {word for words in lost.values() for word in words} == {"not written"}:
        says = f"not written: {', '.join(lost)}"
    else:
        says = "; ".join(f"{name}: {', '.join(words)}" for name, words in lost.items())
    return {"points": float(sum(answer.keeps for answer in got.values())), "says": says}


def written(answers: Answers) -> HandIn:
    """Hand in the release with these answers written into their cells."""
    return lambda release: _bytes(solved(release, answers))


def with_cell(answers: Answers, source: str, after: str) -> HandIn:
    """Hand in answers and one more cell, after the cell with the grade id `after`."""

    def hand_in(release: NotebookNode) -> bytes:
        nb = solved(release, answers)
        place = next(i for i, cell in enumerate(nb.cells) if grade_id(cell) == after)
        nb.cells.insert(place + 1, new_code_cell(source.strip(), id="learners-own"))
        return _bytes(nb)

    return hand_in


def grade_id(cell: NotebookNode) -> str | None:
    """Return the name of an answer or a test cell, None of any other."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _without_calls(name: str, hand_in: HandIn) -> HandIn:
    """Take out the lesson's own cells that call an answer: they would not come to an end."""

    def without(release: NotebookNode) -> bytes | None:
        given = copy.copy(release)
        given.cells = [
            cell
            for cell in release.cells
            if cell.cell_type != "code" or grade_id(cell) or name not in cell.source
        ]
        return hand_in(given)

    return without


def _without_metadata(answers: Answers) -> HandIn:
    def hand_in(release: NotebookNode) -> bytes:
        nb = copy.deepcopy(solved(release, answers))
        for number, cell in enumerate(nb.cells):
            cell.metadata, cell.id = NotebookNode(), f"cell-{number}"
        return _bytes(nb)

    return hand_in


def solved(release: NotebookNode, answers: Answers) -> NotebookNode:
    """Return the release with these answers written into their cells; it shares all others."""
    nb = copy.copy(release)
    nb.cells = list(release.cells)
    for place, cell in enumerate(release.cells):
        if grade_id(cell) in answers:
            nb.cells[place] = copy.deepcopy(cell)
            nb.cells[place].source = answers[grade_id(cell)].text.strip()
    return nb


def _bytes(nb: NotebookNode) -> bytes:
    return nbformat.writes(nb).encode()
