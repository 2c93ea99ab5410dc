"""Try answers under many secrets: ``python -m autograder proof --secrets 50``.

A course draws its secret once, and every learner is graded on the cases drawn from it.  So what
holds under one secret has to hold under each: right solutions pass, and wrong variants lose points
and get no other's name.
"""

import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder import exercises, hidden_tests, misconceptions, reference, right_solutions

COLUMNS = ("exercise", "secrets", "right", "wrong", "faults")


@dataclass
class Tried:
    """What came of one exercise.

    Attributes
    ----------
    secrets, right, wrong : numbers of what was tried
    faults : sentences without the secret's number, each with how many secrets show it
    """

    exercise: str
    secrets: int
    right: int = 0
    wrong: int = 0
    faults: Counter = field(default_factory=Counter)

    def cells(self) -> list[str]:
        """Return the row's entries in the order of `COLUMNS`."""
        numbers = self.secrets, self.right, self.wrong, len(self.faults)
        return [self.exercise, *map(str, numbers)]


def tried(name: str, secrets: int, unseen: list) -> Tried:
    """Try one exercise's right solutions and wrong variants under so many secrets.

    Parameters
    ----------
    name : the exercise
    secrets : how many
    unseen : the wrong variants that visible checks let through
    """
    exercise = exercises.EXERCISES[name]
    right = list(right_solutions.solutions(name))
    if exercise.kind in ("function", "class"):
        right.append(getattr(reference, name))
    wrong = [
        (key, v) for key, spellings in misconceptions.variants(name).items() for v in spellings
    ]
    row = Tried(name, secrets, len(right), len(wrong))
    for number in range(secrets):
        row.faults.update(_faults(exercise, f"secret {number}".encode(), right, wrong, unseen))
    return row


def _faults(exercise, secret: bytes, right: list, wrong: list, unseen: list) -> Iterator[str]:
    def reports(answer):
        for part in exercise.parts:
            yield hidden_tests.withheld_report(exercise.name, answer, part.name, secret)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong variant may divide by 0
        for solution in right:
            if any(report.status != "right" for report in reports(solution)):
                yield f"a right solution does not pass: {getattr(solution, '__name__', solution)}"
        for key, variant in wrong:
            said = list(reports(variant))
            if variant in unseen and all(report.status == "right" for report in said):
                yield f"{key} passes, and visible checks let it through too"
            for name in {report.misconception for report in said} - {None, key}:
                yield f"{key} is called {name}"
    hidden_tests.forget_cases()
