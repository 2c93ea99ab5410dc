"""A long lesson in a real JupyterLab, as it is released and as it is solved, run from the top.

Every lesson runs in a kernel in `tests/autograder/notebooks/test_lessons.py`, every figure in
JupyterLab in `test_hosts.py`, and lesson 01 as a learner meets it in `test_lesson_01.py`.
"""

import shutil
from pathlib import Path

import pytest

from tests.browser.jupyter import serve
from tests.browser.lab import Notebook

ROOT = Path(__file__).parents[2]
LESSON = "09_col2im"

# What each code cell shows: its source, the kinds of its outputs, and their texts.
CELLS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code')
  .map(cell => ({
    source: cell.model.sharedModel.getSource(),
    outputs: cell.model.sharedModel.getOutputs().map(output => ({
      kind: output.output_type,
      data: Object.keys(output.data ?? {}),
      text: [output.text, output.data?.['text/plain'], output.traceback].flat().join(''),
    })),
  }))"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on copies of the released and of the solved lesson."""
    root = tmp_path_factory.mktemp("lessons")
    for folder in ("release", "solutions"):
        shutil.copytree(ROOT / folder / LESSON, root / folder / LESSON)
    with serve(root, tmp_path_factory.mktemp("private")) as server:
        yield server


@pytest.fixture
def run(lab, local_page):
    """Open a notebook, run all of it, and return what its code cells show."""

    def run(folder):
        path = f"lab/tree/{folder}/{LESSON}/{LESSON}.ipynb"
        notebook = Notebook(local_page, lab.url(path, reset=""))
        notebook.run_all()
        return local_page.evaluate(CELLS)

    yield run
    lab.shut_kernels_down()


def figures(cells):
    """Return the outputs of the cells that show a figure of `course.widgets`."""
    from course import widgets

    names = tuple(f"{name}(" for name in widgets.__all__)
    return [cell["outputs"] for cell in cells if cell["source"].lstrip().startswith(names)]


def test_the_released_lesson_runs_from_the_top(run):
    """Does every check say "not written yet" without an error, and does nothing fail?"""
    cells = run("release")
    checks = [cell for cell in cells if cell["source"].startswith("check(")]
    assert checks
    for cell in checks:
        assert [o["kind"] for o in cell["outputs"]] == ["display_data"], cell["source"]
        assert "not written yet" in cell["outputs"][0]["text"], cell["source"]
    for cell in cells:
        if cell not in checks:
            assert all(o["kind"] != "error" for o in cell["outputs"]), cell["source"]
    assert all("text/html" in o[0]["data"] for o in figures(cells))


def test_the_solved_lesson_runs_from_the_top(run):
    """Is every check right, and does nothing fail?"""
    cells = run("solutions")
    for cell in cells:
        assert all(o["kind"] != "error" for o in cell["outputs"]), cell["source"]
        if cell["source"].startswith("check("):
            assert "✓" in cell["outputs"][0]["text"], cell["source"]
