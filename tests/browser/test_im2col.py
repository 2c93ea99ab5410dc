"""im2col alone in a page: its columns, its products, what is linked with what."""

import numpy as np
import pytest
from playwright.sync_api import expect

from autograder.reference import conv2d_loops, im2col
from course.widgets import Im2Col
from course.widgets.tables import number
from tests.browser.sheets import both, cell, frames, marked, random_geometries, say, selected, texts

THREE = [[[[1, 2], [3, 4]]], [[[1, 0], [0, 1]]], [[[-1, 1], [2, -2]]]]


def test_the_columns_and_the_product_are_those_of_the_reference(mount):
    """On random batches, do X_col and y agree with `autograder.reference`?"""
    page = mount(Im2Col())
    cases = list(random_geometries(40, seed=21, batches=True))
    answers = page.evaluate(
        """cases => cases.map(({ image, kernel, setting }) => {
            const shape = module.tensor(image).shape;
            const plan = module.plan2d({ shape, image, kernel: module.tensor(kernel), ...setting });
            const columns = [...plan.source].map(pixel => plan.x[pixel]);
            const y = [...module.forward2d(plan)];
            const names = y.map((_, at) => module.outputAt(plan, at));
            const back = names.every(({ f, col }, at) => module.outputOf(plan, f, col) === at);
            return { columns, y, back };
        })""",
        [{"image": x.tolist(), "kernel": w.tolist(), "setting": s} for x, w, s in cases],
    )
    for (x, w, setting), answer in zip(cases, answers, strict=True):
        columns = im2col(x, w.shape[2:], **setting)
        assert np.array_equal(np.reshape(answer["columns"], columns.shape), columns)
        if both(setting.pop("dilation")) == [1, 1]:
            y = conv2d_loops(x, w, np.zeros(len(w)), **setting)
            np.testing.assert_allclose(np.reshape(answer["y"], y.shape), y, rtol=1e-12, atol=1e-12)
        assert answer["back"]


def test_what_the_cells_show_is_the_reference_too(mount):
    """Do the painted columns of a batch hold what the reference's hold, in its order?"""
    x, w, setting = next(random_geometries(1, seed=22, batches=True))
    page = mount(Im2Col(x, w, **setting))
    columns = im2col(x, w.shape[2:], **setting)
    assert texts(page, "cols") == [number(value) for value in columns.ravel().tolist()]
    assert texts(page, "w") == [number(value) for value in w.ravel().tolist()]


def test_the_lesson_example_is_4_by_25(mount):
    """Does the default show the 4×4 image 0…15 padded to 6×6, and a 4×25 matrix?"""
    page = mount(Im2Col())
    assert len(texts(page, "x")) == 36
    assert len(texts(page, "cols")) == 4 * 25
    columns = im2col(np.arange(16.0).reshape(1, 1, 4, 4), 2, 1, 1)
    assert texts(page, "cols") == [number(value) for value in columns.ravel().tolist()]


def test_heads_of_small_maps_do_not_run_into_each_other(mount):
    """Does the head of each of four maps of 2×2 end before that of the next map begins?"""
    page = mount(Im2Col(np.ones((2, 1, 3, 3)), np.ones((2, 1, 2, 2)), padding=0))
    heads = page.locator(".sheet-y .block")
    assert heads.all_inner_texts() == [
        "n = 0, f = 0",
        "n = 1, f = 0",
        "n = 0, f = 1",
        "n = 1, f = 1",
    ]
    boxes = [head.bounding_box() for head in heads.all()]
    for left, right in [boxes[:2], boxes[2:]]:
        assert left["x"] + left["width"] <= right["x"]


def test_pointing_at_an_output_shows_window_column_and_product(mount):
    """Are window, column and row framed together, and the product in numbers?"""
    page = mount(Im2Col())
    cell(page, "y", 7).hover()
    assert say(page) == (
        "y[1, 2] is row 0 of W_row times column 7 of X_col. y[1, 2] = W_row[0, 0]·X_col[0, 7]"
        " + W_row[0, 1]·X_col[1, 7] + W_row[0, 2]·X_col[2, 7] + W_row[0, 3]·X_col[3, 7]"
        " = 1·1 + 2·2 + 3·5 + 4·6 = 1 + 4 + 15 + 24 = 44"
    )
    assert frames(page) == [[8, 15], [0, 3], [7, 82]]
    expect(cell(page, "cols", 57)).to_have_attribute("data-tag", "×3")
    page.mouse.move(2, 2)
    assert frames(page) == []


def test_pointing_at_a_column_shows_its_window(mount):
    """Is the same window framed from the column's side, and the entry's pixel named?"""
    page = mount(Im2Col())
    cell(page, "cols", 57).hover()
    assert frames(page) == [[8, 15], [7, 82]]
    assert marked(page, "x") == [14]
    assert marked(page, "y") == [7]
    assert say(page) == (
        "X_col[2, 7] = x[1, 1] = 5: row 2 is kernel row 1, kernel column 0; "
        "column 7 is output position (1, 2)."
    )


def test_pointing_at_a_pixel_shows_every_copy(mount):
    """Are all the places that hold this pixel ringed and counted, and no other?"""
    page = mount(Im2Col(kernel=THREE))
    cell(page, "x", 14).hover()
    places = np.argwhere(im2col(np.arange(16.0).reshape(1, 1, 4, 4), 2, 1, 1) == 5)
    assert marked(page, "cols") == [25 * row + column for row, column in places.tolist()]
    assert say(page) == (
        "x[1, 1] = 5 is copied 4 times: to X_col[0, 12], X_col[1, 11], X_col[2, 7] and X_col[3, 6]."
    )
    assert len(marked(page, "y")) == 3 * 4
    cell(page, "x", 0).hover()
    assert say(page) == "A padding cell is always 0. It is copied once: to X_col[0, 0]."
    page = mount(Im2Col(stride=3, padding=0))
    cell(page, "x", 15).hover()
    assert say(page) == "x[3, 3] = 15 is in no window, so it is copied nowhere."


def test_pointing_at_a_weight_shows_its_row(mount):
    """Is the row of X_col that it multiplies framed, and its pixels ringed?"""
    page = mount(Im2Col(kernel=THREE, padding=0))
    cell(page, "w", 6).hover()
    assert frames(page) == [[18, 26]]
    assert marked(page, "x") == [4, 5, 6, 8, 9, 10, 12, 13, 14]
    assert say(page).startswith("W_row[1, 2] = w[1, 0, 1, 0] = 0: row 2 is kernel row 1,")


def test_the_image_index_runs_fastest(mount):
    """In a batch of two, do steps go from the first image's window to the second's?"""
    images = np.stack([np.full((1, 3, 4), 1), np.full((1, 3, 4), 10)])
    page = mount(Im2Col(images, [[1, 1], [1, 1]], padding=0))
    step = page.get_by_role("button", name="Step")
    said = []
    for _ in range(3):
        step.click()
        said.append(say(page))
    assert [words.split(" ")[-1] for words in said] == ["4", "40", "4"]
    assert [words[:14] for words in said] == ["y[0, 0, 0, 0] ", "y[1, 0, 0, 0] ", "y[0, 0, 0, 1] "]


def test_the_selection_is_a_column_and_goes_both_ways(mount):
    """Is a column set from outside drawn, one clicked inside readable, one too far the last?"""
    page = mount(Im2Col(kernel=THREE))
    page.evaluate("model.set('selection', 7)")
    assert say(page).endswith("= 44")
    cell(page, "cols", 57 - 1).click()
    assert selected(page) == 6
    cell(page, "y", 25 + 3).click()
    assert selected(page) == 3
    page.evaluate("model.set('selection', 999)")
    page.mouse.move(2, 2)
    assert say(page).startswith("y[0, 0, 4, 4] is row 0 of W_row times column 24")


def test_wide_matrices_are_turned_over_page_by_page(mount):
    """With 768 columns, does pointing, stepping and the keyboard turn to the right page?"""
    rng = np.random.default_rng(0)
    x, w = rng.integers(-9, 10, (3, 4, 16, 16)), rng.integers(-3, 4, (2, 4, 3, 3))
    page = mount(Im2Col(x, w, padding=1, stride=1))
    pager = page.locator(".pager span")
    assert len(texts(page, "cols")) <= 900
    expect(pager).to_have_text("columns 0 to 24 of 768")
    page.evaluate("model.set('selection', 400)")
    expect(pager).to_have_text("columns 400 to 424 of 768")
    columns = im2col(x.astype(float), 3, 1, 1)
    box = page.locator(".sheet-cols .scroll")
    for place in ["box.scrollHeight", "0"]:  # what is out of view is filled when it is scrolled to
        box.evaluate(f"box => {{ box.scrollTop = {place} }}")
        seen = page.locator('[data-row="cols"]:visible')
        expect(cell(page, "cols", 400 if place == "0" else 35 * 768 + 424)).to_be_visible()
        found = dict(seen.evaluate_all("all => all.map(td => [+td.dataset.index, td.innerText])"))
        assert len(found) > 300
        assert found == {at: number(columns[divmod(at, 768)]) for at in found}
    cell(page, "cols", 424).click()
    page.keyboard.press("ArrowRight")
    expect(pager).to_have_text("columns 425 to 449 of 768")
    assert selected(page) == 425
    expect(cell(page, "cols", 425)).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Columns after").click()
    expect(pager).to_have_text("columns 450 to 474 of 768")


@pytest.mark.parametrize(("channels", "lines"), [(1, 3), (2, 2)])
def test_of_a_long_sum_the_factors_are_enough(mount, channels, lines):
    """Of up to 40 terms the products are listed, of more the total and the factors alone."""
    rng = np.random.default_rng(3)
    image, kernel = rng.integers(-9, 10, (channels, 6, 6)), rng.integers(1, 4, (1, channels, 5, 5))
    page = mount(Im2Col(image[None], kernel, padding=0))
    page.evaluate("model.set('selection', 0)")
    said = page.locator(".words-line .line")
    expect(said).to_have_count(lines)
    value = int((image[:, :5, :5] * kernel[0]).sum())
    total = f"{number(value)}, the sum of {25 * channels} terms"
    expect(said.first).to_contain_text(total)
    assert said.nth(1).inner_text().count("·") == 25 * channels
