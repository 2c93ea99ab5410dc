"""What simulated learners write into an answer's cell, and what each answer should get.

Right answers are the repository's right solutions, wrong ones the variants of the catalogue.  What
a wrong one should get is found by the checks in this process, with the variant itself; the grader
gets its text, in a notebook, and has to come to the same.
"""

import functools
import warnings
from dataclasses import dataclass

from autograder import misconceptions, right_solutions
from autograder.exercises import EXERCISES, Exercise
from autograder.hidden_tests import reference_of, withheld_report
from autograder.pipeline.simulated.cell_text import cell_text
from autograder.proof import answer_of
from course.checks.cases import spec
from course.checks.examine import examine
from course.checks.families import members
from course.checks.report import Report

# Of every simulated course, so that a class gets the same points each time.
SECRET = b"every simulated class draws this"

# Right, but too slow to train a network with: styles that no simulated learner has.
TOO_SLOW = {"forward": (2,)}


@dataclass(frozen=True)
class Answer:
    """One answer to one exercise.

    Attributes
    ----------
    text : the cell's source
    did : what is wrong with it, for a table; "" where it is right
    keeps : points that it earns
    says : what the diagnosis has to name for it, in order: misconceptions or outcomes
    """

    text: str
    did: str = ""
    keeps: float = 0.0
    says: tuple[str, ...] = ()


def right_answer(exercise: Exercise, style: int = 0) -> Answer:
    """Return the exercise's right answer in one of its styles, which are counted around."""
    text = _right_texts(exercise.name)
    return Answer(text[style % len(text)], keeps=exercise.points)


def mistakes(exercise: Exercise) -> list[str]:
    """Return the misconceptions of an exercise, those that are met first in front."""
    return list(misconceptions.variants(exercise.name))


@functools.cache
def wrong_answer(name: str, mistake: str, spelling: int = 0) -> Answer:
    """Return what exercise `name` looks like under a misconception, in one of its spellings.

    Spellings are counted around.
    """
    exercise = EXERCISES[name]
    variants = misconceptions.variants(name)[mistake]
    answer = answer_of(exercise, variants[spelling % len(variants)])
    reports = [_report(exercise, part.name, answer) for part in exercise.parts]
    lost = [report for report in reports if report.status != "right"]
    keeps = sum(
        part.points
        for part, report in zip(exercise.parts, reports, strict=True)
        if report.status == "right"
    )
    # A prediction without points is told in its cell, and does not count as a mistake.
    says = dict.fromkeys(report.misconception or report.status for report in lost)
    return Answer(cell_text(answer, name), mistake, keeps, tuple(says) if exercise.points else ())


def spellings(name: str, mistake: str) -> int:
    """Return in how many ways a misconception is spelled in exercise `name`."""
    return len(misconceptions.variants(name)[mistake])


def barred_answer(exercise: Exercise) -> Answer:
    """Return an answer that leaves the exercise to a library."""
    dotted = next(name for name in members(exercise.barred) if "." in name)
    module = dotted.rpartition(".")[0]
    if exercise.kind == "class":
        head, result = f"class {exercise.name}:\n    def __init__(self, *settings):", "self.layer ="
        lines = [f"import {module}", "", f"{result} {dotted}(*settings)"]
        return Answer(f"{head}\n" + _indented(lines, 8), "barred", says=("barred",))
    names = ", ".join(exercise.takes)
    lines = [f"import {module}", "", f"return {dotted}({names})"]
    text = f"def {exercise.name}{exercise.signature}:\n{_indented(lines, 4)}"
    return Answer(text, "barred", says=("barred",))


def endless_answer(exercise: Exercise) -> Answer:
    """Return a function that never comes to an end."""
    text = f"def {exercise.name}{exercise.signature}:\n    while True:\n        pass"
    return Answer(text, "stopped", says=("stopped",))


def _indented(lines: list[str], by: int) -> str:
    return "\n".join(f"{' ' * by}{line}" if line else "" for line in lines)


@functools.cache
def _right_texts(name: str) -> list[str]:
    if EXERCISES[name].kind == "prediction":
        return [cell_text(reference_of(name)(), name)]
    slow = TOO_SLOW.get(name, ())
    return [
        cell_text(solution, name)
        for style, solution in enumerate(right_solutions.solutions(name))
        if style not in slow
    ]


def _report(exercise: Exercise, part: str, answer) -> Report:
    """Return what a part's test cell says: the visible check, or the hidden test after it."""
    visible = spec(exercise.name)  # as built: to compute what each mistake gives takes longer
    shown = [entry for entry in visible.parts if entry.name == part]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong variant may divide by 0
        report = examine(visible, answer, shown, located=False)
        if report.status == "right":
            report = withheld_report(exercise.name, answer, part, SECRET)
    return report
