"""What a failure costs is told with its cause: a cell that failed, or another exercise's answer."""

import pytest

from tests.autograder.judge import kit

NAMES = {"correlate1d": "function", "convolve1d": "function"}
TESTS = {
    "correlate1d": "assert correlate1d(np.arange(4.0), np.array([1.0, 2.0])).tolist() == [2, 5, 8]",
    "convolve1d": "assert convolve1d(np.arange(4.0), np.array([2.0, 1.0])).tolist() == [2, 5, 8]",
}
RIGHT = "def correlate1d(x, w):\n    return np.correlate(x, w)"
WRONG = "def correlate1d(x, w):\n    return np.correlate(x, w) + 7"
STUB = f"def correlate1d(x, w):\n    {kit.STUB}"
CALLS = "def convolve1d(x, w):\n    return correlate1d(x, w[::-1])"
THROUGH = "def convolve1d(x, w):\n    return helper(x, w)"
HELPER = "def helper(x, w):\n    return correlate1d(x, w[::-1])"
ALSO_WRONG = "def convolve1d(x, w):\n    return correlate1d(x, w)"
SAID = "convolve1d is right once correlate1d is."


def lesson(correlate1d, convolve1d, *more):
    """Return a notebook of two exercises with a test of one point each."""
    cells = [kit.code("import numpy as np", "setup", ("judge-setup",), locked=True)]
    cells += [kit.code(text) for text in more]
    for name, text in (("correlate1d", correlate1d), ("convolve1d", convolve1d)):
        marks = {"grade": True, "locked": True, "points": 1}
        cells.append(kit.code(text, name, solution=True))
        cells.append(kit.code(TESTS[name], f"{name}_test", ("raises-exception",), **marks))
    return kit.notebook(cells)


@pytest.fixture
def graded(grade):
    """A function that grades answers of the two exercises."""

    def run(*texts):
        return grade(lesson(*texts), source=lesson("", ""), names=NAMES)

    return run


@pytest.mark.parametrize(
    ("texts", "follows"),
    [
        ((WRONG, CALLS), True),
        ((STUB, CALLS), True),
        (("import nowhere", CALLS), True),
        ((f"{RIGHT}\nx = 'abc", CALLS), True),
        ((WRONG, THROUGH, HELPER), True),
        ((WRONG, ALSO_WRONG), False),
        ((WRONG, WRONG.replace("correlate1d(", "convolve1d(", 1)), False),
        ((RIGHT, ALSO_WRONG), False),
    ],
)
def test_a_mistake_that_follows_from_another_is_told_as_one(graded, texts, follows):
    """Is it said, and only then, that an answer is right once the one it calls is?"""
    verdict = graded(*texts)
    assert kit.score(verdict) == (texts[0] == RIGHT)
    shown = repr(verdict["cells"]["convolve1d_test"]["outputs"])
    assert (SAID in shown) == follows
    assert SAID not in repr(verdict["cells"]["correlate1d_test"])


def test_points_do_not_depend_on_what_was_lent(graded):
    """Does an answer that keeps the function it was lent earn nothing with it?"""
    keeps = (
        "def convolve1d(x, w):\n"
        "    kept = globals().setdefault('kept', correlate1d)\n"
        "    return kept(x, w[::-1])"
    )
    verdict = graded(WRONG, keeps)
    assert kit.score(verdict) == 0


FAILING = {
    "a missing quote": (f"{RIGHT}\nx = 'abc", "SyntaxError: unterminated string literal"),
    "a module that is not there": ("import numba\n" + RIGHT, "No module named 'numba' (grading"),
    "a helper that is not there": ("@faster\n" + RIGHT, "NameError: name 'faster' is not defined"),
}


@pytest.mark.parametrize(("text", "why"), FAILING.values(), ids=FAILING.keys())
def test_an_answer_whose_cell_failed_is_told_with_its_error(graded, text, why):
    """Is the cause named at the top and at the test, and nothing called not written?"""
    verdict = graded(text, CALLS)
    assert verdict["status"] == "graded"
    assert verdict["reason"].startswith("cell 2 (correlate1d) failed: ")
    assert why in verdict["reason"]
    assert verdict["cells"]["correlate1d_test"]["outcome"] == "stopped"
    assert why in repr(verdict["cells"]["correlate1d_test"]["outputs"]).replace("\\'", "'")


def test_a_failed_cell_that_an_answer_needs_is_told_with_it(graded):
    """Is the import that failed named, not only the line that misses it?"""
    reason = graded("@numba.njit\n" + RIGHT, CALLS, "import numba")["reason"]
    assert reason.startswith("cell 2 failed: ModuleNotFoundError: No module named 'numba'")
    assert "cell 3 (correlate1d) failed: NameError" in reason


@pytest.mark.parametrize("cell", ["1 / 0", "raise NotImplementedError"])
def test_a_failed_cell_that_costs_nothing_is_not_told(graded, cell):
    """Does a try that failed stay out of the reason, whatever the answers are?"""
    assert graded(RIGHT, CALLS, cell)["reason"] == ""
    assert graded(WRONG, CALLS, cell)["reason"] == ""
