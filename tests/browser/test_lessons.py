"""Lessons in a real JupyterLab: lesson 01 as a learner meets it, and a long one, solved.

Every lesson runs in a kernel in `tests/autograder/notebooks/test_lessons.py`, every figure in
JupyterLab in `test_jupyterlab.py`.
"""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
FIRST, LONG = "01_sliding_window", "09_col2im"

SOLVED = """def correlate1d(x, w):
    if len(w) > len(x):
        raise ValueError("too long")
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])"""
FLIPPED = SOLVED.replace("@ w for", "@ w[::-1] for")
ENDLESS = """def correlate1d(x, w):
    print("on its way")
    while True:
        pass"""

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


def lesson(folder, name):
    """Read a lesson's notebook."""
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", as_version=4)


def figures(cells):
    """Return the outputs of the cells that show a figure of `course.widgets`."""
    from course import widgets

    names = tuple(f"{name}(" for name in widgets.__all__)
    return [cell["outputs"] for cell in cells if cell["source"].lstrip().startswith(names)]


@pytest.fixture(scope="module")
def first(lab):
    """Lesson 01 as it is released, opened and run from the top."""
    notebook = lab.open(lesson("release", FIRST))
    notebook.run_all()
    return notebook


def test_the_released_lesson_runs_from_the_top(first, open_in_lab):
    """Does every check say "not written yet" without an error, and does nothing fail?"""
    cells = first.page.evaluate(CELLS)
    checks = [cell for cell in cells if cell["source"].startswith("check(")]
    assert checks
    for cell in checks:
        assert [o["kind"] for o in cell["outputs"]] == ["display_data"], cell["source"]
        assert "not written yet" in cell["outputs"][0]["text"], cell["source"]
    for cell in cells:
        if cell not in checks:
            assert all(o["kind"] != "error" for o in cell["outputs"]), cell["source"]
    assert all("text/html" in o[0]["data"] for o in figures(cells))


def test_an_answer_is_told_right_or_which_mistake_it_is(first, open_in_lab):
    """Does a flipped kernel get its name, and the mended answer its mark?"""
    first.write("def correlate1d", FLIPPED)
    first.run('"values")')
    first.say('"values")', "the kernel is flipped")
    first.say('"values")', re.escape("computed 10, expected 14"))
    first.write("def correlate1d", SOLVED)
    first.run('"values")')
    first.say('"values")', "✓ correlate1d, values: right")


def test_an_endless_loop_is_stopped_by_the_stop_button(first, open_in_lab):
    """Does interrupting a check end in a sentence, with the kernel as it was?"""
    first.write("def correlate1d", ENDLESS)
    cell = first.cell('"values")')
    first.command("notebook:run-cell")
    expect(cell.locator(".jp-OutputArea")).to_contain_text("on its way")
    first.command("notebook:interrupt-kernel")
    first.say('"values")', "stopped by hand")


def test_the_figure_answers_pointer_and_keys(first, open_in_lab):
    """Do hover and arrow keys form the sums, and does no key reach the notebook?"""
    cell = first.run("FlipAndSlide(x=[1, 2, 3, 4, 5]")
    status = cell.get_by_role("status").first
    outputs = cell.get_by_role("grid", name=re.compile("^y|output", re.I)).get_by_role("gridcell")
    outputs.nth(1).hover()
    expect(status).to_contain_text("20")
    outputs.nth(0).click()
    expect(status).to_contain_text("14")
    first.page.keyboard.press("ArrowRight")
    first.page.keyboard.press("ArrowRight")
    expect(status).to_contain_text("26")
    cells = first.count()
    first.page.keyboard.press("b")
    first.page.keyboard.press("a")
    expect(status).to_contain_text("26")
    assert first.count() == cells


def test_a_long_solved_lesson_runs_from_the_top(open_in_lab):
    """Is every check right, and does nothing fail?"""
    notebook = open_in_lab(lesson("solutions", LONG))
    notebook.run_all()
    cells = notebook.page.evaluate(CELLS)
    for cell in cells:
        assert all(o["kind"] != "error" for o in cell["outputs"]), cell["source"]
        if cell["source"].startswith("check("):
            assert "✓" in cell["outputs"][0]["text"], cell["source"]
