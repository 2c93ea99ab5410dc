"""The matrix of a convolution against SciPy, and its transpose against PyTorch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reference import (
    conv2d,
    conv2d_backward,
    conv_matrix,
    conv_transpose2d,
    correlate2d,
    tie_gradient,
)
from tests.autograder.reference.geometries import assert_same, torch_or_skip, tried

SIZES = st.tuples(*[st.integers(1, 4)] * 2, *[st.integers(0, 4)] * 2, st.integers(0, 10**6))


def _kernel_and_image(sizes):
    KH, KW, more_h, more_w, seed = sizes
    rng = np.random.default_rng(seed)
    return rng.normal(size=(KH, KW)), rng.normal(size=(KH + more_h, KW + more_w))


@tried(40)
@given(SIZES)
def test_the_matrix_times_the_image_is_scipys_correlation(sizes):
    """Is M @ x.ravel() the correlation, with one nonzero a kernel entry in every row?"""
    signal = pytest.importorskip("scipy.signal", reason="SciPy is not installed")
    w, x = _kernel_and_image(sizes)
    for sh, sw in ((1, 1), (2, 1), (2, 3)):
        M = conv_matrix(w, x.shape, (sh, sw))
        assert_same(M @ x.ravel(), signal.correlate2d(x, w, "valid")[::sh, ::sw].ravel())
        assert np.count_nonzero(M) == len(M) * w.size


@tried(40)
@given(SIZES)
def test_the_tied_gradient_is_the_layers(sizes):
    """Is the dense gradient dy x^T, summed over the copies, the gradient of the kernel?"""
    w, x = _kernel_and_image(sizes)
    dy = np.random.default_rng(sizes[-1]).normal(size=correlate2d(x, w).shape)
    dense = np.outer(dy, x)
    _, dw, _ = conv2d_backward(dy[None, None], x[None, None], w[None, None])
    assert_same(tie_gradient(dense, w.shape, x.shape), dw[0, 0])


@tried(40)
@given(
    st.tuples(*[st.integers(1, 3)] * 7), st.tuples(*[st.integers(1, 3)] * 2), st.integers(0, 9999)
)
def test_the_transposed_layer_is_pytorchs(sizes, stride, seed):
    """Does it agree where kernels overlap, touch, and leave gaps?"""
    torch = torch_or_skip()
    N, C_in, C_out, H, W, KH, KW = sizes
    rng = np.random.default_rng(seed)
    y, w = rng.normal(size=(N, C_in, H, W)), rng.normal(size=(C_in, C_out, KH, KW))
    expected = torch.nn.functional.conv_transpose2d(torch.tensor(y), torch.tensor(w), stride=stride)
    assert_same(conv_transpose2d(y, w, stride), expected.numpy())


def test_the_transposed_layer_is_the_adjoint():
    """Is <conv2d(x), y> = <x, conv_transpose2d(y)> for the same w?"""
    rng = np.random.default_rng(0)
    w, y = rng.normal(size=(4, 3, 3, 2)), rng.normal(size=(2, 4, 3, 5))
    back = conv_transpose2d(y, w, (2, 3))
    x = rng.normal(size=back.shape)
    assert_same(np.sum(conv2d(x, w, np.zeros(4), (2, 3)) * y), np.sum(x * back))


def test_shapes_that_do_not_belong_together_are_refused():
    """Does each function say what it expected?"""
    with pytest.raises(ValueError, match="does not fit"):
        conv_matrix(np.zeros((2, 4)), (5, 3))
    with pytest.raises(ValueError, match=r"G has to be .* = \(4, 9\)"):
        tie_gradient(np.zeros((4, 8)), 2, (3, 3))
    with pytest.raises(ValueError, match="has to start with the 3 channels"):
        conv_transpose2d(np.zeros((2, 3, 4, 5)), np.zeros((4, 3, 2, 2)))
    with pytest.raises(ValueError, match="stride has to be"):
        conv_transpose2d(np.zeros((2, 3, 4, 5)), np.zeros((3, 4, 2, 2)), 0)
