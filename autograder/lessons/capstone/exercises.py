"""The exercises of lesson 13, in the order in which it asks them."""

from autograder.lessons.barred import BARRED_2D, ORACLE
from autograder.lessons.exercise import Exercise, Part, prediction, written

_PARAMS = "dict of float64 arrays: w1, b1, w2, b2 of the convolutions, w3, b3 of the linear layer"
_DIGITS = "(N, 1, 8, 8) images"

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
    ),
    Exercise(
        "13",
        "train",
        "function",
        (
            Part("falls", 1, "the loss falls on a few digits"),
            Part("accuracy", 2, "test accuracy above 0.95"),
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
    ),
    prediction("13", "first_bug", "a word from the list in the lesson", points=1),
    prediction("13", "second_bug", "a word from the list in the lesson", points=1),
    prediction("13", "third_bug", "a word from the list in the lesson", points=1),
    written("13", "report", 6),
)
