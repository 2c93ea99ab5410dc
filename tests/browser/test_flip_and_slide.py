"""Flip and slide alone in a page: its arithmetic, its pointer and keys, what it shows."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from course.widgets import FlipAndSlide
from course.widgets.tables import number
from tests.browser.sheets import CONTRASTS, DARK, JUPYTER_LIGHT, cell, marked, say, selected, texts

P1 = {"x": [1, 2, 3, 4, 5], "w": [1, 2, 3]}


# --- arithmetic --------------------------------------------------------------------------------


def by_loops(x, w, dy, mode, stride, padding, dilation):
    """Forward and both gradients by scattering one product at a time, written for this test."""
    taps = w[::-1] if mode == "convolution" else w
    padded = np.pad(x, padding)
    y = []
    start = 0
    while start + dilation * (len(w) - 1) < len(padded):
        y.append(sum(taps[t] * padded[start + t * dilation] for t in range(len(w))))
        start += stride
    if dy is None or len(dy) != len(y):
        dy = [10**o if len(y) <= 6 else o + 1 for o in range(len(y))]
    d_padded, d_taps = np.zeros(len(padded)), np.zeros(len(w))
    for o, upstream in enumerate(dy):
        for t in range(len(w)):
            d_padded[o * stride + t * dilation] += upstream * taps[t]
            d_taps[t] += upstream * padded[o * stride + t * dilation]
    return {
        "y": y,
        "dx": d_padded[padding : padding + len(x)].tolist(),
        "dw": (d_taps[::-1] if mode == "convolution" else d_taps).tolist(),
    }


def random_states(count, seed):
    rng = np.random.default_rng(seed)
    while count:
        state = {
            "x": rng.integers(-9, 10, rng.integers(1, 13)).tolist(),
            "w": (rng.integers(-8, 9, rng.integers(1, 6)) / 4).tolist(),
            "mode": str(rng.choice(["correlation", "convolution"])),
            "stride": int(rng.integers(1, 5)),
            "padding": int(rng.integers(0, 4)),
            "dilation": int(rng.integers(1, 4)),
            "dy": None,
        }
        if state["dilation"] * (len(state["w"]) - 1) < len(state["x"]) + 2 * state["padding"]:
            count -= 1
            yield state


def test_the_arithmetic_of_the_module_is_that_of_plain_loops(mount):
    """Do y, dx, dw and the printed length agree with loops on random geometries?"""
    page = mount(FlipAndSlide())
    states = list(random_states(80, seed=1))
    answers = page.evaluate(
        """states => states.map(state => {
            const plan = module.plan(state);
            const rows = ["y", "dx", "dw"].map(row => [row, module.results(plan, row)]);
            return { ...Object.fromEntries(rows), rule: module.lengthRule(plan) };
        })""",
        states,
    )
    for state, answer in zip(states, answers, strict=True):
        expected = by_loops(**state)
        assert answer.pop("rule").endswith(f"= {len(expected['y'])}"), state
        for row, values in answer.items():
            assert values == pytest.approx(expected[row], rel=1e-12, abs=1e-12), (row, state)


def test_what_the_cells_show_is_what_the_loops_give(mount):
    """Do the painted numbers, forward and backward, agree too?"""
    for state in random_states(3, seed=2):
        expected = by_loops(**state)
        page = mount(FlipAndSlide(**state))
        page.evaluate("last => model.set('selection', last)", len(expected["y"]) - 1)
        assert texts(page, "y") == [number(value) for value in expected["y"]], state
        page.evaluate("model.set('show', 'backward')")
        cell(page, "dx", len(state["x"]) - 1).click()
        cell(page, "dw", len(state["w"]) - 1).click()
        assert texts(page, "dx") == [number(value) for value in expected["dx"]], state
        assert texts(page, "dw") == [number(value) for value in expected["dw"]], state


@pytest.mark.parametrize(
    ("mode", "y", "dx", "dw"),
    [
        ("correlation", "14 20 26", "1 12 123 230 300", "321 432 543"),
        ("convolution", "10 16 22", "3 32 321 210 100", "543 432 321"),
    ],
)
def test_the_place_value_probe(mount, mode, y, dx, dw):
    """Does the hand-computed example come out for both layers, in both directions?"""
    page = mount(FlipAndSlide(**P1, mode=mode, dy=[1, 10, 100], selection=2))
    assert texts(page, "y") == y.split()
    page.get_by_role("radio", name="Backward").check()
    assert texts(page, "dy") == ["1", "10", "100"]
    cell(page, "dx", 4).click()
    cell(page, "dw", 2).click()
    assert texts(page, "dx") == dx.split()
    assert texts(page, "dw") == dw.split()


def test_numbers_are_written_as_in_the_tables(mount):
    """Do the page and the static tables write every number alike?"""
    values = [0, -0.0, 3, -4, 2.5, 1 / 3, -2 / 3, 0.0625, -0.0005, 1e-5, -3e-9, 999999, 12.3456]
    written = mount(FlipAndSlide()).evaluate("values => values.map(module.number)", values)
    assert written == [number(value) for value in values]


def test_a_rounded_total_does_not_claim_to_be_equal(mount):
    """Does the equation say ≈ where the number shown is not the number?"""
    page = mount(FlipAndSlide(x=[1, 1], w=[1 / 3, 1 / 3], selection=0))
    assert say(page).endswith("≈ 0.667")
    page = mount(FlipAndSlide(x=[0.1, 0.1], w=[1, 2], selection=0))
    assert say(page).endswith("= 0.3")


# --- pointer and keys --------------------------------------------------------------------------


def test_pointing_at_an_output_previews_its_sum(mount):
    """Is the sum formed in numbers while the pointer is there, and gone after?"""
    page = mount(FlipAndSlide(**P1, mode="convolution"))
    before = say(page)
    cell(page, "y", 1).hover()
    assert (
        say(page) == "y[1] = x[1]·w[2] + x[2]·w[1] + x[3]·w[0] = 2·3 + 3·2 + 4·1 = 6 + 6 + 4 = 16"
    )
    assert texts(page, "y") == ["?", "16", "?"]
    assert page.locator(".row-products td").all_inner_texts() == ["6", "6", "4"]
    assert selected(page) is None
    page.mouse.move(2, 2)
    assert say(page) == before


def test_pointing_at_an_output_frames_its_window(mount):
    """Does the frame stand exactly around the cells that the sum uses?"""
    page = mount(FlipAndSlide(**P1, padding=1, dilation=2))
    cell(page, "y", 2).hover()
    frame = page.locator(".frame").bounding_box()
    first, last = (cell(page, "x", index).bounding_box() for index in (1, 5))
    assert frame["x"] == pytest.approx(first["x"], abs=5)
    assert frame["x"] + frame["width"] == pytest.approx(last["x"] + last["width"], abs=5)
    used = page.locator(".row-used td")
    for tap, index in enumerate((1, 3, 5)):
        over = used.nth(tap).bounding_box()
        assert over["x"] == pytest.approx(cell(page, "x", index).bounding_box()["x"], abs=2)


def test_pointing_at_a_signal_cell_shows_which_outputs_it_reaches(mount):
    """Are exactly those outputs ringed and named, each with its kernel entry?"""
    page = mount(FlipAndSlide(**P1))
    cell(page, "x", 1).hover()
    assert say(page) == "x[1] = 2 reaches y[0] through w[1] = 2 and y[1] through w[0] = 1."
    assert page.locator('[data-row="y"].met').count() == 2
    assert page.locator(".fan line").count() == 2


@pytest.mark.parametrize("show", ["forward", "backward"])
def test_pointing_at_a_kernel_entry_shows_where_it_is_used(mount, show):
    """Are the signal cells that it meets ringed, in both pictures, and does a click keep it?"""
    page = mount(FlipAndSlide(**P1, mode="convolution", show=show))
    for entry in page.locator(".row-w .kernel").nth(0), page.locator(".row-used .kernel").nth(2):
        entry.hover()
        assert say(page) == (
            "w[0] = 1 is used 3 times, once in each window: on the signal cells with a ring."
        )
        assert marked(page, "x") == [2, 3, 4]
        assert marked(page, "w") == [0, 0]
        page.mouse.move(2, 2)
        assert marked(page, "x") == []
    page.locator(".row-w .kernel").nth(2).click()
    page.mouse.move(2, 2)
    assert marked(page, "x") == [0, 1, 2]
    assert selected(page) is None


def test_a_cell_beyond_the_last_window_says_so(mount):
    """With a stride that leaves a remainder, does the last cell say that nothing reads it?"""
    page = mount(FlipAndSlide(x=[1, 2, 3, 4, 5, 6], w=[1, 2, 3], stride=2))
    cell(page, "x", 5).hover()
    assert say(page) == "x[5] = 6 is reached by no window."
    page.evaluate("model.set('show', 'backward')")
    cell(page, "dx", 5).hover()
    assert say(page).startswith("dx[5] = 0: no window reaches x[5]")


def test_padding_is_named_and_never_looks_like_data(mount):
    """Is a padding cell hatched, without an index, and called padding?"""
    page = mount(FlipAndSlide(**P1, padding=1))
    padding = cell(page, "x", -1)
    expect(padding).to_have_attribute("aria-label", "padding = 0")
    assert "gradient" in padding.evaluate("td => getComputedStyle(td).backgroundImage")
    padding.hover()
    assert say(page) == "A padding cell is always 0. It reaches y[0] through w[0] = 1."
    cell(page, "y", 0).hover()
    assert say(page).startswith("y[0] = 0·w[0] + x[0]·w[1] + x[1]·w[2] = 0·1 + 1·2 + 2·3")


def test_negative_numbers_are_written_so_that_they_can_be_read(mount):
    """Do negative factors stand in parentheses, and negative products after a minus?"""
    page = mount(FlipAndSlide(x=[-1, 2, -3], w=[2, -1, 3], selection=0))
    assert say(page).endswith("= (−1)·2 + 2·(−1) + (−3)·3 = −2 − 2 − 9 = −13")


def test_a_click_keeps_an_output_and_fills_the_row_up_to_it(mount):
    """Does a click set the selection, a second one clear it, and the row fill as far?"""
    page = mount(FlipAndSlide(**P1))
    assert texts(page, "y") == ["?", "?", "?"]
    cell(page, "y", 1).click()
    page.mouse.move(2, 2)
    assert (selected(page), texts(page, "y")) == (1, ["14", "20", "?"])
    assert say(page).endswith("= 20")
    cell(page, "y", 1).click()
    assert selected(page) is None


def test_arrow_keys_home_and_end_walk_along_the_outputs(mount):
    """Do the keys move the focus, the window and the selection together, and stop at the ends?"""
    page = mount(FlipAndSlide(**P1))
    cell(page, "y", 0).focus()
    for key, index in [
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("End", 2),
    ]:
        page.keyboard.press(key)
        assert (selected(page), key) == (index, key)
        expect(cell(page, "y", index)).to_be_focused()
    page.keyboard.press("Escape")
    assert selected(page) is None
    page.keyboard.press("Enter")
    assert selected(page) == 2


def test_keys_are_for_the_cell_that_has_the_focus(mount):
    """Does Space keep the focused cell, where Tab would come to another one?"""
    page = mount(FlipAndSlide(**P1))
    cell(page, "y", 2).click()
    cell(page, "y", 0).focus()
    page.keyboard.press("Space")
    assert selected(page) == 0
    page.keyboard.press("ArrowRight")
    expect(cell(page, "y", 1)).to_be_focused()


def test_each_grid_is_one_tab_stop(mount):
    """Does Tab pass once through every grid, field and button, and then leave?"""
    page = mount(FlipAndSlide(**P1, padding=1, dy=[1, 2, 3, 4, 5], show="backward"))
    stops = []
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const active = document.querySelector("#place > div").shadowRoot.activeElement;
                return active && (active.dataset.row || active.id || active.value
                                  || active.textContent);
            }"""
        )
        if stop is None:
            break
        stops.append(stop)
    grids = [stop for stop in stops if stop in {"x", "dy", "dx", "dw"}]
    assert grids == ["x", "dy", "dx", "dw"]
    others = [stop for stop in stops if stop not in grids]
    fields = ["set-stride", "set-padding", "set-dilation"]
    buttons = ["Start over", "Back", "Step", "Play", "Take along"]
    assert others == ["backward", "correlation", *fields, *buttons]


def test_no_plain_key_reaches_the_page(mount):
    """Do letters, arrows, Enter and Space stay in the figure, and the page's shortcuts pass?"""
    page = mount(FlipAndSlide(**P1))
    page.evaluate("window.heard = []; addEventListener('keydown', e => heard.push(e.key))")
    cell(page, "y", 0).focus()
    host = page.locator("#place > div")
    for key in ["b", "ArrowRight", "ArrowDown", "Home", "Enter", " ", "Escape"]:
        page.keyboard.press(key)
        expect(host).to_have_attribute("data-lm-suppress-shortcuts", "")
    assert page.evaluate("heard") == []
    for key in ["Control+y", "Shift+Enter", "PageDown"]:
        page.keyboard.press(key)
        assert page.evaluate("heard.at(-1)") == key.split("+")[-1]
        assert host.get_attribute("data-lm-suppress-shortcuts") is None


def test_escape_lets_go_and_then_leaves(mount):
    """Is the keyboard given back to the page by Esc, once nothing is kept?"""
    page = mount(FlipAndSlide(**P1, selection=1))
    cell(page, "y", 1).focus()
    page.keyboard.press("Escape")
    assert selected(page) is None
    expect(cell(page, "y", 1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(":focus")).to_have_count(0)
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press("Escape")
    expect(page.locator(":focus")).to_have_count(0)


def test_a_still_pointer_does_nothing_when_the_page_moves_under_it(mount):
    """After a key press, does a reflow that puts another cell under the pointer change nothing?"""
    page = mount(FlipAndSlide(**P1))
    box = cell(page, "y", 0).bounding_box()
    here = {"clientX": int(box["x"]) + 8, "clientY": int(box["y"]) + 8}
    page.mouse.move(*here.values())
    cell(page, "y", 0).focus()
    page.keyboard.press("End")

    # Chromium sends such an event by itself, at a time of its own; here it is sent for certain.
    send = """(td, place) => td.dispatchEvent(
        new PointerEvent("pointermove", { ...place, bubbles: true, composed: true }))"""
    cell(page, "y", 1).evaluate(send, here)
    assert say(page).endswith("= 26")
    cell(page, "y", 1).evaluate(send, {**here, "clientX": here["clientX"] + 1})
    assert say(page).endswith("= 20")


def test_a_figure_that_scrolled_away_from_the_pointer_lets_go_of_its_cell(mount):
    """Does the next move of the mouse, outside, end what it pointed at before the page moved?"""
    page = mount(FlipAndSlide(**P1))
    hint = say(page)
    cell(page, "y", 1).hover()
    assert say(page).endswith("= 20")
    page.locator(".place").evaluate(
        "area => area.addEventListener('pointerleave', () => { window.left = true })"
    )
    page.locator("#place").evaluate("el => { el.style.paddingTop = '2000px' }")
    page.wait_for_function("window.left")
    assert say(page).endswith("= 20")
    page.mouse.move(3, 3)
    expect(page.get_by_role("status")).to_have_text(hint)


# --- controls ----------------------------------------------------------------------------------


def field(page, label):
    return page.get_by_label(re.compile(f"^{label}"))


def test_the_switch_flips_the_kernel_and_nothing_else(mount):
    """Does the kernel stay as given, the used one turn round, and the lines cross?"""
    page = mount(FlipAndSlide(**P1, selection=0))
    given, used = page.locator(".row-w td"), page.locator(".row-used td")
    lines = """svg => [...svg.querySelectorAll("line")].map(
        l => Math.sign(l.getAttribute("x2") - l.getAttribute("x1")))"""
    assert used.all_inner_texts() == ["1", "2", "3"]
    assert page.locator("svg.flip").evaluate(lines) == [0, 0, 0]
    page.get_by_role("radio", name="Convolution").check()
    assert page.evaluate("model.get('mode')") == "convolution"
    assert given.all_inner_texts() == ["1", "2", "3"]
    assert used.all_inner_texts() == ["3", "2", "1"]
    assert page.locator("svg.flip").evaluate(lines) == [-1, 0, 1]
    assert say(page).endswith("= 10")


def test_illegal_settings_cannot_be_reached(mount):
    """Whatever is typed or clicked, does a window always fit, and is the reason printed?"""
    page = mount(FlipAndSlide(x=[3, 1, 4, 1, 5, 9, 2, 6], w=[1, 2, 3]))
    for label in ["Stride", "Padding", "Dilation"]:
        for typed in ["99", "-5", "2.6", ""]:
            field(page, label).fill(typed)
            field(page, label).press("Tab")
            expect(page.locator(".place")).to_be_visible()
        for _ in range(6):
            page.get_by_label(f"More {label.lower()}").click(force=True)
    state = page.evaluate("model.state")
    assert len(by_loops(**{key: state[key] for key in [*P1, *SETTINGS]})["y"]) >= 1
    reasons = page.locator(".reasons").inner_text()
    assert all(f"{label}: with" in reasons for label in ["Stride", "Dilation"])


SETTINGS = ["dy", "mode", "stride", "padding", "dilation"]


def test_the_reason_gives_the_numbers(mount):
    """At the largest dilation, does the line say what one more would need?"""
    page = mount(FlipAndSlide(**P1, dilation=2))
    assert (
        page.locator(".reasons")
        .inner_text()
        .endswith("Dilation: with 3 the kernel would span 7 cells, and the signal has 5.")
    )
    expect(page.locator(".rule")).to_contain_text("⌊(5 + 2·0 − 2·(3 − 1) − 1) / 1⌋ + 1 = 1")


def test_fewer_outputs_move_the_selection_to_the_last_one(mount):
    """Does a selection that is gone after a change end on the last output?"""
    page = mount(FlipAndSlide(**P1, selection=2))
    field(page, "Stride").fill("2")
    field(page, "Stride").press("Enter")
    assert texts(page, "y") == ["14", "26"]
    assert selected(page) == 1
    assert say(page).startswith("y[1] = x[2]·w[0]")


def test_step_back_and_start_over(mount):
    """Do the buttons walk along the outputs, and begin again at the end?"""
    page = mount(FlipAndSlide(**P1))

    def press(name):
        page.get_by_role("button", name=name, exact=True).click()
        return selected(page)

    assert [press(name) for name in ["Step", "Step", "Back", "Step", "Step"]] == [0, 1, 0, 1, 2]
    assert press("Start over") is None
    assert texts(page, "y") == ["?", "?", "?"]
    assert [press(name) for name in ["Step"] * 3 + ["Step to the first"]] == [0, 1, 2, 0]


def test_playing_is_off_until_asked_for_and_stops_at_the_end(mount):
    """Does Play walk through the outputs, can it be paused, and does it end by itself?"""
    page = mount(FlipAndSlide(**P1), alone=True)
    page.clock.install()
    page.clock.run_for(5000)
    assert selected(page) is None
    page.get_by_role("button", name="Play").click()
    assert selected(page) == 0
    page.clock.run_for(950)
    assert selected(page) == 1
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(5000)
    assert selected(page) == 1
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(5000)
    assert selected(page) == 2
    expect(page.get_by_role("button", name="Play")).to_be_visible()


# --- the model ---------------------------------------------------------------------------------


def test_the_selection_goes_both_ways(mount):
    """Is a selection set from outside drawn, and one made inside readable outside?"""
    page = mount(FlipAndSlide(**P1))
    page.evaluate("model.set('selection', 2)")
    assert say(page).endswith("= 26")
    expect(cell(page, "y", 2)).to_have_attribute("aria-selected", "true")
    cell(page, "y", 0).click()
    assert selected(page) == 0
    page.evaluate("model.set('selection', null)")
    page.mouse.move(2, 2)
    assert say(page).startswith("Point at an output")


def test_a_linked_slider_that_runs_too_far_breaks_nothing(mount):
    """Are values that cannot be drawn told in words, and the next legal one drawn again?"""
    page = mount(FlipAndSlide(**P1))
    page.evaluate("model.set('selection', 40)")
    assert say(page).endswith("= 26")
    page.evaluate("model.set('dilation', 5)")
    assert say(page) == "The kernel spans 11 cells, the signal has only 5: no window fits."
    page.evaluate("model.set('dilation', 1); model.set('stride', 0)")
    assert say(page) == "stride is 0; it must be a whole number, at least 1."
    page.evaluate("model.set('stride', 1)")
    assert say(page).endswith("= 26")


def test_closing_a_figure_leaves_nothing_behind(mount):
    """After the view is closed, is the page empty and the model without listeners?"""
    page = mount(FlipAndSlide(**P1))
    page.evaluate("close_figure()")
    assert page.locator("#place").inner_html() == ""
    assert page.evaluate("Object.values(model.listeners).every(set => set.size === 0)")


def test_upstream_gradients_show_where_they_go(mount):
    """In the backward view, do dx, dw, dy and x each tell their own part of the sum?"""
    page = mount(FlipAndSlide(**P1, show="backward"))
    for row, index, words in [
        ("dx", 1, "dx[1] = dy[0]·w[1] + dy[1]·w[0] = 1·2 + 10·1 = 2 + 10 = 12"),
        ("dw", 0, "dw[0] = dy[0]·x[0] + dy[1]·x[1] + dy[2]·x[2] = 1·1 + 10·2 + 100·3"),
        ("dy", 1, "dy[1] = 10 sends 10·1 = 10 to dx[1], 10·2 = 20 to dx[2] and 10·3 = 30"),
        ("x", 0, "x[0] = 1 counts in dw[0] with dy[0] = 1."),
    ]:
        cell(page, row, index).hover()
        assert say(page).startswith(words)
    cell(page, "dy", 1).click()
    assert selected(page) == 1
    page.get_by_role("radio", name="Forward").check()
    page.mouse.move(2, 2)
    assert say(page).endswith("= 20")


# --- how it looks ------------------------------------------------------------------------------

JUPYTER_DARK = """<style>:root { --jp-layout-color0: #111; --jp-border-color1: #616161;
  --jp-ui-font-color1: rgba(255, 255, 255, .87) }</style>"""


@pytest.mark.parametrize(
    ("theme", "dark"),
    [("", False), (DARK, True), (JUPYTER_LIGHT, False), (JUPYTER_DARK, True)],
    ids=["plain", "plain dark", "JupyterLab light", "JupyterLab dark"],
)
@pytest.mark.parametrize("show", ["forward", "backward"])
def test_every_text_can_be_read(mount, theme, dark, show):
    """Has every text a contrast of 4.5 and the frame one of 3, over the whole range of colours?"""
    x = [-9, -7, -5, -3, -1, 0, 1, 3, 5, 7, 9]
    page = mount(
        FlipAndSlide(x=x, w=[-4, 1, 3], padding=1, show=show, selection=6, mode="convolution"),
        theme,
    )
    assert page.locator(".figure.dark").count() == dark
    for row, index in [("y", 4), ("x", 5)] if show == "forward" else [("dx", 10), ("dw", 2)]:
        cell(page, row, index).click()
        measured = page.evaluate(CONTRASTS)
        poor = [text for text in measured["found"] if text[2] < 4.5]
        assert poor == []
        assert len(measured["found"]) > 40
        assert min(measured["frames"]) >= 3


def test_the_theme_can_change_while_the_figure_is_shown(mount):
    """Does a switch of JupyterLab's theme repaint the cells?"""
    page = mount(FlipAndSlide(**P1), JUPYTER_LIGHT)
    colour = "td => getComputedStyle(td).backgroundColor"
    before = cell(page, "x", 4).evaluate(colour)
    page.evaluate(
        """() => {
            document.documentElement.style.setProperty("--jp-layout-color0", "#111");
            document.body.dataset.jpThemeLight = "false";
        }"""
    )
    expect(page.locator(".figure.dark")).to_be_visible()
    assert cell(page, "x", 4).evaluate(colour) != before


def test_the_box_glides_only_where_motion_is_welcome(mount):
    """Is the one animation at most 100 ms, and absent under reduced motion?"""
    duration = "box => getComputedStyle(box).transitionDuration"
    still = mount(FlipAndSlide(), reduced_motion="reduce")
    assert still.locator(".box").evaluate(duration) == "0s"
    moving = mount(FlipAndSlide(), reduced_motion="no-preference")
    assert moving.locator(".box").evaluate(duration) == "0.1s"


def test_sign_and_padding_survive_print_and_forced_colours(mount):
    """Without colours, is the text black on white, the padding dashed, the window framed?"""
    page = mount(FlipAndSlide(**P1, padding=1, selection=1), DARK)
    page.emulate_media(media="print")
    style = cell(page, "x", 4).evaluate(
        "td => [getComputedStyle(td).color, getComputedStyle(td).backgroundColor]"
    )
    assert style == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    expect(page.get_by_role("button", name="Step")).to_be_hidden()
    page.emulate_media(media="screen", forced_colors="active")
    assert cell(page, "x", -1).evaluate("td => getComputedStyle(td).borderTopStyle") == "dashed"
    assert page.locator(".frame").evaluate("f => getComputedStyle(f).borderTopStyle") == "solid"
    assert cell(page, "y", 1).evaluate("td => getComputedStyle(td).outlineStyle") == "solid"


@pytest.mark.parametrize("width", [360, 600, 900])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"padding": 2, "mode": "convolution", "selection": 3},
        {"x": list(range(-20, 20)), "w": [0.125] * 12, "selection": 20},
        {"show": "backward", "padding": 2, "dy": [1, 10, 100, 1000, 1e4, 1e5, 1], "selection": 2},
        {"scale": 2.0, "selection": 1},
    ],
    ids=["small", "padded", "long", "backward", "large"],
)
def test_nothing_overflows_and_every_target_is_large_enough(mount, width, settings):
    """At phone and notebook widths, does the page never scroll sideways, with 24 px targets?"""
    page = mount(FlipAndSlide(**settings), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    targets = page.locator("button, input, [role=gridcell], fieldset.choice label")
    for box in targets.evaluate_all(
        "all => all.filter(e => e.getClientRects().length).map(e => e.getBoundingClientRect())"
    ):
        assert min(box["width"], box["height"]) >= 24


def test_a_long_signal_scrolls_with_the_window(mount):
    """When keys or Step go past the edge, does the window stay in view?"""
    page = mount(FlipAndSlide(x=list(range(40)), w=[1, 2, 3]), width=500)
    cell(page, "y", 0).focus()
    step = page.get_by_role("button", name="Step")
    # After the last output, Step begins again at the first.
    for move in [lambda: page.keyboard.press("End"), step.click]:
        move()
        frame, stage = (page.locator(name).bounding_box() for name in (".frame", ".stage"))
        label = page.locator(".label").first.bounding_box()
        assert frame["x"] >= label["x"] + label["width"] - 5
        assert frame["x"] + frame["width"] <= stage["x"] + stage["width"] + 5


def test_indices_go_under_the_labels(mount):
    """Where the board is scrolled, does nothing but the paper stand beside a row of indices?"""
    page = mount(FlipAndSlide(x=list(range(40)), w=[1, 2, 3]), width=500)
    page.locator(".stage").evaluate("stage => { stage.scrollLeft = 137 }")
    label = page.locator(".label").first.bounding_box()
    hidden = [
        box
        for box in page.locator(".indices span").evaluate_all(
            "all => all.map(span => span.getBoundingClientRect())"
        )
        if label["x"] < box["x"] + box["width"] / 2 < label["x"] + label["width"]
    ]
    assert hidden
    for box in hidden:
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        over = page.evaluate(
            """([x, y]) => {
                const root = document.querySelector("#place > div").shadowRoot;
                return root.elementFromPoint(x, y).className;
            }""",
            middle,
        )
        assert over == "margin"


# --- without a kernel --------------------------------------------------------------------------


def test_with_scripts_off_the_tables_can_be_read(blank_page):
    """Does the fallback show signal, kernel and every sum when no script runs?"""
    figure = FlipAndSlide(**P1, mode="convolution", padding=1)
    page = blank_page(figure.html(), java_script_enabled=False)
    expect(page.get_by_role("table")).to_have_count(3)
    expect(page.get_by_role("row", name="y[1] 1·3 + 2·2 + 3·1 10")).to_be_visible()
    expect(page.get_by_role("row", name="as used, flipped 3 2 1")).to_be_visible()


def test_several_fallbacks_in_one_page_come_to_life_apart(blank_page):
    """Does each take its own settings, answer the pointer, and put its tables away?"""
    figures = [FlipAndSlide(**P1), FlipAndSlide(**P1, mode="convolution")]
    page = blank_page("".join(figure.html() for figure in figures))
    expect(page.get_by_role("status")).to_have_count(2)
    for at, total in enumerate(["20", "16"]):
        cell(page, "y", 1).nth(at).hover()
        expect(page.get_by_role("status").nth(at)).to_contain_text(f"= {total}")
    expect(page.locator(".figure-tables").first).to_be_hidden()


def test_tables_and_figure_give_the_same_outputs(blank_page):
    """Do the static sums say what the live figure says?"""
    for state in random_states(3, seed=3):
        figure = FlipAndSlide(**state)
        page = blank_page(figure.html())
        rows = page.locator(".figure-tables table").nth(2).locator("tbody tr")
        static = rows.evaluate_all("rows => rows.map(r => [...r.cells].map(c => c.textContent))")
        for index, (name, terms, value) in enumerate(static):
            cell(page, "y", index).hover()
            assert say(page).startswith(name)
            assert terms in say(page)
            assert re.search(f"[=≈] {value}$", say(page))


def test_a_saved_page_works_without_a_server(blank_page, tmp_path):
    """Opened as a file, with the network off, is the figure live?"""
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><meta charset=utf-8>{FlipAndSlide(**P1).html()}", "utf-8")
    page = blank_page(offline=True)
    page.unroute_all()
    page.context.unroute_all()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    cell(page, "y", 2).hover()
    assert say(page).endswith("= 26")
    assert requests == [path.as_uri()]
