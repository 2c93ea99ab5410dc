"""The exercises of lesson 13, in the order in which it asks them."""

import numpy as np

from autograder.lessons.barred import BARRED_2D, ORACLE
from autograder.lessons.exercise import Exercise, Part, prediction, written
from autograder.lessons.properties import Call, Property, numbers

_PARAMS = "dict of float64 arrays: w1, b1, w2, b2 of the convolutions, w3, b3 of the linear layer"
_DIGITS = "(N, 1, 8, 8) images"


def _without_ink(call: Call) -> bool:
    """Tell whether a ReLU gets exactly 0: an image without ink, and biases of 0."""
    return any(not image.any() for image in call.args["x"]) and not call.args["params"]["b1"].any()


def _far_apart(call: Call) -> bool:
    """Tell whether some image is a hundred times as bright as another."""
    brightest = np.abs(call.args["x"]).max(axis=(1, 2, 3))
    return 100 * brightest.min() < brightest.max()


def _unlike(call: Call) -> bool:
    brightest = np.abs(call.args["x"]).max(axis=(1, 2, 3))
    return len(brightest) > 1 and len(set(brightest)) == len(brightest)


_SEVERAL = Property("several images, none as bright as another", _unlike)
_FILTERS = Property(
    "different numbers of filters",
    lambda call: len(call.args["params"]["b1"]) != len(call.args["params"]["b2"]),
)

EXERCISES = (
    prediction("13", "network_field", "a whole number: pixels of a side", points=1),
    Exercise(
        "13",
        "forward",
        "function",
        (
            Part("shapes", 1, "logits for several batch sizes"),
            Part("values", 2, "logits against the reference network"),
        ),
        "(params, x)",
        {"params": _PARAMS, "x": _DIGITS},
        "(N, 10) logits",
        BARRED_2D,
        fresh=True,
        shows=(_SEVERAL, _FILTERS, *numbers("x")),
    ),
    prediction(
        "13", "right_class_gradient", "a number: dz at the right class of one of two images"
    ),
    Exercise(
        "13",
        "loss_and_gradients",
        "function",
        (
            Part("loss", 1, "the mean cross-entropy, large logits too"),
            Part("last", 2, "gradients of the linear layer"),
            Part("first", 4, "gradients of both convolutions"),
        ),
        "(params, x, labels)",
        {"params": _PARAMS, "x": _DIGITS, "labels": "(N,) ints from 0 to 9"},
        "(loss, grads): float, and a dict with the keys and shapes of params",
        (*BARRED_2D, *ORACLE),
        shows=(
            _SEVERAL,
            _FILTERS,
            *numbers("x"),
            Property("an image without ink, and biases of 0", _without_ink),
            Property("logits of one image far above another's", _far_apart),
        ),
    ),
    Exercise(
        "13",
        "train",
        "function",
        (
            Part("step", 2, "single steps, the epoch's loss, batches and their order"),
            Part("falls", 1, "the loss falls on a few patterns"),
            Part("accuracy", 1, "longer training; in the grade, new patterns too"),
        ),
        "(params, x, labels, epochs, lr, rng)",
        {
            "params": _PARAMS,
            "x": _DIGITS,
            "labels": "(N,) ints from 0 to 9",
            "epochs": "int",
            "lr": "float",
            "rng": "numpy Generator, for the order of the batches",
        },
        "(params, losses): the trained dict, and the mean loss of each epoch",
        BARRED_2D,
        shows=(
            Property(
                "one image, once",
                lambda call: (
                    len(call.args["x"]) == call.args["epochs"] == 1
                    if "epochs" in call.args
                    else False
                ),
            ),
            Property("a learning rate of 0", lambda call: call.args["lr"] == 0),
            Property(
                "a last batch that is smaller",
                lambda call: len(call.args["x"]) % 32 > 0 and len(call.args["x"]) > 32,
            ),
        ),
    ),
    prediction("13", "first_bug", "a whole number: a line of the method", points=1),
    prediction("13", "second_bug", "a whole number: a line of the method", points=1),
    prediction("13", "third_bug", "a whole number: a line of the method", points=1),
    written("13", "report", 6),
)
