"""Lesson 01 in a real JupyterLab, as a learner meets it."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import serve
from tests.browser.lab import Notebook

ROOT = Path(__file__).parents[2]
LESSON = "01_sliding_window"

SOLVED = """def correlate1d(x, w):
    if len(w) > len(x):
        raise ValueError("too long")
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])"""
FLIPPED = SOLVED.replace("@ w for", "@ w[::-1] for")
ENDLESS = """def correlate1d(x, w):
    print("on its way")
    while True:
        pass"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a copy of the release."""
    root = tmp_path_factory.mktemp("release")
    shutil.copytree(ROOT / "release" / LESSON, root / LESSON)
    with serve(root, tmp_path_factory.mktemp("private")) as server:
        yield server


@pytest.fixture
def notebook(lab, local_page):
    """The released lesson, opened, its kernel idle."""
    yield Notebook(local_page, lab.url(f"lab/tree/{LESSON}/{LESSON}.ipynb", reset=""))
    lab.shut_kernels_down()


def test_an_answer_is_told_right_or_which_mistake_it_is(notebook):
    """Does a flipped kernel get its name, and the mended answer its mark?"""
    notebook.run("import numpy as np")
    notebook.write("def correlate1d", FLIPPED)
    notebook.run('"values")')
    notebook.say('"values")', "the kernel is flipped")
    notebook.say('"values")', re.escape("computed 10, expected 14"))
    notebook.write("def correlate1d", SOLVED)
    notebook.run('"values")')
    notebook.say('"values")', "✓ correlate1d, values: right")


def test_an_endless_loop_is_stopped_by_the_stop_button(notebook):
    """Does interrupting a check end in a sentence, with the kernel as it was?"""
    notebook.run("import numpy as np")
    notebook.write("def correlate1d", ENDLESS)
    cell = notebook.cell('"values")')
    notebook.command("notebook:run-cell")
    expect(cell.locator(".jp-OutputArea")).to_contain_text("on its way")
    notebook.command("notebook:interrupt-kernel")
    notebook.say('"values")', "stopped by hand")


def test_the_figure_answers_pointer_and_keys(notebook):
    """Do hover and arrow keys form the sums, and does no key reach the notebook?"""
    notebook.run("import numpy as np")
    cell = notebook.run("FlipAndSlide(x=[1, 2, 3, 4, 5]")
    status = cell.get_by_role("status").first
    outputs = cell.get_by_role("grid", name=re.compile("^y|output", re.I)).get_by_role("gridcell")
    outputs.nth(1).hover()
    expect(status).to_contain_text("20")
    outputs.nth(0).click()
    expect(status).to_contain_text("14")
    notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("ArrowRight")
    expect(status).to_contain_text("26")
    cells = notebook.count()
    notebook.page.keyboard.press("b")
    notebook.page.keyboard.press("a")
    expect(status).to_contain_text("26")
    assert notebook.count() == cells
