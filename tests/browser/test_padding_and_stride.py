"""Padding and stride alone in a page: its arithmetic, its window, its settings."""

import numpy as np
import pytest
from playwright.sync_api import expect

from autograder.reference import conv2d, output_shape
from course.widgets import PaddingAndStride
from course.widgets.tables import number
from tests.browser.sheets import cell, frames, marked, random_geometries, say, selected, texts

SMALL = {"image": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "kernel": [[1, 2], [3, 4]]}


def test_the_outputs_are_those_of_the_reference(mount):
    """On random geometries, do sizes, rules and values agree with `autograder.reference`?"""
    page = mount(PaddingAndStride(**SMALL))
    cases = list(random_geometries(40, seed=11, batches=True))
    answers = page.evaluate(
        """cases => cases.map(({ image, kernel, setting }) => {
            const shape = module.tensor(image).shape;
            const plan = module.plan2d({ shape, image, kernel: module.tensor(kernel), ...setting });
            const rules = plan.axes.map(module.lengthRule);
            return { y: [...module.forward2d(plan)], rules };
        })""",
        [{"image": x.tolist(), "kernel": w.tolist(), "setting": s} for x, w, s in cases],
    )
    for (x, w, setting), answer in zip(cases, answers, strict=True):
        y = conv2d(x, w, np.zeros(len(w)), **setting)
        np.testing.assert_allclose(np.reshape(answer["y"], y.shape), y, rtol=1e-12, atol=1e-12)
        for rule, length in zip(answer["rules"], y.shape[2:], strict=True):
            assert rule.endswith(f" = {length}")


def test_what_the_cells_show_is_the_reference_too(mount):
    """Are the painted outputs the reference's?"""
    for x, w, setting in random_geometries(2, seed=12):
        figure = PaddingAndStride(x[0, 0], w[0, 0], **setting)
        y = conv2d(x, w, np.zeros(1), **setting).ravel().tolist()
        page = mount(figure)
        page.evaluate("last => model.set('selection', last)", len(y) - 1)
        assert texts(page, "y") == [number(value) for value in y]


def test_pointing_at_an_output_shows_its_window_and_its_sum(mount):
    """Is the window framed, each pixel tagged with its weight, and the sum in numbers?"""
    page = mount(PaddingAndStride(**SMALL, padding=1))
    before = say(page)
    cell(page, "y", 1).hover()
    assert say(page) == (
        "y[0, 1] = 0·w[0, 0] + 0·w[0, 1] + x[0, 0]·w[1, 0] + x[0, 1]·w[1, 1]"
        " = 0·1 + 0·2 + 1·3 + 2·4 = 0 + 0 + 3 + 8 = 11"
    )
    assert frames(page) == [[1, 7]]
    expect(cell(page, "x", 6)).to_have_attribute("data-tag", "×3")
    expect(cell(page, "y", 1)).to_have_text("11")
    assert selected(page) is None
    page.mouse.move(2, 2)
    assert (say(page), texts(page, "y")) == (before, ["?"] * 16)


def test_a_dilated_window_rings_the_pixels_it_reads(mount):
    """With gaps in the kernel, are the pixels between its entries left out?"""
    page = mount(PaddingAndStride(SMALL["image"], SMALL["kernel"], dilation=2))
    cell(page, "y", 0).hover()
    assert marked(page, "x") == [0, 2, 6, 8]
    assert frames(page) == [[0, 8]]


def test_pointing_at_a_pixel_shows_the_outputs_it_reaches(mount):
    """Are exactly those outputs ringed and named, each with its weight?"""
    page = mount(PaddingAndStride(**SMALL, stride=2, padding=1))
    cell(page, "x", 6).hover()
    assert say(page) == "x[0, 0] = 1 reaches y[0, 0] through w[1, 1] = 4."
    assert marked(page, "y") == [0]
    cell(page, "x", 0).hover()
    assert say(page) == "A padding cell is always 0. It reaches y[0, 0] through w[0, 0] = 1."
    page = mount(PaddingAndStride(**SMALL, stride=2))
    cell(page, "x", 8).hover()
    assert say(page) == "x[2, 2] = 9 is reached by no window."


def test_the_rule_stands_for_both_axes_in_numbers(mount):
    """Is the length of each axis printed with this figure's own numbers?"""
    page = mount(PaddingAndStride(np.ones((4, 6)), np.ones((2, 3)), stride=2, padding=1))
    assert output_shape((4, 6), (2, 3), 2, 1) == (3, 3)
    rule = page.locator(".rule")
    expect(rule).to_contain_text("Output rows: ⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1 = ")
    expect(rule).to_contain_text("⌊(4 + 2·1 − 1·(2 − 1) − 1) / 2⌋ + 1 = 3")
    expect(rule).to_contain_text("⌊(6 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 3")


def test_illegal_settings_cannot_be_reached(mount):
    """Whatever is typed or clicked, does a window always fit, and is the reason printed?"""
    image = np.arange(15).reshape(3, 5)
    page = mount(PaddingAndStride(image, [[1, 2], [3, 4]]))
    for label in ["Stride", "Padding", "Dilation"]:
        field = page.get_by_role("spinbutton", name=label)
        for typed in ["99", "-5", "2.6", ""]:
            field.fill(typed)
            field.press("Tab")
            expect(page.locator(".sheets")).to_be_visible()
        field.fill("99")
        field.press("Tab")
        expect(page.get_by_label(f"More {label.lower()}")).to_have_attribute(
            "aria-disabled", "true"
        )
    state = page.evaluate("model.state")
    setting = (state["stride"], state["padding"], state["dilation"])
    assert min(output_shape(image.shape, (2, 2), *setting)) >= 1
    reasons = page.locator(".reasons").inner_text()
    assert all(f"{label}: " in reasons for label in ["Stride", "Padding", "Dilation"])


def test_rows_and_columns_have_their_own_settings(mount):
    """Given a pair, has the setting two fields, each with its own limits, and one otherwise?"""
    figure = PaddingAndStride(np.ones((4, 6)), np.ones((3, 1)), padding=(1, 0), stride=(1, 2))
    page = mount(figure)
    assert page.get_by_role("spinbutton").evaluate_all("all => all.map(e => e.id.slice(4))") == [
        *("stride-of-rows", "stride-of-columns"),
        *("padding-of-rows", "padding-of-columns", "dilation"),
    ]
    assert frames(page) == [[0, 12]]
    expect(page.locator(".sheet-y td")).to_have_count(4 * 3)
    assert (
        "Padding of columns: more would only add windows" in page.locator(".reasons").inner_text()
    )
    field = page.get_by_role("spinbutton", name="Padding of rows")
    field.fill("99")
    field.press("Enter")
    assert page.evaluate("model.get('padding')") == [2, 0]
    page.evaluate("model.set('padding', 0)")
    expect(page.get_by_role("spinbutton", name="Padding")).to_have_count(1)
    assert page.evaluate("model.get('stride')") == [1, 2]


def test_a_click_keeps_an_output_and_fills_the_map_up_to_it(mount):
    """Does a click set the selection, a second one clear it, and Step go on from there?"""
    page = mount(PaddingAndStride(**SMALL))
    cell(page, "y", 1).click()
    page.mouse.move(2, 2)
    assert (selected(page), texts(page, "y")) == (1, ["37", "47", "?", "?"])
    page.get_by_role("button", name="Step").click()
    assert (selected(page), texts(page, "y")) == (2, ["37", "47", "67", "?"])
    page.get_by_role("button", name="Start over").click()
    assert (selected(page), texts(page, "y")) == (None, ["?"] * 4)
    cell(page, "y", 3).click()
    cell(page, "y", 3).click()
    assert selected(page) is None


def test_playing_walks_over_all_outputs_and_stops(mount):
    """Is playing off until asked for, and does it end on the last output?"""
    page = mount(PaddingAndStride(**SMALL), alone=True)
    page.clock.install()
    page.clock.run_for(3000)
    assert selected(page) is None
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(950)
    assert selected(page) == 1
    page.clock.run_for(5000)
    assert selected(page) == 3
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_fewer_outputs_move_the_selection_to_the_last_one(mount):
    """Does a selection that is gone after a change end on the last output?"""
    page = mount(PaddingAndStride(**SMALL, padding=1, selection=15))
    assert say(page).endswith("= 9")
    page.get_by_role("spinbutton", name="Padding").fill("0")
    page.keyboard.press("Enter")
    assert (selected(page), say(page)[:7]) == (3, "y[1, 1]")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("dilation", 9, "The kernel spans 10 rows, the image has only 3: no window fits."),
        ("stride", 0, "stride is 0; it must be a whole number, at least 1."),
    ],
)
def test_a_linked_slider_that_runs_too_far_breaks_nothing(mount, name, value, words):
    """Are values that cannot be drawn told in words, and the next legal one drawn again?"""
    page = mount(PaddingAndStride(**SMALL, selection=3))
    page.evaluate("([name, value]) => model.set(name, value)", [name, value])
    assert say(page) == words
    page.evaluate("name => model.set(name, 1)", name)
    assert say(page).endswith("= 77")
