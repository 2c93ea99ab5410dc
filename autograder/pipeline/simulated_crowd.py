"""A simulated class of any size for lesson 01: most right, some wrong, a few broken or hostile.

Each learner has a strength.  An exercise turns out right with a chance that grows with it and
falls with the exercise's difficulty, so that parts separate strong learners from weak ones and
mistakes come in the shares of `simulated_mistakes`.  The same seed gives the same class.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.exercises import exercises_of
from autograder.pipeline.simulated import CLASS, LESSON, Learner
from autograder.pipeline.simulated_mistakes import RIGHT, WRONG

# Of a thousand learners, how many do what one of the hand-made class does that no answer shows.
ODD = {
    **{"quinn": 20, "olga": 4, "tom": 3, "sana": 6, "pia": 6},
    **{"kira": 3, "leo": 1, "mila": 1, "noah": 3, "ravi": 4, "jonas": 10},
}
# The strength at which half of the learners get an exercise right; strengths are normal(0, 1).
DIFFICULTY = {
    "correlate1d": -1.3,
    "convolve1d": -0.9,
    "flip_is_invisible": -1.0,
    "pad1d": -1.6,
    "output_length": -0.2,
}
STEEPNESS = 1.6
GIVES_UP = 0.25  # the chance, at strength -2, to leave the rest of the lesson unwritten
FIRST = "Ada Bo Chloé Dušan Élise Fatima Göran Hana İpek Jürgen Kwame Léa Minh Noor Øyvind Pat"
LAST = "Abbott Bauer Çelik Díaz Eze Fischer García Haddad Ito Jansen Kaya Łuczak Müller Nguyễn"
TRIALS = (
    "# does it work?\nprint(correlate1d(np.array([1, 2, 3, 4]), np.array([{a}, {b}])))",
    "x = np.arange({a})\nx * {b}",
    "for i in range({a}):\n    print(i, i * {b})",
    "plt.plot([{a}, {b}, 3])\nplt.show()",
)


def crowd(size: int, seed: int = 0) -> list[Learner]:
    """Return `size` learners with what they hand in and what they should get for it.

    Examples
    --------
    >>> [learner.who for learner in crowd(3)]
    ['s0001', 's0002', 's0003']
    """
    rng = np.random.default_rng(seed)
    hand_made = {learner.who: learner for learner in CLASS}
    odd, weights = list(ODD), np.array(list(ODD.values())) / 1000
    chances = [*weights, 1 - weights.sum()]
    digits = max(4, len(str(size)))
    learners = []
    for number in range(1, size + 1):
        who = f"s{number:0{digits}}"
        kind = rng.choice(len(chances), p=chances)
        odd_one = kind < len(odd)
        learners.append(replace(hand_made[odd[kind]], who=who) if odd_one else _learner(who, rng))
    return learners


def full_name(number: int) -> tuple[str, str]:
    """Return the first and last name of the learner with this number, many of them not ASCII."""
    first, last = FIRST.split(), LAST.split()
    return first[number % len(first)], last[number // len(first) % len(last)]


def _learner(who: str, rng: np.random.Generator) -> Learner:
    """Return one learner who hands in a notebook that runs."""
    strength = rng.normal()
    points = {e.name: e.points for e in exercises_of(LESSON)}
    answers, earned, said = {}, 0.0, []
    gave_up = False
    for exercise, difficulty in DIFFICULTY.items():
        gave_up = gave_up or rng.random() < GIVES_UP * min(1, max(0, -strength / 2)) ** 2
        if gave_up:
            said.append("not written")
        elif rng.random() < 1 / (1 + np.exp(-STEEPNESS * (strength - difficulty))):
            answers[exercise] = str(rng.choice(RIGHT[exercise]))
            earned += points[exercise]
        else:
            shares = np.array([wrong.share for wrong in WRONG[exercise]])
            wrong = WRONG[exercise][rng.choice(len(shares), p=shares / shares.sum())]
            answers[exercise] = wrong.text
            earned += wrong.keeps
            said.append(wrong.says)
    for name, right, others in (
        ("last_output", "26", ("22", "15")),
        ("impulse_response", "[3, 2, 1]", ("[1, 2, 3]",)),
        ("padded_length", "4", ("5", "8", "7")),
    ):
        value = right if rng.random() < 0.7 else rng.choice(others)
        answers[name] = f"{name} = {value}"
    if not gave_up and rng.random() < 0.85:
        answers["why_flip"] = f"An impulse gives the kernel back. ({who})"
    did = f"strength {strength:+.1f}: {', '.join(said) or 'all right'}"
    trials = [
        trial.format(a=rng.integers(2, 9), b=rng.integers(2, 9))
        for trial in TRIALS
        if rng.random() < 0.3
    ]
    return Learner(who, did, _written(answers, trials, who), points=earned, says=tuple(said))


def _written(
    answers: dict[str, str], trials: list[str], who: str
) -> Callable[[NotebookNode], bytes]:
    """Hand in the release with answers, and cells of the learner's own at the end."""

    def hand_in(release: NotebookNode) -> bytes:
        nb = copy.copy(release)
        nb.cells = list(release.cells)
        for place, cell in enumerate(release.cells):
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in answers:
                nb.cells[place] = copy.deepcopy(cell)
                nb.cells[place].source = f"{answers[name].strip()}\n"
                if cell.cell_type == "code":
                    nb.cells[place].source += f"# {who}"
        nb.cells += [
            new_code_cell(trial, id=f"own-{number}") for number, trial in enumerate(trials)
        ]
        return json.dumps(nb, ensure_ascii=False).encode()

    return hand_in
