"""Tests of autograder.notebooks.execute: a solution that does not run never gets built."""

import sys

import pytest

from autograder import CommandError
from autograder.notebooks.execute import run_solution

pytestmark = pytest.mark.slow


def run(author, cases=None):
    """Run the author's solved lesson."""
    text, source = author.source()
    return run_solution(text, source, author.course.root, cases or {})


def refusal(author):
    """Return the message with which the author's solution is refused."""
    with pytest.raises(CommandError) as caught:
        run(author)
    return str(caught.value)


def line_of(author, passage):
    """Return the number of the first line that holds `passage`, from 1."""
    lines = author.path.read_text("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if passage in line)


def test_a_wrong_solution_fails_though_its_tests_may_raise(author):
    """Is a wrong answer seen?  Tests are tagged raises-exception, which hides errors elsewhere."""
    author.edit("doubled_signal = x + x", "doubled_signal = x * x")
    message = refusal(author)
    line = line_of(author, "[2, 4]")
    assert message.startswith(f"source/01_doubling.py:{line} (cell 8): the solved cell fails")
    assert "AssertionError" in message


def test_a_solution_that_is_wrong_in_hidden_tests_only_fails(author):
    """Do the hidden tests run too, and is their line named?"""
    author.edit("doubled_signal = x + x", "doubled_signal = 2 * np.minimum(x, 3)")
    line = line_of(author, "[10, 14]")
    assert f":{line} (cell 8): the hidden tests fail" in refusal(author)


def test_a_wrong_prediction_fails(author):
    """Do checks without points count as well?"""
    author.edit("guess = 42 * 1", "guess = 43")
    assert f":{line_of(author, 'guess == 42')} (cell 5)" in refusal(author)


def test_an_error_that_is_only_shown_fails(author):
    """Is an error output an error, though the cell goes on?"""
    author.edit(
        "print(np.arange(3))",
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    get_ipython().showtraceback()",
    )
    assert "(cell 6): the cell shows an error: ZeroDivisionError" in refusal(author)


def test_a_warning_fails(author):
    """Is a warning kept out of what learners read?"""
    author.edit("print(np.arange(3))", "np.array([1.0]) / 0")
    message = refusal(author)
    assert "(cell 6): the solved cell writes to stderr" in message
    assert "divide by zero" in message


def test_a_kernel_that_dies_is_named(author):
    """Is the cell named that ended the kernel?"""
    author.edit("print(np.arange(3))", "import os\nos._exit(1)")
    assert "(cell 6): the kernel died" in refusal(author)


def test_outputs_belong_to_visible_lines(author):
    """Are outputs kept cell by cell, and those of hidden tests dropped?"""
    outputs = run(author)
    shown = {
        number: [o.get("text", o.get("data", {}).get("text/plain")) for o in cell]
        for number, cell in enumerate(outputs)
        if cell
    }
    assert shown[5] == ["[0 1 2]\n", "<Figure size 640x480 with 1 Axes>"]
    assert set(shown) == {5, 9}


def test_the_kernel_is_clean(author, monkeypatch, tmp_path):
    """Does the run see this interpreter, an empty folder, the new cases, and nothing of mine?"""
    other = tmp_path / "jupyter/kernels/python3/kernel.json"
    other.parent.mkdir(parents=True)
    other.write_text('{"argv": ["false"], "display_name": "Another", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    (author.course.root / "course").mkdir()
    (author.course.root / "course/__init__.py").write_text("")
    (author.course.root / "course/old.txt").write_text("old")
    monkeypatch.setenv("MPLBACKEND", "agg")
    author.edit(
        "print(np.arange(3))",
        "import os, sys, pathlib, course\n"
        "print(os.listdir(), sys.executable, 'author' in globals())\n"
        "print((pathlib.Path(course.__file__).parent / 'checks/cases/a.json').read_text())",
    )
    outputs = run(author, {"course/checks/cases/a.json": b"new"})
    assert outputs[5][0].text == f"[] {sys.executable} False\nnew\n"
    assert "image/png" in outputs[5][1].data
    assert not (author.course.root / "course/checks").exists()
