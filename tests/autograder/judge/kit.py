"""A small lesson with every kind of exercise, and a warm learner's side to grade it with."""

from copy import deepcopy
from typing import Any

import pytest

from autograder.judge.job import run_job
from autograder.judge.limits import Limits
from autograder.judge.side import Side

NAMES = {
    "scale": "function",
    "total": "function",
    "apply_twice": "function",
    "Layer": "class",
    "guess": "prediction",
}
STUB = "raise NotImplementedError  # write your code here, then delete this line"
# For what never ends; everything else has time enough on a busy machine.
QUICK = Limits(
    cell_seconds=1.5,
    call_seconds=1.0,
    test_seconds=5.0,
    submission_seconds=20.0,
    memory=256 << 20,
)
CALM = Limits(memory=256 << 20)

# Grade id: (what the learner sees, the answer)
ANSWERS = {
    "scale": (f"def scale(x, k):\n    {STUB}", "def scale(x, k):\n    return x * k"),
    "total": (
        f"def total(x):\n    {STUB}",
        "def total(x):\n    s = 0.0\n    for v in x:\n        s += v\n    return s",
    ),
    "apply_twice": (
        f"def apply_twice(f, x):\n    {STUB}",
        "def apply_twice(f, x):\n    return f(f(x))",
    ),
    "Layer": (
        f"class Layer:\n    def __init__(self, n):\n        {STUB}",
        "class Layer:\n"
        "    def __init__(self, n):\n"
        "        self.weight = np.ones(n)\n"
        "        self.seen = 0\n"
        "    def forward(self, x):\n"
        "        self.seen += 1\n"
        "        self.x = x\n"
        "        return x * self.weight\n"
        "    def backward(self, dy):\n"
        "        self.grad_weight = dy * self.x\n"
        "        return dy * self.weight",
    ),
    "guess": ("guess = None", "guess = 6"),
}

# Grade id: (points, visible test, hidden test)
TESTS = {
    "scale_values": (
        2,
        "assert np.allclose(scale(SAMPLE, 2), [2, 4, 6])",
        "assert np.array_equal(scale(np.arange(5.0), 3), [0, 3, 6, 9, 12])",
    ),
    "scale_shape": (1, "assert scale(np.ones((2, 3)), 4).tolist() == [[4.0] * 3] * 2", ""),
    "total_values": (
        2,
        "assert total(SAMPLE) == 6",
        "assert abs(total(np.linspace(0, 1, 11)) - 5.5) < 1e-12, 'the withheld sum differs'",
    ),
    "apply_twice_values": (1, "assert apply_twice(lambda v: v + 3, 1) == 7", ""),
    "layer_forward": (
        1,
        "layer = Layer(3)\n"
        "layer.weight = np.array([1.0, 2.0, 3.0])\n"
        "assert np.allclose(layer.forward(SAMPLE), [1, 4, 9])\n"
        "assert layer.seen == 1",
        "",
    ),
    "layer_backward": (
        2,
        "layer = Layer(3)\n"
        "layer.forward(SAMPLE)\n"
        "assert np.allclose(layer.backward(np.full(3, 10.0)), 10)\n"
        "assert np.allclose(layer.grad_weight, [10, 20, 30])",
        "",
    ),
    "guess_value": (1, "assert guess == 6", ""),
}
POINTS = sum(points for points, _, _ in TESTS.values())
ORDER = {
    "scale": ("scale_values", "scale_shape"),
    "total": ("total_values",),
    "apply_twice": ("apply_twice_values",),
    "Layer": ("layer_forward", "layer_backward"),
    "guess": ("guess_value",),
}


def code(text: str, grade_id: str = "", tags: tuple = (), **marks: Any) -> dict:
    """Return a code cell; with a grade id, one that nbgrader knows."""
    return _cell("code", text, grade_id, tags, marks)


def markdown(text: str, grade_id: str = "", **marks: Any) -> dict:
    """Return a markdown cell."""
    return _cell("markdown", text, grade_id, (), marks)


def _cell(kind: str, text: str, grade_id: str, tags: tuple, marks: dict) -> dict:
    metadata: dict = {"tags": list(tags)} if tags else {}
    if grade_id:
        plain = {"grade": False, "solution": False, "locked": False, "task": False}
        rest = {"grade_id": grade_id, "schema_version": 3, "cell_type": kind}
        metadata["nbgrader"] = {**plain, **rest, **marks}
    cell = {"cell_type": kind, "source": text, "metadata": metadata}
    if grade_id:
        cell["id"] = grade_id.replace("_", "-")
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    return cell


def notebook(cells: list[dict]) -> dict:
    """Return a notebook; cells without an id get one."""
    cells = deepcopy(cells)
    for number, cell in enumerate(cells):
        cell.setdefault("id", f"plain-{number}")
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def source() -> dict:
    """Return the lesson as its author has it."""
    return _lesson(lambda name: _with_solution(*ANSWERS[name]), _with_hidden)


def release() -> dict:
    """Return the lesson as learners get it."""
    return _lesson(lambda name: ANSWERS[name][0], lambda visible, hidden: visible)


def solved(**answers: str) -> dict:
    """Return the release with right answers, or with those given instead."""
    return _lesson(
        lambda name: answers.get(name, ANSWERS[name][1]), lambda visible, hidden: visible
    )


def blank(**answers: str) -> dict:
    """Return the release with the answers given and no others."""
    return _lesson(
        lambda name: answers.get(name, ANSWERS[name][0]), lambda visible, hidden: visible
    )


def _lesson(answer, test) -> dict:
    setup = "import numpy as np\n\nSAMPLE = np.array([1.0, 2.0, 3.0])"
    cells = [
        markdown("# A small lesson"),
        code(setup, "setup", ("judge-setup",), locked=True),
    ]
    for name, tests in ORDER.items():
        cells.append(markdown(f"Write `{name}`."))
        cells.append(code(answer(name), name, solution=True))
        for grade_id in tests:
            points, visible, hidden = TESTS[grade_id]
            marks = {"grade": True, "locked": True, "points": points}
            cells.append(code(test(visible, hidden), grade_id, ("raises-exception",), **marks))
    marks = {"grade": True, "solution": True, "points": 3}
    cells.append(markdown("*Your answer here.*", "why", **marks))
    return notebook(cells)


def _with_solution(stub: str, answer: str) -> str:
    return f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"


def _with_hidden(visible: str, hidden: str) -> str:
    if not hidden:
        return visible
    return f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"


def one_test(test: str, answer: str = "") -> dict:
    """Return a notebook with one answer cell, `f`, and one test of one point, `f_test`."""
    marks = {"grade": True, "locked": True, "points": 1}
    return notebook(
        [
            code("import numpy as np", "setup", ("judge-setup",), locked=True),
            code(answer, "f", solution=True),
            code(test, "f_test", **marks),
        ]
    )


def inserted(made: dict, text: str, after: str = "setup") -> dict:
    """Return a notebook with one more code cell, after the cell of this grade id."""
    made = deepcopy(made)
    at = index_of(made, after) + 1
    made["cells"].insert(at, {**code(text), "id": f"inserted-{len(made['cells'])}"})
    return made


def index_of(made: dict, grade_id: str) -> int:
    """Return where the cell of this grade id stands."""
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in made["cells"]]
    return ids.index(grade_id)


def job(submission: dict, limits: Limits = CALM, names: dict | None = None, **rest: Any) -> dict:
    """Return a job for `run_job`."""
    return {
        "source": rest.pop("source", None) or source(),
        "submission": submission,
        "names": NAMES if names is None else names,
        "secret": b"tests",
        "limits": limits.as_dict(),
        "require_sandbox": False,
        **rest,
    }


def score(verdict: dict) -> float:
    """Return the automatic points."""
    return sum(cell["score"] for cell in verdict["cells"].values())


def outcomes(verdict: dict) -> dict[str, str]:
    """Return each test's outcome."""
    return {key: cell["outcome"] for key, cell in verdict["cells"].items()}


def shown(verdict: dict) -> str:
    """Return everything that the autograded notebook's outputs say, as one text."""
    return repr([cell.get("outputs", []) for cell in verdict["notebook"]["cells"]])


@pytest.fixture(scope="session")
def side():
    """A warm learner's side, from which each submission gets processes of its own."""
    with Side(CALM) as made:
        made.wait()
        yield made


@pytest.fixture(scope="session")
def sandboxed(side):
    """The same, for tests of what only a sandbox can hold."""
    isolation = side.wait()
    if not isolation.sandboxed:
        pytest.skip(isolation.line)
    return side


@pytest.fixture
def grade(side):
    """A function that grades a notebook of the small lesson and returns the verdict."""

    def run(submission: dict, limits: Limits = CALM, **rest: Any) -> dict:
        return run_job(job(submission, limits, **rest), side)

    return run
