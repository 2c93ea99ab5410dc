"""Taking a figure along: a picture that looks as the figure does, a line that makes it again."""

import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from course import widgets
from course.widgets import (
    Col2Im,
    DrawDigit,
    FlipAndSlide,
    GradientFlow,
    Im2Col,
    KernelLab,
    Layout,
    MatrixView,
    PaddingAndStride,
    ReceptiveField,
    TransposedConvolution,
)
from tests.browser.hosts import KINDS
from tests.browser.sheets import DARK, cell, say, texts

# Figures as lessons have them, and two of which only a scrolled part can be seen.
PICTURES = {
    "col2im": Col2Im(selection=2),
    "draw digit": DrawDigit(image=5, selection=("a2", 10, 1, 2)),
    "flip and slide": FlipAndSlide(mode="convolution", selection=1),
    "gradient flow": GradientFlow(selection=("dx", 1, 1)),
    "im2col": Im2Col(selection=7),
    "kernel lab": KernelLab(channels="colour", selection=5000),
    "layout": Layout(order="NCHW", selection=4),
    "matrix view": MatrixView(selection=1),
    "padding and stride": PaddingAndStride(padding=1, selection=6),
    "receptive field": ReceptiveField("Dilated", controls=(), selection=1),
    "a field in two dimensions": ReceptiveField("Dilated", view="2d", selection=(1, 2)),
    "transposed convolution": TransposedConvolution(stride=2, selection=2),
}
SCROLLED = {
    "a scrolled signal": FlipAndSlide(x=np.arange(40), selection=33),
    "scrolled sheets": Layout((20, 20, 4), (7, 7), selection=100),
}
# A picture has the colours of the figure's own style sheet and canvases, and where it is scrolled
# to has nothing to do with them: dark are one figure of cells and one of canvases.
THEMED = [
    *(
        pytest.param(figure, "", id=f"{name}-light")
        for name, figure in (PICTURES | SCROLLED).items()
    ),
    *(pytest.param(PICTURES[name], DARK, id=f"{name}-dark") for name in ("im2col", "draw digit")),
]
# What a picture leaves out.
BARE = """() => {
    const root = document.querySelector("#place > div").shadowRoot;
    const style = document.createElement("style");
    style.textContent = `.settings, .steps, .reasons, button, fieldset { display: none !important }
        input { background: none !important }
        .figure * { scrollbar-width: none }`;
    root.append(style);
}"""
CLIPBOARD = """() => Object.defineProperty(navigator, "clipboard", {
    value: { writeText: async (text) => { window.copied = text } }, configurable: true,
})"""


def choose(page, name):
    """Click on one of a choice."""
    page.get_by_role("radio", name=name, exact=True).click()


def take(page, way):
    """Press one of the buttons that take the figure along."""
    button = page.get_by_role("button", name=way)
    if not button.is_visible():
        page.get_by_role("button", name="Take along").click()
    button.click()


def saved(page, kind):
    """Save the figure, and return the download."""
    with page.expect_download() as download:
        take(page, f"Save as {kind}")
    return download.value


def opened_picture(download):
    """Return a saved picture, its file closed."""
    return Image.open(io.BytesIO(download.path().read_bytes()))


def differing(one, other):
    """Return the share of places, 10 by 10 pixels each, that look different in two pictures."""
    assert one.size == other.size
    arrays = []
    for picture in (one, other):
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        size = [side // 10 for side in picture.size]
        arrays.append(np.asarray(paper.convert("RGB").resize(size, Image.Resampling.BOX), int))
    return (np.abs(arrays[0] - arrays[1]).max(axis=2) > 40).mean()


@pytest.mark.parametrize(("figure", "theme"), THEMED)
def test_the_picture_looks_as_the_figure_does(mount, figure, theme):
    """Without the controls, is the PNG what the page shows, at twice its size?"""
    page = mount(figure, theme, device_scale_factor=2)
    download = saved(page, "PNG")
    assert download.suggested_filename == f"{figure.figure.replace('_', '-')}.png"
    picture = opened_picture(download)
    page.mouse.move(2, 2)
    page.evaluate(BARE)
    shown = Image.open(io.BytesIO(page.locator(".figure").screenshot()))
    assert differing(picture, shown) < 0.004


@pytest.mark.parametrize("name", ["FlipAndSlide", "DrawDigit"])
def test_the_svg_opens_as_a_file_and_its_text_is_text(mount, open_offline, tmp_path, name):
    """Does a browser show the SVG as the PNG, with the words in it, and without a request?"""
    page = mount(getattr(widgets, name)(selection=0 if name == "FlipAndSlide" else ("p", 3)))
    words = say(page)
    picture = opened_picture(saved(page, "PNG"))
    download = saved(page, "SVG")
    path = tmp_path / download.suggested_filename
    download.save_as(path)
    # Chromium may fail to take a screenshot just after the page has got another size.
    opened = open_offline(path, width=picture.width, height=picture.height)
    assert re.sub(r"\s+", " ", opened.get_by_role("status").inner_text()).strip() == words
    shown = Image.open(io.BytesIO(opened.screenshot()))
    assert differing(picture, shown) < 0.004


def test_what_was_said_of_a_copy_is_not_in_the_picture(mount):
    """Saved after copying, does the picture have the figure's own words?"""
    page = mount(PaddingAndStride(selection=1))
    first = saved(page, "PNG").path().read_bytes()
    take(page, "Copy as code")
    expect(page.get_by_role("status")).to_contain_text("PaddingAndStride(")
    assert saved(page, "PNG").path().read_bytes() == first
    assert say(page).startswith("y[0, 1] = ")


def test_the_line_is_put_on_the_clipboard(mount):
    """Is what was copied said, and what could not be copied shown to be copied by hand?"""
    page = mount(Im2Col(selection=3), alone=True)
    take(page, "Copy as code")
    expect(page.get_by_role("status")).to_have_text("Copy this line: Im2Col(selection=3)")
    page.evaluate(CLIPBOARD)
    take(page, "Copy as code")
    expect(page.get_by_role("status")).to_have_text("Copied: Im2Col(selection=3)")
    assert page.evaluate("copied") == "Im2Col(selection=3)"


def plain(figure):
    """Return a figure's settings as the page has them: lists where Python has tuples."""
    return json.loads(json.dumps(figure.state()))


def line_of(page):
    """Copy the figure as code, and return the line."""
    page.evaluate(CLIPBOARD)
    take(page, "Copy as code")
    expect(page.get_by_role("status")).to_contain_text("Copied")
    return page.evaluate("copied")


def walk(page, row, *keys):
    """Click the first cell of a row, and press keys."""
    cell(page, row, 0).click()
    for key in keys:
        page.keyboard.press(key)


def set_field(page, name, value):
    """Type a setting."""
    field = page.get_by_role("spinbutton", name=name)
    field.fill(str(value))
    field.press("Enter")


def type_weight(page):
    """Type over the kernel lab's first weight, then keep an output."""
    walk(page, "w", "Escape")
    page.keyboard.type("1/3")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Step", exact=True).click()


def draw_stroke(page):
    """Draw a line, and keep a probability."""
    box = page.locator(".pad").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 150, steps=6)
    page.mouse.up()
    walk(page, "p", "ArrowDown", "ArrowDown")


# For each figure: how it is made, what is done to it, and what then is another than it was.
CHANGES = {
    "Col2Im": (
        {"image_shape": (2, 5, 5), "cols": np.arange(1, 163).reshape(18, 9) / 8},
        lambda page: (choose(page, "Overwrite, ="), walk(page, "cols", "ArrowRight")),
        {"write", "selection"},
    ),
    "DrawDigit": (
        {"rule": False},
        lambda page: (choose(page, "As drawn"), draw_stroke(page)),
        {"fit", "image", "selection"},
    ),
    "FlipAndSlide": (
        {"x": [3, -1.5, 0, 2, 7, 1], "dy": [1, 10, 100], "stride": 2, "padding": 1},
        lambda page: (
            choose(page, "Backward"),
            choose(page, "Convolution"),
            walk(page, "dy", "End"),
        ),
        {"mode", "show", "selection"},
    ),
    "GradientFlow": (
        {"image": np.eye(5), "dy": [[1, 2], [3, -4]], "stride": 3, "controls": ["stride"]},
        lambda page: (set_field(page, "Stride", 2), walk(page, "dw", "ArrowDown")),
        {"stride", "selection"},
    ),
    "Im2Col": (
        {
            "image": np.arange(100).reshape(2, 2, 5, 5),
            "kernel": np.ones((3, 2, 2, 2)),
            "padding": 0,
        },
        lambda page: (set_field(page, "Padding", 1), walk(page, "y", "ArrowDown", "ArrowRight")),
        {"padding", "selection"},
    ),
    "KernelLab": (
        {"channels": "colour", "padding": (1, 0)},
        lambda page: (choose(page, "Digit"), choose(page, "Turned by 180°"), type_weight(page)),
        {"picture", "weights", "flip", "selection"},
    ),
    "Layout": (
        {"shape": (6, 5, 3), "stride": (2, 1), "scale": 1.5},
        lambda page: (choose(page, "NCHW, channels first"), walk(page, "y", "ArrowDown")),
        {"order", "selection"},
    ),
    "MatrixView": (
        {"kernel": [[1, -2, 0.5]], "controls": []},
        lambda page: walk(page, "y", "ArrowDown"),
        {"selection"},
    ),
    "PaddingAndStride": (
        {"selection": 2},
        lambda page: (set_field(page, "Dilation", 1), walk(page, "x", "ArrowDown")),
        {"selection"},
    ),
    "ReceptiveField": (
        {"layers": "LeNet"},
        lambda page: (
            choose(page, "Dilated"),
            choose(page, "Two axes"),
            walk(page, "outputs", "End", "ArrowUp"),
        ),
        {"layers", "n", "view", "selection"},
    ),
    "TransposedConvolution": (
        {"y": [[1, -2, 0.5]], "kernel": [[1, 2], [3, 4]]},
        lambda page: (set_field(page, "Stride", 2), walk(page, "y", "ArrowRight")),
        {"stride", "selection"},
    ),
}


@pytest.mark.parametrize("name", widgets.__all__)
def test_the_copied_line_makes_the_figure_again(mount, name):
    """Changed by pointer and keys, does the line give a figure with the same settings?"""
    settings, change, changed = CHANGES[name]
    figure = getattr(widgets, name)(**settings)
    before = plain(figure)
    page = mount(figure)
    change(page)
    figure.set_state(page.evaluate("model.state"))
    after = plain(figure)
    assert {key for key in after if after[key] != before[key]} == changed
    line = line_of(page)
    assert plain(eval(line, vars(widgets))) == after
    assert "\n" not in line


def test_what_fits_no_more_is_left_out(mount):
    """Does the line leave out gradients and columns that are not drawn, and Python would refuse?"""
    upstream = FlipAndSlide(dy=[1, 2, 3], show="backward")
    flow = GradientFlow(dy=[[1, 2], [3, 4]])
    columns = Col2Im(cols=np.ones((9, 4)))
    for figure, given, row in [(upstream, "dy", "dx"), (flow, "dy", "dx"), (columns, "cols", "dx")]:
        page = mount(figure)
        set_field(page, "Stride", 2)
        line = line_of(page)
        assert given not in line
        assert texts(mount(eval(line, vars(widgets))), row) == texts(page, row)


@pytest.mark.parametrize("name", widgets.__all__)
def test_a_figure_as_it_comes_has_an_empty_call(mount, name):
    """Are settings left out that nobody has changed?"""
    assert line_of(mount(getattr(widgets, name)())) == f"{name}()"


def test_what_has_a_name_or_is_too_long_is_named(mount):
    """Are networks and test digits given by name, and an own arrays to be filled in?"""
    assert line_of(mount(ReceptiveField("VGG-16"))) == 'ReceptiveField(layers="VGG-16")'
    own = ReceptiveField("LeNet", n=40)
    assert eval(line_of(mount(own)), vars(widgets)).state() == own.state()
    assert line_of(mount(DrawDigit(image=7))) == "DrawDigit(image=7)"
    image = np.random.default_rng(3).integers(0, 256, (3, 50, 60))
    lab = KernelLab(image, channels="grey", selection=5)
    line = line_of(mount(lab))
    assert line == 'KernelLab(image=your_image, channels="grey", selection=5)'
    assert eval(line, vars(widgets) | {"your_image": image}).state() == lab.state()
    small = KernelLab(image[:, :4, :5])
    assert eval(line_of(mount(small)), vars(widgets)).state() == small.state()
    params = {key: np.flip(value) for key, value in DrawDigit().params.items()}
    digit = DrawDigit(params, image=7)
    line = line_of(mount(digit))
    assert line == "DrawDigit(params=your_params, image=7)"
    assert eval(line, vars(widgets) | {"your_params": params}).state() == digit.state()


@pytest.mark.parametrize("name", KINDS)
def test_taking_along_is_offered_without_controls_and_takes_no_room(mount, name):
    """With every control hidden, is there one button, which opens three and closes them?"""
    page = mount(getattr(widgets, name)(controls=[], rule=False))
    ways = [page.get_by_role("button", name=way) for way in ("Save as PNG", "Copy as code")]
    for way in ways:
        expect(way).to_be_hidden()
    take_along = page.get_by_role("button", name="Take along")
    take_along.press("Enter")
    expect(take_along).to_have_attribute("aria-expanded", "true")
    for way in ways:
        expect(way).to_be_visible()
    take_along.click()
    expect(take_along).to_have_attribute("aria-expanded", "false")
    for width in (360, 900, 1200):
        page.set_viewport_size({"width": width, "height": 700})
        height = page.locator(".figure").bounding_box()["height"]
        buttons = page.locator(".player > .along")
        buttons.evaluate("buttons => { buttons.hidden = true }")
        assert page.locator(".figure").bounding_box()["height"] == height
        buttons.evaluate("buttons => { buttons.hidden = false }")
