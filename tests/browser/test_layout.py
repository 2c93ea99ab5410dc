"""Layout alone in a page: its flat indices, its three sheets."""

import numpy as np
import pytest
from playwright.sync_api import expect

from autograder.reference import im2col, im2col_nhwc
from course.widgets import Layout
from tests.browser.sheets import cell, frames, marked, say, selected, texts

# Every patch of a state, and every element's place there and back.
PLACES = """states => states.map(({ shape: [H, W, C], kernel, order, stride, dilation }) => {
    const plan = module.plan2d({
        shape: [1, C, H, W], kernel: { shape: [1, C, ...kernel], values: [] },
        stride, padding: 0, dilation,
    });
    const patches = Array.from({ length: plan.columns }, (_, col) =>
        module.patchOf(plan, order, col).map(rows => rows.flat()));
    const places = Array.from({ length: H * W * C }, (_, p) => module.placeOf(plan, order, p));
    return { patches, back: places.map(place => module.pixelIn(plan, order, place)) };
})"""


def random_states(count, seed):
    rng = np.random.default_rng(seed)
    for at in range(count):
        kernel = rng.integers(1, 4, 2)
        dilation = int(rng.integers(1, 3))
        shape = [*(dilation * (kernel - 1) + rng.integers(1, 6, 2)), rng.integers(1, 5)]
        yield {
            "shape": [int(n) for n in shape],
            "kernel": kernel.tolist(),
            "order": ["NHWC", "NCHW"][at % 2],
            "stride": int(rng.integers(1, 4)),
            "dilation": dilation if at % 2 else 1,
        }


def test_the_flat_indices_are_those_of_the_reference(mount):
    """On random geometries, is each patch what im2col reads of an image of flat indices?"""
    page = mount(Layout())
    states = list(random_states(40, seed=4))
    for state, answer in zip(states, page.evaluate(PLACES, states), strict=True):
        H, W, C = state["shape"]
        KH, KW = state["kernel"]
        if state["order"] == "NHWC":
            x = np.arange(H * W * C).reshape(1, H, W, C)
            columns = im2col_nhwc(x, (KH, KW), state["stride"])[0]
            right = columns.reshape(KH * KW, C, -1).transpose(2, 1, 0)
        else:
            x = np.arange(H * W * C).reshape(1, C, H, W)
            columns = im2col(x, (KH, KW), state["stride"], 0, state["dilation"])
            right = columns.reshape(C, KH * KW, -1).transpose(2, 0, 1)
        assert answer["patches"] == right.tolist(), state
        assert answer["back"] == list(range(H * W * C))


def test_the_patch_of_the_lesson(mount):
    """In a 30×30×3 image, does the first 3×3 patch read 0, 3, 6 / 90, 93, 96 / 180, 183, 186?"""
    page = mount(Layout((30, 30, 3), (3, 3), selection=0))
    words = say(page)
    assert "channel 0: 0, 3, 6 / 90, 93, 96 / 180, 183, 186 " in words
    assert words.startswith("patch [0, 0] reads 27 places in memory: 3 runs of 9 neighbours.")
    page.get_by_role("radio", name="NCHW").check()
    words = say(page)
    assert "channel 0: 0, 1, 2 / 30, 31, 32 / 60, 61, 62 " in words
    assert words.startswith("patch [0, 0] reads 27 places in memory: 9 runs of 3 neighbours.")


def test_an_element_and_its_place_show_each_other(mount):
    """Does pointing at one ring the other, with the formula in numbers?"""
    page = mount(Layout())
    cell(page, "x", 27).hover()  # channel 1, row 1, column 2
    words = (
        "Row 1, column 2, channel 1 lies at (1·5 + 2)·2 + 1 = 15. From here it is 2 to the next "
        "column, 10 to the next row, 1 to the next channel."
    )
    assert say(page) == words
    assert marked(page, "memory") == [15]
    cell(page, "memory", 15).hover()
    assert say(page) == words
    assert marked(page, "x") == [27]
    assert marked(page, "y") == [0, 1, 2, 3, 4, 5]
    page.get_by_role("radio", name="NCHW").check()
    cell(page, "x", 27).hover()
    assert say(page).startswith("Row 1, column 2, channel 1 lies at (1·4 + 1)·5 + 2 = 27. From")
    assert marked(page, "memory") == [27]


def test_pointing_at_a_patch_frames_it_and_rings_its_places(mount):
    """Is the patch framed in every channel, and are exactly its places ringed in memory?"""
    page = mount(Layout())
    cell(page, "y", 4).hover()
    assert say(page) == (
        "patch [1, 1] reads 12 places in memory: 2 runs of 6 neighbours. "
        "channel 0: 12, 14, 16 / 22, 24, 26 channel 1: 13, 15, 17 / 23, 25, 27"
    )
    assert marked(page, "memory") == [*range(12, 18), *range(22, 28)]
    assert frames(page) == [[6, 13], [26, 33]]
    assert selected(page) is None


@pytest.mark.parametrize("order", ["NHWC", "NCHW"])
def test_the_cells_show_places_and_indices(mount, order):
    """Is each place in the image the number of the memory cell that holds its indices?"""
    page = mount(Layout((2, 3, 2), (1, 2), order))
    rows = "[...document.querySelector('#place > div').shadowRoot.querySelectorAll('[data-row=x]')]"
    places = page.evaluate(
        f"Object.fromEntries({rows}.map(td => [td.dataset.index, td.textContent]))"
    )
    memory = texts(page, "memory")
    for c, i, j in np.ndindex(2, 2, 3):
        indices = (i, j, c) if order == "NHWC" else (c, i, j)
        place = int(places[str((c * 2 + i) * 3 + j)])
        assert memory[place] == ",".join(map(str, indices))
    assert sorted(map(int, places.values())) == list(range(12))


def test_memory_is_one_row_and_says_where_it_is_broken(mount):
    """Do lines of memory end where no row of the image does, and is that said?"""
    page = mount(Layout())
    title = page.locator(".sheet-memory .title")
    expect(title).to_have_text(
        "memory one long row in NHWC, broken after every 8 places to fit, "
        "each place with its row, column, channel"
    )
    heads = page.locator(".sheet-memory .row-head").all_inner_texts()
    assert heads == ["0", "8", "16", "24", "32"]
    page = mount(Layout((2, 3, 2), (1, 2), "NCHW"))
    expect(page.locator(".sheet-memory .title")).to_have_text(
        "memory one long row in NCHW, each place with its channel, row, column"
    )
    assert page.locator(".sheet-memory .row-head").all_inner_texts() == ["0"]


def test_an_image_without_padding_is_not_called_padded(mount):
    """Do the reasons speak of the image that is seen?"""
    page = mount(Layout((3, 3, 1), (3, 3)))
    expect(page.locator(".reasons")).to_contain_text("and the image has 3.")


def test_the_selection_goes_both_ways(mount):
    """Is a patch set from outside drawn, one clicked readable outside, one too far the last?"""
    page = mount(Layout())
    page.evaluate("model.set('selection', 3)")
    assert say(page).startswith("patch [1, 0]")
    cell(page, "y", 0).click()
    assert selected(page) == 0
    page.evaluate("model.set('selection', 99)")
    page.mouse.move(2, 2)
    assert say(page).startswith("patch [2, 2]")


def test_illegal_settings_cannot_be_reached(mount):
    """Whatever is typed, does a patch fit, and is padding no setting here?"""
    page = mount(Layout())
    for label in ["Stride", "Dilation"]:
        field = page.locator(f"#set-{label.lower()}")
        for typed in ["-5", "", "99"]:
            field.fill(typed)
            field.press("Tab")
            assert page.locator(".sheets").is_visible()
    assert page.locator("#set-padding").is_hidden()
    assert "Dilation: with" in page.locator(".reasons").inner_text()
