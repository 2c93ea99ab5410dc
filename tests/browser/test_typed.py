"""Numbers that are typed into an editable figure's cells: taken, refused, followed by Python."""

import numpy as np
import pytest
from playwright.sync_api import expect

from course.widgets import (
    Col2Im,
    FlipAndSlide,
    GradientFlow,
    Im2Col,
    KernelLab,
    MatrixView,
    PaddingAndStride,
    TransposedConvolution,
)
from tests.browser.axe import barriers
from tests.browser.sheets import cell, say, texts

# For each figure: its settings, its results, and for each row whose numbers can be typed a cell,
# the trait that follows, and the place there.
TYPED = {
    FlipAndSlide: (
        {"x": [1, 2, 3, 4, 5], "w": [1, -2, 0.5], "padding": 1, "mode": "convolution"},
        ["y"],
        [("x", 3, "x", (3,)), ("w", 2, "w", (2,))],
    ),
    PaddingAndStride: (
        {"image": [[1, 2, 3], [4, 5, 6]], "kernel": [[1, 2]], "padding": (1, 0), "selection": 7},
        ["y"],
        [("x", 8, "image", (1, 2)), ("w", 1, "kernel", (0, 1))],
    ),
    Im2Col: (
        {"image": np.arange(48).reshape(2, 2, 3, 4), "kernel": np.ones((3, 2, 2, 1)), "padding": 1},
        ["y", "cols"],
        [("x", 2 * 30 + 7, "image", (1, 0, 0, 0)), ("w", 11, "kernel", (2, 1, 1, 0))],
    ),
    GradientFlow: (
        {"image": np.arange(12).reshape(3, 4), "kernel": [[1, 2], [3, 4]]},
        ["dx", "dw", "db"],
        [("x", 6, "image", (1, 2)), ("w", 1, "kernel", (0, 1))],
    ),
    MatrixView: (
        {"image": [[1, 2, 3], [4, 5, 6]], "kernel": [[1, -1]], "padding": (0, 1)},
        ["y", "matrix"],
        [("x", 6, "image", (1, 0)), ("w", 0, "kernel", (0, 0))],
    ),
    Col2Im: (
        {"image_shape": (2, 3, 3), "kernel_size": 2, "cols": np.arange(32).reshape(8, 4)},
        ["dx"],
        [("cols", 22, "cols", (5, 2))],
    ),
    TransposedConvolution: (
        {"y": [[1, 2, 3], [4, 5, 6]], "kernel": [[1, 2]], "stride": 2, "padding": (0, 1)},
        ["grown"],
        [("y", 5, "y", (1, 2)), ("w", 1, "kernel", (0, 1))],
    ),
}
# Each way to open a field, and the number that is then typed into it.
WAYS = [
    lambda page, one: (one.focus(), page.keyboard.type("-1/4")),
    lambda page, one: (one.focus(), page.keyboard.press("Enter"), page.keyboard.type("-1/4")),
    lambda page, one: (one.focus(), page.keyboard.press("F2"), page.keyboard.type("\u22120,25")),
    lambda page, one: (one.dblclick(), page.keyboard.type("-.25")),
]

# Every way is tried where it has code of its own, on a signal and on a sheet; elsewhere one,
# another in each row.
EVERY_WAY = [(FlipAndSlide, "x"), (PaddingAndStride, "x")]
CASES = [
    pytest.param(
        *(figure, settings, results),
        WAYS if (figure, typed[0]) in EVERY_WAY else [WAYS[(2 * at + second) % len(WAYS)]],
        *typed,
        id=f"{figure.__name__}, {typed[0]}",
    )
    for at, (figure, (settings, results, rows)) in enumerate(TYPED.items())
    for second, typed in enumerate(rows)
]
REFUSED = {
    "1.2.3": "“1.2.3” is not a number.",
    "-": "“-” is not a number.",
    "1/0": "“1/0” is not a number.",
    "": "The field is empty.",
    "0.12345678901234567890": "That is too long: a field takes 20 characters.",
    "1000000": "“1000000” is too large: a cell holds up to 999999.",
}


def field(page):
    """Return the field that is open in a cell."""
    return page.locator(".cell input")


@pytest.mark.parametrize(
    ("figure", "settings", "results", "ways", "row", "index", "trait", "place"), CASES
)
def test_a_typed_number_is_computed_with(
    mount, figure, settings, results, ways, row, index, trait, place
):
    """By each way in, are results and trait those of a figure made with the number?"""
    value = np.array(settings[trait], float)
    value[place] = -0.25
    expected = figure(**settings | {trait: value})
    right = mount(expected)
    for way in ways:
        shown = figure(**settings, editable=True)
        page = mount(shown)
        one = cell(page, row, index).first  # a sliding kernel has a second row, as it is used
        way(page, one)
        expect(field(page)).to_be_focused()
        page.keyboard.press("Enter")
        expect(field(page)).to_have_count(0)
        expect(one).to_have_text("\u22120.25")
        expect(one).to_be_focused()
        shown.set_state(page.evaluate("model.state"))
        assert getattr(shown, trait) == getattr(expected, trait)
        for figure_page in (page, right):
            figure_page.evaluate("model.set('selection', null)")
        for result in results:
            hidden = [text == "?" for text in texts(page, result)]
            pairs = zip(texts(page, result), texts(right, result), strict=True)
            assert all(a == b for (a, b), off in zip(pairs, hidden, strict=True) if not off)


@pytest.mark.parametrize("figure", TYPED)
def test_by_default_nothing_can_be_typed(mount, figure):
    """Does a double click open nothing, and does Enter keep a cell, until Python says otherwise?"""
    settings, _, rows = TYPED[figure]
    page = mount(figure(**settings))
    how = page.locator(".how").inner_text()
    row, index = rows[0][:2]
    cell(page, row, index).dblclick()
    page.keyboard.type("7")
    expect(field(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(cell(page, row, index)).to_have_attribute("aria-selected", "true")
    expect(page.locator("[aria-readonly]")).to_have_count(0)
    page.evaluate("model.set('editable', true)")
    assert page.locator(".how").inner_text().startswith(f"{how} Type over the numbers of ")
    cell(page, row, index).dblclick()
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.evaluate("model.set('editable', false)")
    assert page.locator(".how").inner_text() == how
    expect(page.locator("[aria-readonly]")).to_have_count(0)


def test_esc_drops_what_was_typed_and_leaving_takes_it(mount):
    """Does Esc keep the number and the focus, and is a field that one leaves taken?"""
    page = mount(PaddingAndStride([[1, 2], [3, 4]], [[1]], editable=True))
    first = cell(page, "x", 0)
    first.focus()
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    expect(first).to_have_text("1")
    expect(first).to_be_focused()
    page.keyboard.type("9")
    cell(page, "y", 3).click()
    expect(first).to_have_text("9")
    assert page.evaluate("model.get('image')") == [[9, 2], [3, 4]]
    first.focus()
    page.keyboard.type("8")
    page.keyboard.press("Tab")
    assert page.evaluate("model.get('image')") == [[8, 2], [3, 4]]


@pytest.mark.parametrize("figure", [FlipAndSlide, PaddingAndStride, KernelLab])
def test_what_is_no_number_is_said_and_not_taken(mount, figure):
    """Does the status line say what is wrong, and does the cell keep its number?"""
    if figure is KernelLab:
        settings, row, index, trait = {"kernel": [[3, 4]]}, "w", 0, "weights"
    else:
        settings, _, ((row, index, trait, _), *_) = TYPED[figure]
        settings = settings | {"editable": True}
    page = mount(figure(**settings))
    one = cell(page, row, index)
    before, state = one.inner_text(), page.evaluate(f"model.get('{trait}')")
    for text, why in REFUSED.items():
        one.focus()
        page.keyboard.press("F2")
        field(page).fill(text)
        page.keyboard.press("Enter")
        assert (
            say(page) == f"{why} The cell keeps {before}; type a number like 3, \u22120.5 or 1/3."
        )
        expect(one).to_have_text(before)
        assert page.evaluate(f"model.get('{trait}')") == state


def test_padding_and_results_cannot_be_typed(mount):
    """Are only given numbers open to be typed, and does a screen reader hear which?"""
    page = mount(PaddingAndStride([[1, 2], [3, 4]], [[1, 0]], padding=1, editable=True))
    for row, index in [("x", 0), ("y", 0)]:
        cell(page, row, index).focus()
        page.keyboard.press("5")
        cell(page, row, index).dblclick()
        expect(field(page)).to_have_count(0)
    expect(cell(page, "x", 0)).to_have_attribute("aria-readonly", "true")
    expect(cell(page, "x", 5)).to_have_attribute("aria-readonly", "false")
    expect(cell(page, "w", 1)).to_have_attribute("aria-readonly", "false")
    expect(page.locator("[data-row=y][aria-readonly]")).to_have_count(0)
    cell(page, "x", 5).dblclick()
    expect(field(page)).to_have_accessible_name("x[0, 0] = 1")
    assert barriers(page, colours=False) == []


def test_the_keyboard_comes_to_the_kernel_that_slides(mount):
    """Is the kernel of an editable signal a grid to walk in, and of others as it was?"""
    page = mount(FlipAndSlide(w=[1, 2, 3], mode="convolution", editable=True))
    kernel = page.get_by_role("grid", name="kernel w as it is given")
    kernel.get_by_role("gridcell").first.focus()
    page.keyboard.press("End")
    assert say(page).startswith("w[2] = 3 is used 3 times")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    assert say(page).startswith("w[1] = 2 is used 3 times")
    used = page.get_by_role("table", name="kernel as it is used").get_by_role("cell")
    assert used.all_inner_texts() == ["7", "2", "1"]
    expect(mount(FlipAndSlide()).get_by_role("grid")).to_have_count(2)


@pytest.mark.parametrize(
    ("figure", "row", "trait", "shown"),
    [
        (FlipAndSlide(show="backward", editable=True), "dy", "dy", [1, 10, 9]),
        (GradientFlow(editable=True), "dy", "dy", [[1, 10], [9, 1000]]),
        (Col2Im((2, 3), (2, 2), editable=True), "cols", "cols", [[1, 10], [9, 10], *[[1, 10]] * 2]),
    ],
    ids=["FlipAndSlide", "GradientFlow", "Col2Im"],
)
def test_one_number_of_those_that_none_stands_for_is_typed(mount, figure, row, trait, shown):
    """Where None is drawn as digits, does the trait become all of them, with the one typed?"""
    page = mount(figure)
    assert getattr(figure, trait) is None
    cell(page, row, 2).dblclick()
    field(page).fill("9")
    page.keyboard.press("Enter")
    figure.set_state(page.evaluate("model.state"))
    np.testing.assert_array_equal(getattr(figure, trait), shown)


def test_outputs_that_have_been_computed_stay(mount):
    """After a pixel is typed, do the outputs that were filled in show their new numbers?"""
    page = mount(PaddingAndStride([[1, 2, 3]], [[2]], selection=1, editable=True))
    assert texts(page, "y") == ["2", "4", "?"]
    cell(page, "x", 0).dblclick()
    field(page).fill("5")
    page.keyboard.press("Enter")
    assert texts(page, "y") == ["10", "4", "?"]
    page.get_by_role("spinbutton", name="Stride").fill("2")
    page.keyboard.press("Enter")
    assert texts(page, "y") == ["?", "?"]
