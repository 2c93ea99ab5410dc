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
def folder(tmp_path_factory):
    """A folder with the figures' notebook, and lesson 01 with a wrong and an unwritten answer."""
    root = tmp_path_factory.mktemp("hosts")
    nbformat.write(notebook_of(*EVERY_FIGURE), root / "figures.ipynb")
    lesson = nbformat.read(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb", as_version=4)
    answers = {cell.source.partition("(")[0]: cell for cell in lesson.cells}
    padded = "padded[padding : padding + len(x)] = x"
    answers["def pad1d"].source = answers["def pad1d"].source.replace(padded, "padded[0] = 1")
    unwritten = (
        "def output_length(n, k, stride=1, padding=0, dilation=1):\n    raise NotImplementedError"
    )
    answers["def output_length"].source = unwritten
    nbformat.write(lesson, root / "lesson.ipynb")
    return root


@pytest.fixture(scope="module")
def voila(folder, tmp_path_factory):
    """Voila."""
    with serve_voila(folder, tmp_path_factory.mktemp("private")) as server:
        yield server


@pytest.fixture
def voila_page(host_context):
    """A page whose requests stay here, but for the icons that Voila's own template asks for."""
    with local_page(host_context, known=["https://cdn.jsdelivr.net/npm/@fortawesome/"]) as page:
        yield page


def test_every_figure_is_alive_in_notebook_7(jupyter, local_page):
    """Does each answer pointer and keys there, and does no letter reach the notebook?"""
    nbformat.write(notebook_of(*EVERY_FIGURE), jupyter.root / "seven.ipynb")
    local_page.goto(jupyter.url("notebooks/seven.ipynb"))
    notebook = Notebook(local_page, "seven.ipynb")
    notebook.run_all()
    all_alive(notebook)


def test_every_figure_is_alive_in_voila(voila, voila_page):
    """Does each answer in a page that Voila makes of the notebook, with nothing from outside?"""
    voila_page.goto(voila.url("voila/render/figures.ipynb"))
    for name in FIGURES:
        answers(figure(voila_page, name))


def test_a_lesson_runs_in_voila(voila, voila_page):
    """Does it run through, its first figure alive, and do its checks say what each answer is?"""
    voila_page.goto(voila.url("voila/render/lesson.ipynb"))
    answers(figure(voila_page, "FlipAndSlide").first)
    for said in (
        *("correlate1d, values: right", "pad1d, values: not right yet", "Computed:"),
        "output_length, plain: not written yet",
    ):
        expect(voila_page.get_by_text(said).first).to_be_visible()
    for fault in ("Traceback", "There was an error"):
        expect(voila_page.get_by_text(fault)).to_have_count(0)
