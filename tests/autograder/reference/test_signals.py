"""Lesson 01's reference against numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reference.signals import (
    convolve1d,
    correlate1d,
    flip_is_invisible,
    output_length,
    pad1d,
)
from tests.autograder.reference.geometries import assert_same, tried

SIGNALS = st.lists(st.integers(-9, 9), min_size=1, max_size=9)


@tried(100)
@given(SIGNALS, SIGNALS)
def test_correlation_and_convolution_are_numpys(x, w):
    """Do the loops give np.correlate and np.convolve, wherever the kernel fits?"""
    x, w = np.array(x), np.array(w, float)
    if len(w) > len(x):
        x, w = w, x  # numpy would swap them on its own
    assert_same(correlate1d(x, w), np.correlate(x, w, "valid"))
    assert_same(convolve1d(x, w), np.convolve(x, w, "valid"))


@tried(100)
@given(*[st.integers(1, 12)] * 2, st.integers(1, 4), st.integers(0, 4), st.integers(1, 3))
def test_output_length_counts_the_windows(n, k, stride, padding, dilation):
    """Is the formula the number of windows that can be laid down, or a ValueError?"""
    windows = len(range(0, n + 2 * padding - dilation * (k - 1), stride))
    if windows:
        assert output_length(n, k, stride, padding, dilation) == windows
    else:
        with pytest.raises(ValueError, match="the kernel spans"):
            output_length(n, k, stride, padding, dilation)


@pytest.mark.parametrize("settings", [(0, 1, 0, 1), (3, 0, 0, 1), (3, 1, -1, 1), (3, 1, 0, 0)])
def test_output_length_refuses_settings_out_of_range(settings):
    """Are kernel 0, stride 0, padding -1 and dilation 0 refused?"""
    with pytest.raises(ValueError, match="must be at least 1"):
        output_length(8, *settings)


@tried(100)
@given(SIGNALS, st.integers(0, 4))
def test_padding_is_numpys(x, padding):
    """Are the zeros where np.pad puts them, in a new array?"""
    x = np.array(x)
    padded = pad1d(x, padding)
    np.testing.assert_array_equal(padded, np.pad(x, padding))
    assert not np.shares_memory(padded, x)


@tried(100)
@given(SIGNALS)
def test_a_flip_is_invisible_in_palindromes_only(w):
    """Does the answer say whether convolution and correlation agree on an impulse?"""
    w = np.array(w)
    impulse = np.zeros(2 * len(w) - 1, int)
    impulse[len(w) - 1] = 1
    agree = np.array_equal(np.correlate(impulse, w, "valid"), np.convolve(impulse, w, "valid"))
    assert flip_is_invisible(w) is agree
