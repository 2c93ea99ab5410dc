"""The capstone's network: two convolutions, one pooling, one linear layer (lesson 13).

    x (N, 1, 8, 8) -> conv w1 b1, 3 by 3, stride 2, padding 1 -> ReLU     (N, F1, 4, 4)
                   -> conv w2 b2, 3 by 3, stride 1, padding 1 -> ReLU     (N, F2, 4, 4)
                   -> max-pool 2 by 2, stride 2 -> flatten                (N, F2 * 4)
                   -> linear w3 b3                                        (N, 10)

It runs on the fast twins, since training in plain loops would take hours.
"""

import numpy as np

from autograder.reference.fast.convolution import conv2d, conv2d_backward
from autograder.reference.fast.pooling import max_pool2d, max_pool2d_backward
from autograder.reference.layers import he_std
from autograder.reference.training import (
    linear,
    linear_backward,
    momentum_step,
    relu,
    relu_backward,
    softmax_cross_entropy,
)

Params = dict[str, np.ndarray]

STRIDES = (2, 1)  # of the two convolutions
PADDING = 1  # of both
POOL = 2  # kernel and stride of the pooling
BATCH = 32  # images a step
NETWORK_LAYERS = [(3, 2, 1, 1), (3, 1, 1, 1), (2, 2, 0, 1)]  # as `receptive_field` takes them


def initial_params(
    rng: np.random.Generator, filters: tuple[int, int] = (16, 32), classes: int = 10
) -> Params:
    """Draw weights of He's spread, and biases of 0.

    Parameters
    ----------
    rng : generator
    filters : (F1, F2) of the two convolutions
    classes : outputs of the linear layer

    Returns
    -------
    dict of w1 (F1, 1, 3, 3), b1, w2 (F2, F1, 3, 3), b2, w3 (classes, F2 * 4), b3

    Examples
    --------
    >>> initial_params(np.random.default_rng(0))["w3"].shape
    (10, 128)
    """
    first, second = filters
    shapes = {"1": (first, 1, 3, 3), "2": (second, first, 3, 3), "3": (classes, second * 4)}
    params = {}
    for layer, shape in shapes.items():
        params["w" + layer] = rng.normal(0.0, he_std(shape), shape)
        params["b" + layer] = np.zeros(shape[0])
    return params


def forward(params: Params, x: np.ndarray) -> np.ndarray:
    """Return the logits of a batch.

    Parameters
    ----------
    params : dict of w1, b1, w2, b2, w3, b3, shaped as `initial_params` makes them
    x : (N, 1, 8, 8) images

    Returns
    -------
    (N, 10) logits

    Raises
    ------
    ValueError
        If the shapes do not belong together.

    Examples
    --------
    >>> forward(initial_params(np.random.default_rng(0)), np.ones((5, 1, 8, 8))).shape
    (5, 10)
    """
    return _forward(params, x)[0]


def _forward(params: Params, x: np.ndarray) -> tuple[np.ndarray, tuple]:
    """Return the logits, and what the way back needs."""
    z1 = conv2d(x, params["w1"], params["b1"], STRIDES[0], PADDING)
    a1 = relu(z1)
    z2 = conv2d(a1, params["w2"], params["b2"], STRIDES[1], PADDING)
    pooled, places = max_pool2d(relu(z2), POOL)
    features = pooled.reshape(len(x), params["w3"].shape[1])
    return linear(features, params["w3"], params["b3"]), (z1, a1, z2, places, features)


def loss_and_gradients(params: Params, x: np.ndarray, labels: np.ndarray) -> tuple[float, Params]:
    """Return the mean cross-entropy of a batch, and its gradient by every parameter.

    Parameters
    ----------
    params : dict of w1, b1, w2, b2, w3, b3, shaped as `initial_params` makes them
    x : (N, 1, 8, 8) images
    labels : (N,) ints from 0 to 9

    Returns
    -------
    (loss, grads) : float, and a dict with the keys and shapes of params

    Raises
    ------
    ValueError
        If the shapes do not belong together, the batch is empty, or a label is no class.

    Examples
    --------
    >>> params = initial_params(np.random.default_rng(0))
    >>> loss, grads = loss_and_gradients(params, np.zeros((2, 1, 8, 8)), np.array([3, 7]))
    >>> round(loss, 3), grads["w2"].shape
    (2.303, (32, 16, 3, 3))
    """
    logits, (z1, a1, z2, places, features) = _forward(params, x)
    loss, dlogits = softmax_cross_entropy(logits, labels)
    dfeatures, dw3, db3 = linear_backward(dlogits, features, params["w3"])
    da2 = max_pool2d_backward(dfeatures.reshape(places.shape), places, z2.shape, POOL)
    dz2 = relu_backward(da2, z2)
    da1, dw2, db2 = conv2d_backward(dz2, a1, params["w2"], STRIDES[1], PADDING)
    dz1 = relu_backward(da1, z1)
    _, dw1, db1 = conv2d_backward(dz1, x, params["w1"], STRIDES[0], PADDING)
    return loss, {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "w3": dw3, "b3": db3}


def train(
    params: Params,
    x: np.ndarray,
    labels: np.ndarray,
    epochs: int,
    lr: float,
    rng: np.random.Generator,
) -> tuple[Params, list[float]]:
    """Descend with momentum 0.9, in batches of 32 drawn anew each epoch.

    Parameters
    ----------
    params : dict as `initial_params` makes it, left as it was
    x : (N, 1, 8, 8) images
    labels : (N,) ints from 0 to 9
    epochs : times through all images
    lr : step per unit of gradient
    rng : generator, for the order of the images

    Returns
    -------
    (params, losses) : the trained dict, and the mean loss over the images of each epoch

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x, labels = rng.normal(size=(40, 1, 8, 8)), rng.integers(0, 10, size=40)
    >>> _, losses = train(initial_params(rng), x, labels, epochs=5, lr=0.05, rng=rng)
    >>> len(losses), losses[-1] < losses[0]
    (5, True)
    """
    velocity = {key: np.zeros_like(value) for key, value in params.items()}
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        total = 0.0
        for start in range(0, len(x), BATCH):
            batch = order[start : start + BATCH]
            loss, grads = loss_and_gradients(params, x[batch], labels[batch])
            params, velocity = momentum_step(params, velocity, grads, lr)
            total += loss * len(batch)
        losses.append(total / len(x))
    return params, losses
