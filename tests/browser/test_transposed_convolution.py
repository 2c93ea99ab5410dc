"""Transposed convolution alone in a page: what is laid down, what is cropped, what overlaps."""

import numpy as np
import pytest
from playwright.sync_api import expect

from course.widgets import TransposedConvolution
from course.widgets.tables import number
from tests.browser.sheets import cell, frames, marked, say, selected, texts
from tests.course.widgets.test_transposed_convolution import grown, random_growths

NINE = np.arange(1, 10).reshape(3, 3)


def test_the_output_is_the_references_after_every_step(mount):
    """On random maps, is the output right after each entry, and the coverage that of ones?"""
    page = mount(TransposedConvolution())
    cases = list(random_growths(60, seed=51))
    answers = page.evaluate(
        """cases => cases.map(({ y, kernel, setting }) => {
            const plan = module.growthPlan({ y, kernel, ...setting });
            const pixels = [...plan.x.keys()].filter(at => !module.isPaddingPixel(plan, at));
            const inside = image => pixels.map(at => image[at]);
            return {
                problem: plan.problem,
                sizes: plan.axes.map(({ length }) => length),
                cover: inside(module.coverage2d(plan)),
                steps: Array.from({ length: plan.columns + 1 }, (_, upto) =>
                    inside(module.grownBy(plan, upto))),
            };
        })""",
        [{"y": y.tolist(), "kernel": w.tolist(), "setting": s} for y, w, s in cases],
    )
    for (y, w, setting), answer in zip(cases, answers, strict=True):
        ones = grown(np.ones_like(y), np.ones_like(w), **setting)
        assert (answer["problem"], answer["sizes"]) == ("", list(ones.shape))
        assert answer["cover"] == ones.ravel().tolist()
        assert len(answer["steps"]) == y.size + 1
        for upto, image in enumerate(answer["steps"]):
            some = np.where(np.arange(y.size).reshape(y.shape) < upto, y, 0)
            assert image == grown(some, w, **setting).ravel().tolist()


def test_the_counts_far_from_the_edges_are_those_of_a_large_map(mount):
    """On kernels, strides and dilations, are the counts named those in the middle of the output?"""
    page = mount(TransposedConvolution())
    rng = np.random.default_rng(52)
    axes = np.stack([rng.integers(1, 6, (15, 2)) for _ in range(3)], axis=-1).tolist()
    named = page.evaluate(
        """all => all.map(axes => module.overlaps(axes.map(
            ([k, stride, dilation]) => ({ k, stride, dilation }))))""",
        axes,
    )
    for (rows, columns), counts in zip(axes, named, strict=True):
        setting = {"stride": (rows[1], columns[1]), "dilation": (rows[2], columns[2])}
        cover = grown(np.ones((60, 60)), np.ones((rows[0], columns[0])), **setting)
        inner = cover[25:-25, 25:-25]  # no kernel, of 5 entries and dilation 5, is as long as 25
        assert counts == np.unique(inner).tolist()


def test_the_limits_are_the_last_settings_that_fit(mount):
    """On random maps, is there an output at each limit, and none that can be drawn past it?"""
    page = mount(TransposedConvolution())
    cases = [case for case in random_growths(40, seed=53) if isinstance(case[2]["stride"], int)]
    found = page.evaluate(
        """cases => cases.map(({ y, kernel, setting }) =>
            module.growthLimits(module.growthPlan({ y, kernel, ...setting }).axes))""",
        [{"y": y.tolist(), "kernel": w.tolist(), "setting": s} for y, w, s in cases],
    )
    for (y, w, setting), limits in zip(cases, found, strict=True):

        def fits(name, value, y=y, w=w, setting=setting):
            try:
                TransposedConvolution(y, w, **{**setting, name: value})
            except ValueError:
                return False
            return True

        for name, limit in limits.items():
            assert limit["value"] == setting[name]
            assert fits(name, limit["least"])
            assert fits(name, limit["most"])
            alone = {"stride": y.size == 1, "dilation": w.size == 1}.get(name, False)
            if not alone:
                assert not fits(name, limit["most"] + 1)
                assert not fits(name, limit["least"] - 1)


def test_stepping_lays_down_one_kernel_after_the_other(mount):
    """Does each step add an entry's kernel, framed with what is added, and the last give it all?"""
    page = mount(TransposedConvolution())
    step = page.get_by_role("button", name="Step")
    step.click()
    assert texts(page, "grown") == [*"120340000"]
    assert frames(page) == [[0, 4], [0, 4]]
    step.click()
    assert selected(page) == 1
    assert texts(page, "grown")[1].split() == ["12"]
    expect(cell(page, "grown", 1)).to_have_attribute("data-tag", "+10")
    expect(page.locator(".sheet-grown .title")).to_have_text("grown after y[0, 1]")
    assert say(page) == (
        "y[0, 1] = 10 lays 10 times the kernel on the framed window, which adds 10, 20, 30 and 40."
    )
    cell(page, "grown", 8).hover()
    assert say(page) == "grown[2, 2] = 0: no kernel has been laid on it yet."
    page.get_by_role("button", name="Start over").click()
    assert " ".join(texts(page, "grown")) == "1 12 20 103 1234 2040 300 3400 4000"


def test_a_pixel_tells_which_entries_reach_it_through_which_weights(mount):
    """Is the sum of the pixel formed, its entries and weights ringed, and its coverage marked?"""
    page = mount(TransposedConvolution())
    cell(page, "grown", 4).hover()
    assert say(page) == (
        "grown[1, 1] = y[0, 0]·w[1, 1] + y[0, 1]·w[1, 0] + y[1, 0]·w[0, 1] + y[1, 1]·w[0, 0] "
        "= 1·4 + 10·3 + 100·2 + 1000·1 = 4 + 30 + 200 + 1000 = 1234"
    )
    assert marked(page, "y") == marked(page, "w") == [0, 1, 2, 3]
    assert marked(page, "cover") == [4]
    expect(cell(page, "y", 0)).to_have_attribute("data-tag", "×4")
    cell(page, "cover", 1).hover()
    assert say(page) == "coverage[0, 1] = 2: the kernels of y[0, 0] and y[0, 1] lie on it."
    assert marked(page, "y") == [0, 1]
    cell(page, "cover", 0).hover()
    assert say(page) == "coverage[0, 0] = 1: the kernel of y[0, 0] lies on it."
    cell(page, "w", 3).hover()
    assert marked(page, "grown") == [4, 5, 7, 8]
    assert say(page).startswith("w[1, 1] = 4 is laid down 4 times")


def test_padding_crops_and_the_size_follows_its_rule(mount):
    """Are cropped cells hatched and told, and does the rule print the size that is left?"""
    page = mount(TransposedConvolution(kernel=NINE, stride=2, padding=(1, 0)))
    expect(page.locator(".sheet-grown .title")).to_have_text(
        "grown output 3 × 5, cropped from 5 × 5"
    )
    rules = page.locator(".rule span").all_inner_texts()
    assert rules == [
        "Output rows: (n − 1)·s + d(k − 1) + 1 − 2p = (2 − 1)·2 + 1·(3 − 1) + 1 − 2·1 = 3",
        "Output columns: (n − 1)·s + d(k − 1) + 1 − 2p = (2 − 1)·2 + 1·(3 − 1) + 1 − 2·0 = 5",
        "Kernels on a pixel, away from the edges: 1, 2 or 4, a checkerboard.",
    ]
    cell(page, "grown", 0).hover()
    assert say(page) == "The padding is cropped: what is laid on this cell is cut off."
    cell(page, "y", 1).hover()
    assert say(page).endswith("80 and 90. 3 of them fall into the padding and are cut off.")
    inside = page.locator('[data-row="grown"]:not(.padding)').all_inner_texts()
    y = np.array([[1, 10], [100, 1000]])
    right = grown(y, NINE, stride=2, padding=(1, 0))
    assert inside == [number(value) for value in right.ravel().tolist()]


@pytest.mark.parametrize(
    ("stride", "size", "words"),
    [
        (2, 4, "4 on every pixel."),
        (2, 3, "1, 2 or 4, a checkerboard."),
        (3, 3, "1 on every pixel."),
        (3, 2, "0 or 1, a checkerboard."),
    ],
)
def test_the_checkerboard_is_named_where_there_is_one(mount, stride, size, words):
    """Is the coverage said to be even just where the stride divides the kernel's size?"""
    page = mount(TransposedConvolution(np.ones((3, 3)), np.ones((size, size)), stride=stride))
    expect(page.locator(".rule span").last).to_have_text(
        f"Kernels on a pixel, away from the edges: {words}"
    )


def test_illegal_settings_cannot_be_reached(mount):
    """Does every field stop where an output can still be drawn, and say why?"""
    page = mount(TransposedConvolution())
    page.get_by_label("Padding p").fill("9")
    page.keyboard.press("Tab")
    assert page.evaluate("model.get('padding')") == 1
    expect(page.locator(".reasons")).to_contain_text(
        "Padding: with 2, padding 2 on both sides crops all 3 rows of the output."
    )
    page.evaluate("model.set('padding', 5)")
    assert say(page) == "Padding 5 on both sides crops all 3 rows of the output."
    page.evaluate("model.set('padding', 0)")
    page.get_by_label("Stride s").fill("99")
    page.keyboard.press("Tab")
    assert page.evaluate("model.get('stride')") == 16
    page = mount(TransposedConvolution([[3]], [[5]]))
    expect(page.locator(".reasons")).to_have_text(
        "Stride: one entry has no neighbour to be kept apart from. Padding: with 1, padding 1 on "
        "both sides crops all 1 rows of the output. Dilation: one kernel entry has no gaps to "
        "widen."
    )
