"""col2im in Python: its settings, its messages, its tables."""

import re

import numpy as np
import pytest

from autograder.reference import col2im, im2col
from course.widgets import Col2Im
from tests.course.widgets.cells import rows_of, value_of


def test_the_table_of_pixels_is_the_references_col2im():
    """Do the static sums of a batch agree with `autograder.reference`, padded and strided?"""
    rng = np.random.default_rng(8)
    shape, setting = (2, 2, 3, 4), {"stride": 2, "padding": 1}
    cols = im2col(rng.integers(-9, 10, shape).astype(float), (2, 3), **setting)
    cols = rng.integers(-9, 10, cols.shape)
    rows = rows_of(Col2Im(shape, (2, 3), cols, **setting), "Every pixel")[1:]
    right = col2im(cols.astype(float), shape, (2, 3), **setting)
    assert [value_of(row[-1]) for row in rows] == right.ravel().tolist()


@pytest.mark.parametrize(("write", "centre"), [("+=", "1234"), ("=", "1000"), ("fancy +=", "4")])
def test_the_place_value_probe_in_three_ways(write, centre):
    """Does the centre's row hold what each way of writing leaves there?"""
    figure = Col2Im((3, 3), 2, np.outer([1, 2, 3, 4], [1, 10, 100, 1000]), write=write)
    assert rows_of(figure, "Every pixel")[5] == ["dx[1, 1]", "4 + 30 + 200 + 1000", "4", centre]


def test_the_default_counts_the_coverage():
    """Does a 4×4 image under a 3×3 kernel give 1 2 2 1 / 2 4 4 2 …, 36 in all?"""
    counts = [int(row[2]) for row in rows_of(Col2Im(), "Every pixel")[1:]]
    assert counts == [1, 2, 2, 1, 2, 4, 4, 2, 2, 4, 4, 2, 1, 2, 2, 1]


def test_a_pixel_under_no_window_says_so():
    """Does the last pixel of a stride with a remainder have a row with 0?"""
    row = rows_of(Col2Im((4, 4), 3, stride=2), "Every pixel")[-1]
    assert row == ["dx[3, 3]", "no window is over it", "0", "0"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"cols": np.ones((4, 9))},
            "cols has shape (4, 9); expected (9, 4), a row for each",
        ),
        ({"image_shape": (4,)}, "image_shape is (4,); expected (images, channels, rows"),
        ({"image_shape": (4, 17)}, "image_shape is (4, 17); columns goes from 1 to 16 in this"),
        ({"image_shape": (4, 4.0)}, "image_shape is (4, 4.0); expected (rows, columns), whole"),
        ({"kernel_size": 6}, "kernel_size is (6, 6); rows goes from 1 to 5 in this"),
        ({"kernel_size": True}, "kernel_size is True; expected (rows, columns), whole numbers."),
        ({"kernel_size": 5}, "the kernel spans 5 rows (5 entries, dilation 1) and the image"),
        ({"write": "-="}, "write is '-='; expected '+=' or '=' or 'fancy +='."),
        ({"selection": 4}, "selection is 4; the outputs are 0 to 3. Choose one, or None."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        Col2Im(**settings)


def test_the_selection_follows_when_columns_disappear():
    """Does a selection past the new end move to the last column?"""
    figure = Col2Im(padding=1, selection=15)
    figure.padding = 0
    assert figure.selection == 3
