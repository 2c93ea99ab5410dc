"""Matrix view in Python: its settings, its messages, its tables."""

import re

import numpy as np
import pytest

from autograder.reference import conv2d, conv_matrix
from course.widgets import MatrixView
from tests.course.widgets.cells import Cells


def values(rows):
    """The numbers of a table's rows."""
    return [[float(cell.replace("\N{MINUS SIGN}", "-")) for cell in row[1:]] for row in rows]


def test_the_table_is_the_matrix_of_the_reference():
    """On random shapes, do matrix and outputs agree with the reference?"""
    rng = np.random.default_rng(6)
    for _ in range(10):
        x = rng.integers(-9, 10, rng.integers(3, 6, 2)).astype(float)
        w = rng.integers(-9, 10, rng.integers(1, 4, 2)).astype(float)
        tables = Cells(MatrixView(x, w).tables()).tables
        matrix = values(tables["The matrix, a row for each output"][1:])
        assert matrix == conv_matrix(w, x.shape).tolist()
        outputs = values(tables["The matrix times x"])
        right = conv2d(x[None, None], w[None, None], np.zeros(1))
        assert np.ravel(outputs).tolist() == right.ravel().tolist()


def test_the_padding_has_no_column():
    """Padded, does the matrix keep one column for each pixel, and its product stay right?"""
    x, w = np.arange(1.0, 13).reshape(3, 4), np.array([[1.0, -2, 3], [4, 5, -6]])
    settings = {"padding": 1, "stride": 2}
    tables = Cells(MatrixView(x, w, **settings).tables()).tables
    matrix = np.array(values(tables["The matrix, a row for each output"][1:]))
    right = conv2d(x[None, None], w[None, None], np.zeros(1), **settings).ravel()
    assert matrix.shape == (right.size, 12)
    assert (matrix @ x.ravel()).tolist() == right.tolist()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"image": np.ones((7, 3))}, "image has 7 rows; this figure draws 1 to 6. Pass a smaller"),
        ({"image": [1, 2]}, "image has 1 axes; expected 2"),
        ({"kernel": np.ones((4, 2))}, "the kernel spans 4 rows (4 entries, dilation 1)"),
        ({"kernel": [[1, float("nan")]]}, "kernel[0][1] is nan; expected a finite number"),
        ({"stride": 0}, "stride is 0; expected a whole number from 1"),
        ({"selection": 4}, "selection is 4; the outputs are 0 to 3. Choose one, or None."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        MatrixView(**settings)


def test_the_selection_follows_when_outputs_disappear():
    """Does a selection past the new end move to the last output?"""
    figure = MatrixView(selection=3)
    figure.stride = 2
    assert figure.selection == 0
