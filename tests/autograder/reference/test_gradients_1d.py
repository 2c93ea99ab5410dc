"""One-dimensional gradients against numpy, PyTorch's autograd and probe P1, P4."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reference import gradients_1d as g
from autograder.reference import output_length
from tests.autograder.reference.geometries import assert_same, torch_or_skip, tried


@st.composite
def layers_1d(draw):
    """Draw (n, k, stride, padding, dilation) that fit, and a seed."""
    k, s = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    p, d = draw(st.integers(0, 4)), draw(st.integers(1, 3))
    n = max(1, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 7))
    return n, k, s, p, d, draw(st.integers(0, 10**6))


def _torch_1d(x, w, b, dy, *settings):
    torch = torch_or_skip()
    x, w, dy = (torch.tensor(array).reshape(1, 1, -1) for array in (x, w, dy))
    b = torch.tensor([b], dtype=torch.float64)
    inputs = [tensor.requires_grad_() for tensor in (x, w, b)]
    y = torch.nn.functional.conv1d(*inputs, *settings)
    results = (y, *torch.autograd.grad(y, inputs, dy))
    return [tensor.detach().numpy().ravel() for tensor in results]


@tried(60)
@given(layers_1d())
def test_the_layer_and_its_gradients_are_pytorchs(layer):
    """Do forward and all three gradients agree, with stride, padding and dilation?"""
    n, k, *settings, seed = layer
    rng = np.random.default_rng(seed)
    x, w, b = rng.normal(size=n), rng.normal(size=k), float(rng.normal())
    dy = rng.normal(size=output_length(n, k, *settings))
    y, dx, dw, db = _torch_1d(x, w, b, dy, *settings)
    assert_same(g.conv1d(x, w, b, *settings), y)
    computed = g.conv1d_backward(dy, x, w, *settings)
    for mine, theirs in zip(computed, (dx, dw, db[0]), strict=True):
        assert_same(mine, theirs)


@tried(60)
@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 10**6))
def test_plain_gradients_are_a_full_convolution_and_a_correlation(k, m, seed):
    """Are dx = dy * w in full and dw = correlation of x with dy, as numpy has them?"""
    rng = np.random.default_rng(seed)
    w, dy, x = rng.normal(size=k), rng.normal(size=m), rng.normal(size=m + k - 1)
    assert_same(g.grad_x_1d(dy, w), np.convolve(dy, w, "full"))
    assert_same(g.grad_w_1d(dy, x), np.correlate(x, dy, "valid"))
    assert_same(g.grad_b_1d(dy), dy.sum())
    dx, dw = g.grad_convolve1d(dy, x, w)
    assert_same(dx, np.correlate(dy, w, "full"))
    assert_same(dw, np.convolve(x, dy[::-1], "valid")[::-1])


@tried(60)
@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 9), st.integers(0, 10**6))
def test_the_strided_gradient_is_that_of_the_dilated_upstream(k, stride, extra, seed):
    """Is dx the full convolution of dy with zeros between, and 0 in the remainder?"""
    rng = np.random.default_rng(seed)
    n = k + extra
    w, dy = rng.normal(size=k), rng.normal(size=extra // stride + 1)
    dilated = np.zeros(extra + 1)
    dilated[::stride] = dy
    assert_same(g.grad_x_1d_strided(dy, w, n, stride), np.convolve(dilated, w, "full"))


def test_integers_give_integers():
    """Do place-value digits stay exact, in a new array?"""
    w = np.array([1, 2, 3], np.int8)
    dx = g.grad_x_1d(np.array([1, 10, 100], np.int8), w)
    assert dx.tolist() == [1, 12, 123, 230, 300]
    assert dx.dtype == np.int64


@pytest.mark.parametrize(
    "call",
    [
        lambda x, w, dy: g.conv1d(w, np.ones(5), 0.0),
        lambda x, w, dy: g.conv1d(x, w, 0.0, stride=0),
        lambda x, w, dy: g.conv1d(list(x), w, 0.0),
        lambda x, w, dy: g.conv1d(x, w.reshape(1, 3), 0.0),
        lambda x, w, dy: g.conv1d_backward(dy, x, w, stride=2),
        lambda x, w, dy: g.grad_x_1d_strided(dy, w, 5, 2),
        lambda x, w, dy: g.grad_x_1d_strided(list(dy), w, 5, 1),
        lambda x, w, dy: g.grad_w_1d(np.ones(6), x),
        lambda x, w, dy: g.grad_w_1d(list(dy), x),
        lambda x, w, dy: g.grad_b_1d(5.0),
        lambda x, w, dy: g.grad_convolve1d(dy[:2], x, w),
    ],
)
def test_lengths_that_do_not_belong_together_are_refused(call):
    """Does every function say what came in, instead of an index error or a wrong number?"""
    with pytest.raises(ValueError, match="came in|the kernel spans"):
        call(np.ones(5), np.ones(3), np.ones(3))
