"""Does the check of an epoch's batches judge the training, whatever network was drawn?"""

import numpy as np
import pytest

from autograder import reference
from autograder.lessons.capstone import inputs
from course.checks.drive import DRIVERS

STEPS, SEED, ORDER = (
    "33 images take more than one step",
    "two generators of one seed give one result",
    "generators of two seeds give two results",
)


def _trained(size, momentum, order, rounding):
    """Train in batches of `size`; `rounding` moves each gradient as another order of sums may."""

    def train(params, x, labels, epochs, lr, rng):
        places, velocity = order(rng, len(x)), dict.fromkeys(params, 0.0)
        for start in range(0, len(x), size):
            batch = places[start : start + size]
            _, grads = reference.loss_and_gradients(params, x[batch], labels[batch])
            for key, grad in grads.items():
                grad = grad * (1 + rounding.uniform(-4e-16, 4e-16, grad.shape))
                velocity[key] = momentum * velocity[key] - lr * grad
            params = {key: params[key] + velocity[key] for key in params}
        return params, [0.0]

    return train


def _drawn(rng, count):
    return rng.permutation(count)


def _held(train, rng, count):
    given = inputs._batches(rng, count)
    return {name for name, holds in DRIVERS["batches"](train, *given.args).items() if holds}


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("size", [32, 20, 8])
def test_right_batches_pass_on_any_network(size, momentum):
    """Does some secret draw a network on which a right training fails?"""
    for seed in range(40):
        train = _trained(size, momentum, _drawn, np.random.default_rng(seed))
        assert _held(train, np.random.default_rng(seed), 40) == {STEPS, SEED, ORDER}, seed


@pytest.mark.parametrize(
    ("size", "order", "held"),
    [
        (33, _drawn, {SEED, ORDER}),
        (32, lambda rng, count: np.arange(count), {STEPS, SEED}),
        (32, lambda rng, count: np.random.default_rng().permutation(count), {STEPS, ORDER}),
    ],
)
def test_wrong_batches_fail_on_any_network(size, order, held):
    """Do batches of 33, a fixed order or a generator of one's own pass on some network?"""
    for seed in range(40):
        train = _trained(size, 0.0, order, np.random.default_rng(seed))
        assert _held(train, np.random.default_rng(seed), 40) == held, seed


def test_the_shown_images_tell_right_from_wrong():
    """Are there enough of them for a second batch?"""
    *_, given = inputs._shown_steps()
    for size in (32, 20, 8):
        train = _trained(size, 0.0, _drawn, np.random.default_rng(0))
        assert all(DRIVERS["batches"](train, *given.args).values())
