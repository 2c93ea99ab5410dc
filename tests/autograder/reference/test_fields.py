"""Receptive fields against what gradients of random networks reach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reference import (
    conv1d_backward,
    effective_width,
    empirical_receptive_field,
    output_length,
    receptive_field,
    receptive_region,
    wide_stack,
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
    found = effective_width([(3, 1, 1, 1)] * n)
    assert found == pytest.approx(np.sqrt(influence @ offsets**2))


def test_the_effective_width_is_the_spread_of_a_gradient_through_averages():
    """Does it agree with a one-hot gradient that is sent back through any averaging layers?"""
    layers = [(2, 3, 0, 2), (4, 2, 0, 3), (3, 2, 0, 1), (5, 1, 0, 2)]
    size, _ = receptive_field(layers)
    sizes = [size]
    for k, s, p, d in layers:
        sizes.append(output_length(sizes[-1], k, s, p, d))
    g = np.ones(1)
    for (k, s, p, d), n in zip(layers[::-1], sizes[-2::-1], strict=True):
        g = conv1d_backward(g, np.zeros(n), np.full(k, 1 / k), s, p, d)[0]
    places = np.arange(size) - g @ np.arange(size)
    assert effective_width(layers) == pytest.approx(np.sqrt(g @ places**2))


@pytest.mark.parametrize(("width", "depth"), [(1, 0), (3, 1), (9, 2), (26, 3), (81, 4), (80, 5)])
def test_a_wide_stack_uses_every_pixel_of_the_width(width, depth):
    """Does output `width` of the stack, away from the edges, see a field without holes?"""
    layers = wide_stack(width, depth)
    size, jump = receptive_field(layers)
    assert (len(layers) <= depth, size >= width, jump) == (True, True, 1)
    n = 3 * size
    for k, s, p, d in layers:
        assert output_length(n, k, s, p, d) == n
    assert empirical_receptive_field(layers, n, n // 2).sum() == size
    with pytest.raises(ValueError, match="at most 9 pixels, not 10"):
        wide_stack(10, 2)


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
    """Is index 5 of 5 outputs, and -1, refused; and a negative padding?"""
    for i in (5, -1):
        with pytest.raises(ValueError, match="from 0 to 4"):
            empirical_receptive_field([(3, 1, 0, 1)], 7, i)
    with pytest.raises(ValueError, match="padding at least 0"):
        effective_width([(3, 1, -1, 1)])
