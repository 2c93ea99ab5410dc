"""The layers with state against PyTorch's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reference import Conv2D, MaxPool2D, Stack, he_std
from tests.autograder.reference.geometries import G, assert_same, torch_layer, torch_or_skip, tried


def test_the_spread_is_hes():
    """Is it sqrt(2 / (C KH KW)), whatever F is?"""
    assert he_std((7, 3, 3, 3)) == pytest.approx(np.sqrt(2 / 27))
    assert he_std((1, 2, 5, 1)) == pytest.approx(np.sqrt(2 / 10))


def test_the_initial_weights_have_hes_spread_and_the_biases_are_zero():
    """Are 6400 drawn weights normal with that spread, and reproducible?"""
    layer = Conv2D(8, 100, (2, 4), rng=np.random.default_rng(0))
    assert layer.weight.shape == (100, 8, 2, 4)
    assert layer.weight.mean() == pytest.approx(0, abs=0.01)
    assert layer.weight.std() == pytest.approx(he_std((100, 8, 2, 4)), rel=0.03)
    assert np.mean(np.abs(layer.weight) < layer.weight.std()) == pytest.approx(0.683, abs=0.02)
    assert layer.bias.tolist() == [0.0] * 100
    again = Conv2D(8, 100, (2, 4), rng=np.random.default_rng(0))
    np.testing.assert_array_equal(layer.weight, again.weight)
    assert not np.array_equal(Conv2D(8, 100, 2).weight, Conv2D(8, 100, 2).weight)


@pytest.mark.parametrize("geometry", G[:2])
def test_the_layer_is_pytorchs_and_overwrites_its_gradients(geometry):
    """Do y, dx and both gradients agree, on the second backward too?"""
    arrays = x, w, b, dy = geometry.arrays()
    y, dx, dw, db = torch_layer(geometry, *arrays)
    layer = Conv2D(geometry.C, geometry.F, geometry.kernel, geometry.stride, geometry.padding)
    layer.weight, layer.bias = w, b
    assert layer.grad_weight is None
    for _ in range(2):
        assert_same(layer.forward(x), y)
        assert_same(layer.backward(dy), dx)
        assert_same(layer.grad_weight, dw)
        assert_same(layer.grad_bias, db)


@pytest.mark.parametrize("layer", [Conv2D(2, 3, 2), MaxPool2D(2)])
def test_a_backward_without_a_forward_is_refused(layer):
    """Does the message say what is missing?"""
    with pytest.raises(ValueError, match="needs the images of a forward"):
        layer.backward(np.zeros((1, 3, 2, 2)))


POOLS = st.tuples(*[st.integers(1, 3)] * 4, *[st.integers(0, 4)] * 2, st.integers(0, 10**6))


@tried(60)
@given(POOLS, st.booleans())
def test_pooling_is_pytorchs_ties_included(sizes, ties):
    """Do values and gradients agree where windows overlap, leave gaps, and hold equal maxima?"""
    torch = torch_or_skip()
    KH, KW, sh, sw, more_h, more_w, seed = sizes
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2, 3, KH + more_h, KW + more_w))
    if ties:
        x = rng.integers(0, 3, size=x.shape).astype(float)
    leaf = torch.tensor(x, requires_grad=True)
    expected = torch.nn.functional.max_pool2d(leaf, (KH, KW), (sh, sw))
    dy = rng.normal(size=tuple(expected.shape))
    expected.backward(torch.tensor(dy))
    pool = MaxPool2D((KH, KW), (sh, sw))
    assert_same(pool.forward(x), expected.detach().numpy())
    assert_same(pool.backward(dy), leaf.grad.numpy())


def test_the_stride_of_a_pool_is_its_kernel_unless_given():
    """Are windows side by side by default, rows left over dropped?"""
    x = np.arange(35.0).reshape(1, 1, 5, 7)
    assert MaxPool2D((2, 3)).forward(x).tolist() == [[[[9, 12], [23, 26]]]]
    assert MaxPool2D((2, 3), 1).forward(x).shape == (1, 1, 4, 5)


def test_pooling_refuses_what_does_not_fit():
    """Are a window too large, an image of three axes and a wrong dy refused?"""
    pool = MaxPool2D(3)
    with pytest.raises(ValueError, match="does not fit"):
        pool.forward(np.zeros((1, 1, 2, 5)))
    with pytest.raises(ValueError, match="came in"):
        pool.forward(np.zeros((1, 5, 5)))
    pool.forward(np.zeros((1, 1, 6, 6)))
    with pytest.raises(ValueError, match=r"= \(1, 1, 2, 2\)"):
        pool.backward(np.zeros((1, 1, 2, 3)))


def test_a_stack_steps_as_pytorch_does():
    """Do outputs, dx and all parameters agree with torch.nn.Sequential and SGD, twice?"""
    torch = torch_or_skip()
    rng = np.random.default_rng(0)
    layers = Conv2D(2, 3, (2, 3), padding=1, rng=rng), MaxPool2D(2, 1), Conv2D(3, 4, 2, 2, rng=rng)
    first, last = (
        torch.nn.Conv2d(2, 3, (2, 3), padding=1, dtype=torch.float64),
        torch.nn.Conv2d(3, 4, 2, 2, dtype=torch.float64),
    )
    for ours, theirs in ((layers[0], first), (layers[2], last)):
        theirs.weight.data = torch.from_numpy(ours.weight.copy())
        theirs.bias.data = torch.from_numpy(ours.bias.copy())
    sequence, stack = torch.nn.Sequential(first, torch.nn.MaxPool2d(2, 1), last), Stack(*layers)
    optimizer = torch.optim.SGD(sequence.parameters(), lr=0.1)
    for _ in range(2):
        x = rng.normal(size=(2, 2, 5, 6))
        tensor = torch.from_numpy(x).requires_grad_()
        y = sequence(tensor)
        dy = rng.normal(size=tuple(y.shape))
        optimizer.zero_grad()
        y.backward(torch.from_numpy(dy))
        optimizer.step()
        assert_same(stack.forward(x), y.detach().numpy())
        assert_same(stack.backward(dy), tensor.grad.numpy())
        stack.step(0.1)
        for ours, theirs in ((layers[0], first), (layers[2], last)):
            assert_same(ours.weight, theirs.weight.detach().numpy())
            assert_same(ours.bias, theirs.bias.detach().numpy())
