"""col2im alone in a page: what is written where, in three ways, and how often."""

import numpy as np
import pytest
from playwright.sync_api import expect

from autograder.reference import col2im, conv2d, im2col_indices
from course.widgets import Col2Im
from course.widgets.tables import number
from tests.browser.sheets import both, cell, frames, marked, random_geometries, say, selected, texts

P2 = np.outer([1, 2, 3, 4], [1, 10, 100, 1000])
COVERAGE = "1 2 2 1 2 4 4 2 2 4 4 2 1 2 2 1"


def by_numpy(cols, shape, kernel, write, *, stride, padding, dilation):
    """Write columns into a padded image as NumPy does: by window, or by fancy indexing."""
    N, C, H, W = shape
    k, i, j = im2col_indices(shape, kernel, stride, padding, dilation)
    above, left = both(padding)
    image = np.zeros((N, C, H + 2 * above, W + 2 * left))
    values = cols.reshape(len(k), -1, N)  # (C*KH*KW, OH*OW, N)
    if write == "fancy +=":
        for n in range(N):
            image[n][k, i, j] += values[:, :, n]
    else:
        for position in range(i.shape[1]):
            for n in range(N):
                image[n][k[:, 0], i[:, position], j[:, position]] = values[:, position, n]
    return image[:, :, above : above + H, left : left + W]


def test_the_image_is_the_references_in_all_three_ways(mount):
    """On random batches, is += the reference's col2im, and are the others what NumPy does?"""
    page = mount(Col2Im())
    rng = np.random.default_rng(41)
    cases = []
    for x, w, setting in random_geometries(30, seed=42, batches=True):
        _, _, OH, OW = conv2d(x, w, np.zeros(len(w)), **setting).shape
        cols = rng.integers(-9, 10, (w[0].size, OH * OW * len(x))).astype(float)
        cases.append((x.shape, w.shape, cols, setting))
    answers = page.evaluate(
        """cases => cases.map(({ shape, kernel, cols, setting }) => {
            const plan = module.plan2d({ shape, kernel: { shape: kernel }, ...setting });
            const pixels = [...plan.x.keys()].filter(at => !module.isPaddingPixel(plan, at));
            return ["+=", "=", "fancy +="].map(write => {
                const image = module.scatter2d(plan, cols, write, plan.columns);
                return pixels.map(at => image[at]);
            });
        })""",
        [
            {"shape": list(x), "kernel": list(w), "cols": c.ravel().tolist(), "setting": s}
            for x, w, c, s in cases
        ],
    )
    for (shape, w, cols, setting), (added, assigned, fancy) in zip(cases, answers, strict=True):
        right = col2im(cols, shape, w[2:], **setting)
        assert np.array_equal(np.reshape(added, shape), right)
        for write, image in [("=", assigned), ("fancy +=", fancy)]:
            expected = by_numpy(cols, shape, w[2:], write, **setting)
            assert np.array_equal(np.reshape(image, shape), expected)


def test_what_the_cells_show_is_the_reference_too(mount):
    """Are the painted pixels the reference's?"""
    rng = np.random.default_rng(43)
    cols = rng.integers(-9, 10, (6, 9)).astype(float)
    page = mount(Col2Im((4, 5), (2, 3), cols, padding=1, stride=2))
    expected = col2im(cols, (1, 1, 4, 5), (2, 3), 2, 1)
    inside = page.locator('[data-row="dx"]:not(.padding)').all_inner_texts()
    assert inside == [number(value) for value in expected.ravel().tolist()]


def test_coverage_of_a_4_by_4_image_by_a_3_by_3_kernel(mount):
    """Does the default count 1 2 2 1 / 2 4 4 2 …, and do ones as columns give the same image?"""
    page = mount(Col2Im())
    assert " ".join(texts(page, "cover")) == COVERAGE
    assert texts(page, "dx")[5] == "1111"
    cell(page, "cover", 5).hover()
    assert say(page) == (
        "coverage[1, 1] = 4: so many windows are over it, those of columns 0, 1, 2 and 3."
    )
    page = mount(Col2Im(cols=np.ones((9, 4))))
    assert " ".join(texts(page, "dx")) == COVERAGE


@pytest.mark.parametrize(
    ("write", "label", "words"),
    [
        (
            "+=",
            "Add, +=",
            "dx[1, 1] = dX_col[3, 0] + dX_col[2, 1] + dX_col[1, 2] + dX_col[0, 3] "
            "= 4 + 30 + 200 + 1000"
            " = 1234",
        ),
        (
            "=",
            "Overwrite, =",
            "dx[1, 1] = dX_col[0, 3] = 1000: the last window that writes to it wins. Lost: "
            "dX_col[3, 0] = 4, dX_col[2, 1] = 30 and dX_col[1, 2] = 200.",
        ),
        (
            "fancy +=",
            "NumPy, x[k, i, j] +=",
            "dx[1, 1] = dX_col[3, 0] = 4: NumPy adds each to the old value 0 and keeps the last in "
            "the matrix. Lost: dX_col[2, 1] = 30, dX_col[1, 2] = 200 and dX_col[0, 3] = 1000.",
        ),
    ],
)
def test_the_place_value_probe_in_three_ways(mount, write, label, words):
    """Is the centre 1234 with +=, 1000 with =, 4 with NumPy's buffered +=, and is it said why?"""
    page = mount(Col2Im((3, 3), 2, P2))
    page.get_by_role("radio", name=label).check()
    assert page.evaluate("model.get('write')") == write
    cell(page, "dx", 4).hover()
    assert say(page) == words
    kept = {"+=": [3, 6, 9, 12], "=": [3], "fancy +=": [12]}[write]
    assert marked(page, "cols") == kept
    assert sorted(kept + marked(page, "cols", "lost")) == [3, 6, 9, 12]


def test_what_is_added_has_one_sign(mount):
    """Does a column of −7.5 and 2 add −7.5 and +2?"""
    cols = np.full((9, 4), 2.0)
    cols[0] = -7.5
    page = mount(Col2Im(cols=cols, selection=0))
    expect(cell(page, "dx", 0)).to_have_attribute("data-tag", "\u22127.5")
    expect(cell(page, "dx", 1)).to_have_attribute("data-tag", "+2")


def test_stepping_writes_one_column_after_the_other(mount):
    """Does each step add its column's window to the image, framed with what is added?"""
    page = mount(Col2Im())
    step = page.get_by_role("button", name="Step")
    step.click()
    assert " ".join(texts(page, "dx")) == "1 1 1 0 1 1 1 0 1 1 1 0 0 0 0 0"
    assert frames(page) == [[0, 10], [0, 10], [0, 32]]
    step.click()
    assert selected(page) == 1
    assert " ".join(texts(page, "dx")) == "1 11 11 10 1 11 11 10 1 11 11 10 0 0 0 0"
    expect(cell(page, "dx", 1)).to_have_attribute("data-tag", "+10")
    expect(page.locator(".sheet-dx .title")).to_have_text("dx after column 1")
    cell(page, "dx", 15).hover()
    assert say(page) == "dx[3, 3] = 0: no column has been written to it yet."
    page.get_by_role("button", name="Start over").click()
    assert texts(page, "dx")[5] == "1111"


def test_padding_and_gaps_are_told(mount):
    """Are columns that fall into the padding cut off, and unread pixels named?"""
    page = mount(Col2Im((4, 5), 2, padding=1, stride=2, dilation=2))
    cell(page, "cols", 0).hover()
    assert say(page).startswith("dX_col[0, 0] = 1 falls into the padding, which is cut off.")
    cell(page, "dx", 0).hover()
    assert say(page).startswith("A padding cell is no part of the image")
    cell(page, "dx", 8).hover()
    assert say(page) == "dx[0, 0] = 0: no window is over it."


def test_the_selection_is_a_column_and_goes_both_ways(mount):
    """Is a column set from outside drawn, one clicked inside readable, one too far the last?"""
    page = mount(Col2Im())
    page.evaluate("model.set('selection', 2)")
    assert texts(page, "dx")[5] == "111"
    cell(page, "cols", 9).click()
    assert selected(page) == 1
    page.evaluate("model.set('selection', 99)")
    assert texts(page, "dx")[5] == "1111"
