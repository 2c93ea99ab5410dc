"""Gradient flow in Python: its settings, its messages, its tables."""

import re

import numpy as np
import pytest

from autograder.reference import conv2d, conv2d_backward
from course.widgets import GradientFlow
from tests.course.widgets.cells import rows_of, value_of


def test_the_tables_hold_the_references_gradients():
    """Do the static sums agree with `autograder.reference` on random geometries?"""
    rng = np.random.default_rng(6)
    for _ in range(10):
        x, w = rng.integers(-9, 10, rng.integers(3, 7, 2)), rng.integers(-9, 10, (2, 3))
        setting = {"stride": int(rng.integers(1, 4)), "padding": int(rng.integers(0, 3))}
        y = conv2d(x[None, None], w[None, None], np.zeros(1), **setting)
        dy = rng.integers(-9, 10, y.shape)
        right = conv2d_backward(dy, x[None, None], w[None, None], **setting)
        figure = GradientFlow(x, w, dy=dy[0, 0], **setting)
        for letter, one in zip("xwb", right, strict=True):
            rows = rows_of(figure, f"Gradient of {letter}")[1:]
            assert [value_of(row[-1]) for row in rows] == one.ravel().tolist()


def test_the_tables_hold_the_place_value_probe():
    """With dy = 1, 10, 100, 1000, does the centre's row show the four products of 1234?"""
    rows = rows_of(GradientFlow(), "Gradient of x")
    assert rows[5] == ["dx[1, 1]", "1·4 + 10·3 + 100·2 + 1000·1", "1234"]
    assert rows_of(GradientFlow(), "Gradient of b")[1][1:] == ["1 + 10 + 100 + 1000", "1111"]


def test_a_pixel_that_no_window_reaches_says_so():
    """Does the last pixel of a stride with a remainder have a row with 0?"""
    figure = GradientFlow(np.ones((4, 4)), np.ones((3, 3)), stride=2)
    assert rows_of(figure, "Gradient of x")[-1] == ["dx[3, 3]", "no window reaches it", "0"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dy": [[1, 2]]}, "dy has shape (1, 2) and the output (2, 2); give one for each output"),
        ({"dy": [1, 2]}, "dy has 1 axes; expected 2"),
        ({"selection": ("dz", 0, 0)}, "selection is ('dz', 0, 0); expected ('dx', row, column)"),
        ({"selection": ("dx", 0)}, "selection is ('dx', 0); expected ('dx', row, column)"),
        ({"selection": ("dx", 0, -1)}, "selection is ('dx', 0, -1); expected"),
        ({"selection": 3}, "selection is 3; expected"),
        ({"selection": ()}, "selection is (); expected"),
        ({"selection": ("dy", 2, 0)}, "selection is ('dy', 2, 0), and dy is 2×2. Choose an entry"),
        ({"dilation": 3}, "the kernel spans 4 rows (2 entries, dilation 3) and the image has 3"),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        GradientFlow(**settings)


def test_the_selection_stays_inside():
    """Does a kept output move to the last row and column that is left?"""
    figure = GradientFlow(padding=1, selection=("dy", 3, 1))
    figure.stride = 2
    assert figure.selection == ("dy", 1, 1)
    figure.set_state({"selection": ["dx", 9, 0]})
    assert figure.selection == ("dx", 2, 0)
    figure.set_state({"selection": ["db"]})
    assert figure.selection == ("db",)
