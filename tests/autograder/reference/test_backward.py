"""Two-dimensional gradients against PyTorch's autograd and central differences."""

import numpy as np
import pytest
from hypothesis import given

from autograder.reference import (
    conv2d,
    conv2d_backward,
    conv2d_backward_im2col,
    conv2d_backward_loops,
    dilate2d,
    grad_x_as_convolution,
    numerical_gradient,
)
from tests.autograder.reference.geometries import G, assert_same, layers, torch_layer, tried

PLAIN = [conv2d_backward_loops, conv2d_backward_im2col]


@tried(60)
@given(layers())
def test_gradients_are_autograds(layer):
    """Do dx, dw and db agree with stride, asymmetric padding, dilation and groups?"""
    arrays = x, w, _, dy = layer.arrays()
    settings = (layer.stride, layer.padding, layer.dilation, layer.groups)
    expected = torch_layer(layer, *arrays)[1:]
    for mine, theirs in zip(conv2d_backward(dy, x, w, *settings), expected, strict=True):
        assert_same(mine, theirs)


@pytest.mark.parametrize("backward", PLAIN)
def test_the_loops_and_the_columns_are_autograds(backward):
    """Do the other two ways back give the same?"""

    @tried(25)
    @given(layers(most=2, grouped=False, dilated=False))
    def agree(layer):
        arrays = x, w, _, dy = layer.arrays()
        computed = backward(dy, x, w, layer.stride, layer.padding)
        for mine, theirs in zip(computed, torch_layer(layer, *arrays)[1:], strict=True):
            assert_same(mine, theirs)

    agree()


@tried(40)
@given(layers(grouped=False, dilated=False))
def test_dx_is_one_more_convolution(layer):
    """Does the turned kernel over the dilated dy agree, padding above k - 1 included?"""
    arrays = x, w, _, dy = layer.arrays()
    dx = grad_x_as_convolution(dy, w, x.shape, layer.stride, layer.padding)
    assert_same(dx, torch_layer(layer, *arrays)[1])


@pytest.mark.parametrize("layer", G)
def test_gradients_are_central_differences(layer):
    """Do they agree with the forward itself, moved entry by entry?"""
    x, w, b, dy = layer.arrays()
    settings = (layer.stride, layer.padding, layer.dilation, layer.groups)
    dx, dw, db = conv2d_backward(dy, x, w, *settings)
    assert_same(dw, numerical_gradient(lambda w: conv2d(x, w, b, *settings), w, dy))
    assert_same(db, numerical_gradient(lambda b: conv2d(x, w, b, *settings), b, dy))
    one, dy = x[:1], dy[:1]
    assert_same(dx[:1], numerical_gradient(lambda x: conv2d(x, w, b, *settings), one, dy))


@pytest.mark.parametrize("backward", [conv2d_backward, *PLAIN])
def test_rows_that_no_window_reaches_get_zero(backward):
    """Are the last row and the last two columns of a remainder exactly 0?"""
    x, w, dy = np.ones((2, 3, 6, 8)), np.ones((4, 3, 3, 3)), np.ones((2, 4, 2, 2))
    dx = backward(dy, x, w, stride=(2, 3))[0]
    assert not dx[:, :, 5:].any()
    assert not dx[:, :, :, 6:].any()
    assert dx[:, :, :5, :6].all()


@pytest.mark.parametrize("backward", [conv2d_backward, *PLAIN])
def test_an_empty_batch_gives_zero_gradients(backward):
    """Are dw and db zeros, and dx empty, where there is no image?"""
    dx, dw, db = backward(np.zeros((0, 4, 4, 7)), np.zeros((0, 3, 6, 8)), np.ones((4, 3, 3, 2)))
    assert dx.shape == (0, 3, 6, 8)
    assert not dw.any()
    assert db.tolist() == [0.0] * 4


@pytest.mark.parametrize("backward", [conv2d_backward, *PLAIN])
def test_integers_stay_exact_and_arguments_unchanged(backward):
    """Do the digits of P2 come out of bytes, and stay what they were?"""
    x = np.arange(1, 10, dtype=np.int16).reshape(1, 1, 3, 3)
    w = np.array([[[[1, 2], [3, 4]]]], np.int8)
    dy = np.array([[[[1, 10], [100, 1000]]]], np.int16)
    kept = [array.copy() for array in (dy, x, w)]
    dx, dw, db = backward(dy, x, w)
    assert dx[0, 0].tolist() == [[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]
    assert dw.ravel().tolist() == [5421, 6532, 8754, 9865]
    assert db.tolist() == [1111]
    for array, before in zip((dy, x, w), kept, strict=True):
        np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("backward", [conv2d_backward, *PLAIN])
@pytest.mark.parametrize("shape", [(2, 4, 4, 6), (2, 3, 4, 7), (1, 4, 4, 7), (4, 4, 7)])
def test_a_dy_of_another_shape_is_refused(backward, shape):
    """Does the message name both shapes?"""
    with pytest.raises(ValueError, match=r"dy has to be .*shape \(N, F, OH, OW\).* came in"):
        backward(np.zeros(shape), np.zeros((2, 3, 6, 8)), np.zeros((4, 3, 3, 2)))


def test_dilation_puts_zeros_between_only():
    """Are entries at multiples of the stride, no zeros after the last, in a new array?"""
    dy = np.arange(1.0, 25).reshape(2, 2, 2, 3)
    dilated = dilate2d(dy, (3, 2))
    assert dilated.shape == (2, 2, 4, 5)
    np.testing.assert_array_equal(dilated[:, :, ::3, ::2], dy)
    assert np.count_nonzero(dilated) == dy.size
    assert not np.shares_memory(dilate2d(dy, 1), dy)


def test_dx_as_convolution_refuses_shapes_that_do_not_belong_together():
    """Are other channels, and a dy of the wrong size, refused?"""
    w = np.zeros((4, 3, 3, 2))
    with pytest.raises(ValueError, match=r"has to span the 5 channels"):
        grad_x_as_convolution(np.zeros((2, 4, 4, 7)), w, (2, 5, 6, 8))
    with pytest.raises(ValueError, match=r"= \(2, 4, 4, 7\)"):
        grad_x_as_convolution(np.zeros((2, 4, 4, 6)), w, (2, 3, 6, 8))
