"""Draw a digit alone in a page: its arithmetic, its reduction, the pen, what a number shows."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from autograder.reference import receptive_region
from autograder.reference.fast.convolution import conv2d
from autograder.reference.network import NETWORK_LAYERS, forward
from course.data import digits
from course.widgets import DrawDigit
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
from tests.course.strokes import STROKES, as_the_data, by_hand, counts, near
from tests.course.widgets.test_draw_digit import drawn_params

PARAMS = drawn_params((3, 5))


def draw(page, strokes, move=None):
    """Draw strokes, given on a pad of 32 by 32, with the mouse."""
    box = page.locator(".pad svg").bounding_box()
    move = move or page.mouse.move

    def place(point):
        return [box[axis] + at / 32 * box["width"] for axis, at in zip("xy", point, strict=True)]

    for stroke in strokes:
        move(*place(stroke[0]))
        page.mouse.down()
        for point in stroke[1:]:
            move(*place(point))
        page.mouse.up()
    page.mouse.move(2, 2)


def image(page):
    return np.array(page.evaluate("model.get('image')"))


def said(page):
    return page.locator(".said b").inner_text()


def pixel(page, layer, index):
    """Return the map that has a layer's number, and the middle of its pixel there, (x, y) px."""
    side = {"a1": 4, "a2": 4, "a3": 2}[layer]
    of, at = divmod(index, side**2)
    found = page.locator(f".pictures-{layer} td").nth(of)
    box = found.bounding_box()
    return found, {
        "x": (at % side + 0.5) / side * box["width"],
        "y": (at // side + 0.5) / side * box["height"],
    }


# --- arithmetic --------------------------------------------------------------------------------


@pytest.mark.parametrize("filters", [(3, 5), (1, 2), (16, 32)])
def test_every_layer_is_the_references(mount, filters):
    """On random parameters and digits, do maps, logits and probabilities agree?"""
    figure = DrawDigit(drawn_params(filters, seed=sum(filters)))
    page, rng = mount(figure), np.random.default_rng(1)
    images = digits()[0][rng.integers(0, 1797, 8)]
    found = page.evaluate(
        """([packed, images]) => {
            const params = module.unpack(packed);
            const list = ({ values, maps, side }) => ({ values: [...values], maps, side });
            return images.map(image => {
                const { x, a1, a2, a3, logits, p } = module.run(params, image);
                return { a1: list(a1), a2: list(a2), a3: list(a3), z: [...logits], p: [...p] };
            });
        }""",
        [figure.network, images.tolist()],
    )
    params, x = figure.params, images[:, np.newaxis] / 16
    a1 = np.maximum(conv2d(x, params["w1"], params["b1"], 2, 1), 0)
    a2 = np.maximum(conv2d(a1, params["w2"], params["b2"], 1, 1), 0)
    a3 = a2.reshape(8, filters[1], 2, 2, 2, 2).max(axis=(3, 5))
    z = forward(params, x)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    for at, layers in enumerate(found):
        for name, expected in {"a1": a1, "a2": a2, "a3": a3}.items():
            maps, side = layers[name]["maps"], layers[name]["side"]
            assert (maps, side, side) == expected[at].shape
            np.testing.assert_allclose(layers[name]["values"], expected[at].ravel(), atol=1e-12)
        np.testing.assert_allclose(layers["z"], z[at], atol=1e-12)
        np.testing.assert_allclose(layers["p"], p[at], atol=1e-12)


def test_a_number_is_the_sum_of_its_windows_and_sees_what_lesson_12_says(mount):
    """Do windows times kernels and the bias give every number, and are fields the reference's?"""
    figure = DrawDigit(PARAMS, image=11)
    found = mount(figure).evaluate(
        """([packed, image]) => {
            const params = module.unpack(packed), layers = module.run(params, image);
            const of = (row, bias) => Array.from(layers[row].values, (value, index) => {
                const place = { row, index };
                const [map] = module.placeIn(4, index);
                const sums = module.sharesOf(params, layers, place);
                return [value, Math.max(0, sums.reduce((a, b) => a + b, params[bias][map]))];
            });
            const fields = ["a1", "a2", "a3"].map(row => [0, 1].map(at => {
                return module.readsBefore({ row, index: 3 * at }, layers[row].side).x;
            }));
            return { a1: of("a1", "b1"), a2: of("a2", "b2"), fields };
        }""",
        [figure.network, figure.image],
    )
    for name in ("a1", "a2"):
        values, sums = np.array(found[name]).T
        np.testing.assert_allclose(sums, values, atol=1e-12)
        assert values.any()
    for depth, (side, fields) in enumerate(zip((4, 4, 2), found["fields"], strict=True), 1):
        for at, field in enumerate(fields):
            places = divmod(3 * at, side)
            expected = [list(receptive_region(NETWORK_LAYERS[:depth], one)) for one in places]
            assert field == expected


def test_a_drawing_is_reduced_as_the_data_were(mount):
    """Are bitmaps of strokes, fitted and as drawn, those of an independent reduction?"""
    rng = np.random.default_rng(2)
    drawings = [by_hand(digit, rng, size) for digit in range(10) for size in (0.4, 1)]
    drawings += [[[[16, 5], [16, 27]]], [[[3, 3]]], [[[4, 16], [28, 16]]]]
    found = mount(DrawDigit()).evaluate(
        """drawings => drawings.map(strokes => [true, false].map(fit => {
            const { bits } = module.bitmapOf(strokes, fit);
            return { bits: [...bits], counts: module.countsOf(bits) };
        }))""",
        drawings,
    )
    for strokes, made in zip(drawings, found, strict=True):
        for one, expected in zip(made, [as_the_data(strokes), near(strokes, 1.6)], strict=True):
            assert np.sum(np.reshape(one["bits"], (32, 32)) != expected) <= 2  # on the edge
            assert one["counts"] == counts(np.reshape(one["bits"], (32, 32))).tolist()
    digits_drawn = [np.array(made[0]["counts"]) for made in found[:20]]
    assert all(one[0].any() and one[-1].any() for one in digits_drawn)  # as every one of the data
    assert all(280 <= one.sum() <= 340 for one in digits_drawn)


def test_the_bundled_network_reads_most_of_what_is_drawn(mount):
    """Of 100 digits by an unsteady hand, large and small, does it read more than 90?"""
    figure, rng = DrawDigit(), np.random.default_rng(7)
    labels = [*range(10)] * 10
    drawings = [by_hand(digit, rng, rng.uniform(0.4, 1.1)) for digit in labels]
    answers = mount(figure).evaluate(
        """([packed, drawings]) => drawings.map(strokes => {
            const image = module.countsOf(module.bitmapOf(strokes, true).bits);
            const { p } = module.run(module.unpack(packed), image);
            return p.indexOf(Math.max(...p));
        })""",
        [figure.network, drawings],
    )
    assert sum(a == b for a, b in zip(answers, labels, strict=True)) > 90


# --- the pen -----------------------------------------------------------------------------------


def test_strokes_of_the_mouse_go_through_the_network(mount):
    """Do picture, maps, probabilities and words follow while the pen is down, digit by digit?"""
    page = mount(DrawDigit(), width=1000, alone=True)
    seen = []
    page.expose_function("noted", lambda text: seen.append(text))
    page.evaluate(
        """() => new MutationObserver(() => noted(""))
            .observe(document.querySelector("#place > div").shadowRoot.querySelector(".strokes"),
                { attributes: true })"""
    )
    answers = []
    for digit, strokes in list(STROKES.items())[:4]:
        draw(page, strokes)
        np.testing.assert_allclose(image(page), counts(as_the_data(rounded(strokes))), atol=4)
        answers.append(said(page) == str(digit))
        expect(page.locator("td.most b")).to_have_text(said(page))
        assert say(page).startswith(f"The network says {said(page)}, ")
        page.get_by_role("button", name="Clear").click()
        assert not image(page).any()
        assert "Draw a digit" in say(page)
    assert sum(answers) >= 3
    assert len(seen) > 40  # not at the end of a stroke alone


def rounded(strokes):
    """Leave out what lies nearer than the pen notes, as a drawing at a pad's own pixels does."""
    return [np.round(np.array(stroke), 2).tolist() for stroke in strokes]


def test_all_places_of_a_frame_are_drawn_at_once(mount):
    """Of a move that brings five places, is each in the stroke, and each canvas painted once?"""
    page = mount(DrawDigit())
    box = page.locator(".pad svg").bounding_box()
    page.evaluate("addEventListener('pointerdown', event => { window.id = event.pointerId })")
    page.evaluate(COUNT)
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    before = page.evaluate("paints")
    page.locator(".pad").evaluate(
        """(pad, [x, y]) => {
            const [move, ...places] = [100, 20, 40, 60, 80, 100].map(down => {
                const place = { clientX: x, clientY: y + down };
                return new PointerEvent("pointermove", { ...place, pointerId: id });
            });
            move.getCoalescedEvents = () => places; // about:blank, which is not secure, has none
            pad.dispatchEvent(move);
        }""",
        [box["x"] + 40, box["y"] + 30],
    )
    assert page.evaluate("paints") - before == 4  # the bitmap, a1, a2 and a3
    assert page.locator(".strokes").get_attribute("d").count("L") == 5
    page.mouse.up()


def test_as_drawn_is_another_picture(mount):
    """Does a small drawing in a corner stay there when it is not centred as the data are?"""
    page = mount(DrawDigit())
    draw(page, [[(4, 4), (4, 12)]])
    assert image(page)[:, 3:5].sum() > 200
    page.get_by_role("radio", name="As drawn").check()
    assert page.evaluate("model.get('fit')") is False
    assert image(page)[:4, :2].sum() == image(page).sum() > 20
    page.get_by_role("radio", name="Centred as the data").check()
    assert image(page)[:, 3:5].sum() > 200


def test_keys_draw(mount):
    """Do arrows move the pen, Space put it down and lift it, Delete clear, and Escape leave?"""
    page = mount(DrawDigit(fit=False), '<div tabindex="0" id="before"></div>')
    page.evaluate("window.heard = []; addEventListener('keydown', e => heard.push(e.key))")
    pad = page.get_by_role("application", name="Drawing pad")
    pad.focus()
    press = page.keyboard.press
    for key in ["Shift+ArrowUp", "ArrowLeft", "ArrowLeft"]:
        press(key)
    assert not image(page).any()
    press("Space")
    for _ in range(10):
        press("ArrowDown")
    press("Space")
    press("ArrowRight")
    expected = counts(near([[(14, at) for at in range(12, 23)]], 1.6))
    np.testing.assert_array_equal(image(page), expected)
    press("Space")
    press("Escape")  # lifts the pen
    expect(pad).to_be_focused()
    press("Delete")
    assert not image(page).any()
    assert page.evaluate("heard") == []
    press("Escape")
    expect(pad).not_to_be_focused()


def test_a_finger_draws_and_the_page_stays(mount):
    """Does a touch that moves over the pad draw a line, and not scroll the page?"""
    page = mount(DrawDigit(fit=False), '<div style="height: 300px"></div>', width=380, alone=True)
    page.evaluate("scrollTo(0, 250)")
    before = page.evaluate("scrollY")
    box = page.locator(".pad").bounding_box()
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8
    for kind, up in [("touchStart", 0), *[("touchMove", 8 * at) for at in range(1, 20)]]:
        points = [{"x": x, "y": y - up}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("scrollY") == before > 0
    assert np.flatnonzero(image(page).any(axis=1)).size >= 4
    assert set(np.flatnonzero(image(page).any(axis=0))) <= {3, 4}


def test_python_and_the_test_set_bring_pictures_too(mount):
    """Do a test digit with its label and a picture that Python sets take the drawing's place?"""
    page = mount(DrawDigit())

    def squares():
        found = page.locator(".squares rect")
        return found.evaluate_all("all => all.map(one => 16 * one.getAttribute('fill-opacity'))")

    draw(page, STROKES[1])
    assert squares() == [0] * 64
    page.get_by_role("button", name="Show a test digit").click()
    assert tuple(map(tuple, image(page).tolist())) == DrawDigit(image=0).image
    assert squares() == image(page).ravel().tolist()
    page.get_by_role("button", name="Show a test digit").click()
    assert tuple(map(tuple, image(page).tolist())) == DrawDigit(image=1).image
    assert page.locator(".drawing .title").inner_text() == "test digit 1: it is 8"
    assert say(page).startswith("The data say 8. The network says 8, ")
    expect(page.locator(".strokes")).to_have_attribute("d", "")
    draw(page, STROKES[1])
    assert squares() == [0] * 64
    page.evaluate("model.set('image', 3)")  # as a linked slider does
    assert page.locator(".drawing .title").inner_text() == "test digit 3: it is 9"
    page.evaluate("model.set('image', Array(8).fill(Array(8).fill(16)))")
    assert texts(page, "x") == ["16"] * 64


def test_python_gives_the_figure_another_network(mount):
    """Do maps, kernels and probabilities become the new network's, and the drawing stay?"""
    page = mount(DrawDigit(selection=("a2", 31, 3, 3)), width=1000)
    draw(page, STROKES[2])
    before, other = image(page), DrawDigit(PARAMS)
    page.evaluate("network => model.set('network', network)", other.network)
    np.testing.assert_array_equal(image(page), before)
    counted = [page.locator(f".pictures-{name} td").count() for name in ("a1", "a2", "a3", "w2")]
    assert counted == [3, 5, 5, 3]
    z = forward(other.params, before[np.newaxis, np.newaxis] / 16)[0]
    expect(page.locator("td.most b")).to_have_text(str(z.argmax()))
    assert page.locator(".pictures-a2 [aria-selected=true]").get_attribute("aria-label") == (
        "a2, map 4"
    )


def test_late_news_of_a_stroke_takes_no_later_one_away(mount):
    """Does a picture that the kernel sends back leave what has been drawn since?"""
    page = mount(DrawDigit())
    draw(page, STROKES[4][:1])
    early = image(page).tolist()
    draw(page, STROKES[4][1:])
    page.evaluate("image => model.set('image', image)", early)
    drawn = page.locator(".strokes").get_attribute("d")
    assert drawn.count("M") == 2


def test_late_news_of_a_slider_takes_no_later_digit_away(mount):
    """Are pictures that the kernel writes out for numbers left alone, until it sets one itself?"""
    page = mount(DrawDigit())
    title = page.locator(".drawing .title")
    page.evaluate(COUNT)
    for number in (3, 5):
        page.evaluate("number => model.set('image', number)", number)
    paints = page.evaluate("paints")
    assert paints > 0
    for number in (3, 5):
        page.evaluate("image => model.set('image', image)", DrawDigit(image=number).image)
        assert title.inner_text() == "test digit 5: it is 3"
    assert page.evaluate("paints") == paints
    page.evaluate("image => model.set('image', image)", DrawDigit(image=3).image)
    assert title.inner_text() == "test digit 3: it is 9"


# --- what a number shows -----------------------------------------------------------------------


def test_a_number_shows_its_kernel_its_window_and_its_field(mount):
    """From the pooled number back: what it is the largest of, each window, and the sum?"""
    figure = DrawDigit(image=4, selection=("a3", 3, 1, 0))
    page, params = mount(figure, width=1000), figure.params
    x = np.array(figure.image)[np.newaxis, np.newaxis] / 16
    a1 = np.maximum(conv2d(x, params["w1"], params["b1"], 2, 1), 0)
    a2 = np.maximum(conv2d(a1, params["w2"], params["b2"], 1, 1), 0)[0]
    met = a2[3, 2:, :2].ravel()

    def numbers(sheet):
        return [float(text.replace("\N{MINUS SIGN}", "-")) for text in texts(page, sheet)]

    np.testing.assert_allclose(numbers("window"), met, atol=0.005)
    assert marked(page, "window", "shown") == [met.argmax()]
    assert say(page).startswith("a3[3][1, 0] = max(")
    assert "It sees 9 by 9 pixels of x, padding among them: rows 1 to 9, columns −3 to 5." in say(
        page
    )
    # Rows 1 to 4 of a1 and columns -1 to 2, as far as there are any.
    parts = page.locator(".pictures-a1 td.framed").first.evaluate(
        """td => {
            const { top, left, width, height } = getComputedStyle(td, "::after");
            return [top, left, width, height].map(parseFloat)
                .map((part, at) => part / (at % 3 ? td.clientWidth : td.clientHeight));
        }"""
    )
    np.testing.assert_allclose(parts, [0.25, 0, 0.75, 0.75], atol=0.01)
    page.evaluate("model.set('selection', ['a2', 3, 2, 1])")
    assert page.locator(".pictures-a1 td.framed").count() == 16
    sums = np.einsum("cuv,cuv->c", a1[0][:, 1:4, 0:3], params["w2"][3])
    strongest = int(np.abs(sums).argmax())
    np.testing.assert_allclose(numbers("kernel"), params["w2"][3, strongest].ravel(), atol=0.005)
    np.testing.assert_allclose(numbers("window"), a1[0, strongest, 1:4, 0:3].ravel(), atol=0.005)
    assert f"map {strongest} adds" in say(page)
    # Another map's kernel, by a click on it.
    page.get_by_role("gridcell", name="Kernel for map 2", exact=True).click()
    np.testing.assert_allclose(numbers("kernel"), params["w2"][3, 2].ravel(), atol=0.005)
    assert selected(page) == ["a2", 3, 2, 1]
    page.mouse.move(2, 2)
    page.evaluate("model.set('selection', ['a1', 6, 0, 1])")
    np.testing.assert_allclose(numbers("kernel"), params["w1"][6, 0].ravel(), atol=0.005)
    assert marked(page, "window", "padding") == [0, 1, 2]
    assert "It sees 3 by 3 pixels of x, padding among them: rows −1 to 1, columns 1 to 3." in say(
        page
    )
    page.evaluate("model.set('selection', ['p', 8])")
    assert say(page).startswith("p[8] = exp(z[8]) / Σ exp(z) = ")
    expect(page.get_by_role("grid", name="map in numbers")).to_have_count(0)


def test_what_a_number_sees_is_framed_on_the_drawing_itself(mount):
    """Does the field on a small drawing lie where its pixels were drawn?"""
    page = mount(DrawDigit())
    draw(page, [[(4, 4), (4, 12)], [(8, 4), (8, 12)]])
    page.evaluate("model.set('selection', ['x', 0, 2])")

    def rect():
        names = ["x", "y", "width", "height"]
        return [float(page.locator(".field").get_attribute(name)) for name in names]

    # Eight rows of x are as high as the drawing with its pen, so one of them is about an eighth.
    left, top, width, height = rect()
    assert 2 < top < 4
    assert 0.8 < height < 1.6
    assert 2 < left < 6
    page.get_by_role("radio", name="As drawn").check()
    assert rect() == [8, 0, 4, 4]


def test_the_gap_between_two_maps_belongs_to_the_one_before(mount):
    """Is there no dead strip in the grid, neither to the right of a map nor below it?"""
    page = mount(DrawDigit(image=4), width=1000)
    box, right, below = (page.locator(".pictures-a2 td").nth(at).bounding_box() for at in (0, 1, 4))
    middle = [box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3]
    gaps = [
        ((box["x"] + box["width"] + right["x"]) / 2, middle[1], ["a2", 0, 1, 3]),
        (middle[0], (box["y"] + box["height"] + below["y"]) / 2, ["a2", 0, 3, 1]),
    ]
    for x, y, place in gaps:
        page.mouse.move(x, y)
        name = f"a2[0][{place[2]}, {place[3]}]"
        expect(page.get_by_role("status")).to_contain_text(name)
        page.mouse.click(x, y)
        assert selected(page) == place


def test_pointer_and_keys_go_through_the_maps(mount):
    """Are a map's pixel under the pointer, its largest by the keys, and Step's walk right?"""
    page = mount(DrawDigit(image=4), width=1000)
    pointed, place = pixel(page, "a1", 4 * 16 + 9)
    pointed.hover(position=place)
    assert say(page).startswith("a1[4][2, 1] = max(0, z) = ")
    assert selected(page) is None
    spot, box = page.locator(".spot").bounding_box(), pointed.bounding_box()
    for axis, side in [("x", "width"), ("y", "height")]:
        middle = spot[axis] + spot[side] / 2 - box[axis]
        assert abs(middle - place[axis]) < 1
        assert abs(spot[side] - box[side] / 4) < 1
    pointed.click(position=place)
    assert selected(page) == ["a1", 4, 2, 1]
    enlarged = page.get_by_role("grid", name="map in numbers").get_by_role("gridcell")
    enlarged.nth(2).click()
    assert selected(page) == ["a1", 4, 0, 2]
    maps = page.get_by_role("grid", name="maps a1")
    first = maps.get_by_role("gridcell", name="a1, map 4", exact=True)
    expect(first).to_have_attribute("aria-selected", "true")
    first.focus()
    for key, at in [("ArrowDown", 6), ("ArrowRight", 7), ("ArrowUp", 5), ("End", 15), ("Home", 0)]:
        page.keyboard.press(key)
        expect(maps.get_by_role("gridcell").nth(at)).to_be_focused()
        assert selected(page)[:2] == ["a1", at]
    maps.get_by_role("gridcell").nth(9).focus()  # wherever Tab would come to
    page.keyboard.press("Space")
    assert selected(page)[:2] == ["a1", 9]
    page.keyboard.press("Escape")
    assert selected(page) is None
    for expected in ["a1", "a2", "a3", "p"]:
        page.get_by_role("button", name="Step").click()
        assert selected(page)[0] == expected
    assert selected(page) == ["p", 8]
    page.get_by_role("gridcell", name="Probability of 3").click()
    assert selected(page) == ["p", 3]


SHADES = """() => {
    const root = document.querySelector("#place > div").shadowRoot;
    const { x: _, ...layers } = module.run(module.unpack(model.get("network")), model.get("image"));
    return ["a1", "a2", "a3"].map(name => {
        const { side, values } = layers[name];
        const grid = root.querySelector(`.layer-${name} .painted`);
        const canvas = grid.querySelector("canvas");
        const board = canvas.getBoundingClientRect();
        const [wide, high] = [canvas.width / board.width, canvas.height / board.height];
        const shades = [...grid.querySelectorAll("td")].flatMap(td => {
            const box = td.getBoundingClientRect();
            return Array.from({ length: side * side }, (_, at) => {
                const x = box.x + (at % side + 0.5) / side * box.width - board.x;
                const y = box.y + (Math.floor(at / side) + 0.5) / side * box.height - board.y;
                return [...canvas.getContext("2d").getImageData(x * wide, y * high, 1, 1).data];
            });
        });
        return [...values].map((value, at) => [value, ...shades[at]]);
    });
}"""


@pytest.mark.parametrize(("maps", "written"), [(32, 32 * 4), (33, 0)])
def test_numbers_of_few_pooled_maps_are_written_and_all_can_be_read(mount, maps, written):
    """Have up to 32 maps their numbers in them, and does a number tell its value in any case?"""
    page = mount(DrawDigit(drawn_params((3, maps)), image=4), width=1000)
    expect(page.locator(".pictures-a3 span")).to_have_count(written)
    pointed, place = pixel(page, "a3", 4 * maps - 1)
    pointed.hover(position=place)
    assert say(page).startswith(f"a3[{maps - 1}][1, 1] = max(")
    page.emulate_media(forced_colors="active")
    expect(page.locator(".layer-a3 canvas")).to_be_visible(visible=written == 0)


@pytest.mark.parametrize("filters", [(3, 5), (16, 32)])
def test_one_canvas_paints_every_map_where_its_cell_lies(mount, filters):
    """Wide, narrow and wide again, is under each pixel's place the shade of its value?"""
    page = mount(DrawDigit(drawn_params(filters), image=4), width=1000)
    assert page.locator(".painted canvas").count() == 3
    assert page.locator(":is(.pictures-a1, .pictures-a2) td > *").count() == 0
    for width in (1000, 380, 1000):
        page.set_viewport_size({"width": width, "height": 700})
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        for layer in map(np.array, page.evaluate(SHADES)):
            values, shades, alpha = layer[:, 0], layer[:, 1:4].sum(axis=1), layer[:, 4]
            assert (alpha == 255).all()
            assert len(set(shades)) > 4
            assert (np.diff(shades[np.argsort(values)]) <= 0).all()  # the larger, the darker


# --- looks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theme", "dark"), [(JUPYTER_LIGHT, False), (DARK, True)], ids=["light", "dark"]
)
def test_every_text_can_be_read(mount, theme, dark):
    """Has every text a contrast of 4.5?"""
    page = mount(DrawDigit(image=4, selection=("a2", 3, 1, 1)), theme)
    assert page.locator(".figure.dark").count() == dark
    found = page.evaluate(CONTRASTS)["found"]
    assert [text for text in found if text[2] < 4.5] == []
    assert len(found) > 250


@pytest.mark.parametrize("width", [360, 900, 1366])
def test_nothing_overflows_and_every_target_is_large_enough(mount, width):
    """At phone, notebook and screen widths: no scrolling sideways, targets of 24 px?"""
    page = mount(DrawDigit(image=4, selection=("a2", 3, 1, 1)), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    targets = page.locator("button, [role=gridcell], fieldset.choice label, .pad")
    sizes = targets.evaluate_all(
        """all => all.filter(e => e.getClientRects().length)
            .map(e => e.getBoundingClientRect()).map(b => Math.min(b.width, b.height))"""
    )
    assert len(sizes) > 150
    assert min(sizes) >= 24
    if width == 1366:  # both rows stand in a window of 1366 by 768
        assert page.locator(".flow").bounding_box()["height"] <= 640


def test_drawing_moves_nothing(mount):
    """Do the cells stay the same elements, at the same places, while one draws and points?"""
    page = mount(DrawDigit(), width=1000, reduced_motion="no-preference")
    page.evaluate(
        """() => {
            const root = document.querySelector("#place > div").shadowRoot;
            const cells = [...root.querySelectorAll("[role=gridcell]")];
            const places = () => cells.map(e => [e.isConnected, e.offsetTop, e.offsetLeft].join());
            const before = places().join(" ");
            window.same = () => places().join(" ") === before;
        }"""
    )
    draw(page, STROKES[8])
    assert page.evaluate("same()")
    for row, index in [("a1", 5), ("a2", 100), ("a3", 60)]:
        pointed, place = pixel(page, row, index)
        pointed.hover(position=place)
        assert say(page).startswith(f"{row}[")
        assert page.evaluate("same()"), row
    cell(page, "x", 20).hover()
    assert page.evaluate("same()")


def test_print_and_forced_colours_lose_nothing(mount):
    """Without colours, are counts black on white, and is the shown number framed?"""
    page = mount(DrawDigit(image=4, selection=("a1", 3, 1, 1)), DARK)
    page.emulate_media(media="print")
    colours = "td => [getComputedStyle(td).color, getComputedStyle(td).backgroundColor]"
    assert cell(page, "x", 3).evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    page.emulate_media(media="screen", forced_colors="active")
    shown = page.locator(".pictures-a1 td.shown")
    assert shown.evaluate("td => getComputedStyle(td).outlineStyle") == "solid"
    bar = page.locator(".pictures-p .most .bar")
    assert "gradient" in bar.evaluate("bar => getComputedStyle(bar).backgroundImage")


def test_closing_a_figure_leaves_nothing_behind(mount):
    """After the view is closed, is the page empty and the model without listeners?"""
    page = mount(DrawDigit())
    page.evaluate("close_figure()")
    assert page.locator("#place").inner_html() == ""
    assert page.evaluate("Object.values(model.listeners).every(set => set.size === 0)")


def test_with_scripts_off_tables_stand_and_with_scripts_the_figure(blank_page):
    """Does the one HTML show tables without scripts, and a pad that draws with them?"""
    figure = DrawDigit(image=4)
    page = blank_page(figure.html(), java_script_enabled=False)
    expect(page.get_by_role("table")).to_have_count(2)
    expect(page.get_by_role("row", name=re.compile(r"^8 9\d\.\d %$"))).to_be_visible()
    page = blank_page(figure.html())
    expect(page.locator(".figure-tables")).to_be_hidden()
    page.get_by_role("button", name="Clear").click()
    draw(page, STROKES[0])
    expect(page.locator(".said b")).to_have_text("0")
