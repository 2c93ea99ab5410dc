"""Receptive field alone in a page: its arithmetic, its rows, its layers."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from autograder.reference import (
    empirical_receptive_field,
    fast,
    output_length,
    receptive_field,
    receptive_region,
)
from autograder.reference.gradients_1d import conv1d_backward
from course.widgets import ReceptiveField
from course.widgets.networks import NETWORKS
from tests.browser.sheets import CONTRASTS, DARK, JUPYTER_LIGHT, cell, marked, say, selected, texts
from tests.course.widgets.test_receptive_field import random_stacks

DILATED = {"layers": [(3, 1, 0, 2)] * 3, "n": 17}
PADDED = {"layers": [(3, 2, 1, 1), (3, 1, 1, 1)], "n": 9}


def field(page, name):
    return page.get_by_label(name, exact=True)


def state(page):
    layers = page.evaluate("model.get('layers')")
    return [tuple(layer) for layer in layers], page.evaluate("model.get('n')")


# --- arithmetic --------------------------------------------------------------------------------


def paths_by_gradients(layers, n, output):
    """Count paths by sending a gradient back through kernels of ones."""
    sizes = [n]
    for layer in layers:
        sizes.append(output_length(sizes[-1], *layer))
    dy = np.eye(sizes[-1])[output]
    for (k, s, p, d), size in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        dy, _, _ = conv1d_backward(dy, np.zeros(size), np.ones(k), s, p, d)
    return dy


def test_size_jump_start_and_pixels_are_those_of_the_reference(mount):
    """On random stacks, do fields and path counts, down and up, agree with the reference?"""
    page = mount(ReceptiveField())
    stacks = list(random_stacks(60, seed=2))
    answers = page.evaluate(
        """stacks => stacks.map(([layers, n]) => {
            const plan = module.stackPlan({ n, layers });
            const { size, jump, start, length } = plan.rows.at(-1);
            const fields = Array.from({ length }, (_, output) => {
                const { first, last, used, pixels } = module.fieldOf(plan, layers.length, output);
                return { first, last, used, pixels: [...pixels] };
            });
            const { padding } = plan.rows[0];
            const up = Array.from({ length: n }, (_, index) => {
                return [...module.pathsOf(plan, { row: 0, index }).at(-1)];
            });
            return { size, jump, start, length, fields, up, problem: plan.problem };
        })""",
        [stack[:2] for stack in stacks],
    )
    for (layers, n, outputs), answer in zip(stacks, answers, strict=True):
        assert (answer["size"], answer["jump"]) == receptive_field(layers), layers
        assert (answer["length"], answer["problem"]) == (outputs, "")
        assert answer["start"] == sum(receptive_region(layers, 0)) / 2
        for output, seen in enumerate(answer["fields"]):
            assert (seen["first"], seen["last"]) == receptive_region(layers, output)
            mask = empirical_receptive_field(layers, n, output)
            assert seen["used"] == np.flatnonzero(mask).tolist()
            paths = paths_by_gradients(layers, n, output)
            assert seen["pixels"] == paths.tolist()
            assert [row[output] for row in answer["up"]] == paths.tolist()


def test_the_limits_are_the_last_settings_that_fit(mount):
    """On random stacks, does every layer fit at each limit, and none just past it?"""
    page = mount(ReceptiveField())
    parts = ["kernel", "stride", "padding", "dilation"]
    for layers, n, _ in random_stacks(12, seed=3):
        found = page.evaluate(
            """([layers, n, parts]) => {
                const plan = module.stackPlan({ n, layers });
                return layers.map((_, at) => parts.map(part => module.limitsOf(plan, at, part)));
            }""",
            [layers, n, parts],
        )

        def fits(at, part, value, layers=layers, n=n):
            changed = [list(layer) for layer in layers]
            changed[at][part] = value
            try:
                for layer in changed:
                    n = output_length(n, *layer)
            except ValueError:
                return False
            return True

        for at, limits in enumerate(found):
            for part, limit in enumerate(limits):
                assert fits(at, part, limit["least"])
                assert fits(at, part, limit["most"])
                most = [15, 8, 16, 16][part]
                assert limit["most"] == most or not fits(at, part, limit["most"] + 1)
                assert limit["least"] == [1, 1, 0, 1][part] or not fits(
                    at, part, limit["least"] - 1
                )


@pytest.mark.parametrize(
    ("name", "sizes", "jumps"),
    [
        ("Network B", [5, 6, 14, 18, 26], [1, 2, 2, 4, 4]),
        ("LeNet", [5, 6, 14, 16, 32], [1, 2, 2, 4, 4]),
        ("Dilated", [5, 9, 13], [1, 1, 1]),
    ],
)
def test_the_networks_of_the_lesson_show_their_numbers(mount, name, sizes, jumps):
    """Does a click on its name bring a network, its sizes and its jumps?"""
    page = mount(ReceptiveField([(3, 1, 1, 1)], n=9))
    page.get_by_role("radio", name=name, exact=True).check()
    rows = page.locator(".layers tbody tr").evaluate_all(
        "rows => rows.slice(1).map(row => [6, 7].map(at => Number(row.cells[at].textContent)))"
    )
    assert rows == [list(pair) for pair in zip(sizes, jumps, strict=True)]


# --- pointer and keys --------------------------------------------------------------------------


def test_pointing_at_an_output_shows_its_field_in_every_row(mount):
    """Are the cells that it reads marked down to the input, and the numbers formed?"""
    page = mount(ReceptiveField(**DILATED))
    hint = say(page)
    cell(page, "3", 2).hover()
    assert marked(page, "2", "seen") == [2, 4, 6]
    assert marked(page, "1", "seen") == [2, 4, 6, 8, 10]
    assert marked(page, "0", "seen") == [2, 4, 6, 8, 10, 12, 14]
    assert marked(page, "0", "hole") == [3, 5, 7, 9, 11, 13]
    assert texts(page, "0")[2:15:2] == ["1", "3", "6", "7", "6", "3", "1"]
    assert say(page) == (
        "Layer 3 [2] spans x[2] to x[14]: 13 pixels, 7 used and 6 not: holes. "
        "It reads layer 2 [2] to layer 2 [6]. Size 13 = 9 + 2·(3 − 1)·1; jump 1 = 1·1; "
        "start 6 = 4 + (2·(3 − 1)/2 − 0)·1; its middle 8 = 6 + 2·1. "
        "Paths: 7 of 27 to x[8], the most; 1 of 27 to x[14], at its edge."
    )
    expect(cell(page, "0", 3)).to_have_attribute("aria-label", "x[3], not used")
    assert selected(page) is None
    page.mouse.move(2, 2)
    assert say(page) == hint


def test_pointing_at_a_pixel_shows_the_outputs_that_see_it(mount):
    """Are the cells marked that it counts in, row by row, and the outputs named?"""
    page = mount(ReceptiveField(**DILATED))
    cell(page, "0", 4).hover()
    assert say(page) == "x[4] is seen by 3 of 5 outputs (0, 2, 4), through 10 paths in all."
    assert marked(page, "3", "seen") == [0, 2, 4]
    page = mount(ReceptiveField([(2, 3, 0, 1)], n=8))
    cell(page, "0", 2).hover()
    assert say(page) == "x[2] is seen by no output."


def test_a_cell_in_between_has_a_field_and_is_seen(mount):
    """Is an inner cell joined with the input above it and the outputs below?"""
    page = mount(ReceptiveField(**DILATED))
    cell(page, "2", 4).hover()
    assert say(page).startswith("Layer 2 [4] spans x[4] to x[12]: 9 pixels, 5 used and 4 not")
    assert marked(page, "3", "seen") == [0, 2, 4]
    assert marked(page, "1", "seen") == [4, 6, 8]


def test_padding_is_zero_and_ends_every_path(mount):
    """Does a field that reaches into the padding say how far, and is padding never data?"""
    page = mount(ReceptiveField(**PADDED))
    cell(page, "2", 0).hover()
    assert say(page).startswith(
        "Layer 2 [0] spans x[−3] to x[3]: 7 pixels, 3 of them in the padding; the other 4 are all"
    )
    assert marked(page, "0", "seen") == [-1, 0, 1, 2, 3]
    assert "padding" in cell(page, "1", -1).get_attribute("class")
    cell(page, "1", -1).hover()
    assert marked(page, "0", "seen") == []
    assert say(page) == (
        "A padding cell is always 0. It is seen by 1 of 5 outputs (0), through 1 path in all."
    )


def test_a_click_keeps_an_output_and_a_second_one_lets_go(mount):
    """Does the selection go both ways, and is an inner cell kept without being one?"""
    page = mount(ReceptiveField(**DILATED))
    cell(page, "3", 1).click()
    page.mouse.move(2, 2)
    assert (selected(page), say(page)[:11]) == (1, "Layer 3 [1]")
    expect(cell(page, "3", 1)).to_have_attribute("aria-selected", "true")
    cell(page, "2", 3).click()
    page.mouse.move(2, 2)
    assert (selected(page), say(page)[:11]) == (None, "Layer 2 [3]")
    page.evaluate("model.set('selection', 4)")
    assert say(page).startswith("Layer 3 [4]")
    cell(page, "3", 4).click()
    assert selected(page) is None


def test_keys_walk_along_a_row_and_across_rows(mount):
    """Do arrows move focus and mark, up and down to the nearest cell of the next row?"""
    page = mount(ReceptiveField(**DILATED))
    page.evaluate("window.heard = []; addEventListener('keydown', e => heard.push(e.key))")
    cell(page, "3", 0).focus()
    for key, row, index in [
        ("ArrowRight", "3", 1),
        ("End", "3", 4),
        ("ArrowRight", "3", 4),
        ("ArrowUp", "2", 6),
        ("Home", "2", 0),
        ("ArrowDown", "3", 0),
        ("ArrowDown", "3", 0),
    ]:
        page.keyboard.press(key)
        expect(cell(page, row, index)).to_be_focused()
        expect(cell(page, row, index)).to_have_attribute("aria-selected", "true")
    assert selected(page) == 0
    for key in ["b", "Escape", " ", "Enter"]:
        page.keyboard.press(key)
    assert page.evaluate("heard") == []
    assert selected(page) is None
    assert page.locator("[role=gridcell][tabindex='0']").count() == 4


def test_step_and_play_walk_along_the_outputs(mount):
    """Do the buttons go from output to output, playing only when asked, and stop at the end?"""
    page = mount(ReceptiveField(**DILATED), alone=True)
    page.get_by_role("button", name="Step").click()
    assert selected(page) == 0
    page.clock.install()
    page.get_by_role("button", name="Play").click()
    assert selected(page) == 1
    page.clock.run_for(5000)
    assert selected(page) == 4
    page.get_by_role("button", name="Start over").click()
    assert selected(page) is None


# --- two dimensions ----------------------------------------------------------------------------


def paths_in_2d(layers, n, output):
    """Count paths in two dimensions by sending a gradient back through kernels of ones."""
    sizes = [n]
    for layer in layers:
        sizes.append(output_length(sizes[-1], *layer))
    dy = np.zeros((1, 1, sizes[-1], sizes[-1]))
    dy[0, 0][output] = 1
    for (k, s, p, d), size in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        image, w = np.zeros((1, 1, size, size)), np.ones((1, 1, k, k))
        dy, _, _ = fast.conv2d_backward(dy, image, w, s, p, d)
    return dy[0, 0]


PAINTED = """name => {
    const root = document.querySelector("#place > div").shadowRoot;
    const canvas = root.querySelector(`.sheet-${name} canvas`);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({ length: canvas.width * canvas.height }, (_, at) =>
        data[4 * at + 3] ? [...data.slice(4 * at, 4 * at + 3)] : null);
}"""


def spot(page, name):
    """Return the cell of a picture on which the keyboard is."""
    return page.locator(f'.maps [data-row="{name}"]')


def hover(page, name, i, j, side):
    """Point at pixel (i, j) of a picture with so many pixels on each side."""
    area = page.locator(f".sheet-{name} .pixels")
    box = area.bounding_box()
    at = {"x": (j + 0.5) / side * box["width"], "y": (i + 0.5) / side * box["height"]}
    area.hover(position=at)
    return area, at


def test_the_picture_is_the_gradient_of_a_layer_in_two_dimensions(mount):
    """On random stacks, is each pixel painted that a 2-D gradient reaches, by its paths?"""
    for layers, n, outputs in random_stacks(5, seed=7):
        output = (outputs // 2, outputs - 1)
        page = mount(ReceptiveField(layers, n=n, view="2d", selection=output))
        right = paths_in_2d(layers, n, output)
        painted = page.evaluate(PAINTED, "picture")
        assert [one is not None for one in painted] == (right > 0).ravel().tolist()
        if not right.any():
            continue
        expected = page.evaluate(
            "([counts, most]) => counts.map(count => count && module.heat(count, most, false).rgb)",
            [right.ravel().tolist(), right.max()],
        )
        assert painted == [one or None for one in expected]
        kept = [one is not None for one in page.evaluate(PAINTED, "outputs")]
        assert kept.index(True) == output[0] * outputs + output[1]
        assert kept.count(True) == 1


def test_an_output_is_pointed_at_in_the_picture_and_the_rows_follow(mount):
    """Are field, holes and paths of both axes told, and is its column shown in the rows?"""
    page = mount(ReceptiveField(**DILATED, view="2d"))
    hint = say(page)
    area, at = hover(page, "outputs", 1, 3, 5)
    assert say(page) == (
        "Layer 3 [1, 3] spans x[1, 3] to x[13, 15]: 13 × 13 pixels, 49 used and 120 not: holes. "
        "Rows and columns go through the same layers, so the paths to a pixel are those to its "
        "row times those to its column: 7·7 = 49 of 729 to x[7, 9], the most; 1·1 = 1 of 729 to "
        "x[13, 15], at the corner. Half of all paths end in the 9 × 9 pixels around x[7, 9]."
    )
    assert marked(page, "0", "seen") == [3, 5, 7, 9, 11, 13, 15]
    assert marked(page, "3", "shown") == [3]
    page.mouse.move(2, 2)
    assert say(page) == hint
    area.click(position=at)
    assert selected(page) == [1, 3]
    page.mouse.move(2, 2)
    assert say(page).startswith("Layer 3 [1, 3]")
    area.click(position=at)
    assert selected(page) is None


def test_a_pixel_is_pointed_at_and_the_outputs_that_see_it_are_painted(mount):
    """Is the product of both axes told, and painted among the outputs?"""
    page = mount(ReceptiveField(**DILATED, view="2d"))
    hover(page, "picture", 4, 8, 17)
    assert say(page) == (
        "x[4, 8] is seen by 3 × 3 = 9 of 25 outputs, through 10·19 = 190 paths in all."
    )
    seen = [at for at, one in enumerate(page.evaluate(PAINTED, "outputs")) if one]
    assert seen == [0, 2, 4, 10, 12, 14, 20, 22, 24]
    assert marked(page, "0", "shown") == [8]


def test_a_cell_of_the_rows_keeps_the_row_of_what_is_kept(mount):
    """Does the pointer on the rows of cells move the columns alone, and a click keep both?"""
    page = mount(ReceptiveField(**DILATED, view="2d", selection=(1, 3)))
    cell(page, "3", 0).hover()
    assert say(page).startswith("Layer 3 [1, 0] spans x[1, 0] to x[13, 12]")
    cell(page, "1", 4).hover()
    assert say(page).startswith("Layer 1 [5, 4] spans x[5, 4] to x[9, 8]")
    cell(page, "3", 0).click()
    assert selected(page) == [1, 0]
    cell(page, "3", 0).click()
    assert selected(page) is None
    cell(page, "3", 2).click()
    assert selected(page) == [2, 2]


def test_keys_walk_over_both_pictures(mount):
    """Do arrows move over outputs and pixels in two directions, and Escape let go?"""
    page = mount(ReceptiveField(**DILATED, view="2d"))
    spot(page, "outputs").focus()
    for key, place in [
        ("ArrowDown", [1, 0]),
        ("End", [1, 4]),
        ("ArrowRight", [1, 4]),
        ("ArrowUp", [0, 4]),
    ]:
        page.keyboard.press(key)
        assert selected(page) == place
        expect(spot(page, "outputs")).to_have_attribute(
            "aria-label", f"Layer 3 [{place[0]}, {place[1]}], 1 path"
        )
    expect(spot(page, "outputs")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    assert selected(page) is None
    page.evaluate("model.set('selection', [2, 2])")
    spot(page, "picture").focus()
    expect(spot(page, "picture")).to_have_attribute("aria-label", "x[8, 8], 49 paths")
    page.keyboard.press("ArrowLeft")
    assert say(page).startswith("x[8, 7] is seen by")
    assert selected(page) is None


def test_the_pictures_are_grids_with_a_name_and_one_stop_each(mount):
    """Without a selection too, has each picture a name, and its one cell a name and a stop?"""
    page = mount(ReceptiveField(**DILATED, view="2d"))
    for words, name in [
        ("input as a picture", "x[0, 0]"),
        ("outputs as a picture", "Layer 3 [0, 0]"),
    ]:
        here = page.get_by_role("grid", name=words, exact=True).get_by_role("gridcell")
        expect(here).to_have_accessible_name(name)
        expect(here).to_have_attribute("tabindex", "0")


def test_steps_go_over_all_outputs_of_the_picture(mount):
    """Does Step go along a row and on to the next one?"""
    page = mount(ReceptiveField([(3, 2, 0, 1)], n=7, view="2d", selection=(0, 2)))
    page.get_by_role("button", name="Step").click()
    assert selected(page) == [1, 0]
    page.get_by_role("button", name="Back").click()
    assert selected(page) == [0, 2]


def test_the_view_changes_and_the_selection_stays(mount):
    """Is one number both axes, does a pair show its column, and are pictures there in 2d only?"""
    page = mount(ReceptiveField(**DILATED, selection=2))
    expect(page.locator(".maps")).to_have_count(0)
    page.get_by_role("radio", name="Two axes").check()
    assert page.evaluate("model.get('view')") == "2d"
    assert say(page).startswith("Layer 3 [2, 2] spans")
    page.evaluate("model.set('selection', [0, 3])")
    page.get_by_role("radio", name="One axis").check()
    assert say(page).startswith("Layer 3 [3] spans x[3] to x[15]")
    field(page, "number of inputs n").fill("14")
    page.keyboard.press("Enter")
    assert selected(page) == [0, 1]


def test_a_field_beyond_the_edge_and_padding_alone_are_told(mount):
    """Does a 2-D field say how many of its pixels are padding, and an empty one that it is?"""
    page = mount(ReceptiveField(**PADDED, view="2d", selection=0))
    assert say(page).startswith(
        "Layer 2 [0, 0] spans x[−3, −3] to x[3, 3]: 7 × 7 pixels, 33 of them in the padding; "
        "the other 16 are all used."
    )
    page = mount(ReceptiveField([(1, 1, 1, 1)], n=3, view="2d", selection=(0, 2)))
    assert "No path leads to the input: it sees padding alone." in say(page)


# --- layers ------------------------------------------------------------------------------------


def test_a_layer_can_be_changed_added_and_removed(mount):
    """Do the fields and buttons change the model, and do picture and numbers follow?"""
    page = mount(ReceptiveField(**DILATED))
    field(page, "layer 2, stride").fill("2")
    page.keyboard.press("Enter")
    assert state(page) == ([(3, 1, 0, 2), (3, 2, 0, 2), (3, 1, 0, 2)], 17)
    assert len(texts(page, "3")) == 1
    page.get_by_role("button", name="Add a layer").click()
    assert state(page)[0][-1] == (3, 1, 1, 1)
    assert page.get_by_role("grid").count() == 5
    page.get_by_role("button", name="Remove layer 2").click()
    assert state(page)[0] == [(3, 1, 0, 2), (3, 1, 0, 2), (3, 1, 1, 1)]
    expect(page.get_by_role("button", name="Remove layer 2")).to_be_focused()
    expect(page.get_by_role("radio", name="Dilated")).not_to_be_checked()


def test_illegal_settings_cannot_be_reached(mount):
    """Whatever is typed, does every layer fit, and is the reason printed while one types?"""
    page = mount(ReceptiveField(**DILATED))
    reasons = page.locator(".reasons")
    field(page, "layer 1, kernel").focus()
    expect(reasons).to_have_text(
        "Layer 1, kernel: 1 to 5. "
        "With 6: Layer 3: the kernel spans 5 cells, and the row before it has 3: "
        "no window fits."
    )
    for name in ["number of inputs n", "layer 1, kernel", "layer 2, dilation", "layer 3, padding"]:
        for typed in ["99", "-5", "2.6", ""]:
            field(page, name).fill(typed)
            page.keyboard.press("Tab")
            layers, length = state(page)
            for layer in layers:
                length = output_length(length, *layer)
            expect(page.locator(".stage")).to_be_visible()
    field(page, "layer 1, stride").focus()
    expect(reasons).to_contain_text("Layer 1, stride: 1 to")


def test_the_most_layers_are_told(mount):
    """Does "Add a layer" say why it adds no more than 60?"""
    page = mount(ReceptiveField([(1, 1, 0, 1)] * 59, n=9))
    page.get_by_text("The 59 layers, with size, jump and start").click()
    button, reasons = page.get_by_role("button", name="Add a layer"), page.locator(".reasons")
    expect(reasons).to_have_text("")
    button.click()
    expect(reasons).to_have_text("60 layers are the most that this figure draws.")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    assert len(state(page)[0]) == 60


def test_adding_the_layer_that_folds_the_rows_keeps_the_table_open(mount):
    """With one layer too many for single rows, does the table stay, and can rows be unfolded?"""
    page = mount(ReceptiveField([(3, 1, 1, 1)] * 8, n=20))
    labels, rows = page.locator(".label:not(.over) b"), page.get_by_role("group", name="Rows")
    expect(labels).to_have_text(["x", *"12345678"])
    expect(rows).to_be_hidden()
    page.get_by_role("button", name="Add a layer").click()
    expect(page.get_by_role("button", name="Remove layer 9")).to_be_visible()
    expect(labels).to_have_text(["x", "1–9"])
    rows.get_by_role("radio", name="Every layer").check()
    expect(labels).to_have_text(["x", *"123456789"])


def test_large_counts_are_written_short(mount):
    """Are numbers of paths that no cell has room for written in thousands or powers of ten?"""
    page = mount(ReceptiveField([(5, 1, 2, 1)] * 8, n=9, selection=4))
    words = texts(page, "0")
    assert "" not in words[2:-2]
    names = [one.get_attribute("aria-label") for one in cell(page, "0", 4).all()]
    assert re.fullmatch(r"x\[4\], [0-9]{5} paths", names[0])
    assert words[6] == names[0].split()[1][:2] + "k"
    short = page.evaluate(
        """() => [[999, 3], [12345, 3], [123456, 3], [123456, 4], [7.5e6, 3], [3e23, 4], [3e23, 3]]
            .map(given => module.shortCount(...given))"""
    )
    assert short == ["999", "12k", "1e5", "123k", "7M", "1e23", "…"]


def test_the_last_layer_stays(mount):
    """Is a stack never empty?"""
    page = mount(ReceptiveField([(3, 1, 0, 1)], n=9))
    button = page.get_by_role("button", name="Remove layer 1")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    assert state(page)[0] == [(3, 1, 0, 1)]


def test_fewer_outputs_move_the_selection_to_the_last_one(mount):
    """Does a selection that is gone after a change end on the last output?"""
    page = mount(ReceptiveField(**DILATED, selection=4))
    field(page, "number of inputs n").fill("14")
    page.keyboard.press("Enter")
    assert (selected(page), say(page)[:11]) == (1, "Layer 3 [1]")


def test_values_that_cannot_be_drawn_are_told_in_words(mount):
    """Does a linked slider that runs too far break nothing?"""
    page = mount(ReceptiveField(**DILATED, selection=1))
    page.evaluate("model.set('n', 12)")
    assert say(page) == (
        "Layer 3: the kernel spans 5 cells, and the row before it has 4: no window fits."
    )
    page.evaluate("model.set('layers', [[3, 0, 0, 1]])")
    assert say(page) == "Layer 1: stride must be a whole number, at least 1."
    page.evaluate("model.set('layers', [[3, 1, 0, 1]])")
    assert say(page).startswith("Layer 1 [1]")


# --- looks -------------------------------------------------------------------------------------


def test_a_large_network_is_drawn_as_strips(mount):
    """Are rows too fine to point at pictures, the field still whole, and the numbers right?"""
    page = mount(ReceptiveField("VGG-16", selection=0))
    page.get_by_role("radio", name="Every layer").check()
    assert page.locator("canvas.strip").count() == 10
    assert page.get_by_role("grid").count() == 9
    assert say(page).startswith("Layer 18 [0] spans x[−90] to x[121]: 212 pixels, 90 of them in")
    painted = page.locator("canvas.strip").first.evaluate(
        """strip => {
            const { data } = strip.getContext("2d").getImageData(0, 0, strip.width, 1);
            return Array.from({ length: strip.width }, (_, at) => data[4 * at + 3] > 0);
        }"""
    )
    assert [at - 1 for at, one in enumerate(painted) if one] == [*range(-1, 122), 224]


def test_a_large_network_has_one_row_a_jump(mount):
    """Are layers of one jump folded into the last of them, and do keys and pointer go on?"""
    page = mount(ReceptiveField("VGG-16"))
    labels = page.locator(".label:not(.over) b").all_inner_texts()
    assert labels == ["x", "1–2", "3–5", "6–9", "10–13", "14–17", "18"]
    cell(page, "18", 3).click()
    page.keyboard.press("ArrowUp")
    expect(cell(page, "17", 7)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page, "13", 15)).to_be_focused()
    first, last = receptive_region(NETWORKS["VGG-16"][0][:13], 15)
    assert say(page).startswith(f"Layer 13 [15] spans x[{first}] to x[{last}]: 92 pixels, all used")
    page.mouse.move(2, 2)
    page.get_by_role("radio", name="Every layer").check()
    assert page.locator(".label:not(.over) b").count() == 19
    assert say(page).startswith("Layer 13 [15] spans")


@pytest.mark.parametrize("view", ["1d", "2d"])
@pytest.mark.parametrize("network", ["VGG-16", "GoogLeNet", "ResNet-50", "MobileNet"])
def test_a_large_network_fits_a_window(mount, network, view):
    """In a window of 1366 by 768, is the whole figure to be seen, with the words of an output?"""
    page = mount(ReceptiveField(network, view=view, selection=3), width=1366)
    assert page.locator(".figure").bounding_box()["height"] <= 768
    expect(page.locator(".layers")).to_be_hidden()
    page.get_by_text("layers, with size, jump and start").click()
    expect(page.locator(".layers")).to_be_visible()


@pytest.mark.parametrize(("name", "said"), [("ResNet-18", "shortcuts"), ("GoogLeNet", "5×5")])
def test_what_has_to_be_said_of_a_network_stands_beside_it(mount, name, said):
    """Is it said which branch the layers go through, as long as they are that network's?"""
    page = mount(ReceptiveField("VGG-16"))
    page.get_by_role("radio", name=name).check()
    expect(page.locator(".note")).to_contain_text(said)
    page.get_by_text("layers, with size, jump and start").click()
    field(page, "layer 1, padding").fill("2")
    page.keyboard.press("Enter")
    expect(page.locator(".note")).to_have_text("")


@pytest.mark.parametrize(
    ("theme", "dark"), [(JUPYTER_LIGHT, False), (DARK, True)], ids=["light", "dark"]
)
def test_every_text_can_be_read(mount, theme, dark):
    """Has every text a contrast of 4.5?"""
    page = mount(ReceptiveField(view="2d", selection=1), theme)
    assert page.locator(".figure.dark").count() == dark
    for row, index in [("5", 0), ("0", 12)]:
        cell(page, row, index).hover()
        found = page.evaluate(CONTRASTS)["found"]
        assert [text for text in found if text[2] < 4.5] == []
        assert len(found) > 60


@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize("network", ["Network B", "VGG-16"])
@pytest.mark.parametrize("view", ["1d", "2d"])
def test_nothing_overflows_and_every_target_is_large_enough(mount, network, width, view):
    """At phone and notebook widths, does the page never scroll sideways, with 24 px targets?"""
    page = mount(ReceptiveField(network, view=view, selection=0), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    targets = page.locator("button, input, summary, [role=gridcell], fieldset.choice label")
    for box in targets.evaluate_all(
        "all => all.filter(e => e.getClientRects().length).map(e => e.getBoundingClientRect())"
    ):
        assert min(box["width"], box["height"]) >= 24


def test_a_selection_is_scrolled_into_view(mount):
    """On a narrow page, is what Python has selected to be seen, at first and later?"""
    page = mount(ReceptiveField("VGG-16", selection=6), width=420)

    def seen(index):
        here, stage = cell(page, "18", index).bounding_box(), page.locator(".stage").bounding_box()
        return 0 <= here["x"] - stage["x"] <= stage["width"] - here["width"]

    assert (seen(0), seen(6)) == (False, True)
    page.evaluate("model.set('selection', 0)")
    assert (seen(0), seen(6)) == (True, False)


def test_the_figure_grows_with_its_scale(mount):
    """Is every cell twice as wide at scale 2?"""
    widths = [
        cell(mount(ReceptiveField(scale=scale)), "0", 3).bounding_box()["width"] for scale in (1, 2)
    ]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.03)


def test_pointing_builds_no_cell_again_and_nothing_moves(mount):
    """Do the cells stay the same elements, and is there no animation to switch off?"""
    page = mount(ReceptiveField(), reduced_motion="no-preference")
    page.evaluate(
        """() => {
            window.root = document.querySelector("#place > div").shadowRoot;
            window.cells = [...root.querySelectorAll("td")];
            window.same = () => cells.every((td, at) => td === root.querySelectorAll("td")[at]);
            window.moving = () => root.getAnimations().length;
        }"""
    )
    for row, index in [("5", 0), ("5", 1), ("0", 3)]:
        cell(page, row, index).hover()
        assert page.evaluate("[same(), moving()]") == [True, 0]


def test_print_and_forced_colours_lose_nothing(mount):
    """Without colours, are counts black on white, holes dotted and padding dashed?"""
    page = mount(ReceptiveField([(3, 2, 1, 2)], n=9, selection=1), DARK)
    page.emulate_media(media="print")
    colours = "td => [getComputedStyle(td).color, getComputedStyle(td).backgroundColor]"
    assert cell(page, "0", 3).evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    page.emulate_media(media="screen", forced_colors="active")
    border = "td => getComputedStyle(td).borderTopStyle"
    assert cell(page, "0", -1).evaluate(border) == "dashed"
    assert cell(page, "0", 2).evaluate(border) == "dotted"
    assert cell(page, "1", 1).evaluate("td => getComputedStyle(td).outlineStyle") == "solid"


def test_closing_a_figure_leaves_nothing_behind(mount):
    """After the view is closed, is the page empty and the model without listeners?"""
    page = mount(ReceptiveField())
    page.evaluate("close_figure()")
    assert page.locator("#place").inner_html() == ""
    assert page.evaluate("Object.values(model.listeners).every(set => set.size === 0)")


def test_with_scripts_off_tables_stand_and_with_scripts_the_figure(blank_page):
    """Does the one HTML show tables without scripts, and the live figure with them?"""
    figure = ReceptiveField(**DILATED, selection=2)
    page = blank_page(figure.html(), java_script_enabled=False)
    expect(page.get_by_role("table")).to_have_count(2)
    expect(page.get_by_role("row", name="input x 2, 4, 6, 8, 10, 12, 14 7 0")).to_be_visible()
    page = blank_page(figure.html())
    expect(page.locator(".figure-tables")).to_be_hidden()
    cell(page, "3", 0).hover()
    expect(page.get_by_role("status")).to_contain_text("Layer 3 [0] spans x[0] to x[12]")
