"""Sizes, padding and windows against hand-computed numbers and PyTorch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reference.geometry import (
    Windows,
    crop2d,
    output_shape,
    pad2d,
    padding_pairs,
    pair,
    same_padding,
)
from tests.autograder.reference.geometries import layers, tried


@pytest.mark.parametrize("value", [0, -1, 1.5, "2", None, (1,), (1, 2, 3), (1, 0), (1.0, 2), [[1]]])
def test_what_is_no_positive_int_or_pair_is_refused(value):
    """Is the name of the setting in the message, with what came in?"""
    with pytest.raises(ValueError, match="stride has to be .* came in"):
        pair(value, "stride")


def test_a_pair_may_be_a_list_or_numpy_ints():
    """Do the ints of x.shape and of arrays pass, and come out as Python ints?"""
    both = pair([np.int64(2), 3], "stride")
    assert both == (2, 3)
    assert [type(value) for value in both] == [int, int]


@pytest.mark.parametrize("padding", [-1, (1, -1), ((0, 1), (2, -3)), ((1, 2),), ((1, 2), 3), "no"])
def test_padding_that_is_none_is_refused(padding):
    """Are negative and misshapen paddings refused?"""
    with pytest.raises(ValueError, match="padding has to be .* came in"):
        padding_pairs(padding)


@tried(100)
@given(layers())
def test_output_shape_counts_the_windows(layer):
    """Is the formula the number of windows that can be laid down?"""
    shape = output_shape(
        (layer.H, layer.W), layer.kernel, layer.stride, layer.padding, layer.dilation
    )
    assert shape == layer.out
    assert [type(n) for n in shape] == [int, int]


@pytest.mark.parametrize(
    ("hw", "settings"),
    [
        ((2, 9), (3,)),
        ((9, 2), (3,)),
        ((9, 2), ((2, 5), 2)),
        ((9, 4), (3, 1, 0, 2)),
        ((2, 2), ((5, 1), 1, 1)),
    ],
)
def test_a_kernel_that_does_not_fit_on_one_axis_is_refused(hw, settings):
    """Does the message give the kernel, the image and the padded size?"""
    with pytest.raises(ValueError, match=r"kernel with dilation .* does not fit in a \(\d, \d\)"):
        output_shape(hw, *settings)


@tried(100)
@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 5), st.integers(1, 3))
def test_same_padding_gives_as_many_outputs_as_strides(n, k, stride, dilation):
    """Is the output ceil(n / stride), with no more zeros than needed, the odd one after?"""
    before, after = same_padding(n, k, stride, dilation)
    extent = dilation * (k - 1) + 1
    outputs = -(-n // stride)
    assert len(range(0, n + before + after - extent + 1, stride)) == outputs
    assert 0 <= before <= after <= before + 1
    if before + after:
        assert len(range(0, n + before + after - 1 - extent + 1, stride)) == outputs - 1


def test_same_padding_refuses_settings_below_one():
    """Is stride 0 refused?"""
    with pytest.raises(ValueError, match="stride=0"):
        same_padding(8, 3, stride=0)


@tried(30)
@given(layers())
def test_pad2d_is_numpys_pad_and_crop2d_undoes_it(layer):
    """Are zeros put on the two last axes only?"""
    x = layer.arrays()[0]
    padded = pad2d(x, layer.padding)
    np.testing.assert_array_equal(padded, np.pad(x, ((0, 0), (0, 0), *layer.padding)))
    np.testing.assert_array_equal(crop2d(padded, layer.padding), x)
    assert not np.shares_memory(padded, x)


def test_pad2d_keeps_the_dtype_and_copies_without_padding():
    """Is the result a new array at padding 0, of x's dtype?"""
    x = np.ones((1, 2, 3, 4), np.int16)
    padded = pad2d(x, 0)
    assert padded.dtype == np.int16
    assert not np.shares_memory(padded, x)


@tried(50)
@given(layers())
def test_windows_and_taps_name_the_same_pixels(layer):
    """Is pixel (u, v) of window (i, j) pixel (i, j) of tap (u, v)?"""
    windows = Windows.over(
        (layer.H, layer.W), layer.kernel, layer.stride, layer.padding, layer.dilation
    )
    height, width = layer.H + sum(layer.padding[0]), layer.W + sum(layer.padding[1])
    pixels = np.arange(height * width).reshape(height, width)
    by_window = [pixels[windows.at(i, j)] for i, j in np.ndindex(windows.out)]
    by_tap = [pixels[windows.tap(u, v)] for u, v in np.ndindex(windows.kernel)]
    np.testing.assert_array_equal(
        np.reshape(by_window, (*layer.out, *layer.kernel)),
        np.reshape(by_tap, (*layer.kernel, *layer.out)).transpose(2, 3, 0, 1),
    )
