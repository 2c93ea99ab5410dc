"""Receptive field in Python: its settings, its messages, its tables."""

import re

import numpy as np
import pytest

from autograder.reference import empirical_receptive_field, output_length
from course.widgets import ReceptiveField
from tests.course.widgets.cells import tables_of
from tests.course.widgets.test_flip_and_slide import Cells

DILATED = [(3, 1, 0, 2)] * 3


def read(figure):
    """The rows of the table of what one output reads."""
    tables = Cells(figure.tables()).tables
    return next(rows for caption, rows in tables.items() if caption.startswith("What output"))[1:]


def pixels(words):
    """The whole numbers that the words name."""
    found = set()
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", words):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def random_stacks(count, seed):
    """Make stacks whose layers all fit, as (layers, inputs, outputs)."""
    rng = np.random.default_rng(seed)
    while count:
        n, layers = int(rng.integers(1, 40)), []
        for _ in range(rng.integers(1, 5)):
            k, s, p, d = rng.integers([1, 1, 0, 1], [5, 4, 3, 4]).tolist()
            layers.append((k, s, p, d))
        try:
            length = n
            for layer in layers:
                length = output_length(length, *layer)
        except ValueError:
            continue
        count -= 1
        yield layers, n, length


def test_the_table_names_the_pixels_that_an_output_uses():
    """On random stacks, are the pixels of the input's row those that a gradient reaches?"""
    for layers, n, outputs in random_stacks(30, seed=1):
        for output in {0, outputs // 2, outputs - 1}:
            figure = ReceptiveField(layers, n=n, selection=output)
            row, words, used, _ = read(figure)[-1]
            right = np.flatnonzero(empirical_receptive_field(layers, n, output))
            assert row == "input x"
            assert pixels(words) == set(right.tolist())
            assert int(used) == len(right)


def test_holes_of_dilation_stand_in_the_table():
    """Do three 3-tap layers with dilation 2 read 7 pixels of 13, every second one?"""
    rows = read(ReceptiveField(DILATED, n=17, selection=2))
    assert rows[-1] == ["input x", "2, 4, 6, 8, 10, 12, 14", "7", "0"]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Network B", [26, 13, 9, 4, 2]),
        ("LeNet", [28, 14, 10, 5, 1]),
        ("Dilated", [13, 9, 5]),
        ("VGG-16", [224] * 2 + [112] * 3 + [56] * 4 + [28] * 4 + [14] * 4 + [7]),
    ],
)
def test_the_networks_of_the_lesson_can_be_named(name, cells):
    """Does a name bring layers and inputs, and do the rows have the known lengths?"""
    table = Cells(ReceptiveField(name).tables()).tables["The layers, from the input on"]
    assert [int(row[-1]) for row in table[2:]] == cells


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"layers": []}, "layers is []; expected a list of 1 to 60 layers (kernel, stride,"),
        ({"layers": [(3, 1, 0, 1)] * 61}, "expected a list of 1 to 60 layers"),
        ({"layers": 3}, "layers is 3; expected a list of 1 to 60 layers"),
        ({"layers": "vgg"}, "layers is 'vgg'; expected 'Network B', 'LeNet', 'Dilated', 'VGG-16'"),
        ({"layers": [(3, 1)]}, "layers[0] is (3, 1); expected (kernel, stride, padding, dilation)"),
        ({"layers": [(3, 1, 0, 1), 7]}, "layers[1] is 7; expected (kernel,"),
        ({"layers": [(0, 1, 0, 1)]}, "kernel of layers[0] is 0; expected a whole number from 1"),
        ({"layers": [(3, 1.5, 0, 1)]}, "stride of layers[0] is 1.5; expected a whole number"),
        ({"layers": [(3, 1, -1, 1)]}, "padding of layers[0] is -1; expected a whole number from 0"),
        ({"layers": [(3, 1, 0, 99)]}, "dilation of layers[0] is 99; expected a whole number"),
        ({"n": 0}, "n is 0; expected a whole number from 1 to 512, as n=1."),
        ({"layers": DILATED, "n": 12}, "layers[2] spans 5 cells (3 entries, dilation 2) and the"),
        ({"n": 8}, "so no window fits; use a larger n, more padding, or a smaller kernel."),
        ({"view": "3d"}, "view is '3d'; expected '1d' or '2d'."),
        (
            {"selection": (1, 2)},
            "selection is (1, 2); the outputs are 0 to 1. Choose one, or None.",
        ),
        ({"selection": 2}, "selection is 2; the outputs are 0 to 1. Choose one, or None."),
        ({"scale": 9}, "scale is 9; expected a number from 0.5 to 4."),
    ],
)
def test_a_setting_that_cannot_be_drawn_is_refused(settings, message):
    """Does a ValueError say what came in, what was expected, and what to do?"""
    with pytest.raises(ValueError, match=re.escape(message)):
        ReceptiveField(**settings)


def test_arrays_and_lists_of_layers_are_taken():
    """Does every usual way to write a stack give the same figure?"""
    for layers in [DILATED, [list(layer) for layer in DILATED], np.array(DILATED)]:
        assert ReceptiveField(layers, n=17).layers == tuple(DILATED)


def test_the_selection_follows_when_outputs_disappear():
    """Does a selection past the new end move to the last output?"""
    figure = ReceptiveField([(3, 1, 1, 1)], n=10, selection=9)
    figure.layers = [(3, 2, 1, 1)]
    assert figure.selection == 4
    figure.n = 4
    assert figure.selection == 1


def test_a_selection_of_both_axes_follows_too():
    """Does each of its two numbers move inside by itself?"""
    figure = ReceptiveField([(3, 1, 1, 1)], n=10, view="2d", selection=(2, 9))
    figure.layers = [(3, 2, 1, 1)]
    assert figure.selection == (2, 4)


def test_the_tables_of_two_axes():
    """In two dimensions, does each axis have its table, and in one the columns alone?"""
    figure = ReceptiveField(DILATED, n=17, view="2d", selection=(0, 2))
    rows = {caption: table[-1][1] for caption, table in tables_of(figure).items()}
    assert rows["What output 0 of layer 3 reads in its rows, layer by layer"] == (
        "0, 2, 4, 6, 8, 10, 12"
    )
    assert rows["What output 2 of layer 3 reads in its columns, layer by layer"] == (
        "2, 4, 6, 8, 10, 12, 14"
    )
    figure.view = "1d"
    assert read(figure)[-1] == ["input x", "2, 4, 6, 8, 10, 12, 14", "7", "0"]


def test_a_refused_assignment_changes_nothing():
    """After a ValueError, does the figure still hold its last legal setting?"""
    figure = ReceptiveField()
    with pytest.raises(ValueError, match="no window fits"):
        figure.n = 8
    assert figure.n == 30


def test_values_from_the_page_never_raise():
    """Does a stack from the page, legal or not, leave a state that can be drawn?"""
    figure = ReceptiveField(selection=1)
    figure.set_state({"layers": [[3, 1, 0, 1], [2, 2, 0, 1]], "n": 6})
    assert (figure.layers, figure.n, figure.selection) == (((3, 1, 0, 1), (2, 2, 0, 1)), 6, 1)
    figure.set_state({"layers": [[3, 1]], "n": 4})
    assert (figure.layers[0], figure.n, figure.selection) == ((3, 1, 0, 1), 4, 0)
