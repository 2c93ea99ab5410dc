"""Figures in JupyterLab and Notebook 7: with a kernel, on slides, opened again without one, hidden.

A lesson, too, as a learner meets it: every lesson runs in a kernel in
`tests/autograder/notebooks/test_lessons.py`. All tests share one server, those of JupyterLab one
page of it, and several of them a notebook with its kernel: one takes seconds to open.
"""

import json
import re
from pathlib import Path

import nbformat
import pytest
from PIL import Image
from playwright.sync_api import expect

from benchmarks.twins import CASES
from benchmarks.widgets import SOURCES, Stage, measure
from course import widgets
from tests.browser.hosts import (
    EVERY_FIGURE,
    FIGURES,
    KINDS,
    SOME_FIGURES,
    all_alive,
    answers,
    figure,
    notebook_of,
)
from tests.browser.lab import IN_LAB, Notebook

ROOT = Path(__file__).parents[2]

COUNT = f"{IN_LAB}[0].model.executionCount"
SELECTED = """from course.widgets import FlipAndSlide
figure = FlipAndSlide()
figure"""
TYPED = """from course.widgets import PaddingAndStride
typed = PaddingAndStride(editable=True)
typed"""
LINKED = """from ipywidgets import IntSlider, Label, VBox, jslink
from course.widgets import Im2Col
linked, slider, label = Im2Col(), IntSlider(max=24, description="column"), Label()
jslink((slider, "value"), (linked, "selection"))
linked.observe(lambda change: label.set_trait("value", f"Python has {change.new}"), "selection")
VBox([slider, linked, label])"""
LAB = """import numpy as np
from course.widgets import KernelLab
lab = KernelLab("digit", [[1, 1]])
lab"""
COMPARE = """lab.output = lab.output + np.eye(8, 7)
print(*lab.kernel[0], lab.difference.max())"""
DRAWN = """import matplotlib.pyplot as plt
from course.figures import show
drawing, axes = plt.subplots()
axes.plot([1, 3, 2])
show(drawing, alt="A line with one peak.")"""
LARGEST = """from course.widgets import DrawDigit
DrawDigit(image=4, selection=("a2", 3, 1, 1), rule=False)"""
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
    """A notebook that has run and is saved, with every figure and a failed check."""
    notebook = lab.open(notebook_of(*EVERY_FIGURE, ANSWER, CHECK))
    notebook.run_all()
    notebook.save()
    return notebook


def test_every_figure_is_alive_in_the_notebook(whole, open_in_lab):
    """Does each answer pointer and keys, let go at Esc, and keep letters from the notebook?"""
    all_alive(whole, FIGURES)


def test_figures_are_alive_in_the_slide_show(whole, open_in_lab):
    """Does each kind answer on its slide, and do arrow keys stay in it there?"""
    page = whole.page
    whole.cell("import *")  # the show begins with the cell that is active
    whole.command("deck:start")
    expect(page.locator("body")).to_have_attribute("data-jp-deck-mode", "presenting")
    for name in FIGURES:
        whole.command("deck:forward")
        panel = figure(page, name)
        if name in KINDS:
            answers(panel)
            page.keyboard.press("ArrowRight")
        expect(panel).to_be_in_viewport()
    whole.command("deck:stop")


@pytest.fixture(scope="module")
def own(whole, lab):
    """A notebook with what several tests run, each its own cells, opened after `whole`."""
    state = [SELECTED, "figure.selection", "0"]
    typed = [TYPED, "typed.image[0]", "typed.state()"]
    linked = [LINKED, "linked.selection = 3"]
    return lab.open(notebook_of(*state, *typed, *linked, LAB, COMPARE, DRAWN, LARGEST))


def test_what_is_typed_is_read_in_python_and_taken_along(own, open_in_lab):
    """Does a trait follow a typed pixel, do line and picture have it, and no key reach the page?"""
    notebook, cells = own, own.count()
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


def test_the_notebooks_keys_work_after_a_click_into_a_figure(own, open_in_lab):
    """Does Shift+Enter run the cell and Ctrl+S save, with and without Esc, and letters nothing?"""
    page, cells = own.page, own.count()
    panel = figure(own.run("FlipAndSlide()"), "FlipAndSlide")
    number, step = panel.get_by_role("gridcell").nth(2), panel.get_by_role("button", name="Step")
    # Esc lets go of a number, and then of the figure; a button has nothing to let go of.
    for element, escapes in [(number, 0), (number, 1), (number, 2), (step, 0), (step, 1)]:
        before = page.evaluate(COUNT)
        element.click()
        for key in [*["Escape"] * escapes, "Shift+Enter"]:
            page.keyboard.press(key)
        page.wait_for_function(f"before => {COUNT} > before", arg=before)
    for escapes in (0, 1, 2):
        number.click()
        page.keyboard.press("b")
        assert own.count() == cells
        for key in [*["Escape"] * escapes, "Control+s"]:
            page.keyboard.press(key)
        page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")


def test_the_largest_figure_fits_a_small_window(own, open_in_lab):
    """Does a number's whole picture, sum and kernel stand in a window of 1366 by 768?"""
    own.page.set_viewport_size({"width": 1366, "height": 768})
    panel = figure(own.run("DrawDigit("), "DrawDigit")
    room = own.page.locator(".jp-WindowedPanel-outer").bounding_box()["height"]
    expect(panel.get_by_text("a kernel for each map of a1")).to_be_visible()
    assert 400 < panel.bounding_box()["height"] <= room
    own.page.set_viewport_size({"width": 1200, "height": 900})


def test_a_hidden_output_is_one_line_of_words(own, open_in_lab):
    """Is what stands for a hidden figure its name, not its markup?"""
    shown = own.run("FlipAndSlide()")
    expect(figure(shown, "FlipAndSlide")).to_be_visible()
    own.cell("FlipAndSlide()")
    own.command("notebook:hide-cell-outputs")
    expect(shown.locator(".jp-OutputPlaceholder, .jp-Placeholder")).to_contain_text(
        "Figure FlipAndSlide"
    )
    expect(shown).not_to_contain_text("<div")
    own.command("notebook:show-cell-outputs")


def test_a_linked_slider_and_python_share_the_selection(own, open_in_lab):
    """Does a slider move the figure in the page, a click the slider, and does Python hear both?"""
    cell = own.run("jslink")
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
    own.page.mouse.move(2, 2)
    own.run("linked.selection = 3")
    expect(panel.get_by_role("status")).to_contain_text("times column 3")


def test_python_reads_a_typed_kernel_and_shows_an_output_of_its_own(own, open_in_lab):
    """Is a weight typed in the page read in Python, and an output set there laid beside the own?"""
    panel = figure(own.run("KernelLab("), "KernelLab")
    panel.get_by_role("grid", name="kernel w").get_by_role("gridcell").last.click()
    own.page.keyboard.type("1/4")
    own.page.keyboard.press("Enter")
    own.run("lab.output =")
    own.say("lab.output =", "1.0 0.25 1.0")
    expect(panel.locator(".verdict")).to_have_text("Yours differs by up to 1, at y[0, 0].")


def test_a_drawing_has_its_words_and_follows_the_theme_in_jupyterlab(own, open_in_lab):
    """Is its alt text there, and is it light on dark in the dark theme and nowhere else?"""
    picture = own.run("axes.plot").get_by_role("img", name="A line with one peak.")
    expect(picture).to_have_css("filter", "none")
    for theme, look in (("Dark", "invert(0.9) hue-rotate(180deg)"), ("Light", "none")):
        own.page.evaluate(
            "theme => void jupyterapp.commands.execute('apputils:change-theme', { theme })",
            f"JupyterLab {theme}",
        )
        expect(picture).to_have_css("filter", look)


def test_a_figure_and_python_share_its_state_while_there_is_a_kernel(own, open_in_lab):
    """Is a click read in Python, and Python's value drawn?"""
    panel = figure(own.run("FlipAndSlide()"), "FlipAndSlide")
    panel.get_by_role("grid", name="output y").get_by_role("gridcell").nth(1).click()
    own.run("figure.selection")
    own.say("figure.selection", "1")
    own.page.mouse.move(2, 2)
    own.write("0", "figure.selection = 2")
    expect(panel.get_by_role("status")).to_contain_text("y[2]")


@pytest.fixture(scope="module")
def anew(own, lab):
    """The notebook of `own` in a page that is loaded anew, once for all; its kernel runs on."""
    own.run("FlipAndSlide()")
    own.write("figure.selection", "figure.selection = 2")
    own.save()
    return lab.load_again(own)


def test_they_share_it_when_the_page_is_loaded_anew(anew, open_in_lab):
    """Is Python's value drawn, and a click read in Python, in the new page as in the old?"""
    panel = figure(anew.cell("FlipAndSlide()"), "FlipAndSlide")
    expect(panel.get_by_role("status")).to_contain_text("y[2]")
    panel.get_by_role("grid", name="output y").get_by_role("gridcell").first.click()
    anew.write("figure.selection = 2", "figure.selection")
    anew.say("figure.selection", "0")


def test_a_figure_outlives_its_kernel(anew, open_in_lab, lab):
    """When the kernel ends under an open notebook, does the figure go on as it stands?"""
    panel = figure(anew.run("FlipAndSlide()"), "FlipAndSlide")
    output = panel.get_by_role("grid", name="output y").get_by_role("gridcell")
    output.nth(1).click()
    lab.server.shut_kernels_down()
    anew.page.mouse.move(2, 2)
    expect(panel.get_by_role("status")).to_contain_text("y[1]")
    output.nth(2).click()
    expect(panel.get_by_role("status")).to_contain_text("y[2]")


def test_figures_are_alive_when_the_notebook_is_opened_again(whole, anew, lab, open_in_lab):
    """Its kernel ended, its page loaded anew: does each kind answer, and a failed check's figure?

    That one stays small in the file.
    """
    *_, check = nbformat.read(lab.server.root / whole.path, as_version=4).cells
    assert len(json.dumps(check)) < 50_000
    notebook = lab.open_again(whole.path)
    for name in KINDS:
        answers(figure(notebook.cell(f"{name}()"), name))
    expect(notebook.page.get_by_text("model not found")).to_have_count(0)
    output = notebook.cell("check(")
    expect(output).to_contain_text("First difference at index [0]: computed 10, expected 14.")
    output.locator("summary").press("Enter")
    shown = figure(output, "FlipAndSlide")
    expect(shown.get_by_role("status")).to_contain_text("Your value is 10, expected 14.")
    shown.get_by_role("grid", name="output y").get_by_role("gridcell").nth(2).click()
    expect(shown.get_by_role("status")).to_contain_text("Your value is 22, expected 26.")


def test_figures_are_alive_in_notebook_7(jupyter, local_page):
    """Does each kind answer pointer and keys there, and does no letter reach the notebook?"""
    nbformat.write(notebook_of(*SOME_FIGURES), jupyter.root / "seven.ipynb")
    local_page.goto(jupyter.url("notebooks/seven.ipynb"))
    notebook = Notebook(local_page, "seven.ipynb")
    notebook.run_all()
    all_alive(notebook, KINDS)


# --- a lesson -------------------------------------------------------------------------------------

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


def shown_figures(cells):
    """Return the outputs of the cells that show a figure of `course.widgets`."""
    names = tuple(f"{name}(" for name in widgets.__all__)
    return [cell["outputs"] for cell in cells if cell["source"].lstrip().startswith(names)]


@pytest.fixture(scope="module")
def first(lab):
    """Lesson 01 as it is released, opened and run from the top."""
    path = ROOT / "release" / LESSON / f"{LESSON}.ipynb"
    notebook = lab.open(nbformat.read(path, as_version=4))
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
    assert all("text/html" in o[0]["data"] for o in shown_figures(cells))


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


def test_the_benchmark_times_a_figure_and_its_twin(open_in_lab):
    """Does every way to move a figure, and both to move its twin, give as many times as asked?"""
    notebook = open_in_lab(notebook_of(*SOURCES))
    notebook.run("import ours")
    case = CASES["FlipAndSlide", "lesson"]
    found = measure(Stage(notebook), case, "lesson", 6)
    assert {name: len(times) for name, times in found.items()} == dict.fromkeys(
        ["hover", "keys", "drag", "twin keys", "twin drag"], 6
    )
    assert all(0 < time < 20_000 for times in found.values() for time in times)
