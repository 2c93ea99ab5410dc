"""What a reader without sight or without a mouse meets in every figure."""

import pytest
from playwright.sync_api import expect

from course import widgets
from tests.browser.hosts import LABELS, figure

each = pytest.mark.parametrize("name", LABELS)

# What screen readers are told of each element that can be worked: its role and its name.
TREE = """() => {
  const root = document.querySelector("#place > div").shadowRoot;
  const named = (e) => e.ariaLabel ?? e.labels?.[0]?.textContent ?? e.textContent;
  return [...root.querySelectorAll("button, input, [role=grid], [role=gridcell]")].map(e =>
    [e.getAttribute("role") ?? e.type, named(e).trim()]);
}"""

FOCUS = """() => {
  const active = document.querySelector("#place > div").shadowRoot.activeElement;
  if (!active) return null;
  const order = active.compareDocumentPosition(window.before ?? active);
  window.before = active;
  const style = getComputedStyle(active);
  const label = getComputedStyle(active.closest("label") ?? active);
  const ring = [style.outlineStyle, label.outlineStyle].some(s => s !== "none")
    || style.boxShadow !== "none";
  return { forward: order !== Node.DOCUMENT_POSITION_FOLLOWING, ring };
}"""


@each
def test_every_part_has_a_role_and_a_name(mount, name):
    """Is the figure a named, described group of named grids, cells, fields and buttons?"""
    page = mount(getattr(widgets, name)())
    group = figure(page, name)
    expect(group).to_have_accessible_description(
        "Point at any cell, click to keep it. Arrow keys walk, Esc lets go, Esc again leaves."
    )
    tree = page.evaluate(TREE)
    assert [part for part in tree if not part[1]] == []
    grids = [words for role, words in tree if role == "grid"]
    assert grids
    assert len(set(grids)) == len(grids)
    for words in grids:
        rows = group.get_by_role("grid", name=words, exact=True).get_by_role("row")
        assert rows.count() >= 1
        assert rows.first.get_by_role("gridcell").count() >= 1
    status = group.get_by_role("status")
    expect(status).to_have_count(1)
    expect(status).to_contain_text("Point at")


@each
def test_the_focus_goes_once_through_it_and_can_be_seen(mount, name):
    """Does Tab go forward through the figure, each stop with a ring, and leave it?"""
    page = mount(getattr(widgets, name)())
    stops = 0
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        stops += 1
        assert stop == {"forward": True, "ring": True}, stops
    assert stops >= 8


@each
def test_a_large_scale_is_read_from_the_back_of_a_room(mount, name):
    """With scale 2, are texts and cells twice the notebook's size, and does the page not scroll?"""
    page = mount(getattr(widgets, name)(scale=2.0), width=1200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1200
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    assert page.get_by_role("status").evaluate(size) >= 2 * 14
    least = 1.5 if name == "ReceptiveField" else 2  # counts of paths are small print
    assert page.get_by_role("gridcell").first.evaluate(size) >= least * 14
