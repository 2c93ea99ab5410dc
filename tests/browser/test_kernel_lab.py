"""Kernel lab alone in a page: its arithmetic, its pictures, its weights, its keys."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from autograder.reference import conv2d
from course.widgets import KernelLab
from tests.browser.sheets import (
    CONTRASTS,
    COUNT,
    DARK,
    JUPYTER_LIGHT,
    cell,
    marked,
    say,
    selected,
    texts,
)

SMALL = KernelLab([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]])

# The shades of a canvas, (height, width, 3).
SHADES = """sheet => {
    const root = document.querySelector("#place > div").shadowRoot;
    const canvas = root.querySelector(`.sheet-${sheet} canvas`);
    const { data, width, height } = canvas.getContext("2d").getImageData(
        0, 0, canvas.width, canvas.height);
    return { data: [...data].filter((_, at) => at % 4 < 3), shape: [height, width, 3] };
}"""
# Lets go of a file over the figure, as from a folder.
DROP = """bytes => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], "own.png", { type: "image/png" }));
    const lab = document.querySelector("#place > div").shadowRoot.querySelector(".lab");
    const event = { dataTransfer: transfer, bubbles: true, composed: true, cancelable: true };
    for (const kind of ["dragover", "drop"]) lab.dispatchEvent(new DragEvent(kind, event));
}"""


def shades(page, sheet):
    """Return what a picture's canvas shows."""
    found = page.evaluate(SHADES, sheet)
    return np.reshape(found["data"], found["shape"])


def pixels(page, sheet):
    """Return the area of a picture."""
    return page.locator(f".sheet-{sheet} .pixels")


def point(page, sheet, row, column, act="hover"):
    """Point at a pixel of a picture, counted with its padding."""
    area = pixels(page, sheet)
    one = area.locator("canvas").evaluate(
        "c => [c.clientHeight / c.height, c.clientWidth / c.width]"
    )
    at = {"x": (column + 0.5) * one[1], "y": (row + 0.5) * one[0]}
    getattr(area, act)(position=at, force=True)


def choose(page, name):
    """Click on one of a choice."""
    page.get_by_role("radio", name=name, exact=True).click()


def weights(page):
    """Return the model's weights."""
    return page.evaluate("model.get('weights')")


def png(array):
    """Return an image file."""
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()


def test_the_outputs_are_those_of_the_reference(mount):
    """On random shapes, settings and channels, does the page compute what the reference does?"""
    rng = np.random.default_rng(31)
    cases = []
    while len(cases) < 40:
        x = rng.integers(0, 256, (rng.choice([1, 3]), *rng.integers(2, 30, 2))).astype(float)
        w = rng.integers(-8, 9, rng.integers(1, 8, 2)) / 4
        drawn = {"stride": (1, 4), "padding": (0, 4), "dilation": (1, 3)}
        setting = {name: rng.integers(*ends, 2).tolist() for name, ends in drawn.items()}
        sizes = zip(x.shape[1:], w.shape, setting["padding"], setting["dilation"], strict=True)
        if all(n + 2 * p > d * (k - 1) for n, k, p, d in sizes):
            cases.append((x, w, setting, len(cases) % 2 == 1))
    page = mount(SMALL)
    answers = page.evaluate(
        """cases => {
            let [x, y] = [null, null]; // each case in the memory of the one before
            return cases.map(({ shape, values, weights, flip, ...setting }) => {
                const picture = { shape, values: Float64Array.from(values) };
                const plan = module.labPlan({ picture, weights, flip, ...setting });
                x = module.between(plan, picture.values, x);
                y = module.correlate(plan, x, y);
                return [...y];
            });
        }""",
        [
            {"shape": x.shape, "values": x.ravel().tolist(), "weights": w.tolist(), "flip": turn}
            | setting
            for x, w, setting, turn in cases
        ],
    )
    for (x, w, setting, turn), y in zip(cases, answers, strict=True):
        used = w[::-1, ::-1] if turn else w
        right = conv2d(x[:, None], used[None, None], np.zeros(1), **setting)
        np.testing.assert_allclose(y, right.ravel(), rtol=1e-12, atol=1e-9)
        lab = KernelLab(x, w, flip=turn, **setting)
        np.testing.assert_array_equal(np.reshape(y, lab.output.shape), lab.output)


def test_outputs_that_two_plans_share_are_those_of_the_reference(mount):
    """Walking from setting to setting over one picture, is each output what it is by itself?"""
    rng = np.random.default_rng(32)
    x = rng.integers(0, 256, (3, 9, 14)).astype(float)
    kernels = [rng.integers(-8, 9, (3, 4)) / 4, rng.integers(-8, 9, (3, 4)) / 4]
    steps = []
    for _ in range(60):
        others = {
            "weights": kernels[int(rng.integers(8) == 0)].tolist(),
            "stride": [1, 2 if rng.integers(8) == 0 else 1],
            "dilation": [1, 2 if rng.integers(8) == 0 else 1],
        }
        steps.append(others | {"padding": rng.integers(0, 5, 2).tolist()})
    page = mount(SMALL)
    outputs, copied = page.evaluate(
        """([shape, values, steps]) => {
            const picture = { shape, values: Float64Array.from(values) };
            let before = null, copied = 0;
            const outputs = steps.map((settings) => {
                const plan = module.labPlan({ picture, flip: false, ...settings });
                const x = module.between(plan, picture.values);
                const once = module.correlate(plan, x);
                // Among outputs that are no numbers, what is copied is seen.
                const marked = before && { plan: before.plan, y: before.y.map(() => NaN) };
                copied += module.correlate(plan, x, null, marked).filter(Number.isNaN).length;
                const y = module.correlate(plan, x, null, before);
                before = { plan, y };
                return [[...y], [...once]];
            });
            return [outputs, copied];
        }""",
        [list(x.shape), x.ravel().tolist(), steps],
    )
    for (y, once), step in zip(outputs, steps, strict=True):
        setting = {name: step[name] for name in ("stride", "padding", "dilation")}
        w = np.array(step["weights"])[None, None]
        right = conv2d(x[:, None], w, np.zeros(1), **setting)
        np.testing.assert_allclose(y, right.ravel(), rtol=1e-12, atol=1e-9)
        np.testing.assert_array_equal(y, once)
    assert copied > 1000


def test_pictures_are_painted_as_they_are(mount):
    """Are brightnesses shown pixel by pixel, in grey and colour, and differences about a middle?"""
    image = np.random.default_rng(32).integers(0, 256, (3, 7, 9))
    page = mount(KernelLab(image, [[1]]))
    for sheet in "xy":
        np.testing.assert_array_equal(shades(page, sheet), image.transpose(1, 2, 0))
    expect(page.locator(".legend")).to_have_text("Black is 0, white is 255.")
    page.evaluate("model.set('channels', 'grey')")
    grey = np.floor(image.sum(axis=0) / 3 + 0.5)
    np.testing.assert_array_equal(shades(page, "y"), np.repeat(grey[..., None], 3, axis=2))
    page.evaluate("model.set('weights', [[-1, 1]])")
    y = np.diff(image.sum(axis=0) / 3)
    farthest = np.unravel_index(np.abs(y).argmax(), y.shape)
    purple, orange = [84, 39, 136], [179, 88, 6]
    assert shades(page, "y")[farthest].tolist() == (purple if y[farthest] > 0 else orange)
    page.evaluate("model.set('weights', [[2, 2]])")  # twice as bright as a picture
    assert shades(page, "y").max() == 255
    expect(page.locator(".legend")).to_contain_text("Black is 0, white is ")


@pytest.mark.parametrize("channels", [1, 3])
def test_the_legend_counts_what_is_cut_off(mount, channels):
    """Is it said how many outputs are darker than black or brighter than white?"""
    image = np.full((channels, 10, 30), 100)
    image[:, 0, :4] = 250  # 300 after the kernel
    page = mount(KernelLab(image, [[1.2]]))
    legend = page.locator(".legend")
    cut = "Black is 0, white is 255. {} % of the outputs lie outside and are cut off."
    expect(legend).to_have_text(cut.format(1))
    page.evaluate("model.set('weights', [[1]])")
    expect(legend).to_have_text("Black is 0, white is 255.")
    page.evaluate("model.set('weights', [[-1, 2]])")  # -50 where 250 meets 100
    expect(legend).to_have_text(cut.format("Under 1"))
    assert shades(page, "y")[0, 3].tolist() == [0, 0, 0]


def test_pointing_shows_a_window_and_its_sum_and_paints_nothing(mount):
    """Is the window enlarged, its sum in numbers, from the picture and from the output?"""
    lab = KernelLab(np.arange(1, 26).reshape(5, 5), [[1, 2], [3, 4]], padding=1)
    page = mount(lab, alone=True)
    page.evaluate(COUNT)
    hint = say(page)
    point(page, "y", 1, 2)
    assert say(page) == (
        "y[1, 2] = x[0, 1]·w[0, 0] + x[0, 2]·w[0, 1] + x[1, 1]·w[1, 0] + x[1, 2]·w[1, 1]"
        " = 2·1 + 3·2 + 7·3 + 8·4 = 2 + 6 + 21 + 32 = 61"
    )
    assert texts(page, "window") == ["2", "3", "7", "8"]
    assert selected(page) is None
    heads = page.locator(".sheet-window .heads span").all_inner_texts()
    assert [head for head in heads if head] == ["0", "1", "1", "2"]
    box = pixels(page, "x").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)  # in the padding
    assert say(page).startswith("y[0, 0] = 0·w[0, 0] + 0·w[0, 1] + 0·w[1, 0] + x[0, 0]·w[1, 1]")
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    assert say(page).startswith("y[3, 3] =")
    cell(page, "w", 1).hover()
    assert say(page).startswith(
        "w[0, 1] = 2 meets, in this window, a padding cell, 0: 2 times 0 is 0"
    )
    assert marked(page, "window") == [1]
    page.mouse.move(2, 2)
    assert say(page) == hint
    assert page.evaluate("paints") == 0
    page.evaluate("model.set('weights', [[0, 0, 0], [0, 1, 0], [0, 0, 0]])")
    point(page, "x", 3, 4)  # the window has this pixel in its middle
    assert say(page).startswith("y[2, 3] = ")


def test_a_turned_kernel_meets_the_window_the_other_way_round(mount):
    """With flip, do tags, names and links follow, and is the impulse's output the kernel?"""
    impulse = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    page = mount(KernelLab(impulse, [[1, 2], [3, 4]], selection=0))
    assert say(page).endswith("= 0 + 0 + 0 + 4 = 4")
    choose(page, "Turned by 180°")
    assert say(page).startswith("y[0, 0] = x[0, 0]·w[1, 1] + x[0, 1]·w[1, 0] + x[1, 0]·w[0, 1]")
    assert say(page).endswith("= 0 + 0 + 0 + 1 = 1")
    tags = page.locator("[data-row=window]").evaluate_all("all => all.map(td => td.dataset.tag)")
    assert tags == ["×4", "×3", "×2", "×1"]
    cell(page, "window", 3).hover()
    assert marked(page, "w") == [0]


def test_weights_are_typed_dragged_and_stepped(mount):
    """Does each way change one weight, the output with it, and Esc or nonsense none?"""
    page = mount(SMALL)
    press = page.keyboard.press
    first = cell(page, "w", 0)
    first.focus()
    page.keyboard.type("1/4")
    press("Enter")
    assert weights(page) == [[0.25, 2], [3, 4]]
    expect(first).to_be_focused()
    press("ArrowRight")
    for text, key, weight in [
        ("\u22127,5", "Enter", -7.5),
        ("9", "Escape", -7.5),
        ("-", "Enter", -7.5),
    ]:
        press("F2")
        page.keyboard.insert_text(text)
        press(key)
        assert weights(page)[0] == [0.25, weight]
    press("ArrowDown")
    press("ArrowLeft")
    press("Shift+ArrowUp")
    assert weights(page)[1] == [3.1, 4]
    press("Delete")
    assert weights(page)[1] == [0, 4]
    page.evaluate("model.set('weights', [[1, 2], [3, 4]])")
    cell(page, "w", 3).click()
    field = page.locator(".sheet-w input")
    expect(field).to_have_value("4")
    field.fill("5")
    cell(page, "w", 0).hover()
    page.mouse.down()  # leaving the field keeps what was typed
    page.mouse.up()
    press("Escape")
    assert weights(page) == [[1, 2], [3, 5]]
    box = cell(page, "w", 3).bounding_box()
    x, y = box["x"] + 10, box["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 8)
    page.mouse.move(x, y - 24)
    page.mouse.up()
    assert weights(page) == [[1, 2], [3, 8]]
    expect(page.locator(".sheet-w input")).to_have_count(0)
    page.evaluate("model.set('selection', 0)")
    assert say(page).endswith("= 1 + 4 + 12 + 40 = 57")


def test_kernels_by_name_and_size(mount):
    """Do named kernels sum to what they should, and do box and Gauss follow the size?"""
    page = mount(KernelLab())
    names = page.locator("fieldset", has=page.get_by_text("Kernel", exact=True))
    assert names.locator("span").all_inner_texts() == [
        *("Box", "Gauss", "Sharpen", "Sobel", "Laplace", "Emboss", "Random")
    ]
    size = page.get_by_role("spinbutton", name="Size")
    expect(names.locator(":checked + span")).to_have_text("Sharpen")
    for name, total in [("Box", 1), ("Gauss", 1), ("Sobel", 0), ("Laplace", 0), ("Emboss", 1)]:
        choose(page, name)
        assert np.sum(weights(page)) == pytest.approx(total, abs=1e-12)
        expect(names.locator(":checked + span")).to_have_text(name)
    choose(page, "Gauss")
    for wanted in ("2", "7"):
        size.fill(wanted)
        size.press("Enter")
        row = np.array(weights(page)).sum(axis=0)
        assert row.tolist() == [1 / 2, 1 / 2] if wanted == "2" else row[3] == 20 / 64
    size.fill("9")
    size.press("Enter")
    assert np.shape(weights(page)) == (7, 7)
    rolled = []
    for _ in range(2):
        choose(page, "Random")
        rolled.append(weights(page))
    assert rolled[0] != rolled[1]
    assert np.abs(rolled).max() <= 4
    middle = rolled[1][3][3]
    size.fill("3")
    size.press("Enter")
    assert weights(page)[1][1] == middle
    choose(page, "Digit")
    size.fill("7")
    size.press("Enter")
    page.get_by_role("spinbutton", name="Dilation").fill("9")
    page.keyboard.press("Enter")
    expect(page.locator(".lab")).to_be_visible()


def test_a_picture_of_ones_own_is_reduced_and_taken(mount):
    """Chosen or dropped, does a file come in at most 256 pixels wide, and is nonsense told?"""
    page = mount(KernelLab(kernel=np.ones((7, 7)), selection=9))
    wide = np.zeros((150, 600, 3), np.uint8)
    wide[:, :, 0] = 200
    file = page.locator("input[type=file]")
    file.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": png(wide)})
    page.wait_for_function("model.get('picture').shape?.join() === '3,64,256'")
    choose(page, "Three channels")
    np.testing.assert_array_equal(shades(page, "x"), np.broadcast_to([200, 0, 0], (64, 256, 3)))
    tiny = np.full((2, 5), 90, np.uint8)
    page.evaluate(DROP, list(png(tiny)))
    page.wait_for_function("model.get('picture').shape?.join() === '3,2,5'")
    assert weights(page) == [[1]]
    lab = KernelLab()
    lab.set_state({"picture": page.evaluate("model.get('picture')"), "weights": [[1]]})
    np.testing.assert_array_equal(lab.image, tiny)
    file.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"})
    expect(page.get_by_role("status")).to_have_text("a.txt is not a picture that can be read.")


def test_an_output_of_ones_own_is_laid_beside_the_figures(mount):
    """Are the largest difference, its place and both values told, until the kernel changes?"""
    lab = KernelLab([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]], selection=1)
    lab.output = lab.output + [[0, -2], [0, 0]]
    page = mount(lab)
    expect(page.locator(".verdict")).to_have_text("Yours differs by up to 2, at y[0, 1].")
    assert say(page).endswith("= 47 Yours has 45 there: 2 less.")
    different = shades(page, "y")
    assert (different[0, 0] == different[1, 1]).all()
    assert (different[0, 0] != different[0, 1]).any()
    choose(page, "The figure's")
    assert (shades(page, "y") != different).any()
    lab.output = None
    lab.output = lab.output + 1e-13
    page.evaluate("given => model.set('given', given)", lab.state()["given"])
    expect(page.locator(".verdict")).to_have_text("Yours agrees with the figure's.")
    cell(page, "w", 0).focus()
    page.keyboard.press("Shift+ArrowUp")
    assert page.evaluate("model.get('given')") is None
    expect(page.locator(".verdict")).to_be_hidden()


def test_arrow_keys_move_the_window(mount):
    """Do arrows walk by one, with Shift by ten, stop at the ends, and is each grid one Tab stop?"""
    page = mount(KernelLab(np.zeros((20, 30)), [[1, 1]]))
    spot = page.locator(".sheet-x .spot")
    spot.focus()
    for key, place in [
        ("ArrowRight", (0, 1)),
        ("ArrowDown", (1, 1)),
        ("Shift+ArrowDown", (11, 1)),
        ("Shift+ArrowDown", (19, 1)),
        ("End", (19, 28)),
        ("ArrowRight", (19, 28)),
        ("ArrowUp", (18, 28)),
        ("Home", (18, 0)),
        ("Shift+ArrowLeft", (18, 0)),
    ]:
        page.keyboard.press(key)
        assert selected(page) == place[0] * 29 + place[1]
        expect(spot).to_be_focused()
        expect(spot).to_have_attribute("aria-selected", "true")
    expect(spot).to_have_accessible_name("window 1 × 2 of y[18, 0] = 0")
    page.keyboard.press("Escape")
    assert selected(page) is None
    page.keyboard.press("Escape")
    expect(spot).not_to_be_focused()
    stops = page.locator("[role=gridcell][tabindex='0']")
    assert stops.evaluate_all("all => all.map(e => e.dataset.row)") == ["x", "w", "window", "y"]
    point(page, "y", 3, 4, "click")
    assert selected(page) == 3 * 29 + 4
    page.get_by_role("button", name="Step").click()
    assert selected(page) == 3 * 29 + 5


@pytest.mark.parametrize(
    ("theme", "dark"), [(JUPYTER_LIGHT, False), (DARK, True)], ids=["light", "dark"]
)
def test_it_can_be_read_and_hit_at_every_width(mount, theme, dark):
    """Has every text contrast, every target 24 px, and does a narrow page not scroll sideways?"""
    page = mount(KernelLab(channels="colour", selection=60), theme)
    assert page.locator(".figure.dark").count() == dark
    cell(page, "window", 3).hover()
    measured = page.evaluate(CONTRASTS)
    assert [text for text in measured["found"] if text[2] < 4.5] == []
    page.evaluate("model.set('weights', Array(7).fill(Array(7).fill(1 / 49)))")
    for width in (900, 360):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        targets = page.locator("button, input:visible, [role=gridcell], fieldset.choice label")
        for box in targets.evaluate_all(
            "all => all.filter(e => e.getClientRects().length).map(e => e.getBoundingClientRect())"
        ):
            assert min(box["width"], box["height"]) >= 24
    page.emulate_media(forced_colors="active")
    look = "e => [getComputedStyle(e).forcedColorAdjust, getComputedStyle(e).borderTopStyle]"
    assert page.locator(".sheet-y canvas").evaluate(look)[0] == "none"
    assert page.locator(".sheet-x .pixel-frame").evaluate(look)[1] == "solid"
    page.evaluate("close_figure()")
    assert page.locator("#place").inner_html() == ""
    assert page.evaluate("Object.values(model.listeners).every(set => set.size === 0)")


def test_with_scripts_off_pictures_and_tables_stand(blank_page):
    """Does the one HTML show its pictures without scripts, and the live figure with them?"""
    html = KernelLab(selection=5).html()
    page = blank_page(html, java_script_enabled=False)
    assert page.get_by_role("table").count() == 2
    for name in ("Picture x, 128 × 128", "Output y, 126 × 126"):
        assert page.get_by_role("img", name=name).evaluate("i => i.naturalWidth") in (126, 128)
    page = blank_page(html)
    expect(page.get_by_role("grid")).to_have_count(4)
    expect(page.locator(".figure-tables")).to_be_hidden()
