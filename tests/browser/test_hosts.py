"""Every figure in every program that a learner may open a notebook with.

Each host runs once for all its tests, on a notebook that shows every figure.
"""

import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.chromium import local_page
from tests.browser.hosts import FIGURES, answers, figure, notebook_of, write_every_figure
from tests.browser.jupyter import serve, serve_voila
from tests.browser.lab import Notebook

ROOT = Path(__file__).parents[2]
LESSON = "01_sliding_window"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the figures' notebook, and lesson 01 as it is solved."""
    root = tmp_path_factory.mktemp("hosts")
    write_every_figure(root / "figures.ipynb")
    shutil.copyfile(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb", root / "solutions.ipynb")
    wrong = nbformat.read(ROOT / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)
    answer = next(cell for cell in wrong.cells if cell.source.startswith("def correlate1d"))
    answer.source = answer.source.replace("raise NotImplementedError", "return x[: len(w)] * w")
    nbformat.write(wrong, root / "wrong.ipynb")
    return root


@pytest.fixture(scope="module")
def lab(folder, tmp_path_factory):
    """JupyterLab."""
    with serve(folder, tmp_path_factory.mktemp("private")) as server:
        yield server


@pytest.fixture(scope="module")
def notebook7(folder, tmp_path_factory):
    """Notebook 7."""
    with serve(folder, tmp_path_factory.mktemp("private"), app="notebook") as server:
        yield server


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


@pytest.fixture
def open_in(local_page, request):
    """Open a notebook in a host, and stop its kernel after the test."""
    servers = []

    def open_in(host, name):
        server = request.getfixturevalue(host)
        servers.append(server)
        path = {"lab": f"lab/tree/{name}", "notebook7": f"notebooks/{name}"}[host]
        return Notebook(local_page, server.url(path, reset=""))

    yield open_in
    for server in servers:
        server.shut_kernels_down()


def all_alive(open_in, host):
    """Expect each figure to answer pointer and keys, and no letter to reach the notebook."""
    notebook = open_in(host, "figures.ipynb")
    notebook.run_all()
    cells = notebook.count()
    for name in FIGURES:
        answers(figure(notebook.cell(f"{name}()"), name))
        for key in "ab":
            notebook.page.keyboard.press(key)
    assert notebook.count() == cells
    return notebook


def test_every_figure_is_alive_in_notebook_7(open_in):
    """Does each answer there?"""
    all_alive(open_in, "notebook7")


LINKED = """from ipywidgets import IntSlider, Label, VBox, jslink
from course.widgets import Im2Col
figure, slider, label = Im2Col(), IntSlider(max=24, description="column"), Label()
jslink((slider, "value"), (figure, "selection"))
figure.observe(lambda change: label.set_trait("value", f"Python has {change.new}"), "selection")
VBox([slider, figure, label])"""


def test_a_linked_slider_and_python_share_the_selection(open_in, folder):
    """Does a slider move the figure in the page, a click the slider, and does Python hear both?"""
    nbformat.write(notebook_of(LINKED, "figure.selection = 3"), folder / "linked.ipynb")
    notebook = open_in("lab", "linked.ipynb")
    cell = notebook.run("jslink")
    panel = figure(cell, "Im2Col")
    heard = cell.locator(".widget-label").last
    handle = cell.get_by_role("slider")
    handle.focus()
    handle.press("End")
    expect(panel.get_by_role("status")).to_contain_text("times column 24")
    expect(heard).to_have_text("Python has 24")
    panel.get_by_role("grid", name="output y").get_by_role("gridcell").nth(7).click()
    expect(cell.locator(".widget-readout")).to_have_text("7")
    expect(heard).to_have_text("Python has 7")
    notebook.page.mouse.move(2, 2)
    notebook.run("figure.selection = 3")
    expect(panel.get_by_role("status")).to_contain_text("times column 3")


LAB = """import numpy as np
from course.widgets import KernelLab
lab = KernelLab("digit", [[1, 1]])
lab"""
COMPARE = """lab.output = lab.output + np.eye(8, 7)
print(*lab.kernel[0], lab.difference.max())"""


def test_python_reads_a_typed_kernel_and_shows_an_output_of_its_own(open_in, folder):
    """Is a weight typed in the page read in Python, and an output set there laid beside the own?"""
    nbformat.write(notebook_of(LAB, COMPARE), folder / "kernel_lab.ipynb")
    notebook = open_in("lab", "kernel_lab.ipynb")
    panel = figure(notebook.run("KernelLab("), "KernelLab")
    panel.get_by_role("grid", name="kernel w").get_by_role("gridcell").last.click()
    notebook.page.keyboard.type("1/4")
    notebook.page.keyboard.press("Enter")
    notebook.run("lab.output =")
    notebook.say("lab.output =", "1.0 0.25 1.0")
    expect(panel.locator(".verdict")).to_have_text("Yours differs by up to 1, at y[0, 0].")


DRAWN = """import matplotlib.pyplot as plt
from course.figures import show
figure, axes = plt.subplots()
axes.plot([1, 3, 2])
show(figure, alt="A line with one peak.")"""


def test_a_drawing_has_its_words_and_follows_the_theme_in_jupyterlab(open_in, folder):
    """Is its alt text there, and is it light on dark in the dark theme and nowhere else?"""
    nbformat.write(notebook_of(DRAWN), folder / "drawn.ipynb")
    notebook = open_in("lab", "drawn.ipynb")
    picture = notebook.run("axes.plot").get_by_role("img", name="A line with one peak.")
    expect(picture).to_have_css("filter", "none")
    for theme, look in (("Dark", "invert(0.9) hue-rotate(180deg)"), ("Light", "none")):
        notebook.page.evaluate(
            "theme => void jupyterapp.commands.execute('apputils:change-theme', { theme })",
            f"JupyterLab {theme}",
        )
        expect(picture).to_have_css("filter", look)


def test_every_figure_is_alive_in_jupyterlab_and_its_slide_show(open_in):
    """Does each answer in the notebook, then on its slide, and do arrow keys stay in it there?"""
    notebook = all_alive(open_in, "lab")
    notebook.run_all()  # new figures, in which nothing is chosen
    page = notebook.page
    notebook.cell("import *")  # the show begins with the cell that is active
    notebook.command("deck:start")
    expect(page.locator("body")).to_have_attribute("data-jp-deck-mode", "presenting")
    for name in FIGURES:
        notebook.command("deck:forward")
        panel = figure(page, name)
        answers(panel)
        page.keyboard.press("ArrowRight")
        expect(panel).to_be_in_viewport()


def test_every_figure_is_alive_in_voila(voila, voila_page):
    """Does each answer in a page that Voila makes of the notebook, with nothing from outside?"""
    voila_page.goto(voila.url("voila/render/figures.ipynb"))
    for name in FIGURES:
        answers(figure(voila_page, name))


def test_a_figure_of_a_lesson_is_alive_in_voila(voila, voila_page):
    """Does the solved lesson run through there, its first figure alive?"""
    voila_page.goto(voila.url("voila/render/solutions.ipynb"))
    answers(figure(voila_page, "FlipAndSlide").first)
    expect(voila_page.get_by_text("Traceback")).to_have_count(0)


def test_checks_speak_in_voila(voila, voila_page):
    """Does an answer that is not written get its sentence, and a wrong one what differs?"""
    voila_page.goto(voila.url("voila/render/wrong.ipynb"))
    expect(voila_page.get_by_text("not written yet").first).to_be_visible(timeout=60_000)
    expect(voila_page.get_by_text("correlate1d, values: not right yet").first).to_be_visible()
    expect(voila_page.get_by_text("Computed:").first).to_be_visible()
    expect(voila_page.get_by_text("There was an error")).to_have_count(0)
