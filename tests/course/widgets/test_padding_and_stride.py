"""Padding and stride in Python: its settings, its messages, its tables."""

import re

import numpy as np
import pytest

from autograder.reference import conv2d
from course.widgets import PaddingAndStride
from tests.course.widgets.cells import rows_of, value_of

MINUS = "\N{MINUS SIGN}"


def test_the_table_of_outputs_is_the_references():
    """Do the static sums agree with `autograder.reference` on random geometries?"""
    rng = np.random.default_rng(3)
    for _ in range(20):
        x, w = rng.integers(-9, 10, rng.integers(3, 7, 2)), rng.integers(-9, 10, (2, 1))
        stride, padding, dilation = (int(one) for one in rng.integers((1, 0, 1), (4, 3, 3)))
        setting = {"stride": stride, "padding": padding, "dilation": dilation}
        bias = int(rng.integers(-3, 4))
        y = conv2d(x[None, None], w[None, None], np.array([bias]), **setting)
        rows = rows_of(PaddingAndStride(x, w, bias=bias, **setting), "Every output")
        assert [value_of(row[-1]) for row in rows[1 : y.size + 1]] == y.ravel()[:64].tolist()


def test_a_sum_stands_in_numbers():
    """Does a row show its products, padding as 0, negative factors in parentheses?"""
    rows = rows_of(PaddingAndStride([[1, 2], [3, -4]], [[5, 6]], padding=1), "Every output")
    assert rows[6] == ["y[1, 2]", "2·5 + 0·6", "10"]
    assert rows[8] == ["y[2, 1]", f"3·5 + ({MINUS}4)·6", f"{MINUS}9"]


def test_a_long_table_is_cut_and_says_so():
    """Does a large image give 64 rows, with the number of all in the caption?"""
    figure = PaddingAndStride(np.zeros((10, 12)), [[1]])
    assert len(rows_of(figure, "Every output")) == 65
    assert "the first 64 of 120" in figure.tables()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"image": [1, 2]}, "image has 1 axes; expected 2, the last two rows and columns, as"),
        ({"image": 3}, "image has 0 axes; expected 2"),
        ({"image": []}, "image has 1 axes"),
        ({"image": [[1, 2], [3]]}, "image has columns of lengths 2, 1; expected all equal."),
        ({"image": [[1, 2], 3]}, "image[1] is 3; expected a list, the columns of image."),
        ({"image": np.ones((17, 3))}, "image has 17 rows; this figure draws 1 to 16."),
        ({"image": [[1, "2"]]}, "image[0][1] is '2'; expected a real number."),
        ({"kernel": [[np.nan]]}, "kernel[0][0] is nan; expected a finite number, at most 999999"),
        ({"kernel": np.ones((2, 8))}, "kernel[0] has 8 columns; this figure draws 1 to 7."),
        ({"stride": 0}, "stride is 0; expected a whole number from 1 to 16, as stride=1."),
        ({"padding": 1.5}, "padding is 1.5; expected a whole number from 0 to 16"),
        ({"dilation": 2}, "the kernel spans 5 rows (3 entries, dilation 2) and the image has 4"),
        ({"selection": 6}, "selection is 6; the outputs are 0 to 5. Choose one, or None."),
        ({"scale": 5}, "scale is 5; expected a number from 0.5 to 4."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        PaddingAndStride(**settings)


def test_a_refused_assignment_changes_nothing():
    """After a ValueError, does the figure still hold its last legal setting?"""
    figure = PaddingAndStride()
    with pytest.raises(ValueError, match="no window fits"):
        figure.kernel = np.ones((5, 2))
    assert np.shape(figure.kernel) == (3, 3)


def test_the_selection_follows_when_outputs_disappear():
    """Does a selection past the new end move to the last output, here and from the page?"""
    figure = PaddingAndStride(padding=1, selection=19)
    figure.padding = 0
    assert figure.selection == 5
    figure.set_state({"selection": 99})
    assert figure.selection == 5
    figure.set_state({"stride": 0, "padding": 1})
    assert (figure.stride, figure.padding) == (1, 1)


def test_the_settings_reach_the_page_as_plain_values():
    """Are an array's values in the state, so that the page can draw them?"""
    state = PaddingAndStride(np.array([[1.5, 2], [3, 4]]), np.array([[1]])).state()
    assert (state["image"], state["kernel"]) == (((1.5, 2), (3, 4)), ((1,),))


def test_a_setting_can_differ_between_rows_and_columns():
    """Are pairs kept, from a list or an array too, and do the tables follow?"""
    figure = PaddingAndStride([[1, 2], [3, 4]], [[1, 1]], padding=[1, 0], stride=np.array([2, 1]))
    assert (figure.padding, figure.stride, figure.dilation) == ((1, 0), (2, 1), 1)
    assert rows_of(figure, "Every output")[1:] == [
        ["y[0, 0]", "0·1 + 0·1", "0"],
        ["y[1, 0]", "3·1 + 4·1", "7"],
    ]
    assert "padding 1 above and below, 0 left and right" in figure.html()
    figure.padding = 1
    assert figure.padding == 1


@pytest.mark.parametrize("value", [(1, 2, 3), (0, 1), ("1", 1), (1,), (1.5, 1), ((1, 1), 1)])
def test_a_wrong_pair_is_told_what_would_do(value):
    """Does the message show what came in, and name both a number and a pair?"""
    with pytest.raises(
        ValueError, match=r"stride is .*; expected a whole number from 1 to 16, or a"
    ):
        PaddingAndStride(stride=value)
