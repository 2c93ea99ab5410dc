"""A notebook's figures after its kernel has gone: saved, closed, opened again, hidden."""

import nbformat
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.hosts import FIGURES, answers, figure, notebook_of, write_every_figure
from tests.browser.jupyter import serve
from tests.browser.lab import IN_LAB, Notebook

COUNT = f"{IN_LAB}[0].model.executionCount"
SELECTED = """from course.widgets import FlipAndSlide
figure = FlipAndSlide()
figure"""
TYPED = """from course.widgets import PaddingAndStride
typed = PaddingAndStride(editable=True)
typed"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for notebooks."""
    return tmp_path_factory.mktemp("reopened")


@pytest.fixture(scope="module")
def lab(folder, tmp_path_factory):
    """JupyterLab."""
    with serve(folder, tmp_path_factory.mktemp("private")) as server:
        yield server


@pytest.fixture
def opened(lab, local_page):
    """Open a notebook; kernels end with the test."""
    yield lambda name: Notebook(local_page, lab.url(f"lab/tree/{name}", reset=""))
    lab.shut_kernels_down()


def saved(notebook):
    """Save a notebook, and wait until that is done."""
    notebook.command("docmanager:save")
    notebook.page.wait_for_function(
        "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
    )


def test_every_figure_is_alive_when_the_notebook_is_opened_again(opened, lab, folder):
    """Run, saved, its kernel ended: does each figure still answer pointer and keys?"""
    write_every_figure(folder / "again.ipynb")
    notebook = opened("again.ipynb")
    notebook.run_all()
    for name in FIGURES:
        expect(figure(notebook.cell(f"{name}()"), name)).to_be_visible()
    saved(notebook)
    lab.shut_kernels_down()
    notebook = opened("again.ipynb")
    for name in FIGURES:
        answers(figure(notebook.cell(f"{name}()"), name))
    expect(notebook.page.get_by_text("model not found")).to_have_count(0)


def test_a_figure_and_python_share_its_state_while_there_is_a_kernel(opened, folder):
    """Is a click read in Python and Python's value drawn, before and after the page is loaded?"""
    nbformat.write(notebook_of(SELECTED, "figure.selection", "0"), folder / "shared.ipynb")
    notebook = opened("shared.ipynb")
    panel = figure(notebook.run("FlipAndSlide()"), "FlipAndSlide")
    panel.get_by_role("grid", name="output y").get_by_role("gridcell").nth(1).click()
    notebook.run("figure.selection")
    notebook.say("figure.selection", "1")
    notebook.page.mouse.move(2, 2)
    notebook.write("0", "figure.selection = 2")
    expect(panel.get_by_role("status")).to_contain_text("y[2]")
    saved(notebook)
    notebook.page.reload()
    notebook = Notebook(notebook.page, notebook.page.url)
    panel = figure(notebook.cell("FlipAndSlide()"), "FlipAndSlide")
    expect(panel.get_by_role("status")).to_contain_text("y[2]")
    panel.get_by_role("grid", name="output y").get_by_role("gridcell").first.click()
    notebook.run("figure.selection")
    notebook.say("figure.selection", "0")


def test_what_is_typed_is_read_in_python_and_taken_along(opened, folder):
    """Does a trait follow a typed pixel, do line and picture have it, and no key reach the page?"""
    nbformat.write(notebook_of(TYPED, "typed.image[0]", "typed.state()"), folder / "typed.ipynb")
    notebook = opened("typed.ipynb")
    cells = notebook.count()
    panel = figure(notebook.run("PaddingAndStride("), "PaddingAndStride")
    panel.get_by_role("gridcell", name="x[0, 1] = 1", exact=True).dblclick()
    notebook.page.keyboard.type("-2.5")
    notebook.page.keyboard.press("Enter")
    for key in "ab":
        notebook.page.keyboard.press(key)
    notebook.run("typed.image[0]")
    notebook.say("typed.image[0]", "3, -2.5, 4, 1, 5")
    panel.get_by_role("button", name="Take along").click()
    panel.get_by_role("button", name="Copy as code").click()
    expect(panel.get_by_role("status")).to_contain_text("PaddingAndStride(")
    line = panel.get_by_role("status").inner_text().partition(": ")[2]
    notebook.write("typed.state()", f"typed.state() == {line}.state()")
    notebook.say("typed.state() == ", "True")
    with notebook.page.expect_download() as download:
        panel.get_by_role("button", name="Save as PNG").click()
    with Image.open(download.value.path()) as picture:
        assert picture.width == pytest.approx(2 * panel.bounding_box()["width"], abs=2)
    assert notebook.count() == cells


def test_a_figure_outlives_its_kernel(opened, lab, folder):
    """When the kernel ends under an open notebook, does the figure go on as it stands?"""
    nbformat.write(notebook_of(SELECTED), folder / "ended.ipynb")
    notebook = opened("ended.ipynb")
    panel = figure(notebook.run("FlipAndSlide()"), "FlipAndSlide")
    output = panel.get_by_role("grid", name="output y").get_by_role("gridcell")
    output.nth(1).click()
    lab.shut_kernels_down()
    notebook.page.mouse.move(2, 2)
    expect(panel.get_by_role("status")).to_contain_text("y[1]")
    output.nth(2).click()
    expect(panel.get_by_role("status")).to_contain_text("y[2]")


def test_the_notebooks_keys_work_after_a_click_into_a_figure(opened, folder):
    """Does Shift+Enter run the cell and Ctrl+S save, with and without Esc, and letters nothing?"""
    nbformat.write(notebook_of(SELECTED, "0"), folder / "keys.ipynb")
    notebook = opened("keys.ipynb")
    page = notebook.page
    panel = figure(notebook.run("FlipAndSlide()"), "FlipAndSlide")
    for escapes in range(4):
        keys = ["Escape"] * escapes
        for element in [
            panel.get_by_role("gridcell").nth(2),
            panel.get_by_role("button", name="Step"),
        ]:
            before = page.evaluate(COUNT)
            element.click()
            for key in [*keys, "Shift+Enter"]:
                page.keyboard.press(key)
            page.wait_for_function(f"before => {COUNT} > before", arg=before)
        panel.get_by_role("gridcell").nth(2).click()
        page.keyboard.press("b")
        assert notebook.count() == 2
        for key in [*keys, "Control+s"]:
            page.keyboard.press(key)
        page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")


def test_the_largest_figure_fits_a_small_window(opened, folder):
    """Does a number's whole picture, sum and kernel stand in a window of 1366 by 768?"""
    made = "DrawDigit(image=4, selection=('a2', 3, 1, 1), rule=False)"
    notebook = notebook_of(f"from course.widgets import DrawDigit\n{made}")
    nbformat.write(notebook, folder / "digit.ipynb")
    notebook = opened("digit.ipynb")
    notebook.page.set_viewport_size({"width": 1366, "height": 768})
    panel = figure(notebook.run("DrawDigit("), "DrawDigit")
    room = notebook.page.locator(".jp-WindowedPanel-outer").bounding_box()["height"]
    expect(panel.get_by_text("a kernel for each map of a1")).to_be_visible()
    assert 400 < panel.bounding_box()["height"] <= room
    notebook.page.set_viewport_size({"width": 1200, "height": 900})


def test_a_hidden_output_is_one_line_of_words(opened, folder):
    """Is what stands for a hidden figure its name, not its markup?"""
    nbformat.write(notebook_of(SELECTED), folder / "hidden.ipynb")
    notebook = opened("hidden.ipynb")
    shown = notebook.run("FlipAndSlide()")
    expect(figure(shown, "FlipAndSlide")).to_be_visible()
    notebook.cell("FlipAndSlide()")
    notebook.command("notebook:hide-cell-outputs")
    expect(shown.locator(".jp-OutputPlaceholder, .jp-Placeholder")).to_contain_text(
        "Figure FlipAndSlide"
    )
    expect(shown).not_to_contain_text("<div")
