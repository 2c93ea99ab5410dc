"""What the benchmark of the figures shows and how it sums up; its speeds are no test's business."""

import numpy as np
import pytest

from autograder import reference
from benchmarks.twins import CASES, panels

pytest.importorskip("playwright", reason="playwright is not installed")
from benchmarks.widgets import summary, table  # noqa: E402


@pytest.mark.parametrize("case", CASES.values(), ids=[f"{kind} {size}" for kind, size in CASES])
def test_a_twin_shows_the_arrays_of_its_figure(case):
    """Has every twin 2-D numbers, and its marks inside them, at both ends of the slider?"""
    for at in (case.least, case.most):
        for title, array, marked in panels(case, at):
            assert array.ndim == 2, title
            assert np.isfinite(array).all(), title
            assert all(i < array.shape[0] and j < array.shape[1] for i, j in marked), title


def test_a_twins_numbers_are_those_of_the_reference():
    """Are output and columns the reference's, and is the window over the right pixels?"""
    shown = dict((title, (array, marked)) for title, array, marked in panels(*im2col(7)))
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    assert np.array_equal(shown["X_col"][0], reference.im2col(x, 2, 1, 1))
    assert shown["x"][1] == [(1, 2), (1, 3), (2, 2), (2, 3)]
    assert shown["y"][0][1, 2] == 44


def im2col(at):
    return CASES["Im2Col", "lesson"], at


def test_the_table_says_how_many_times_as_long():
    """Are medians, 95th percentiles and both ratios those of these times?"""
    own = {"hover": [10.0] * 20, "keys": [8.0] * 20, "drag": [20.0] * 20}
    twin = {"twin keys": [80.0] * 20, "twin drag": [100.0] * 19 + [500.0]}
    row = table({"Im2Col": own | twin}).splitlines()[-1]
    assert row == "| Im2Col | 10 / 10 | 8 / 8 | 20 / 20 | 80 / 80 | 100 / 480 | 10, 5 |"
    assert summary([1.0, 2.0, 3.0])[0] == 2
