"""Layout in Python: its settings, its messages, its tables."""

import re

import numpy as np
import pytest

from course.widgets import Layout
from tests.course.widgets.cells import Cells


def test_the_tables_are_where_numpy_puts_the_elements():
    """In both orders, do the places agree with the order of a NumPy array's elements?"""
    last = np.arange(24).reshape(3, 4, 2)
    first = np.arange(24).reshape(2, 3, 4).transpose(1, 2, 0)
    for order, places in [("NHWC", last), ("NCHW", first)]:
        tables = Cells(Layout((3, 4, 2), (2, 3), order).tables()).tables
        for c in range(2):
            rows = tables[f"Channel {c}: places in memory ({order})"][1:]
            assert [[int(cell) for cell in row[1:]] for row in rows] == places[:, :, c].tolist()


def test_the_patch_of_the_lesson_stands_in_the_table():
    """Does the first patch of a 30×30×3 image read 0, 3, 6, 90, 93, 96, 180, 183, 186?"""
    tables = Cells(Layout((30, 30, 3), (3, 3), selection=0).tables()).tables
    first = tables["What the patch at (0, 0) reads, as flat indices"][1]
    assert first == ["channel 0", *["0", "3", "6", "90", "93", "96", "180", "183", "186"]]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"shape": (4, 5)}, "shape is (4, 5); expected (rows, columns, channels), whole numbers."),
        ({"shape": (4, 5, 9)}, "shape is (4, 5, 9); channels goes from 1 to 4 in this figure."),
        ({"shape": (40, 5, 1)}, "shape is (40, 5, 1); rows goes from 1 to 32 in this figure."),
        ({"shape": (4, 5.5, 1)}, "shape is (4, 5.5, 1); expected (rows, columns, channels)"),
        ({"kernel_size": 3}, "kernel_size is 3; expected (rows, columns), whole numbers."),
        ({"kernel_size": (5, 2)}, "the kernel spans 5 rows (5 entries, dilation 1)"),
        ({"order": "CHWN"}, "order is 'CHWN'; expected 'NHWC' or 'NCHW'."),
        ({"padding": 1}, "padding is 1; expected a whole number from 0 to 0"),
        ({"stride": 0}, "stride is 0; expected a whole number from 1"),
        ({"selection": 9}, "selection is 9; the outputs are 0 to 8. Choose one, or None."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        Layout(**settings)


def test_the_selection_follows_when_patches_disappear():
    """Does a selection past the new end move to the last patch?"""
    figure = Layout(selection=8)
    figure.stride = 2
    assert figure.selection == 3
    figure.shape = (2, 5, 2)
    assert figure.selection == 1


def test_values_from_the_page_never_raise():
    """Does a linked slider that runs past the end leave a state that can be drawn?"""
    figure = Layout(selection=8)
    figure.set_state({"order": "NCHW", "stride": 0, "dilation": 2})
    assert (figure.order, figure.stride, figure.dilation) == ("NCHW", 1, 2)
    assert figure.selection == 1
