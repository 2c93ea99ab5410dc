"""The capstone's network against PyTorch, against the loops, and on the digits."""

import numpy as np
import pytest

from autograder import reference
from autograder.reference import network
from tests.autograder.reference.geometries import assert_same, torch_or_skip

SHAPES = {"filters": (3, 4), "classes": 10}


def _batch(seed=0, N=5):
    rng = np.random.default_rng(seed)
    params = network.initial_params(rng, **SHAPES)
    params = {key: value + 0.1 * rng.normal(size=value.shape) for key, value in params.items()}
    return params, rng.normal(size=(N, 1, 8, 8)), rng.integers(0, 10, size=N)


def test_loss_and_gradients_are_autograds():
    """Do logits, loss and all six gradients agree with PyTorch's layers?"""
    torch = torch_or_skip()
    params, x, labels = _batch()
    leaves = {key: torch.tensor(value, requires_grad=True) for key, value in params.items()}
    F = torch.nn.functional
    a = F.relu(F.conv2d(torch.tensor(x), leaves["w1"], leaves["b1"], stride=2, padding=1))
    a = F.relu(F.conv2d(a, leaves["w2"], leaves["b2"], stride=1, padding=1))
    logits = F.linear(F.max_pool2d(a, 2).flatten(1), leaves["w3"], leaves["b3"])
    loss = F.cross_entropy(logits, torch.tensor(labels))
    loss.backward()
    assert_same(reference.forward(params, x), logits.detach().numpy())
    my_loss, grads = reference.loss_and_gradients(params, x, labels)
    assert_same(my_loss, loss.item())
    assert set(grads) == set(params)
    for key, grad in grads.items():
        assert_same(grad, leaves[key].grad.numpy())


def test_logits_are_those_of_the_plain_loops():
    """Does the network on the fast twins give what the loops give?"""
    params, x, _ = _batch(1)
    a = reference.relu(reference.conv2d_loops(x, params["w1"], params["b1"], 2, 1))
    a = reference.relu(reference.conv2d_loops(a, params["w2"], params["b2"], 1, 1))
    features = reference.MaxPool2D(2).forward(a).reshape(len(x), -1)
    assert_same(
        reference.forward(params, x), reference.linear(features, params["w3"], params["b3"])
    )


def test_gradients_are_central_differences():
    """Does moving each parameter change the loss as the gradients say?"""
    params, x, labels = _batch(2, N=3)
    _, grads = reference.loss_and_gradients(params, x, labels)
    for key in params:

        def loss(value, key=key):
            return np.array(reference.loss_and_gradients({**params, key: value}, x, labels)[0])

        numerical = reference.numerical_gradient(loss, params[key], np.array(1.0), h=1e-6)
        assert reference.relative_error(grads[key], numerical) < 1e-6


def test_the_network_sees_what_its_layers_say():
    """Does one pooled feature read exactly the region that `receptive_region` gives?"""
    params = {key: np.abs(value) for key, value in _batch()[0].items()}
    x = np.ones((1, 1, 8, 8))
    params["w3"] = np.zeros((10, 4 * 4))
    params["w3"][0, 3] = 1.0  # channel 0, bottom right place
    logits, changed = network.forward(params, x), []
    for row in range(8):
        moved = x.copy()
        moved[0, 0, row] += 1.0
        changed.append(not np.array_equal(network.forward(params, moved), logits))
    first, last = reference.receptive_region(reference.NETWORK_LAYERS, 1)
    assert changed == [first <= row <= last for row in range(8)]
    assert reference.receptive_field(reference.NETWORK_LAYERS) == (9, 4)


def test_training_leaves_its_arguments_and_is_reproducible():
    """Are params unchanged, and two runs from one seed equal?"""
    params, x, labels = _batch(3, N=40)
    kept = {key: value.copy() for key, value in params.items()}
    runs = [reference.train(params, x, labels, 3, 0.05, np.random.default_rng(7)) for _ in range(2)]
    for key, value in params.items():
        np.testing.assert_array_equal(value, kept[key])
        np.testing.assert_array_equal(runs[0][0][key], runs[1][0][key])
    assert runs[0][1] == runs[1][1]
    assert len(runs[0][1]) == 3


def test_no_epoch_changes_nothing():
    """Does training for 0 epochs give the same params and no loss?"""
    params, x, labels = _batch(4)
    trained, losses = reference.train(params, x, labels, 0, 0.05, np.random.default_rng(0))
    assert losses == []
    np.testing.assert_array_equal(trained["w1"], params["w1"])


def test_shapes_that_do_not_belong_together_are_refused():
    """Are images without a channel axis, and other labels, refused?"""
    params, x, labels = _batch(5)
    with pytest.raises(ValueError, match="x has to be"):
        reference.forward(params, x[:, 0])
    with pytest.raises(ValueError, match="labels has to be"):
        reference.loss_and_gradients(params, x, labels[:-1])
