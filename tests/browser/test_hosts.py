"""Every figure in Notebook 7 and Voila; `test_jupyterlab.py` opens them in JupyterLab."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.chromium import local_page
from tests.browser.hosts import EVERY_FIGURE, FIGURES, all_alive, answers, figure, notebook_of
from tests.browser.jupyter import serve_voila
from tests.browser.lab import Notebook

ROOT = Path(__file__).parents[2]
LESSON = "01_sliding_window"


@pytest.fixture(scope="module")
def shown(host_context, tmp_path_factory):
    """Voila's page of lesson 01 with a wrong and an unwritten answer, and then every figure.

    It asks this machine alone, but for the icons that Voila's own template asks for.
    """
    root = tmp_path_factory.mktemp("voila")
    lesson = nbformat.read(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb", as_version=4)
    written = {cell.source.partition("(")[0]: cell for cell in lesson.cells}
    padded = "padded[padding : padding + len(x)] = x"
    written["def pad1d"].source = written["def pad1d"].source.replace(padded, "padded[0] = 1")
    unwritten = (
        "def output_length(n, k, stride=1, padding=0, dilation=1):\n    raise NotImplementedError"
    )
    written["def output_length"].source = unwritten
    lesson.cells += map(nbformat.v4.new_code_cell, EVERY_FIGURE)
    nbformat.write(lesson, root / "lesson.ipynb")
    icons = ["https://cdn.jsdelivr.net/npm/@fortawesome/"]
    with (
        serve_voila(root, tmp_path_factory.mktemp("private")) as voila,
        local_page(host_context, icons) as page,
    ):
        page.goto(voila.url("voila/render/lesson.ipynb"))
        yield page


def test_every_figure_is_alive_in_notebook_7(jupyter, local_page):
    """Does each answer pointer and keys there, and does no letter reach the notebook?"""
    nbformat.write(notebook_of(*EVERY_FIGURE), jupyter.root / "seven.ipynb")
    local_page.goto(jupyter.url("notebooks/seven.ipynb"))
    notebook = Notebook(local_page, "seven.ipynb")
    notebook.run_all()
    all_alive(notebook)


def test_a_lesson_runs_in_voila(shown):
    """Does it run through, its first figure alive, and do its checks say what each answer is?"""
    answers(figure(shown, "FlipAndSlide").first)
    for said in (
        *("correlate1d, values: right", "pad1d, values: not right yet", "Computed:"),
        "output_length, plain: not written yet",
    ):
        expect(shown.get_by_text(said).first).to_be_visible()
    for fault in ("Traceback", "There was an error"):
        expect(shown.get_by_text(fault)).to_have_count(0)


def test_every_figure_is_alive_in_voila(shown):
    """Does each answer in a page that Voila makes of the notebook, with nothing from outside?"""
    for name in FIGURES:
        answers(figure(shown, name).last)
