"""The channels-last layer against PyTorch, by moving axes."""

import numpy as np
import pytest
from hypothesis import given

from autograder.reference import conv2d_backward_nhwc, conv2d_nhwc, im2col_nhwc
from tests.autograder.reference.geometries import assert_same, layers, torch_layer, tried


def last(array):
    """Move the channels of (N, C, H, W) last."""
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1))


@tried(40)
@given(layers(grouped=False, dilated=False))
def test_the_layer_and_its_gradients_are_pytorchs(layer):
    """Do y, dx, dw and db agree, kernels read as rows of (kernel row, column, channel)?"""
    arrays = x, w, b, dy = layer.arrays()
    y, dx, dw, db = torch_layer(layer, *arrays)
    rows = last(w).reshape(layer.F, -1)
    settings = (layer.kernel, layer.stride, layer.padding)
    assert_same(conv2d_nhwc(last(x), rows, b, *settings), last(y))
    computed = conv2d_backward_nhwc(last(dy), last(x), rows, *settings)
    for mine, theirs in zip(computed, (last(dx), last(dw).reshape(rows.shape), db), strict=True):
        assert_same(mine, theirs)


@tried(40)
@given(layers(grouped=False, dilated=False))
def test_columns_are_flat_reads_of_each_image(layer):
    """Do flat indices into the image give the same columns?"""
    x = last(np.pad(layer.arrays()[0], ((0, 0), (0, 0), *layer.padding)))
    _, H, W, C = x.shape
    (KH, KW), (sh, sw), (OH, OW) = layer.kernel, layer.stride, layer.out
    u, v, c = np.ogrid[:KH, :KW, :C]
    i, j = np.ogrid[:OH, :OW]
    start = (i * sh * W + j * sw) * C
    index = ((u * W + v) * C + c).reshape(-1, 1) + start.reshape(1, -1)
    expected = x.reshape(layer.N, -1)[:, index]
    np.testing.assert_array_equal(im2col_nhwc(x, layer.kernel, layer.stride), expected)


def test_an_empty_batch_gives_empty_results():
    """Are all shapes right where there is no image?"""
    x, w, b = np.zeros((0, 6, 8, 3)), np.ones((4, 18)), np.zeros(4)
    assert im2col_nhwc(x, (3, 2)).shape == (0, 18, 28)
    y = conv2d_nhwc(x, w, b, (3, 2))
    assert y.shape == (0, 4, 7, 4)
    dx, dw, db = conv2d_backward_nhwc(y, x, w, (3, 2))
    assert (dx.shape, dw.any(), db.tolist()) == ((0, 6, 8, 3), False, [0.0] * 4)


def test_shapes_that_do_not_belong_together_are_refused():
    """Does each function say what it expected?"""
    x, w, b = np.zeros((2, 6, 8, 3)), np.zeros((4, 18)), np.zeros(4)
    with pytest.raises(ValueError, match="does not fit"):
        im2col_nhwc(x, 7)
    with pytest.raises(ValueError, match="x has to be"):
        im2col_nhwc(x[0], 3)
    with pytest.raises(ValueError, match=r"w has to be .* = \(4, 27\)"):
        conv2d_nhwc(x, w, b, 3)
    with pytest.raises(ValueError, match=r"w has to be .* \(F, KH\*KW\*C\)"):
        conv2d_nhwc(x, w.reshape(4, 3, 2, 3), b, (3, 2))
    with pytest.raises(ValueError, match="b has to be"):
        conv2d_nhwc(x, w, b[:3], (3, 2))
    with pytest.raises(ValueError, match=r"dy has to be .* = \(2, 4, 7, 4\)"):
        conv2d_backward_nhwc(np.zeros((2, 4, 4, 7)), x, w, (3, 2))
