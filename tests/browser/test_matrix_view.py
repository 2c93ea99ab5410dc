"""Matrix view alone in a page: its matrix, its rows, columns and copies."""

import numpy as np
from playwright.sync_api import expect

from autograder.reference import conv2d, conv_matrix, tie_gradient
from course.widgets import MatrixView
from course.widgets.tables import number
from tests.browser.sheets import cell, frames, marked, random_geometries, say, selected, texts

MATRIX = """cases => cases.map(({ image, kernel, setting }) => {
    const shape = module.tensor(image).shape;
    const plan = module.plan2d({ shape, image, kernel: module.tensor(kernel), ...setting });
    return [...module.entriesOf(plan)];
})"""


def test_the_matrix_is_that_of_the_reference(mount):
    """On random geometries, does M times x give the outputs, and M itself agree?"""
    page = mount(MatrixView())
    cases = list(random_geometries(40, seed=21))
    asked = [{"image": x.tolist(), "kernel": w.tolist(), "setting": s} for x, w, s in cases]
    for (x, w, setting), entries in zip(cases, page.evaluate(MATRIX, asked), strict=True):
        taps = np.reshape(entries, (-1, x.size))
        matrix = np.where(taps < 0, 0, w.ravel()[taps])
        y = conv2d(x, w, np.zeros(1), **setting)
        np.testing.assert_allclose(matrix @ x.ravel(), y.ravel(), rtol=1e-12, atol=1e-12)
        if setting == {"stride": 1, "padding": 0, "dilation": 1}:
            assert matrix.tolist() == conv_matrix(w[0, 0], x.shape[2:]).tolist()


def test_the_copies_of_a_weight_are_those_whose_gradients_are_summed(mount):
    """Does each weight's set of copies agree with the reference's sum over the copies?"""
    page = mount(MatrixView())
    rng = np.random.default_rng(22)
    for shape, kernel in [((3, 3), (2, 2)), ((4, 5), (2, 3)), ((6, 2), (3, 1))]:
        case = {"image": [[np.ones(shape).tolist()]], "kernel": [[np.ones(kernel).tolist()]]}
        case["setting"] = {"stride": 1, "padding": 0, "dilation": 1}
        taps = np.array(page.evaluate(MATRIX, [case])[0])
        G = rng.standard_normal(taps.size)
        sums = [G[taps == tap].sum() for tap in range(np.prod(kernel))]
        right = tie_gradient(G.reshape(-1, np.prod(shape)), kernel, shape)
        np.testing.assert_allclose(sums, right.ravel(), rtol=1e-12)


def test_the_example_of_the_lesson(mount):
    """Has the 3×3 image with a 2×2 kernel a 4×9 matrix with 16 copies, painted as such?"""
    page = mount(MatrixView())
    shown = np.reshape([int(text) for text in texts(page, "matrix")], (4, 9))
    assert shown.tolist() == conv_matrix(np.array([[1, 2], [3, 4]]), (3, 3)).tolist()
    assert page.locator('[data-row="matrix"]:not(.blank)').count() == 16
    assert texts(page, "y") == ["37", "47", "67", "77"]
    expect(page.locator(".rule")).to_contain_text(
        "M: 4 × 9 = 36 entries; 16 of them are copies of 4 weights, 20 are always 0."
    )


def test_pointing_at_an_output_frames_its_row_and_its_window(mount):
    """Are both framed, and is the product formed in numbers?"""
    page = mount(MatrixView())
    cell(page, "y", 1).hover()
    assert frames(page) == [[1, 5], [9, 17]]
    assert say(page) == (
        "y[0, 1] = w[0, 0]·x[0, 1] + w[0, 1]·x[0, 2] + w[1, 0]·x[1, 1] + w[1, 1]·x[1, 2]"
        " = 1·2 + 2·3 + 3·5 + 4·6 = 2 + 6 + 15 + 24 = 47"
        " Row 1 of M times x; its other 5 entries are 0."
    )
    assert selected(page) is None


def test_pointing_at_a_pixel_frames_its_column(mount):
    """Is its column framed, and are the outputs that it reaches ringed with their weights?"""
    page = mount(MatrixView())
    cell(page, "x", 1).hover()
    assert frames(page) == [[1, 28]]
    assert marked(page, "y") == [0, 1]
    expect(cell(page, "y", 0)).to_have_attribute("data-tag", "×2")
    assert say(page) == (
        "x[0, 1] = 2, column 1, reaches y[0, 1] through w[0, 0] = 1 and y[0, 0] through "
        "w[0, 1] = 2."
    )


def test_pointing_at_a_weight_rings_all_its_copies(mount):
    """Are exactly its copies ringed, and is it said that they are one weight?"""
    page = mount(MatrixView())
    cell(page, "w", 3).hover()
    assert marked(page, "matrix") == [4, 14, 25, 35]
    assert say(page) == (
        "w[1, 1] = 4 stands in M 4 times: M[0, 4], M[1, 5], M[2, 7] and M[3, 8]. "
        "They are one weight: its gradient is the sum of theirs."
    )


def test_pointing_into_the_matrix_shows_row_column_and_copies(mount):
    """Does an entry frame its window, ring its pixel and its copies, and say what it does?"""
    page = mount(MatrixView())
    cell(page, "matrix", 14).hover()
    assert frames(page) == [[1, 5], [9, 17]]
    assert (marked(page, "x"), marked(page, "y"), marked(page, "w")) == ([5], [1], [3])
    assert [*marked(page, "matrix"), *marked(page, "matrix", "shown")] == [4, 14, 25, 35, 14]
    assert say(page) == (
        "M[1, 5] = w[1, 1] = 4: x[1, 2] counts so much in y[0, 1]. One of 4 copies."
    )
    cell(page, "matrix", 8).hover()
    assert say(page) == "M[0, 8] is always 0: the window of y[0, 0] does not read x[2, 2]."


def test_the_padding_has_no_column(mount):
    """Padded, is a padding cell said to have none, and does a row leave it out?"""
    page = mount(MatrixView(padding=1, stride=2))
    cell(page, "x", 0).hover()
    assert say(page).startswith("A padding cell is always 0 and has no column. It reaches y[0, 0]")
    assert frames(page) == []
    cell(page, "y", 0).hover()
    assert say(page).endswith("= 4 Row 0 of M times x; its other 8 entries are 0.")


def test_the_selection_goes_both_ways(mount):
    """Is a row set from outside drawn, one clicked readable outside, and one too far the last?"""
    page = mount(MatrixView())
    page.evaluate("model.set('selection', 2)")
    assert "= 67 Row 2" in say(page)
    cell(page, "y", 0).click()
    assert selected(page) == 0
    page.evaluate("model.set('selection', 99)")
    page.mouse.move(2, 2)
    assert "= 77 Row 3" in say(page)
    page.evaluate("model.set('dilation', 9)")
    assert say(page).startswith("The kernel spans 10 rows")


def test_what_the_cells_show_is_the_reference_too(mount):
    """Are the painted outputs the reference's?"""
    x = np.array([[3.0, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]])
    w = np.array([[1.0, -2, 0.5], [0, 3, -1]])
    setting = {"padding": 1, "stride": 2, "dilation": 1}
    page = mount(MatrixView(x, w, **setting))
    y = conv2d(x[None, None], w[None, None], np.zeros(1), **setting).ravel().tolist()
    assert texts(page, "y") == [number(value) for value in y]
