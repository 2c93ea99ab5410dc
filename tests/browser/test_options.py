"""What a lesson can hide of a figure: its controls, its rule, its first selection."""

import pytest
from playwright.sync_api import expect

from course import widgets
from course.widgets import FlipAndSlide, ReceptiveField
from tests.browser.sheets import cell, marked, say

# The controls of each figure, and the legends of those that are a choice.
CONTROLS = {
    "Col2Im": ["write", "stride", "padding", "dilation"],
    "DrawDigit": ["fit", "test"],
    "FlipAndSlide": ["show", "mode", "stride", "padding", "dilation"],
    "GradientFlow": ["stride", "padding", "dilation"],
    "Im2Col": ["stride", "padding", "dilation"],
    "KernelLab": [
        *("picture", "channels", "kernels", "size"),
        *("flip", "stride", "padding", "dilation"),
    ],
    "Layout": ["order", "stride", "dilation"],
    "MatrixView": ["stride", "padding", "dilation"],
    "PaddingAndStride": ["stride", "padding", "dilation"],
    "ReceptiveField": ["networks", "view"],
    "TransposedConvolution": ["stride", "padding", "dilation"],
}
# What stands in each figure's rule and nowhere else.
SIGNS = {"ReceptiveField": "jump", "TransposedConvolution": "(n − 1)"}
GROUPS = {
    "show": "Direction",
    "mode": "Layer",
    "write": "Write",
    "fit": "Place",
    "order": "Order",
    "networks": "Network",
    "view": "View",
    "picture": "Picture",
    "channels": "Channels",
    "kernels": "Kernel",
    "flip": "Laid on",
}


def shown(page, names):
    """Return those of `names` whose control can be seen."""

    def control(name):
        if name in GROUPS:
            return page.locator("fieldset", has=page.get_by_text(GROUPS[name], exact=True))
        return page.locator(f"#set-{name}")

    return [name for name in names if control(name).is_visible()]


@pytest.mark.parametrize("name", widgets.__all__)
def test_only_the_controls_that_are_asked_for_are_shown(mount, name):
    """With each control alone, with none, and with all set while the page is open?"""
    names = CONTROLS[name]
    page = mount(getattr(widgets, name)(controls=names[:1]))
    assert shown(page, names) == names[:1]
    for wanted in [names[1:], [], names]:
        page.evaluate("names => model.set('controls', names)", wanted)
        assert shown(page, names) == wanted
    page.evaluate("model.set('controls', [])")
    for hidden in page.locator(".settings, .reasons").all():
        expect(hidden).to_be_hidden()


@pytest.mark.parametrize("name", widgets.__all__)
def test_the_rule_can_be_hidden(mount, name):
    """Without the rule, is it neither seen nor read out; and does it come back?"""
    page = mount(getattr(widgets, name)(rule=False))
    written = page.locator(".figure").inner_text()
    page.evaluate("model.set('rule', true)")
    with_it = page.locator(".figure").inner_text()
    for sign in ["⌊", *SIGNS.values()]:
        assert sign not in written
    assert SIGNS.get(name, "⌊") in with_it


def test_both_directions_are_offered_only_where_there_is_a_way_back(mount):
    """Without dy, does Flip and slide have no switch of direction unless it is asked for?"""
    names = CONTROLS["FlipAndSlide"]
    assert shown(mount(FlipAndSlide()), names) == names[1:]
    assert shown(mount(FlipAndSlide(dy=[1, 10, 100])), names) == names
    assert shown(mount(FlipAndSlide(controls=["show"])), names) == ["show"]


def test_reasons_speak_of_the_controls_that_are_shown(mount):
    """Is no limit printed of a setting that cannot be changed?"""
    page = mount(FlipAndSlide(w=[1], controls=["stride"]))
    expect(page.locator(".reasons")).to_have_text("")
    page.evaluate("model.set('controls', ['dilation'])")
    expect(page.locator(".reasons")).to_have_text(
        "Dilation: one kernel entry has no gaps to widen."
    )


def test_a_stack_that_cannot_be_changed_can_still_be_pointed_at(mount):
    """Without its controls, are a receptive field's layers plain numbers, and does it answer?"""
    page = mount(ReceptiveField("Dilated", controls=(), rule=False))
    expect(page.get_by_role("button", name="Add a layer")).to_be_hidden()
    expect(page.get_by_role("button", name="Remove layer 1")).to_be_hidden()
    for field in page.locator(".layers input").all():
        expect(field).to_be_disabled()
    cell(page, "3", 2).hover()
    assert "Size" not in say(page)
    assert say(page).startswith("Layer 3 [2] spans x[2] to x[14]: 13 pixels")


def test_without_a_selection_no_field_is_shown(mount):
    """Does a receptive field show what an output sees only once an output is chosen?"""
    page = mount(ReceptiveField("Dilated"))
    assert marked(page, "0", "seen") + marked(page, "0", "hole") == []
    page.evaluate("model.set('selection', 0)")
    assert marked(page, "0", "seen") == [0, 2, 4, 6, 8, 10, 12]


def test_a_page_without_a_kernel_hides_the_same(blank_page):
    """Does the fallback show the controls that were asked for, and no rule?"""
    page = blank_page(FlipAndSlide(controls=["mode"], rule=False).html())
    assert shown(page, CONTROLS["FlipAndSlide"]) == ["mode"]
    expect(page.locator(".rule")).to_be_hidden()
