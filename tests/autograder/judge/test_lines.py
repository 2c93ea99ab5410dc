"""Is the line of a wrong answer told in grading, once, and no word of the learner's?"""

import time

import pytest

from autograder.judge.job import run_job
from autograder.judge.limits import Limits
from autograder.judge.lines import Found, LineSearch, needed_cells, read
from tests.autograder.judge.kit import CALM, job, one_test

TEST = 'from course.checks import check\ncheck("correlate1d", correlate1d)'
SETUP = "import numpy as np"
WRONG = """def correlate1d(x, w):
    if len(w) > len(x):
        raise ValueError("too long")
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(y)):
        y[i] = x[i : i + len(w)] @ w + x[i]
    return y"""
ANSWER = {"line": 6, "place": "a term too many", "misconception": ""}


def report_of(verdict: dict) -> dict:
    """Return the only report of a submission."""
    ((report,),) = (cell["reports"] for cell in verdict["cells"].values())
    return report


def test_a_graded_answer_gets_its_line(side):
    """Does the report name the line as a check in a notebook does?"""
    made = one_test(TEST, WRONG)
    asked = job(made, source=made, names={"correlate1d": "function"})
    verdict = run_job(asked, side, None, Found())
    report = report_of(verdict)
    assert (report["line"], report["status"]) == (6, "wrong")
    assert "  y[i] = x[i : i + len(w)] @ w + x[i]" in report["details"]


def test_what_was_found_is_not_looked_for_again(side, monkeypatch):
    """Is the same text asked once, whoever hands it in?"""
    found = Found()
    lines = LineSearch(side.zygote, CALM, (SETUP, WRONG), found)
    first = lines.repair("correlate1d", WRONG, float("inf"))
    assert first.text == "y[i] = x[i : i + len(w)] @ w + x[i]"
    monkeypatch.setattr(LineSearch, "_asked", None)  # asking would fail
    again = LineSearch(side.zygote, CALM, ("print('another notebook')", SETUP, WRONG), found)
    assert again.repair("correlate1d", WRONG, float("inf")) == first
    noted = f"{WRONG}\n# a note of one's own"
    with_a_note = LineSearch(side.zygote, CALM, (SETUP, noted), found)
    assert with_a_note.repair("correlate1d", noted, float("inf")) == first


@pytest.mark.parametrize(
    "wrong",
    [
        {"line": 0},
        {"line": 8},
        {"line": True},
        {"line": "6"},
        {"place": "<script>"},
        {"place": "the call of `exec`"},
        {"place": ["an index"]},
        {"misconception": "you-are-right"},
        {"misconception": None},
    ],
    ids=str,
)
def test_nothing_but_a_line_and_known_words_comes_from_a_learners_process(wrong):
    """Is a reply that says anything else no line?"""
    assert read(ANSWER, "correlate1d", WRONG) == ANSWER
    assert read(ANSWER | wrong, "correlate1d", WRONG) == {"line": 0}
    assert read({}, "correlate1d", WRONG) == {"line": 0}


def test_a_process_that_is_late_gives_no_line(side):
    """Does an answer that never ends leave its test as it was?"""
    endless = WRONG.replace("    y = np", "    while True: pass\n    y = np")
    lines = LineSearch(side.zygote, Limits(memory=256 << 20), (SETUP, endless), Found())
    assert lines.repair("correlate1d", endless, time.monotonic() + 0.5) is None


def test_the_cells_that_an_answer_needs_run_and_no_other():
    """Are helpers of helpers found, in the notebook's order?"""
    helper, other = "def helper(x):\n    return half * x", "print('hello')\nunused = 1"
    half, answer = "half = 0.5", "def f(x):\n    return helper(x)"
    cells = (half, other, helper, answer, SETUP)
    assert needed_cells(cells, answer) == [half, helper, answer]
