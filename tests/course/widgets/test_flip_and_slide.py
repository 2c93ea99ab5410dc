"""Flip and slide in Python: its settings, its messages, its tables."""

import json
import re

import numpy as np
import pytest

from course.widgets import FlipAndSlide
from tests.course.widgets.cells import Cells


def outputs(figure):
    """The values in the table of outputs, as numbers."""
    tables = Cells(figure.tables()).tables
    rows = next(rows for caption, rows in tables.items() if caption.startswith("Every output"))
    return [float(row[-1].replace("\N{MINUS SIGN}", "-")) for row in rows[1:]]


@pytest.mark.parametrize(
    ("mode", "expected"), [("correlation", np.correlate), ("convolution", np.convolve)]
)
def test_the_table_of_outputs_is_what_numpy_gives(mode, expected):
    """Do the sums in the fallback's table agree with NumPy, padded and strided?"""
    rng = np.random.default_rng(5)
    for _ in range(20):
        x, w = rng.integers(-9, 10, rng.integers(3, 9)), rng.integers(-9, 10, rng.integers(1, 4))
        padding, stride = int(rng.integers(0, 4)), int(rng.integers(1, 4))
        figure = FlipAndSlide(x, w, mode, padding=padding, stride=stride)
        right = expected(np.pad(x, padding), w, "valid")[::stride]
        assert outputs(figure) == right.tolist()


def test_dilation_spreads_the_kernel_in_the_table():
    """Does a dilated kernel give what the kernel with zeros between its entries gives?"""
    x, w = np.array([3, 1, 4, 1, 5, 9, 2, 6]), np.array([2, -7, 1])
    spread = np.array([2, 0, 0, -7, 0, 0, 1])
    assert outputs(FlipAndSlide(x, w, dilation=3)) == np.correlate(x, spread, "valid").tolist()


def test_the_gradient_tables_hold_the_place_value_probe():
    """With dy = 1, 10, 100, do the tables give the hand-computed dx and dw?"""
    tables = Cells(FlipAndSlide(show="backward").tables()).tables
    assert [row[-1] for row in tables["Gradient of x"][1:]] == ["1", "12", "123", "230", "300"]
    assert [row[-1] for row in tables["Gradient of w"][1:]] == ["321", "432", "543"]


def test_a_cell_that_no_window_reaches_has_gradient_zero():
    """Does the last x of a stride with a remainder get a row that says so?"""
    tables = Cells(FlipAndSlide(range_of(8), stride=2, show="backward").tables()).tables
    assert tables["Gradient of x"][-1] == ["dx[7]", "no window reaches it", "0"]


def range_of(n):
    return list(range(1, n + 1))


def test_the_sums_stand_in_numbers():
    """Does a row of the table show the products, negative factors in parentheses?"""
    tables = Cells(FlipAndSlide([1, -2, 0.5], [3, 2], "convolution", padding=1).tables()).tables
    rows = tables["Every output of the convolution (stride 1, padding 1, dilation 1)"]
    minus = "\N{MINUS SIGN}"
    assert rows[2] == ["y[1]", f"1·2 + ({minus}2)·3", f"{minus}4"]
    assert tables["Kernel w"] == [["as given", "3", "2"], ["as used, flipped", "2", "3"]]
    assert tables["Signal x, padding 1 on each side"][1] == [
        *("x", "0", "1", f"{minus}2", "0.5", "0"),
    ]


@pytest.mark.parametrize(
    "x", [[1, 2, 3], (1, 2, 3), np.array([1, 2, 3]), np.array([1, 2, 3], np.float32)]
)
def test_lists_tuples_and_arrays_are_taken(x):
    """Does every usual way to write a row of numbers give the same figure?"""
    assert FlipAndSlide(x, [1, 2]).x == (1, 2, 3)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"x": []}, "x is empty; this figure draws 1 to 40 values."),
        ({"x": list(range(50))}, "x has 50 values; this figure draws 1 to 40. Pass a shorter"),
        ({"x": np.ones((2, 3))}, "x has shape (2, 3); expected one row of numbers, (n,)."),
        ({"x": "123"}, "x is '123', a str; expected a list or an array of numbers"),
        ({"x": 3}, "x is 3, a int; expected a list or an array"),
        ({"w": [1, "2"]}, "w[1] is '2'; expected a real number."),
        ({"w": [1, 2j]}, "w[1] is 2j; expected a real number."),
        ({"x": [1.0, float("nan")]}, "x[1] is nan; expected a finite number, at most 999999"),
        ({"w": [1e9]}, "w[0] is 1000000000.0; expected a finite number, at most 999999"),
        ({"mode": "flip"}, "mode is 'flip'; expected 'correlation' or 'convolution'."),
        ({"stride": 0}, "stride is 0; expected a whole number from 1 to 40, as stride=1."),
        ({"stride": 1.5}, "stride is 1.5; expected a whole number"),
        ({"padding": -1}, "padding is -1; expected a whole number from 0 to 40"),
        ({"dilation": True}, "dilation is True; expected a whole number"),
        ({"dilation": 3}, "the kernel spans 7 cells (3 entries, dilation 3) and the signal has 5"),
        ({"w": [1] * 6}, "so no window fits; use a longer x, more padding, or a shorter kernel."),
        ({"dy": [1, 2]}, "dy has 2 values and there are 3 outputs; give one for each, or None."),
        ({"selection": 3}, "selection is 3; the outputs are 0 to 2. Choose one, or None."),
        ({"scale": 9}, "scale is 9; expected a number from 0.5 to 4."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        FlipAndSlide(**settings)


def test_a_misspelt_setting_is_named():
    """Does an unknown name raise, with the names there are?"""
    with pytest.raises(TypeError, match="no setting 'strides'; it has .*stride"):
        FlipAndSlide(strides=2)


def test_a_refused_assignment_changes_nothing():
    """After a ValueError, does the figure still hold its last legal setting?"""
    figure = FlipAndSlide()
    with pytest.raises(ValueError, match="no window fits"):
        figure.dilation = 9
    with pytest.raises(ValueError, match="stride is 0"):
        figure.stride = 0
    assert (figure.dilation, figure.stride) == (1, 1)


def test_the_selection_follows_when_outputs_disappear():
    """Does a selection past the new end move to the last output?"""
    figure = FlipAndSlide(range_of(7), selection=4)
    figure.stride = 2
    assert figure.selection == 2


def test_values_from_the_page_never_raise():
    """Does a linked slider that runs past the end leave a state that can be drawn?"""
    figure = FlipAndSlide(selection=1)
    figure.set_state({"stride": 0, "padding": 2})
    assert (figure.stride, figure.padding) == (1, 2)
    figure.set_state({"selection": 99})
    assert figure.selection == 6
    figure.set_state({"padding": 0, "dilation": 30})
    figure.set_state({"dilation": 1})
    assert figure.selection == 2


def test_observers_hear_what_the_learner_selects():
    """Does a selection that comes from the page reach code that observes it?"""
    figure, heard = FlipAndSlide(), []
    figure.observe(lambda change: heard.append(change.new), "selection")
    figure.set_state({"selection": 2})
    assert heard == [2]


def test_the_state_in_the_page_is_the_figures():
    """Can the settings be read back from the HTML, quotes and all?"""
    figure = FlipAndSlide([1.5, -2, 3], [1, 2], dy=[1, 2], selection=1)
    attribute = re.search(r'data-state="([^"]*)"', figure.html())[1]
    state = json.loads(attribute.replace("&quot;", '"'))
    assert state == json.loads(json.dumps(figure.state()))
    assert state["x"] == [1.5, -2, 3]


def test_no_setting_is_text_that_could_carry_a_script():
    """Is everything that reaches the HTML a number or one of a few words?"""
    with pytest.raises(ValueError, match="expected"):
        FlipAndSlide(mode="<script>")
    with pytest.raises(ValueError, match="real number"):
        FlipAndSlide(["<script>"])
