"""Figures in JupyterLab: with a kernel, on slides, saved and opened again without one, hidden.

All tests share one page of JupyterLab; each has a notebook and a kernel of its own.
"""

import json

import nbformat
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.hosts import EVERY_FIGURE, FIGURES, all_alive, answers, figure, notebook_of
from tests.browser.lab import IN_LAB

COUNT = f"{IN_LAB}[0].model.executionCount"
SELECTED = """from course.widgets import FlipAndSlide
figure = FlipAndSlide()
figure"""
TYPED = """from course.widgets import PaddingAndStride
typed = PaddingAndStride(editable=True)
typed"""
ANSWER = """import numpy as np
from course.checks import check
def correlate1d(x, w):
    k = len(w)
    if k > len(x):
        raise ValueError("the kernel does not fit")
    return np.array([x[i : i + k] @ w[::-1] for i in range(len(x) - k + 1)])"""
CHECK = 'check("correlate1d", correlate1d, "values")'


@pytest.fixture(scope="module")
def whole(lab):
    """A notebook that has run, with every figure and a failed check; nothing is chosen in it."""
    notebook = lab.open(notebook_of(*EVERY_FIGURE, ANSWER, CHECK))
    notebook.run_all()
    return notebook


def test_every_figure_is_alive_in_the_notebook(whole, open_in_lab):
    """Does each answer pointer and keys, let go at Esc, and keep letters from the notebook?"""
    all_alive(whole)


def test_every_figure_is_alive_in_the_slide_show(whole, open_in_lab):
    """Does each answer on its slide, and do arrow keys stay in it there?"""
    page = whole.page
    whole.cell("import *")  # the show begins with the cell that is active
    whole.command("deck:start")
    expect(page.locator("body")).to_have_attribute("data-jp-deck-mode", "presenting")
    for name in FIGURES:
        whole.command("deck:forward")
        panel = figure(page, name)
        answers(panel)
        page.keyboard.press("ArrowRight")
        expect(panel).to_be_in_viewport()
    whole.command("deck:stop")


def test_every_figure_is_alive_when_the_notebook_is_opened_again(whole, lab, open_in_lab):
    """Its kernel ended, its page loaded anew: does each answer, and a failed check's figure, too?

    That one stays small in the file.
    """
    whole.save()
    *_, check = nbformat.read(lab.server.root / whole.path, as_version=4).cells
    assert len(json.dumps(check)) < 50_000
    lab.server.shut_kernels_down()
    notebook = lab.load_again(whole)
    for name in FIGURES:
        answers(figure(notebook.cell(f"{name}()"), name))
    expect(notebook.page.get_by_text("model not found")).to_have_count(0)
    output = notebook.cell("check(")
    expect(output).to_contain_text("First difference at index [0]: computed 10, expected 14.")
    output.locator("summary").press("Enter")
    shown = figure(output, "FlipAndSlide")
    expect(shown.get_by_role("status")).to_contain_text("Your value is 10, expected 14.")
    shown.get_by_role("grid", name="output y").get_by_role("gridcell").nth(2).click()
    expect(shown.get_by_role("status")).to_contain_text("Your value is 22, expected 26.")


def test_a_figure_and_python_share_its_state_while_there_is_a_kernel(open_in_lab, lab):
    """Is a click read in Python and Python's value drawn, before and after the page is loaded?"""
    notebook = open_in_lab(notebook_of(SELECTED, "figure.selection", "0"))
    panel = figure(notebook.run("FlipAndSlide()"), "FlipAndSlide")
    panel.get_by_role("grid", name="output y").get_by_role("gridcell").nth(1).click()
    notebook.run("figure.selection")
    notebook.say("figure.selection", "1")
    notebook.page.mouse.move(2, 2)
    notebook.write("0", "figure.selection = 2")
    expect(panel.get_by_role("status")).to_contain_text("y[2]")
    notebook.save()
    notebook = lab.load_again(notebook)
    panel = figure(notebook.cell("FlipAndSlide()"), "FlipAndSlide")
    expect(panel.get_by_role("status")).to_contain_text("y[2]")
    panel.get_by_role("grid", name="output y").get_by_role("gridcell").first.click()
    notebook.run("figure.selection")
    notebook.say("figure.selection", "0")


def test_what_is_typed_is_read_in_python_and_taken_along(open_in_lab):
    """Does a trait follow a typed pixel, do line and picture have it, and no key reach the page?"""
    notebook = open_in_lab(notebook_of(TYPED, "typed.image[0]", "typed.state()"))
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


def test_a_figure_outlives_its_kernel(open_in_lab, lab):
    """When the kernel ends under an open notebook, does the figure go on as it stands?"""
    notebook = open_in_lab(notebook_of(SELECTED))
    panel = figure(notebook.run("FlipAndSlide()"), "FlipAndSlide")
    output = panel.get_by_role("grid", name="output y").get_by_role("gridcell")
    output.nth(1).click()
    lab.server.shut_kernels_down()
    notebook.page.mouse.move(2, 2)
    expect(panel.get_by_role("status")).to_contain_text("y[1]")
    output.nth(2).click()
    expect(panel.get_by_role("status")).to_contain_text("y[2]")


def test_the_notebooks_keys_work_after_a_click_into_a_figure(open_in_lab):
    """Does Shift+Enter run the cell and Ctrl+S save, with and without Esc, and letters nothing?"""
    notebook = open_in_lab(notebook_of(SELECTED, "0"))
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


def test_the_largest_figure_fits_a_small_window(open_in_lab):
    """Does a number's whole picture, sum and kernel stand in a window of 1366 by 768?"""
    made = "DrawDigit(image=4, selection=('a2', 3, 1, 1), rule=False)"
    notebook = notebook_of(f"from course.widgets import DrawDigit\n{made}")
    notebook = open_in_lab(notebook)
    notebook.page.set_viewport_size({"width": 1366, "height": 768})
    panel = figure(notebook.run("DrawDigit("), "DrawDigit")
    room = notebook.page.locator(".jp-WindowedPanel-outer").bounding_box()["height"]
    expect(panel.get_by_text("a kernel for each map of a1")).to_be_visible()
    assert 400 < panel.bounding_box()["height"] <= room
    notebook.page.set_viewport_size({"width": 1200, "height": 900})


def test_a_hidden_output_is_one_line_of_words(open_in_lab):
    """Is what stands for a hidden figure its name, not its markup?"""
    notebook = open_in_lab(notebook_of(SELECTED))
    shown = notebook.run("FlipAndSlide()")
    expect(figure(shown, "FlipAndSlide")).to_be_visible()
    notebook.cell("FlipAndSlide()")
    notebook.command("notebook:hide-cell-outputs")
    expect(shown.locator(".jp-OutputPlaceholder, .jp-Placeholder")).to_contain_text(
        "Figure FlipAndSlide"
    )
    expect(shown).not_to_contain_text("<div")


LINKED = """from ipywidgets import IntSlider, Label, VBox, jslink
from course.widgets import Im2Col
figure, slider, label = Im2Col(), IntSlider(max=24, description="column"), Label()
jslink((slider, "value"), (figure, "selection"))
figure.observe(lambda change: label.set_trait("value", f"Python has {change.new}"), "selection")
VBox([slider, figure, label])"""


def test_a_linked_slider_and_python_share_the_selection(open_in_lab):
    """Does a slider move the figure in the page, a click the slider, and does Python hear both?"""
    notebook = open_in_lab(notebook_of(LINKED, "figure.selection = 3"))
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


def test_python_reads_a_typed_kernel_and_shows_an_output_of_its_own(open_in_lab):
    """Is a weight typed in the page read in Python, and an output set there laid beside the own?"""
    notebook = open_in_lab(notebook_of(LAB, COMPARE))
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


def test_a_drawing_has_its_words_and_follows_the_theme_in_jupyterlab(open_in_lab):
    """Is its alt text there, and is it light on dark in the dark theme and nowhere else?"""
    notebook = open_in_lab(notebook_of(DRAWN))
    picture = notebook.run("axes.plot").get_by_role("img", name="A line with one peak.")
    expect(picture).to_have_css("filter", "none")
    for theme, look in (("Dark", "invert(0.9) hue-rotate(180deg)"), ("Light", "none")):
        notebook.page.evaluate(
            "theme => void jupyterapp.commands.execute('apputils:change-theme', { theme })",
            f"JupyterLab {theme}",
        )
        expect(picture).to_have_css("filter", look)
