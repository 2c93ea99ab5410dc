"""The figures with sheets of cells: keys, contrast, motion, narrow pages, pages without scripts."""

import numpy as np
import pytest
from playwright.sync_api import expect

from course.widgets import (
    Col2Im,
    GradientFlow,
    Im2Col,
    Layout,
    MatrixView,
    PaddingAndStride,
    TransposedConvolution,
)
from tests.browser.sheets import CONTRASTS, DARK, JUPYTER_LIGHT, cell, selected
from tests.browser.stage import LOOKS, set_looks

FIGURES = {
    "padding and stride": (PaddingAndStride(padding=1, selection=6), "y", ["x", "w", "y"]),
    "im2col": (Im2Col(selection=7), "y", ["x", "w", "y", "cols"]),
    "gradient flow": (
        GradientFlow(selection=("dy", 0, 1)),
        "dx",
        ["x", "w", "dy", "dx", "dw", "db"],
    ),
    "col2im": (Col2Im(selection=2), "cols", ["dx", "cover", "cols"]),
    "transposed": (
        TransposedConvolution(kernel=[[1, 2, 3], [4, 5, 6]], padding=1, stride=2, selection=2),
        "y",
        ["y", "w", "grown", "cover"],
    ),
    "layout": (Layout(selection=4), "y", ["x", "y", "memory"]),
    "matrix view": (MatrixView(selection=1), "y", ["w", "x", "y", "matrix"]),
}
# Of each tag of x: its text, whether it lies in the cell with this number, and has the cell's ink.
TAGS = """(cells) => {
  const root = document.querySelector("#place > div").shadowRoot;
  return [...root.querySelectorAll(".sheet-x .tags span")].map((tag, at) => {
    const cell = root.querySelector(`[data-row="x"][data-index="${cells[at]}"]`);
    const [inner, outer] = [tag, cell].map((element) => element.getBoundingClientRect());
    const inside = inner.left > outer.left && inner.right < outer.right
      && inner.top > outer.top && inner.bottom < outer.bottom;
    const [ink, same] = [tag, cell].map((element) => getComputedStyle(element).color);
    return [tag.textContent, inside, ink === same];
  });
}"""
each = pytest.mark.parametrize(("figure", "walked", "sheets"), FIGURES.values(), ids=FIGURES)
# What the shared files alone decide is asked of one figure.
one = pytest.mark.parametrize(("figure", "walked", "sheets"), [FIGURES["im2col"]], ids=["im2col"])


@each
def test_arrow_keys_walk_in_both_directions(mount, figure, walked, sheets):
    """Do arrows, Home and End move focus and mark over rows and columns, and stop at the ends?"""
    page = mount(figure)
    rows = page.locator(f".sheet-{walked} tr")
    width, height = rows.first.locator("td").count(), rows.count()
    first = page.locator(f'[data-row="{walked}"]').first
    first.click()
    for key, (row, column) in [
        ("ArrowDown", (1, 0)),
        ("ArrowRight", (1, 1)),
        ("End", (1, width - 1)),
        ("ArrowRight", (1, width - 1)),
        ("ArrowUp", (0, width - 1)),
        ("ArrowUp", (0, width - 1)),
        ("Home", (0, 0)),
        ("ArrowLeft", (0, 0)),
    ]:
        page.keyboard.press(key)
        row = min(row, height - 1)
        here = rows.nth(row).locator("td").nth(column)
        expect(here).to_be_focused()
        expect(here).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    assert selected(page) is None
    expect(page.locator("[aria-selected=true]")).to_have_count(0)


@each
def test_each_sheet_is_one_tab_stop(mount, figure, walked, sheets):
    """Does Tab come once to every sheet, and then leave the figure?"""
    page = mount(figure)
    stops = []
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const active = document.querySelector("#place > div").shadowRoot.activeElement;
                return active && (active.dataset.row ?? "other");
            }"""
        )
        if stop is None:
            break
        stops.append(stop)
    assert [stop for stop in stops if stop != "other"] == sheets
    assert page.locator("[role=gridcell][tabindex='0']").count() == len(sheets)


def test_a_very_large_sheet_has_only_the_cells_in_view(mount):
    """Are far cells away, and there again once scrolled, walked or selected to?"""
    page = mount(Layout((32, 32, 4), (7, 7)))
    memory = page.locator('[data-row="memory"]')
    assert 100 < memory.count() < 400
    box = page.locator(".sheet-memory .scroll")
    box.evaluate("box => { box.scrollTop = box.scrollHeight }")
    expect(cell(page, "memory", 4095)).to_be_visible()
    heading = page.locator(".sheet-memory .column-head").first  # it stays at the upper edge
    assert heading.bounding_box()["y"] == pytest.approx(box.bounding_box()["y"], abs=1)
    expect(cell(page, "memory", 0)).to_be_hidden()
    cell(page, "memory", 4095).click()
    for _ in range(15):
        page.keyboard.press("ArrowUp")
    here = cell(page, "memory", 4095 - 15 * 8)
    expect(here).to_be_focused()
    expect(here).to_be_in_viewport()
    page.evaluate("model.set('selection', 13)")
    expect(page.locator('[data-row="memory"].met').first).to_be_in_viewport()


def test_the_tags_of_a_large_sheet_lie_in_their_cells(mount):
    """Does each cell of a window have its weight in its corner, in its ink, and no other cell?"""
    image = np.arange(256).reshape(16, 16) % 19 - 9
    page = mount(PaddingAndStride(image, [[1, 2, 3], [4, 5, 6]], padding=1))
    for selection in (0, 40, 130):  # on paper and on colours; with the sheet scrolled, and back
        page.evaluate("at => model.set('selection', at)", selection)
        row, column = divmod(selection, 16)
        window = [(row + a) * 18 + column + b for a in range(2) for b in range(3)]
        expect(cell(page, "x", window[-1])).to_be_in_viewport()
        assert page.evaluate(TAGS, window) == [[f"×{weight}", True, True] for weight in range(1, 7)]
    page.evaluate("model.set('selection', null)")
    expect(page.locator(".tags span")).to_have_count(0)


def test_a_selection_is_scrolled_to_where_the_page_has_another_width(mount):
    """Does the figure know how much of a sheet is seen: at 700 pixels all, at 900 a part?"""
    page = mount(PaddingAndStride(np.arange(256).reshape(16, 16), [[1, 2], [3, 4]]))
    for width, selection in ((700, 0), (900, 14), (900, 0), (300, 14)):
        set_looks(page, **{**LOOKS, "width": width})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        page.evaluate("at => model.set('selection', at)", selection)
        scroll = page.locator(".sheet-y .scroll").bounding_box()
        here = cell(page, "y", selection).bounding_box()
        assert scroll["x"] <= here["x"]
        assert here["x"] + here["width"] <= scroll["x"] + scroll["width"]


@one
def test_no_plain_key_reaches_the_page(mount, figure, walked, sheets):
    """Do letters and arrows stay in the figure, and shortcuts with Ctrl pass?"""
    page = mount(figure)
    page.evaluate("window.heard = []; addEventListener('keydown', e => heard.push(e.key))")
    page.locator(f'[data-row="{walked}"]').first.focus()
    for key in ["b", "ArrowRight", "ArrowDown", "Home", "Enter", " ", "Escape"]:
        page.keyboard.press(key)
    assert page.evaluate("heard") == []
    page.keyboard.press("Control+y")
    assert page.evaluate("heard.at(-1)") == "y"


@each
def test_pointing_builds_no_cell_again(mount, figure, walked, sheets):
    """While the pointer goes over a figure, do its cells stay the same elements?"""
    page = mount(figure)
    page.evaluate(
        """() => {
            const root = document.querySelector("#place > div").shadowRoot;
            window.cells = [...root.querySelectorAll("td")];
            window.same = () => cells.every((td, at) => td === root.querySelectorAll("td")[at]);
        }"""
    )
    for sheet in sheets:
        page.locator(f'[data-row="{sheet}"]').last.hover()
        page.locator(f'[data-row="{sheet}"]').first.hover()
    assert page.evaluate("same()")


@each
@pytest.mark.parametrize(
    ("theme", "dark"), [(JUPYTER_LIGHT, False), (DARK, True)], ids=["light", "dark"]
)
def test_every_text_can_be_read(mount, figure, walked, sheets, theme, dark):
    """Has every text a contrast of 4.5, and every frame one of 3?"""
    page = mount(figure, theme)
    assert page.locator(".figure.dark").count() == dark
    for sheet in sheets:
        page.locator(f'[data-row="{sheet}"]').last.hover()
        measured = page.evaluate(CONTRASTS)
        assert [text for text in measured["found"] if text[2] < 4.5] == []
        assert all(contrast >= 3 for contrast in measured["frames"])
        assert len(measured["found"]) > 30


@each
@pytest.mark.parametrize("width", [360, 900])
def test_nothing_overflows_and_every_target_is_large_enough(mount, figure, walked, sheets, width):
    """At phone and notebook widths, does the page never scroll sideways, with 24 px targets?"""
    page = mount(figure, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    targets = page.locator("button, input, [role=gridcell], fieldset.choice label")
    for box in targets.evaluate_all(
        "all => all.filter(e => e.getClientRects().length).map(e => e.getBoundingClientRect())"
    ):
        assert min(box["width"], box["height"]) >= 24


@one
def test_frames_glide_only_where_motion_is_welcome(mount, figure, walked, sheets):
    """Is the one animation at most 100 ms, and absent under reduced motion?"""
    duration = "frame => getComputedStyle(frame).transitionDuration"
    for motion, seconds in [("reduce", "0s"), ("no-preference", "0.1s")]:
        page = mount(figure, reduced_motion=motion)
        assert page.locator(".window-frame").first.evaluate(duration) == seconds


@one
def test_print_and_forced_colours_lose_nothing(mount, figure, walked, sheets):
    """Without colours, is the text black on white, and are frame and ring lines?"""
    page = mount(figure, DARK)
    page.emulate_media(media="print")
    last = page.locator(f'[data-row="{sheets[0]}"]').last
    colours = "td => [getComputedStyle(td).color, getComputedStyle(td).backgroundColor]"
    assert last.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    page.emulate_media(media="screen", forced_colors="active")
    frame = page.locator(".window-frame").first
    assert frame.evaluate("f => getComputedStyle(f).borderTopStyle") == "solid"
    outline = "td => getComputedStyle(td).outlineStyle"
    assert page.locator("td.shown").first.evaluate(outline) == "solid"


@one
def test_closing_a_figure_leaves_nothing_behind(mount, figure, walked, sheets):
    """After the view is closed, is the page empty and the model without listeners?"""
    page = mount(figure)
    page.evaluate("close_figure()")
    assert page.locator("#place").inner_html() == ""
    assert page.evaluate("Object.values(model.listeners).every(set => set.size === 0)")


@each
def test_with_scripts_off_tables_stand_and_with_scripts_the_figure(
    blank_page, figure, walked, sheets
):
    """Does the one HTML show tables without scripts, and the live figure with them?"""
    page = blank_page(figure.html(), java_script_enabled=False)
    assert page.get_by_role("table").count() >= 2
    page = blank_page(figure.html())
    expect(page.get_by_role("status")).to_have_count(1)
    expect(page.get_by_role("grid")).to_have_count(len(sheets))
    expect(page.locator(".figure-tables")).to_be_hidden()
    cell(page, walked, 0).hover()
    expect(page.get_by_role("status")).to_contain_text(
        "patch" if walked == "y" and "memory" in sheets else "="
    )
