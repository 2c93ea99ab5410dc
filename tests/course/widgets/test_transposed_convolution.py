"""Transposed convolution in Python: its settings, its messages, its tables."""

import re

import numpy as np
import pytest

from autograder.reference import conv_transpose2d
from course.widgets import TransposedConvolution
from tests.course.widgets.cells import rows_of, value_of


def grown(y, w, *, stride=1, padding=0, dilation=1):
    """Grow y (H, W) by w (KH, KW): the reference under a kernel with its gaps, then cropped."""
    (sh, sw), (ph, pw), (dh, dw) = (np.broadcast_to(one, 2) for one in (stride, padding, dilation))
    wide = np.zeros(((w.shape[0] - 1) * dh + 1, (w.shape[1] - 1) * dw + 1))
    wide[::dh, ::dw] = w
    full = conv_transpose2d(y[None, None].astype(float), wide[None, None], (int(sh), int(sw)))[0, 0]
    return full[ph : full.shape[0] - ph, pw : full.shape[1] - pw]


def random_growths(count, seed):
    """Make maps and kernels, not square, with settings that leave something of the output."""
    rng = np.random.default_rng(seed)
    while count:
        y = rng.integers(-9, 10, rng.integers(1, 5, 2))
        w = rng.integers(-9, 10, rng.integers(1, 4, 2))
        pairs = rng.integers([[1, 1], [0, 0], [1, 1]], [[5, 5], [4, 4], [4, 4]]).tolist()
        names = ("stride", "padding", "dilation")
        setting = dict(zip(names, pairs if count % 2 else [one for one, _ in pairs], strict=True))
        s, p, d = (np.broadcast_to(setting[name], 2) for name in names)
        if np.all((np.array(y.shape) - 1) * s + d * (np.array(w.shape) - 1) + 1 > 2 * p):
            count -= 1
            yield y, w, setting


def test_the_table_of_pixels_is_the_references():
    """On random maps, padded, strided and dilated, do the static sums agree with the reference?"""
    for y, w, setting in random_growths(20, seed=1):
        rows = rows_of(TransposedConvolution(y, w, **setting), "Every pixel")[1:]
        right = grown(y, w, **setting)
        names = [f"grown[{i}, {j}]" for i, j in np.ndindex(right.shape)]
        assert [row[0] for row in rows] == names[:64]
        assert [value_of(row[2]) for row in rows] == right.ravel().tolist()[:64]


def test_the_example_of_the_lesson():
    """Do 1, 10, 100 and 1000 with the kernel 1 2 3 4 give 1234 in the middle?"""
    rows = rows_of(TransposedConvolution(), "Every pixel")
    assert rows[5] == ["grown[1, 1]", "1·4 + 10·3 + 100·2 + 1000·1", "1234", "4"]


def test_a_pixel_under_no_kernel_says_so():
    """Does a stride longer than the kernel leave pixels out?"""
    rows = rows_of(TransposedConvolution([[1, 2]], [[5]], stride=3), "Every pixel")
    assert rows[2] == ["grown[0, 1]", "no kernel lies on it", "0", "0"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"y": [1, 2]}, "y has 1 axes; expected 2, the last two rows and columns"),
        ({"y": np.ones((9, 2))}, "y has 9 rows; this figure draws 1 to 8."),
        ({"kernel": np.ones((2, 6))}, "kernel[0] has 6 columns; this figure draws 1 to 5."),
        ({"padding": 2}, "padding 2 crops all 3 rows of the output; use less padding."),
        ({"stride": 16, "y": np.ones((4, 2))}, "the output has 50 rows before it is cropped"),
        ({"stride": 0}, "stride is 0; expected a whole number from 1 to 16"),
        ({"selection": 4}, "selection is 4; the outputs are 0 to 3. Choose one, or None."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        TransposedConvolution(**settings)


def test_the_selection_follows_when_entries_disappear():
    """Does a selection past the new end move to the last entry of the map?"""
    figure = TransposedConvolution(selection=3)
    figure.y = [[1, 2]]
    assert figure.selection == 1


def test_values_from_the_page_never_raise():
    """Does a padding from the page that crops everything leave the figure as it can be?"""
    figure = TransposedConvolution(selection=3)
    figure.set_state({"padding": 2})
    assert (figure.padding, figure.selection) == (2, 3)
