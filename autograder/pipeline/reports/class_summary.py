"""What a class got right and wrong in one lesson, counted from its records."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from autograder.pipeline.gradebook.questions import Question
from autograder.pipeline.records import Cell, Record

ENOUGH = 30  # learners, below which a correlation says nothing
SIDE = 10  # of them who have to be right, and as many who are not
SILENT = ("right", "not written")
OUTCOMES = ("right", "wrong", "not written", "barred", "stopped")


@dataclass(frozen=True)
class Separation:
    """How well a part tells learners apart who do well elsewhere from those who do not.

    Attributes
    ----------
    r : correlation of getting the part right with the points of all other exercises
    low, high : where it lies with 95 % confidence
    """

    r: float
    low: float
    high: float


@dataclass
class OutcomeCount:
    """How often each outcome was met, over a part or a whole exercise."""

    counts: Counter = field(default_factory=Counter)

    @property
    def learners(self) -> int:
        """How many learners were judged."""
        return self.counts.total()

    @property
    def right(self) -> float:
        """The share that is right, 0 where nobody was judged."""
        return self.counts["right"] / self.learners if self.learners else 0.0


@dataclass(frozen=True)
class PartCount:
    """One automatic part: how often it turned out how, and whether it separates learners."""

    question: Question
    tally: OutcomeCount
    separation: Separation | None


@dataclass(frozen=True)
class Mistake:
    """One thing to explain: a recognised mistake, or what went wrong without a name.

    Attributes
    ----------
    id : the misconception's; "" for what was not recognised
    name, hint : as the catalogue has them; for what has no name, where it goes wrong or what
        happened, and ""
    learners : names of those who were told so
    where : exercise -> its parts, in the lesson's order
    """

    id: str
    name: str
    hint: str
    learners: frozenset[str]
    where: dict[str, list[str]]


def parts(asked: Sequence[Question], judged: Mapping[str, Record]) -> list[PartCount]:
    """Count each automatic part of the lesson over the judged learners."""
    tallies = {question.grade_id: OutcomeCount() for question in asked if not question.by_hand}
    for record in judged.values():
        for cell in record.cells:
            if cell.grade_id in tallies:
                tallies[cell.grade_id].counts[cell.outcome] += 1
    return [
        PartCount(question, tallies[question.grade_id], separation(question, judged))
        for question in asked
        if question.grade_id in tallies
    ]


def exercises(judged: Mapping[str, Record]) -> dict[str, OutcomeCount]:
    """Count each exercise, in the lesson's order: right means every part of it.

    Otherwise the first part that is not right decides, for it is what the learner sees first.
    """
    tallies: dict[str, OutcomeCount] = {}
    for record in judged.values():
        outcomes: dict[str, str] = {}
        for cell in record.cells:
            if outcomes.setdefault(cell.exercise, "right") == "right":
                outcomes[cell.exercise] = cell.outcome
        for exercise, outcome in outcomes.items():
            tallies.setdefault(exercise, OutcomeCount()).counts[outcome] += 1
    return tallies


def mistakes(judged: Mapping[str, Record]) -> list[Mistake]:
    """Return recognised mistakes and, by exercise, place and setting, what has no name.

    Sorted by the number of learners, most first.  What is not written is no mistake, and an
    exercise in which a learner made a recognised one is not counted among the unnamed once more.
    """
    learners: dict[tuple, set[str]] = {}
    where: dict[tuple, dict[str, list[str]]] = {}
    for student, record in judged.items():
        for exercise in dict.fromkeys(cell.exercise for cell in record.cells):
            lost = [c for c in record.cells if c.exercise == exercise and c.outcome not in SILENT]
            named = [cell for cell in lost if cell.misconception]
            for cell in named or lost:
                key = _kind(cell)
                learners.setdefault(key, set()).add(student)
                seen = where.setdefault(key, {}).setdefault(cell.exercise, [])
                seen += [] if cell.part in seen else [cell.part]
    found = [
        Mistake(id, name, hint, frozenset(learners[id, name, hint, exercise]), places)
        for (id, name, hint, exercise), places in where.items()
    ]
    return sorted(found, key=lambda mistake: (-len(mistake.learners), mistake.name))


def _kind(cell: Cell) -> tuple[str, str, str, str]:
    """Return what makes two lost parts the same mistake."""
    if cell.misconception:
        return cell.misconception, cell.name, cell.hint, ""
    names = {
        "wrong": "wrong in a way that no check recognises",
        "barred": "a library call does the exercise's work",
        "stopped": "it crashed, ran too long or used too much memory",
    }
    return "", cell.name or names.get(cell.outcome, cell.outcome), "", cell.exercise


def separation(question: Question, judged: Mapping[str, Record]) -> Separation | None:
    """Correlate one part with the points of all other exercises.

    None where fewer than 30 learners, or fewer than 10 on either side, would make it a guess.

    Notes
    -----
    The other parts of the same exercise are left out, since they fall together.  The interval is
    Fisher's: atanh(r) is nearly normal with deviation 1 / sqrt(n - 3) (R. A. Fisher, "On the
    probable error of a coefficient of correlation deduced from a small sample", Metron, 1921).
    """
    right, elsewhere = [], []
    for record in judged.values():
        mine = [cell for cell in record.cells if cell.grade_id == question.grade_id]
        if mine:
            right.append(mine[0].outcome == "right")
            elsewhere.append(sum(c.score for c in record.cells if c.exercise != question.exercise))
    if len(right) < ENOUGH or not SIDE <= sum(right) <= len(right) - SIDE:
        return None
    if np.ptp(elsewhere) == 0:
        return None
    r = float(np.corrcoef(right, elsewhere)[0, 1])
    z, reach = math.atanh(max(-0.9999, min(0.9999, r))), 1.96 / math.sqrt(len(right) - 3)
    return Separation(r, math.tanh(z - reach), math.tanh(z + reach))


def bins(scores: Sequence[float], most: float) -> list[tuple[str, int]]:
    """Count scores in at most 21 equal steps: label -> number of learners.

    Examples
    --------
    >>> bins([0, 1, 2, 2], 2)
    [('0', 1), ('1', 1), ('2', 2)]
    >>> bins([0, 7, 40], 40)[:4]
    [('0-1', 1), ('2-3', 0), ('4-5', 0), ('6-7', 1)]
    """
    width = max(1, math.ceil((most + 1) / 21))
    counts = Counter(int(score // width) for score in scores)
    steps = range(int(most // width) + 1)
    return [
        (f"{n * width}-{n * width + width - 1}" if width > 1 else f"{n}", counts[n]) for n in steps
    ]


def quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    """Return the lower quartile, the median and the upper quartile; None without a value."""
    if not len(values):
        return None
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return float(low), float(middle), float(high)
