"""One tiny lesson, answers to it, and a judge that takes no process."""

import copy
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import nbformat
from jupyter_core.application import NoStart
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.apps import NbGraderApp

from autograder.pipeline.grading.grader import Grader
from autograder.pipeline.nbgrader_hooks import preprocessors

REPOSITORY = Path(__file__).resolve().parents[3]
LESSON = "01_tiny"

CONFIG = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(REPOSITORY)!r})
from autograder.pipeline.nbgrader_hooks.config import configure
configure(get_config(), Path(__file__).resolve().parent)
"""

SOLUTION = "### BEGIN SOLUTION\n    {}\n    ### END SOLUTION"
HIDDEN = "### BEGIN HIDDEN TESTS\nassert {}\n### END HIDDEN TESTS"


def mark(grade_id, points=None, *, grade=False, solution=False, locked=False):
    """Return nbgrader's metadata for one cell."""
    nbgrader = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    if grade:
        nbgrader["points"] = points
    return {"nbgrader": nbgrader}


def tiny_source():
    """Return a lesson of two answers (5 points in three parts) and a written one (2 points)."""

    def test(name, points, shown, hidden):
        metadata = mark(name, points, grade=True, locked=True) | {"tags": ["raises-exception"]}
        body = f"assert {shown}\n{HIDDEN.format(hidden)}"
        return new_code_cell(body, metadata=metadata, id=name.replace("_", "-"))

    def answer(name, body):
        code = f"def {name}(x):\n    {SOLUTION.format(body)}"
        return new_code_cell(code, metadata=mark(name, solution=True), id=name)

    return new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
        cells=[
            new_markdown_cell("# Double and square\n\nWith $2x$ and $x^2$.", id="title"),
            new_code_cell(
                "import math",
                metadata=mark("setup", locked=True) | {"tags": ["judge-setup"]},
                id="setup",
            ),
            answer("double", "return 2 * x"),
            test("double_small", 2, "double(2) == 4", "double(3) == 6"),
            test("double_large", 1, "double(100) == 200", "double(101) == 202"),
            answer("square", "return x * x"),
            test("square_values", 2, "square(3) == 9", "square(5) == 25"),
            new_markdown_cell("Why is $x^2$ never negative?", id="prompt"),
            new_markdown_cell(
                "### BEGIN SOLUTION\nA product of equal signs.\n### END SOLUTION",
                metadata=mark("why_square", 2, grade=True, solution=True),
                id="why-square",
            ),
        ],
    )


def fake_judge(source, submission, *, lesson, blank=None, **choice):
    """Stand in for the judge: same verdicts, but the learner's code runs right here."""
    namespace = {}
    for cell in submission.cells:
        marked = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not marked.get("grade"):
            try:
                exec(cell.source, namespace)  # noqa: S102
            except Exception:
                continue
    notebook, cells = copy.deepcopy(submission), {}
    targets = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader")
    }
    for cell in source.cells:
        marked = cell.metadata.get("nbgrader", {})
        if not marked.get("grade") or marked.get("solution"):
            continue
        name, outputs = marked["grade_id"], []
        try:
            exec(cell.source, namespace)  # noqa: S102
            score, outcome = float(marked["points"]), "right"
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            outputs.append(new_output("error", ename="E", evalue=str(error), traceback=[text]))
            score = 0.0
            outcome = "not written" if isinstance(error, NotImplementedError) else "wrong"
        report = {
            "exercise": name.split("_")[0],
            "part": name.split("_")[1],
            "status": outcome,
            "headline": f"`{name}` is {outcome}",
            "details": [] if outcome == "right" else [f"the check called {name}"],
            "withheld": "an input that nobody is to see: 123456789",
            "misconception": "adds-one" if "+ 1" in str(namespace.get("NOTE", "")) else None,
            "name": "adds one" if "+ 1" in str(namespace.get("NOTE", "")) else "",
            "hint": "What does `0` give?",
        }
        cells[name] = SimpleNamespace(
            grade_id=name, score=score, points=float(marked["points"]), outcome=outcome,
            reports=[report], outputs=outputs,
        )  # fmt: skip
        if name in targets:
            targets[name].outputs = outputs
    notebook.metadata["autograder"] = nbformat.from_dict(
        {
            "status": "graded",
            "reason": "",
            "sandbox": "no sandbox (a test)",
            "seconds": 0.0,
            "cells": {
                name: {
                    "score": c.score,
                    "points": c.points,
                    "outcome": c.outcome,
                }
                for name, c in cells.items()
            },
        }
    )
    return SimpleNamespace(
        status="graded", reason="", cells=cells, notebook=notebook,
        sandbox="no sandbox (a test)", seconds=0.0,
    )  # fmt: skip


class HerePool:
    """Grades in this process, with whatever `judge_kept` is at the time."""

    jobs = 1

    def __init__(self, setup, jobs):
        self.grader = Grader(setup, lambda *args, **rest: preprocessors.judge_kept(*args, **rest))

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def wait(self):
        """Be ready at once."""

    def submit(self, work):
        """Return a future that has its outcome."""
        future = Future()
        future.set_result(self.grader.grade(work))
        return future


def run_nbgrader(*arguments):
    """Run an nbgrader command in the current folder, in this process; return its exit code."""
    app = NbGraderApp()
    try:
        app.initialize(list(arguments))
        app.start()
    except NoStart:
        return 0
    except SystemExit as end:
        return end.code or 0
    finally:
        app.reset()


def solved(notebook, **answers):
    """Return a copy of a blank notebook with answers written: grade id -> text."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return notebook


# What is said of an empty file.
EMPTY = f"{LESSON}.ipynb is an empty file, not the notebook; save the notebook and hand it in again"
RIGHT = {
    "double": "def double(x):\n    return x + x",
    "square": "def square(x):\n    return x**2",
    "why_square": "Equal signs give a positive product: $(-x)(-x) = x^2$.",
}
