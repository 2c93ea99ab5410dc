"""Gradient flow alone in a page: its three gradients, and the products that make them."""

import numpy as np
import pytest
from playwright.sync_api import expect

from autograder.reference import conv2d, conv2d_backward
from course.widgets import GradientFlow
from course.widgets.tables import number
from tests.browser.sheets import (
    JUPYTER_LIGHT,
    cell,
    frames,
    marked,
    random_geometries,
    say,
    selected,
    texts,
)

DY = [[1, 10], [100, 1000]]


def test_the_gradients_are_those_of_the_reference(mount):
    """On random batches, do dx, dw and db agree with `autograder.reference`?"""
    page = mount(GradientFlow())
    rng = np.random.default_rng(31)
    cases = []
    for x, w, setting in random_geometries(40, seed=32, batches=True):
        dy = rng.integers(-9, 10, conv2d(x, w, np.zeros(len(w)), **setting).shape).astype(float)
        cases.append((x, w, setting, dy))
    answers = page.evaluate(
        """cases => cases.map(({ image, kernel, setting, dy }) => {
            const shape = module.tensor(image).shape;
            const plan = module.plan2d({ shape, image, kernel: module.tensor(kernel), ...setting });
            const { dx, dw, db } = module.backward2d(plan, dy);
            const pixels = [...dx.keys()].filter(pixel => !module.isPaddingPixel(plan, pixel));
            return { dx: pixels.map(pixel => dx[pixel]), dw: [...dw], db: [...db] };
        })""",
        [
            {"image": x.tolist(), "kernel": w.tolist(), "setting": s, "dy": dy.ravel().tolist()}
            for x, w, s, dy in cases
        ],
    )
    for (x, w, setting, dy), answer in zip(cases, answers, strict=True):
        right = conv2d_backward(dy, x, w, **setting)
        for name, one in zip(["dx", "dw", "db"], right, strict=True):
            got = np.reshape(answer[name], one.shape)
            np.testing.assert_allclose(got, one, rtol=1e-12, atol=1e-12)


def test_what_the_cells_show_is_the_reference_too(mount):
    """Are the painted gradients the reference's?"""
    for x, w, setting in random_geometries(2, seed=33):
        y = conv2d(x, w, np.zeros(1), **setting)
        dy = np.arange(1.0, y.size + 1).reshape(y.shape) ** 2
        dx, dw, db = conv2d_backward(dy, x, w, **setting)
        page = mount(GradientFlow(x[0, 0], w[0, 0], dy=dy[0, 0], **setting))
        inside = page.locator('[data-row="dx"]:not(.padding)').all_inner_texts()
        assert inside == [number(value) for value in dx.ravel().tolist()]
        assert texts(page, "dw") == [number(value) for value in dw.ravel().tolist()]
        assert texts(page, "db") == [number(db[0])]


def test_a_large_figure_says_what_is_kept_at_once_and_shows_it_soon(mount):
    """Does a new padding change the kept sum at once, and all cells in view within frames?"""
    x, w = np.arange(256.0).reshape(16, 16) - 99, np.arange(1.0, 10).reshape(3, 3)
    page = mount(GradientFlow(x, w, padding=1, selection=("dx", 0, 0)))
    dy = np.arange(1.0, 18 * 18 + 1).reshape(1, 1, 18, 18)
    dx = conv2d_backward(dy, x[None, None], w[None, None], padding=2)[0][0, 0]
    kept = page.evaluate(
        """() => {
            const root = document.querySelector("#place > div").shadowRoot;
            window.first = root.querySelector('[data-row="x"]:not(.padding)');
            model.set("padding", 2);
            return root.querySelector("[role=status]").textContent;
        }"""
    )
    assert kept.startswith("dx[0, 0]")
    assert kept.endswith(f"= {number(dx[0, 0])}")
    expect(page.locator('[data-row="dx"].pinned')).to_have_text(number(dx[0, 0]))
    for i, j in [(0, 0), (0, 3), (5, 2), (7, 4)]:
        expect(cell(page, "dx", (i + 2) * 20 + j + 2)).to_have_text(number(dx[i, j]))
        expect(cell(page, "x", (i + 2) * 20 + j + 2)).to_have_text(number(x[i, j]))
        expect(cell(page, "dy", i * 18 + j)).to_have_text(number(dy[0, 0, i, j]))
    # The image's first cell is the same element at another place.
    assert page.evaluate("first.dataset.index") == "42"
    assert page.evaluate("first.ariaLabel") == "x[0, 0] = \u221299"


# The colours of all cells that are drawn.
COLOURS = """() => {
    const root = document.querySelector("#place > div").shadowRoot;
    return [...root.querySelectorAll("td")].filter(td => !td.closest("[hidden]"))
        .map(td => [td.dataset.row, td.dataset.index, td.style.backgroundColor, td.style.color]);
}"""
TURN_DARK = """() => {
    document.documentElement.style.setProperty("--jp-layout-color0", "#111");
    document.body.dataset.jpThemeLight = "false";
}"""


def colours(page):
    """Return ground and ink of each cell that is drawn, {(sheet, index): (ground, ink)}."""
    return {(sheet, index): tuple(both) for sheet, index, *both in page.evaluate(COLOURS)}


@pytest.fixture(scope="module")
def right():
    """Keep the colours of a figure that turned dark when no sheet waited."""
    return {}


@pytest.mark.parametrize("after", range(2, 10))
def test_a_theme_turns_while_sheets_wait_for_their_frame(mount, right, after):
    """So many frames after a new padding, are sheets that have been drawn turned dark as well?"""
    x, w = np.arange(256.0).reshape(16, 16) - 99, np.arange(1.0, 10).reshape(3, 3)
    page = mount(GradientFlow(x, w, padding=1), JUPYTER_LIGHT)
    page.evaluate(
        """async ([after, turn]) => {
            model.set("padding", 2);
            for (let at = 0; at < after; at++) await new Promise(requestAnimationFrame);
            eval(turn)();
        }""",
        [after, TURN_DARK],
    )
    expect(page.locator(".figure.dark")).to_be_visible()
    page.wait_for_timeout(300)  # more frames than the sheets wait
    found = colours(page)
    if not right:
        fresh = mount(GradientFlow(x, w, padding=2), JUPYTER_LIGHT)
        fresh.evaluate(TURN_DARK)
        expect(fresh.locator(".figure.dark")).to_be_visible()
        right.update(colours(fresh))
    both = found.keys() & right.keys()
    assert len(both) > 400
    assert {place: found[place] for place in both} == {place: right[place] for place in both}


@pytest.mark.parametrize("side", [5, 16])
def test_keys_are_for_the_cell_that_has_the_focus(mount, side):
    """Does Space keep the focused cell, whatever was kept and however its sheet was laid out?"""
    page = mount(GradientFlow(np.ones((side, side)), np.ones((3, 3)), selection=("dx", 0, 1)))
    page.evaluate("model.set('selection', null)")
    expect(page.locator('[data-row="dx"].pinned')).to_have_count(0)
    first = page.locator('[data-row="dx"]').first
    first.press("Space")
    assert page.evaluate("model.get('selection')") == ["dx", 0, 0]
    page.evaluate("model.set('selection', null)")
    page.evaluate("model.set('padding', 1)")
    expect(page.locator('[data-row="dx"].padding').first).to_be_visible()
    there = page.locator('[data-row="dx"][tabindex="0"]')
    expect(there).to_be_focused()
    index = int(there.get_attribute("data-index"))
    there.press("ArrowDown")
    expect(cell(page, "dx", index + side + 2)).to_be_focused()


@pytest.mark.parametrize("side", [5, 16])
def test_the_keyboard_goes_on_from_what_is_kept(mount, side):
    """Does a key find the cells of a new padding, pressed in the frame that sets it?"""
    x, w = np.arange(float(side * side)).reshape(side, side), np.arange(1.0, 10).reshape(3, 3)
    page = mount(GradientFlow(x, w, padding=1, selection=("dx", 0, 0)))
    page.locator('[data-row="dx"].pinned').focus()
    before, after = page.evaluate(
        """() => {
            const root = document.querySelector("#place > div").shadowRoot;
            const kept = root.querySelector('[data-row="dx"].pinned');
            const before = kept.dataset.index;
            model.set("padding", 2);
            const key = { key: "ArrowRight", bubbles: true, composed: true };
            kept.dispatchEvent(new KeyboardEvent("keydown", key));
            return [before, root.querySelector('[data-row="dx"].pinned').dataset.index];
        }"""
    )
    assert (before, after) == (str((side + 2) + 1), str(2 * (side + 4) + 2 + 1))
    assert page.evaluate("model.get('selection')") == ["dx", 0, 1]


def test_the_place_value_probe(mount):
    """With dy = 1, 10, 100, 1000, is the centre 1234, and dw 5421, 6532, 8754, 9865?"""
    page = mount(GradientFlow(dy=DY))
    assert texts(page, "dx") == ["1", "12", "20", "103", "1234", "2040", "300", "3400", "4000"]
    assert texts(page, "dw") == ["5421", "6532", "8754", "9865"]
    assert texts(page, "db") == ["1111"]
    cell(page, "dx", 4).hover()
    assert say(page) == (
        "dx[1, 1] = dy[0, 0]·w[1, 1] + dy[0, 1]·w[1, 0] + dy[1, 0]·w[0, 1] + dy[1, 1]·w[0, 0]"
        " = 1·4 + 10·3 + 100·2 + 1000·1 = 4 + 30 + 200 + 1000 = 1234"
    )
    assert marked(page, "dy") == [0, 1, 2, 3]
    expect(cell(page, "dy", 0)).to_have_attribute("data-tag", "×4")


@pytest.mark.parametrize(
    ("sheet", "index", "words"),
    [
        ("dw", 0, "dw[0, 0] = dy[0, 0]·x[0, 0] + dy[0, 1]·x[0, 1] + dy[1, 0]·x[1, 0] + "),
        ("db", 0, "db = dy[0, 0] + dy[0, 1] + dy[1, 0] + dy[1, 1] = 1 + 10 + 100 + 1000 = 1111"),
        ("dy", 1, "dy[0, 1] = 10 sends 10·1 = 10 to dx[0, 1], 10·2 = 20 to dx[0, 2], 10·3 = 30"),
        ("x", 0, "x[0, 0] = 1 counts in dw[0, 0] with dy[0, 0] = 1."),
        ("w", 3, "w[1, 1] = 4 multiplies every dy on its way to the ringed entries of dx."),
    ],
)
def test_every_entry_tells_its_part(mount, sheet, index, words):
    """Do dw, db, dy, x and w each say what they have to do with the gradients?"""
    page = mount(GradientFlow())
    cell(page, sheet, index).hover()
    assert say(page).startswith(words)


def test_one_upstream_gradient_stands_on_its_forward_window(mount):
    """Is the same window framed in x and in dx, with what is added to each entry?"""
    page = mount(GradientFlow(padding=1, stride=2))
    cell(page, "dy", 1).hover()
    assert frames(page) == [[2, 8], [2, 8]]
    expect(cell(page, "dx", 8)).to_have_attribute("data-tag", "+40")
    assert "10·1 = 10 to the padding (dropped)" in say(page)
    cell(page, "dx", 0).hover()
    assert say(page) == "A padding cell is no input: what is sent here is dropped."


def test_a_pixel_that_no_window_reaches_has_gradient_zero(mount):
    """With a stride that leaves a remainder, does the last pixel say so?"""
    page = mount(GradientFlow(np.arange(16).reshape(4, 4), np.ones((3, 3)), stride=2))
    cell(page, "dx", 15).hover()
    assert say(page).startswith("dx[3, 3] = 0: no window reaches x[3, 3]")


def test_the_selection_names_an_entry_and_goes_both_ways(mount):
    """Is an entry set from outside drawn, and one clicked or stepped to readable?"""
    page = mount(GradientFlow(padding=1))
    page.evaluate("model.set('selection', ['dx', 1, 1])")
    assert say(page).startswith("dx[1, 1] =")
    expect(cell(page, "dx", 12)).to_have_attribute("aria-selected", "true")
    for sheet, index, selection in [
        ("dw", 2, ["dw", 1, 0]),
        ("db", 0, ["db"]),
        ("dy", 5, ["dy", 1, 1]),
        ("dx", 6, ["dx", 0, 0]),
        ("x", 6, None),
    ]:
        cell(page, sheet, index).click()
        assert selected(page) == selection
    step = page.get_by_role("button", name="Step")
    assert [(step.click(), selected(page))[1] for _ in range(4)][1:] == [
        ["dx", 0, 1],
        ["dx", 0, 2],
        ["dx", 1, 0],
    ]
    page.evaluate("model.set('selection', ['dy', 9, 9])")
    page.mouse.move(2, 2)
    assert say(page).startswith("dy[3, 3] =")
