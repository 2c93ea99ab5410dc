"""Receptive fields against what gradients of random networks reach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reference import (
    effective_width,
    empirical_receptive_field,
    output_length,
    receptive_field,
    receptive_region,
)
from tests.autograder.reference.geometries import tried

LAYER = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 3))
STACKS = st.lists(LAYER, max_size=3)


def _matrix(layers, n):
    """Multiply out the stack's 0-1 matrices: entry [i, q] counts the paths from input q to i."""
    total = np.eye(n)
    for k, s, p, d in layers:
        padded = np.pad(np.eye(len(total)), ((p, p), (0, 0)))
        outputs = output_length(len(total), k, s, p, d)
        total = sum(padded[t * d : t * d + s * (outputs - 1) + 1 : s] for t in range(k)) @ total
    return total


def _length(layers):
    """Return a length on which every layer of the stack has a few outputs."""
    n = 3
    for k, s, _, d in reversed(layers):
        n = max(1, (n - 1) * s + d * (k - 1) + 1)
    return n


@tried(100)
@given(STACKS)
def test_the_empirical_field_is_where_the_stacks_matrix_is_not_zero(layers):
    """Does each output's mask agree with the product of the layers' matrices?"""
    n = _length(layers)
    matrix = _matrix(layers, n)
    for i in range(len(matrix)):
        mask = empirical_receptive_field(layers, n, i)
        assert mask.dtype == bool
        np.testing.assert_array_equal(mask, matrix[i] > 0)


@tried(100)
@given(STACKS)
def test_size_jump_and_region_bound_the_field(layers):
    """Are first and last the field's ends, the size their span, the jump from one to the next?"""
    n = _length(layers)
    size, jump = receptive_field(layers)
    unpadded = [(k, s, 0, d) for k, s, _, d in layers]
    for i in range(3):
        reached = np.flatnonzero(empirical_receptive_field(unpadded, n, i))
        assert receptive_region(unpadded, i) == (reached[0], reached[-1])
        assert reached[-1] - reached[0] + 1 == size
        assert reached[0] == i * jump
    # Padding moves every field towards the start by a fixed number of pixels.
    shift, steps = 0, 1
    for _, s, p, _ in layers:
        shift += p * steps
        steps *= s
    assert receptive_region(layers, 2) == (2 * jump - shift, 2 * jump - shift + size - 1)


@pytest.mark.parametrize("n", [0, 1, 2, 7, 40])
def test_the_effective_width_is_the_spread_of_stacked_boxes(n):
    """Is it the standard deviation of [1, 1, 1] / 3 convolved n times?"""
    influence = np.ones(1)
    for _ in range(n):
        influence = np.convolve(influence, np.ones(3) / 3)
    offsets = np.arange(len(influence)) - n
    assert effective_width(n) == pytest.approx(np.sqrt(influence @ offsets**2))


@pytest.mark.parametrize("layer", [(0, 1, 0, 1), (3, 0, 0, 1), (3, 1, -1, 1), (3, 1, 0, 0)])
def test_settings_out_of_range_are_refused(layer):
    """Do all three functions name the layer or its setting?"""
    for call in (
        lambda: receptive_field([layer]),
        lambda: receptive_region([layer], 0),
        lambda: empirical_receptive_field([layer], 9, 0),
    ):
        with pytest.raises(ValueError, match="must be at least 1"):
            call()


def test_an_output_that_does_not_exist_is_refused():
    """Is index 5 of 5 outputs, and -1, refused; and a negative number of layers?"""
    for i in (5, -1):
        with pytest.raises(ValueError, match="from 0 to 4"):
            empirical_receptive_field([(3, 1, 0, 1)], 7, i)
    with pytest.raises(ValueError, match="-1 came in"):
        effective_width(-1)
