"""Nothing that an answer makes up of a withheld input is shown, kept or counted."""

import pytest

from autograder.judge.job import run_job
from autograder.pipeline.gradebook.judged import KEPT
from tests.attacks import leaks
from tests.autograder.judge import kit

PARTS = ("values", "lengths", "types")


def lesson(answer: str, *, hidden: bool) -> dict:
    """Return a notebook with one answer cell and a test cell for each part of its exercise."""
    cells = [
        kit.code("import numpy as np\nfrom course.checks import check", "setup", ("judge-setup",)),
        kit.code(answer, leaks.EXERCISE, solution=True),
    ]
    for part in PARTS:
        call = f'("{leaks.EXERCISE}", {leaks.EXERCISE}, "{part}")'
        text = f"check{call}"
        if hidden:
            text += (
                "\n### BEGIN HIDDEN TESTS\nfrom autograder.hidden_tests import withheld\n"
                f"withheld{call}\n### END HIDDEN TESTS"
            )
        marks = {"grade": True, "locked": True, "points": 1}
        cells.append(kit.code(text, f"{leaks.EXERCISE}_{part}", ("raises-exception",), **marks))
    return kit.notebook(cells)


def said_of(answer: str, side, secret: bytes) -> dict:
    """Return all that the judge says of an answer but the time that it took."""
    job = kit.job(
        lesson(answer, hidden=False),
        names={leaks.EXERCISE: "function"},
        source=lesson(answer, hidden=True),
        secret=secret,
    )
    verdict = run_job(job, side)
    verdict.pop("seconds")
    verdict["notebook"]["metadata"]["autograder"].pop("seconds")
    return verdict


def leaks_of(answer: str, side) -> bool:
    """Tell whether an input is shown, or anything that is said depends on the secret."""
    one, other = (said_of(answer, side, secret) for secret in (b"one", b"other"))
    assert all(set(KEPT) <= set(r) for cell in one["cells"].values() for r in cell["reports"])
    return one != other or leaks.MARK in repr(one["cells"])


@pytest.mark.parametrize("name", leaks.answers())
def test_a_withheld_input_cannot_be_said(side, name):
    """Is all that is said of an answer the same, whichever inputs were withheld from it?"""
    assert not leaks_of(leaks.answers()[name], side)


def test_the_answers_have_seen_withheld_inputs(side):
    """Do they meet what they try to say, having passed what is visible?"""
    lost = {
        name: kit.score(said_of(answer, side, b"one"))
        for name, answer in leaks.answers().items()
        if name in leaks.TOLD or name in ("name of a class", "message of an exception")
    }
    assert [lost[name] for name in leaks.TOLD] == [3.0] * len(leaks.TOLD)
    assert (lost["name of a class"], lost["message of an exception"]) == (0.0, 0.0)
