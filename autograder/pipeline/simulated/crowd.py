"""A simulated class of any lesson and size: most right, some wrong, a few broken or hostile.

Each learner has a strength.  An exercise turns out right with a chance that grows with it and
falls with the exercise's difficulty, so that parts separate strong learners from weak ones; what
goes wrong is a mistake of the catalogue.  The same seed gives the same class.
"""

import json
from dataclasses import replace

import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder import exercises
from autograder.exercises import Exercise, exercises_of
from autograder.pipeline.simulated.answers import (
    Answer,
    mistakes,
    right_answer,
    spellings,
    wrong_answer,
)
from autograder.pipeline.simulated.learners import (
    IN_WORDS,
    LESSON,
    STYLES,
    Answers,
    HandIn,
    SimulatedLearner,
    class_of,
    expected,
    grade_id,
    solved,
)

# Of a thousand learners, how many do what one of the hand-made class does that no answer shows.
ODD = {
    **{"quinn": 20, "olga": 4, "tom": 3, "sana": 6, "pia": 6},
    **{"kira": 3, "leo": 1, "mila": 1, "noah": 3, "ravi": 4, "jonas": 10},
}
STEEPNESS = 1.6
GIVES_UP = 0.25  # the chance, at strength -2, to leave the rest of the lesson unwritten
FIRST = "Ada Bo Chloé Dušan Élise Fatima Göran Hana İpek Jürgen Kwame Léa Minh Noor Øyvind Pat"
LAST = "Abbott Bauer Çelik Díaz Eze Fischer García Haddad Ito Jansen Kaya Łuczak Müller Nguyễn"
TRIALS = (
    "# does it work?\nprint(np.array([1, 2, 3, 4]) * np.array([[{a}], [{b}]]))",
    "x = np.arange({a})\nx * {b}",
    "for i in range({a}):\n    print(i, i * {b})",
    "plt.plot([{a}, {b}, 3])\nplt.show()",
)


def crowd(size: int, seed: int = 0, lesson: str = LESSON) -> list[SimulatedLearner]:
    """Return `size` learners with what they hand in and what they should get for it.

    Examples
    --------
    >>> [learner.who for learner in crowd(3)]
    ['s0001', 's0002', 's0003']
    """
    rng = np.random.default_rng(seed)
    lesson = exercises.lesson(lesson).name
    hand_made = {learner.who: learner for learner in class_of(lesson)}
    odd = [who for who in ODD if who in hand_made]
    weights = np.array([ODD[who] for who in odd]) / 1000
    chances = [*weights, 1 - weights.sum()]
    digits = max(4, len(str(size)))
    learners = []
    for number in range(1, size + 1):
        who = f"s{number:0{digits}}"
        kind = rng.choice(len(chances), p=chances)
        odd_one = kind < len(odd)
        learners.append(
            replace(hand_made[odd[kind]], who=who) if odd_one else _learner(who, lesson, rng)
        )
    return learners


def full_name(number: int) -> tuple[str, str]:
    """Return the first and last name of the learner with this number, many of them not ASCII."""
    first, last = FIRST.split(), LAST.split()
    return first[number % len(first)], last[number // len(first) % len(last)]


def difficulty(exercise: Exercise) -> float:
    """Return the strength at which half of the learners get an exercise right.

    Strengths are normal(0, 1).  The more an exercise's parts ask for, the harder it is.
    """
    return -1.8 + 0.3 * len(exercise.parts)


def _learner(who: str, lesson: str, rng: np.random.Generator) -> SimulatedLearner:
    """Return one learner who hands in a notebook that runs."""
    strength = rng.normal()
    answers: dict[str, Answer] = {}
    gave_up = False
    for exercise in exercises_of(lesson):
        if exercise.kind in ("function", "class"):
            gave_up = gave_up or rng.random() < GIVES_UP * min(1, max(0, -strength / 2)) ** 2
        if gave_up:
            continue
        if exercise.kind == "written":
            if rng.random() < 0.85:
                answers[exercise.name] = Answer(f"{IN_WORDS} ({who})")
        elif rng.random() < 1 / (1 + np.exp(-STEEPNESS * (strength - difficulty(exercise)))):
            answers[exercise.name] = right_answer(exercise, int(rng.integers(STYLES)))
        else:
            answers[exercise.name] = _mistaken(exercise, rng)
    wrong = [f"{name}: {answer.did}" for name, answer in answers.items() if answer.did]
    did = f"strength {strength:+.1f}: {'; '.join(wrong) or 'all right'}"
    did += ", the rest not written" if gave_up else ""
    trials = [
        trial.format(a=rng.integers(2, 9), b=rng.integers(2, 9))
        for trial in TRIALS
        if rng.random() < 0.3
    ]
    return SimulatedLearner(
        who, did, _written(answers, trials, who), f"{lesson}.ipynb", **expected(lesson, answers)
    )


def _mistaken(exercise: Exercise, rng: np.random.Generator) -> Answer:
    """Draw a mistake: the nth of the catalogue a share of 1/n of the first, in any spelling."""
    known = mistakes(exercise)
    shares = 1 / np.arange(1, len(known) + 1)
    mistake = known[rng.choice(len(known), p=shares / shares.sum())]
    spelling = int(rng.integers(spellings(exercise.name, mistake)))
    return wrong_answer(exercise.name, mistake, spelling)


def _written(answers: Answers, trials: list[str], who: str) -> HandIn:
    """Hand in the release with answers, and cells of the learner's own at the end."""

    def hand_in(release: NotebookNode) -> bytes:
        nb = solved(release, answers)
        for cell in nb.cells:
            if grade_id(cell) in answers and cell.cell_type == "code":
                cell.source += f"\n# {who}"
        nb.cells += [
            new_code_cell(trial, id=f"own-{number}") for number, trial in enumerate(trials)
        ]
        return json.dumps(nb, ensure_ascii=False).encode()

    return hand_in
