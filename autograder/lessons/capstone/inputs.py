"""Lesson 13: the inputs that are shown and those that are withheld.

The images are synthetic: ten seeded patterns of 8 by 8 pixels, shifted in brightness and noisy.
Training on them takes a second; the lesson itself trains on real digits.
"""

import numpy as np

from autograder import reference
from autograder.lessons.inputs import Inputs, PartInputs, given
from autograder.reference.network import NETWORK_LAYERS, initial_params
from course.checks.drive import DRIVERS, training
from course.checks.functions import Seed

# Where the three friends' methods are wrong, counted from their line `def`.
BUG_LINES = {"first_bug": 6, "second_bug": 8, "third_bug": 6}
COMPUTED = {
    **{name: lambda line=line: line for name, line in BUG_LINES.items()},
    "right_class_gradient": lambda: reference.softmax_cross_entropy(
        np.zeros((2, 10)), np.array([3, 7])
    )[1][0, 3],
    "network_field": lambda: reference.receptive_field(NETWORK_LAYERS)[0],
}

FILTERS = (4, 6)
# With fewer, or larger steps, some right trainings end on a network of dead ReLUs.
TRAINED_FILTERS, LR = (8, 12), 0.05
GRADIENTS = "gradients of the linear layer", "gradients of the convolutions"


def digits_like(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw images (count, 1, 8, 8) with values from 0 to 1, in quarters, and labels (count,)."""
    patterns = np.random.default_rng(13).integers(0, 2, size=(10, 4, 4)).repeat(2, 1).repeat(2, 2)
    labels = np.arange(count) % 10
    images = 3 * patterns[labels] + rng.integers(0, 2, size=(count, 8, 8))
    return (images / 4)[:, None], labels


def _params(rng, filters=FILTERS, spread=0.0):
    """Draw parameters in sixteenths; biases other than 0 where they are to be tested.

    Sums of their products are exact, so that no processor rounds a logit differently.
    """
    params = initial_params(rng, filters)
    for key in ("b1", "b2", "b3"):
        params[key] = params[key] + spread * rng.normal(size=params[key].shape)
    return {key: np.round(16 * value) / 16 for key, value in params.items()}


def _network(rng, count, filters=FILTERS, scale=1.0, bright=None):
    """Draw parameters and images, each brighter than the one before.

    With `scale` logits are large, with `bright` as given those of one image exceed the other's.
    """
    params = _params(rng, filters, 0.3)
    if scale != 1.0:
        params["w3"] = params["w3"] * scale
    bright = np.arange(2, count + 2) if bright is None else np.array(bright)
    x = rng.integers(-8, 9, size=(count, 1, 8, 8)) / 8
    x = x * bright[:, None, None, None]
    x[-1] += 2.0**-26  # more digits than float32 holds
    return params, x


def _labelled(rng, count, filters=FILTERS, scale=1.0, bright=None):
    return *_network(rng, count, filters, scale, bright), rng.integers(0, 10, size=count)


def _on_the_corner(rng, count, filters=FILTERS, layers=("b1", "b2")):
    """Draw a case in which ReLUs get exactly 0: an image without ink, and biases of 0.

    `layers` names these biases; those of the other layer let the gradient through.
    """
    params, x, labels = _labelled(rng, count, filters)
    x[0] = 0
    for key in ("b1", "b2"):
        params[key] = 0 * params[key] if key in layers else abs(params[key]) + 0.25
    return params, x, labels


def _shown_network(seed, count, filters=(2, 3)):
    return given(*_network(np.random.default_rng(seed), count, filters))


def _shown_loss(seed, count, how, scale=1.0, filters=(2, 2), bright=None):
    rng = np.random.default_rng(seed)
    return given(*_labelled(rng, count, filters, scale, bright), how=how)


def _drawn_shapes(rng):
    return [given(*_network(rng, count)) for count in (1, 2, 7)]


def _drawn_values(rng):
    many = [given(*_network(rng, count)) for count in (3, 3, 5)]
    many.append(given(*_network(rng, 2, (3, 3))))
    return [*many, given(*_network(rng, 2, (3, 5))), given(*_network(rng, 2, (1, 2)))]


def _drawn_losses(how, *scales):
    def draw(rng):
        cases = [given(*_labelled(rng, count), how=how) for count in (1, 4, 7)]
        cases += [given(*_labelled(rng, 3, (3, 5), s), how=how) for s in scales]
        for bright in ((1024, 1), (1, 1024)):
            cases.append(given(*_labelled(rng, 2, (3, 5), 1000.0, bright), how=how))
        cases.append(given(*_labelled(rng, 3, (1, 2)), how=how))
        corners = (_on_the_corner(rng, 3, layers=layers) for layers in (("b1", "b2"), ("b1",)))
        return [*cases, *(given(*corner, how=how) for corner in corners)]

    return draw


def _training(rng, count, epochs, lr, target, *, how, seed):
    x, labels = digits_like(rng, count)
    return given(_params(rng, TRAINED_FILTERS), x, labels, epochs, lr, Seed(seed), target, how=how)


def _accuracy(answer, params, x, labels, epochs, lr, rng, target):
    """Train, and tell whether the accuracy on other images is above the target."""
    kept = {}

    def keep(*args):
        kept["result"] = answer(*args)
        return kept["result"]

    report = training(keep, params, x, labels, epochs, lr, rng, 0.3)
    if isinstance(report, dict) and "the losses are finite" in report:
        others, right = digits_like(np.random.default_rng(1), 200)
        logits = reference.forward(kept["result"][0], others)
        right_ones = (logits.argmax(axis=1) == right).mean()
        report["more than 95 % of new patterns are right"] = bool(right_ones > target)
    return report


# The network's forward pass is an answer of this lesson, so the driver stays on this side.
DRIVERS["accuracy"] = _accuracy


def _one_step(rng, count, epochs, lr, filters=FILTERS):
    x, labels = digits_like(rng, count)
    some = rng.permutation(count)
    seed = Seed(int(rng.integers(0, 1000)))
    return given(_params(rng, filters), x[some], labels[some], epochs, lr, seed, how="one_step")


def _batches(rng, count, filters=FILTERS):
    x, labels = digits_like(rng, count)
    return given(_params(rng, filters), x, labels, 2.0**-8, how="batches")


def _drawn_steps(rng):
    exact = [_one_step(rng, 1, 1, lr) for lr in (0.25, 0.01)]
    return [*exact, *(_one_step(rng, count, 2, 0.0) for count in (7, 39)), _batches(rng, 40)]


def _shown_steps():
    rng, few = np.random.default_rng(2), (2, 2)
    steps = _one_step(rng, 1, 1, 0.25, few), _one_step(rng, 34, 2, 0.0, few)
    return *steps, _batches(rng, 33, few)


def _drawn_falls(rng):
    seed = int(rng.integers(0, 1000))
    return [_training(rng, 40, 40, LR, 2.1, how="training", seed=seed)]


def _drawn_accuracy(rng):
    seed = int(rng.integers(0, 1000))
    return [_training(rng, 100, 50, LR, 0.95, how="accuracy", seed=seed)]


_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    "forward": {
        # Two of one shape: what is kept of the first shows.
        "shapes": PartInputs((_shown_network(0, 1), _shown_network(4, 1)), _drawn_shapes),
        "values": PartInputs((_shown_network(2, 2), _shown_network(3, 2, (3, 2))), _drawn_values),
    },
    "loss_and_gradients": {
        "loss": PartInputs(
            (
                _shown_loss(4, 3, "first of two", filters=(1, 3)),
                _shown_loss(5, 2, "first of two", 1000.0, bright=(1024, 1)),
                _shown_loss(9, 2, "first of two", 1000.0, bright=(1, 1024)),
            ),
            _drawn_losses("first of two", 1000.0, 1000.0),
        ),
        "last": PartInputs(
            (
                _shown_loss(6, 3, GRADIENTS[0], filters=(1, 2)),
                _shown_loss(10, 2, GRADIENTS[0], 1000.0, (1, 2), (1024, 1)),
                _shown_loss(11, 2, GRADIENTS[0], 1000.0, (1, 2), (1, 1024)),
            ),
            _drawn_losses(GRADIENTS[0], 3.0),
        ),
        "first": PartInputs(
            (
                _shown_loss(7, 3, GRADIENTS[1], filters=(2, 3)),
                *(
                    given(
                        *_on_the_corner(np.random.default_rng(8), 2, (2, 2), at), how=GRADIENTS[1]
                    )
                    for at in (("b1", "b2"), ("b1",))
                ),
            ),
            _drawn_losses(GRADIENTS[1], 3.0),
        ),
    },
    "train": {
        "step": PartInputs(_shown_steps(), _drawn_steps),
        "falls": PartInputs(
            (_training(np.random.default_rng(0), 30, 40, LR, 2.15, how="training", seed=0),),
            _drawn_falls,
        ),
        "accuracy": PartInputs(
            (_training(np.random.default_rng(1), 40, 60, LR, 1.2, how="training", seed=1),),
            _drawn_accuracy,
        ),
    },
    **{name: _PREDICTED for name in COMPUTED},
}
