"""What stands around the convolutions, against PyTorch and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reference import (
    linear,
    linear_backward,
    momentum_step,
    relu,
    relu_backward,
    softmax_cross_entropy,
)
from tests.autograder.reference.geometries import assert_same, torch_or_skip, tried


def test_relu_and_its_slope_are_zero_at_zero():
    """Are negative zeros, zeros and positives told apart?"""
    x = np.array([-2.0, 0.0, 3.0])
    assert relu(x).tolist() == [0.0, 0.0, 3.0]
    assert relu_backward(np.array([1.0, 10.0, 100.0]), x).tolist() == [0.0, 0.0, 100.0]


@tried(20)
@given(*[st.integers(1, 5)] * 3, st.integers(0, 9999))
def test_the_linear_layer_is_pytorchs(N, I, O, seed):
    """Do y, dx, dw and db agree?"""
    torch = torch_or_skip()
    rng = np.random.default_rng(seed)
    x, w, b, dy = (rng.normal(size=shape) for shape in ((N, I), (O, I), (O,), (N, O)))
    inputs = [torch.tensor(array, requires_grad=True) for array in (x, w, b)]
    y = torch.nn.functional.linear(*inputs)
    assert_same(linear(x, w, b), y.detach().numpy())
    expected = torch.autograd.grad(y, inputs, torch.tensor(dy))
    for mine, theirs in zip(linear_backward(dy, x, w), expected, strict=True):
        assert_same(mine, theirs.numpy())


@pytest.mark.parametrize(
    ("x", "w", "b"),
    [((5,), (2, 5), (2,)), ((3, 5), (2, 4), (2,)), ((3, 5), (2, 5), (3,)), ((3, 5), (5,), (2,))],
)
def test_the_linear_layer_refuses_shapes_that_do_not_belong_together(x, w, b):
    """Does the message say which shape came in?"""
    with pytest.raises(ValueError, match="came in"):
        linear(np.zeros(x), np.zeros(w), np.zeros(b))


@tried(20)
@given(st.integers(1, 5), st.integers(2, 6), st.sampled_from([1.0, 100.0, 1e4]), st.integers(0, 99))
def test_the_loss_is_pytorchs_for_large_logits_too(N, classes, scale, seed):
    """Do loss and gradient agree, without a warning of overflow?"""
    torch = torch_or_skip()
    rng = np.random.default_rng(seed)
    logits, labels = scale * rng.normal(size=(N, classes)), rng.integers(0, classes, size=N)
    leaf = torch.tensor(logits, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(leaf, torch.tensor(labels))
    expected.backward()
    loss, dlogits = softmax_cross_entropy(logits, labels)
    assert type(loss) is float
    assert_same(loss, expected.item())
    assert_same(dlogits, leaf.grad.numpy())


@pytest.mark.parametrize(
    "labels", [[0, 3], [-1, 0], [0.0, 1.0], [0], [], [[0, 1]]], ids=lambda labels: str(labels)
)
def test_labels_that_are_no_classes_are_refused(labels):
    """Are 3 of 3 classes, -1, floats, and another number of labels refused?"""
    with pytest.raises(ValueError, match="labels has to"):
        softmax_cross_entropy(np.zeros((2, 3)), np.array(labels))


def test_an_empty_batch_has_no_loss():
    """Is a mean over nothing refused instead of NaN?"""
    with pytest.raises(ValueError, match="at least one"):
        softmax_cross_entropy(np.zeros((0, 3)), np.zeros(0, int))


def test_momentum_steps_are_pytorchs():
    """Do ten steps down a quadratic agree with torch.optim.SGD?"""
    torch = torch_or_skip()
    params, velocity = {"w": np.array([3.0, -1.0])}, {"w": np.zeros(2)}
    leaf = torch.tensor(params["w"], requires_grad=True)
    optimizer = torch.optim.SGD([leaf], lr=0.1, momentum=0.8)
    for _ in range(10):
        optimizer.zero_grad()
        (leaf**2).sum().backward()
        optimizer.step()
        params, velocity = momentum_step(params, velocity, {"w": 2 * params["w"]}, 0.1, 0.8)
    assert_same(params["w"], leaf.detach().numpy())
