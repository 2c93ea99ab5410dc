"""im2col in Python: its settings, its messages, its tables."""

import re

import numpy as np
import pytest

from autograder.reference import conv2d, im2col
from course.widgets import Im2Col
from tests.course.widgets.cells import rows_of, value_of


def test_the_tables_hold_the_references_columns_and_products():
    """Do columns and outputs of a batch agree with the reference, image index fastest?"""
    rng = np.random.default_rng(4)
    x, w = rng.integers(-9, 10, (2, 3, 4, 5)), rng.integers(-9, 10, (2, 3, 2, 3))
    figure = Im2Col(x, w, padding=1, stride=2, bias=[7, -5])
    columns = im2col(x, (2, 3), 2, 1)
    written = rows_of(figure, "X_col")
    assert [[value_of(text) for text in row[1:]] for row in written] == columns.T.tolist()
    y = conv2d(x, w, np.array([7.0, -5.0]), 2, 1)
    rows = rows_of(figure, "Every output")[1:]
    assert [value_of(row[-1]) for row in rows] == y.transpose(2, 3, 0, 1).ravel().tolist()
    names = [re.findall(r"\d+", row[0]) for row in rows]
    assert all(
        y[tuple(map(int, at))] == value_of(row[-1]) for at, row in zip(names, rows, strict=True)
    )


def test_fewer_axes_are_taken_as_one_image_and_one_filter():
    """Are 2-D, 3-D and 4-D arrays kept as (N, C, H, W) and (F, C, KH, KW)?"""
    assert np.shape(Im2Col().image) == (1, 1, 4, 4)
    assert np.shape(Im2Col().kernel) == (1, 1, 2, 2)
    figure = Im2Col(np.ones((3, 4, 5)), np.ones((2, 3, 2, 2)))
    assert (np.shape(figure.image), np.shape(figure.kernel)) == ((1, 3, 4, 5), (2, 3, 2, 2))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"image": np.ones((2, 4, 4))},
            "image has 2 channels and kernel has 1; give both the same",
        ),
        ({"image": np.ones((4, 1, 4, 4))}, "image has 4 images; this figure draws 1 to 3."),
        ({"image": np.ones((1, 5, 4, 4))}, "image[0] has 5 channels; this figure draws 1 to 4."),
        ({"image": [1]}, "image has 1 axes; expected 2 or 3 or 4, the last two rows and columns"),
        ({"bias": [1, 2]}, "bias has 2 values and kernel 1 filters; give one for each, or None."),
        ({"kernel": np.ones((9, 1, 2, 2))}, "kernel has 9 filters; this figure draws 1 to 8."),
        ({"kernel": np.ones((5, 5)), "padding": 0}, "the kernel spans 5 rows (5 entries, dilation"),
        ({"selection": 25}, "selection is 25; the outputs are 0 to 24. Choose one, or None."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        Im2Col(**settings)


def test_the_selection_follows_when_columns_disappear():
    """Does a selection past the new end move to the last column?"""
    figure = Im2Col(selection=24)
    figure.stride = 2
    assert figure.selection == 8
