"""A failed case in a figure: folded under a check's message, alive once it is opened."""

from functools import cache

import numpy as np
import pytest
from playwright.sync_api import expect

from course.checks import cases
from course.checks.drawn import FIGURES
from course.checks.run import Outcome
from course.checks.shown import drawn_case, failed_case
from course.widgets import FlipAndSlide
from course.widgets.folded import WrongEntry, folded
from course.widgets.tables import number
from tests.browser.axe import barriers
from tests.browser.sheets import DARK

# What stands in the wrong cells of every folded figure of the page, once all are open.
WRONG_CELLS = """() => [...document.querySelectorAll("details")].map(details => {
  const root = details.querySelector(".course-figure > div:last-child > div").shadowRoot;
  return [...root.querySelectorAll("td.wrong")].map(td => [
    td.dataset.row, Number(td.dataset.index),
    td.querySelector("s").textContent, td.querySelector("span").textContent,
  ]);
})"""
OPEN_ALL = """async () => {
  const all = [...document.querySelectorAll("details")];
  for (const details of all) details.open = true;
  const alive = () => all.every(one => one.querySelector("[data-live] > div:last-child > div"));
  while (!alive()) await new Promise(resolve => setTimeout(resolve, 20));
}"""


def one_more(value):
    """Return a result whose every entry is wrong by 1."""
    if isinstance(value, dict):
        return {key: one_more(item) for key, item in value.items()}
    return tuple(map(one_more, value)) if isinstance(value, tuple) else value + 1


def numbers(value):
    """List the numbers of a result as a figure writes them."""
    items = list(value.values()) if isinstance(value, dict) else value
    items = items if isinstance(items, tuple | list) else [items]
    return [number(one) for item in items for one in np.asarray(item).ravel().tolist()]


def texts(entry):
    """Return both values of a wrong entry."""
    return entry.computed, entry.expected


OF_NUMBERS = dict.fromkeys(line.split(",")[0] for line in FIGURES)
del OF_NUMBERS["empirical_receptive_field"]
DRAWING = ["FlipAndSlide", "PaddingAndStride", "Im2Col", "Col2Im", "GradientFlow"]
DRAWING += ["MatrixView", "TransposedConvolution"]
SETTINGS = ["mode", "stride", "padding", "dilation"]


@cache
def drawn_cases(name):
    """List the cases of an exercise that a figure draws, each with an answer wrong everywhere."""
    spec = cases.spec(name)
    tried = (
        case for part in spec.parts for case in part.cases if hasattr(case.expected, "__len__")
    )
    found = [(case, drawn_case(spec, case, Outcome(one_more(case.expected)))) for case in tried]
    return [(case, drawn) for case, drawn in found if drawn]


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_each_number_of_a_result_has_the_expected_one_beside_it(name):
    """In every case that is drawn, are the wrong entries all of the result, in its order?"""
    for case, found in drawn_cases(name):
        both = zip(numbers(one_more(case.expected)), numbers(case.expected), strict=True)
        assert [texts(one) for one in found.wrong] == list(both)
        assert type(found.figure).__name__ in DRAWING
    assert len(drawn_cases(name)) > 2


@pytest.mark.parametrize("drawing", DRAWING)
def test_a_figure_shows_the_expected_values_beside_the_answers(blank_page, drawing):
    """With each setting and each result that is drawn, has every wrong cell both numbers?"""
    kinds = {}
    for found in (found for name in OF_NUMBERS for _, found in drawn_cases(name)):
        if type(found.figure).__name__ == drawing:
            state, rows = found.figure.state(), dict.fromkeys(one.row for one in found.wrong)
            kinds.setdefault(str([*rows, *map(state.get, SETTINGS)]), found)
    expected = [[[one.row, one.cell, *texts(one)] for one in f.wrong] for f in kinds.values()]
    shown = (folded(found.figure, "Show", found.words, found.wrong) for found in kinds.values())
    page = blank_page("\n".join(shown))
    page.evaluate(OPEN_ALL)
    for cells, entries in zip(page.evaluate(WRONG_CELLS), expected, strict=True):
        assert sorted(cells) == sorted(entries)
    assert len(expected) > 2


def test_wrong_pixels_of_a_receptive_field_are_marked(blank_page):
    """Are the pixels that the figure's output sees the expected ones, and the others marked?"""
    spec = cases.spec("empirical_receptive_field")
    for case in (case for part in spec.parts for case in part.cases[:3]):
        computed = case.expected.copy()
        computed[::2] = ~computed[::2]
        found = drawn_case(spec, case, Outcome(computed))
        if found is None:  # no layer
            assert case.args[0] == []
            continue
        page = blank_page(folded(found.figure, "Show", found.words, found.wrong))
        page.evaluate(OPEN_ALL)
        inputs = page.locator('td[data-row="0"]:not(.padding)')
        classes = [
            names.split() for names in inputs.evaluate_all("all => all.map(e => e.className)")
        ]
        assert ["seen" in names for names in classes] == case.expected.tolist()
        assert ["wrong" in names for names in classes] == (computed != case.expected).tolist()
        expect(page.get_by_role("status")).to_contain_text("wrong: a wrong one has a dashed frame.")
        inputs.first.click()
        told = f"Your value is {computed[0]}, expected {case.expected[0]}."
        expect(page.get_by_role("status")).to_contain_text(told)


def by_hand():
    """Return the folded figure of an answer that flips the kernel, by hand."""
    wrong = [WrongEntry("y", 0, "y[0]", "10", "14"), WrongEntry("y", 2, "y[2]", "22", "26")]
    return folded(FlipAndSlide(controls=()), "Show this case in the figure", ["Note."], wrong)


@pytest.mark.parametrize("theme", ["", DARK], ids=["light", "dark"])
def test_it_opens_with_the_first_wrong_entry(blank_page, theme):
    """Is it asleep until then, and then marked, selected and told in words?"""
    page = blank_page(theme + by_hand())
    assert page.locator("[data-live]").count() == 0
    page.locator("summary").press("Enter")
    status = page.get_by_role("status")
    expect(status).to_contain_text("Your value is 10, expected 14.")
    expect(status).to_contain_text("1·1 + 2·2 + 3·3")
    output = page.get_by_role("grid", name="output y").get_by_role("gridcell")
    expect(output.first).to_have_attribute("aria-selected", "true")
    expect(output.first).to_have_attribute("aria-label", "y[0] = 14, your value is 10")
    assert [one.split() for one in output.all_inner_texts()] == [["10", "14"], ["20"], ["22", "26"]]
    output.nth(1).hover()
    expect(status).not_to_contain_text("Your value")
    page.mouse.move(2, 2)
    output.first.press("Escape")
    expect(status).to_contain_text(
        "2 values are wrong: yours is struck out above the expected one."
    )


def test_nobody_is_shut_out_of_it(blank_page):
    """Does axe-core find no serious barrier, and are marks lines where colours are not?"""
    page = blank_page(f"<main>{by_hand()}</main>")
    page.locator("summary").click()
    wrong = page.locator("td.wrong").last
    expect(wrong).to_be_visible()
    assert barriers(page) == []
    assert page.locator("summary").bounding_box()["height"] >= 24
    page.emulate_media(forced_colors="active")
    assert wrong.evaluate("td => getComputedStyle(td).borderTopStyle") == "dashed"
    page.emulate_media(media="print", forced_colors="none")
    line = wrong.locator("s").evaluate("s => getComputedStyle(s).textDecorationLine")
    assert line == "line-through"


def test_it_stands_without_scripts(blank_page):
    """With scripts off, does it open on tables, the wrong values first?"""
    page = blank_page(by_hand(), java_script_enabled=False)
    page.locator("summary").click()
    first = page.get_by_role("table").first.get_by_role("row").nth(1)
    assert first.inner_text().split() == ["y[0]", "10", "14"]
    assert page.get_by_role("table").count() > 2


def test_an_exception_shows_the_case_without_marks(blank_page):
    """Where there is no value, does the figure show what is expected?"""
    spec = cases.spec("correlate2d")
    error = IndexError("out of bounds")
    outcomes = {id(case): Outcome(None, error) for case in spec.parts[0].cases}
    page = blank_page(failed_case(spec, spec.parts[:1], outcomes))
    page.locator("summary").click()
    cells = page.get_by_role("grid", name="output y").get_by_role("gridcell")
    expected = spec.parts[0].cases[0].expected
    expect(cells).to_have_text([number(value) for value in expected.ravel().tolist()])
    assert page.locator("td.wrong").count() == 0
    expect(page.get_by_text("The figure shows the expected result.")).to_be_visible()
