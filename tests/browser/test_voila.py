"""A lesson and figures in Voila; `test_jupyterlab.py` opens them where notebooks are worked on."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.chromium import local_page
from tests.browser.hosts import KINDS, SOME_FIGURES, answers, figure
from tests.browser.jupyter import serve_voila

ROOT = Path(__file__).parents[2]
LESSON = "01_sliding_window"


@pytest.fixture(scope="module")
def shown(host_context, tmp_path_factory):
    """Voila's page of lesson 01 with a wrong and an unwritten answer, and then figures.

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
    lesson.cells += map(nbformat.v4.new_code_cell, SOME_FIGURES)
    nbformat.write(lesson, root / "lesson.ipynb")
    icons = ["https://cdn.jsdelivr.net/npm/@fortawesome/"]
    with (
        serve_voila(root, tmp_path_factory.mktemp("private")) as voila,
        local_page(host_context, icons) as page,
    ):
        page.goto(voila.url("voila/render/lesson.ipynb"))
        yield page


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


def test_figures_are_alive_in_voila(shown):
    """Does each kind answer in the page that Voila makes, with nothing from outside?"""
    for name in KINDS:
        answers(figure(shown, name).last)
