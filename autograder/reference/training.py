"""What stands around the convolutions of a network: ReLU, linear, loss, momentum (lesson 13)."""

import numpy as np

from autograder.reference.arrays import check_array, check_shape


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0), entry by entry.

    Examples
    --------
    >>> relu(np.array([-1.5, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    return np.maximum(x, 0)


def relu_backward(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Pass dy on where x is positive; at 0 the slope is taken as 0.

    Parameters
    ----------
    dy, x : arrays of one shape

    Examples
    --------
    >>> relu_backward(np.array([1.0, 10.0, 100.0]), np.array([-1.5, 0.0, 2.0]))
    array([  0.,   0., 100.])
    """
    return dy * (x > 0)


def linear(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Compute y[n, o] = b[o] + sum over i of x[n, i] w[o, i].

    Parameters
    ----------
    x : (N, I) features
    w : (O, I) weights
    b : (O,) biases

    Returns
    -------
    (N, O)

    Raises
    ------
    ValueError
        If the shapes do not belong together.

    Examples
    --------
    >>> linear(np.array([[1.0, 10.0]]), np.array([[2.0, 3.0], [4.0, 5.0]]), np.array([0.5, 0.0]))
    array([[32.5, 54. ]])
    """
    check_array("x", x, "(N, I)")
    check_array("w", w, "(O, I)")
    check_shape("w", w, "(O, I)", (len(w), x.shape[1]))
    check_shape("b", b, "(O,)", (len(w),))
    return x @ w.T + b


def linear_backward(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients (dx, dw, db) of `linear`.

    Parameters
    ----------
    dy : (N, O) upstream gradient
    x : (N, I) features
    w : (O, I) weights

    Examples
    --------
    >>> dx, dw, db = linear_backward(np.ones((5, 2)), np.ones((5, 3)), np.ones((2, 3)))
    >>> dx.shape, dw[0], db
    ((5, 3), array([5., 5., 5.]), array([5., 5.]))
    """
    return dy @ w, dy.T @ x, dy.sum(axis=0)


def softmax_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean of -log softmax(logits)[label], and its gradient.

    The largest logit of each row is taken off first, so that no exponential overflows.

    Parameters
    ----------
    logits : (N, classes)
    labels : (N,) ints, the right classes

    Returns
    -------
    (loss, dlogits) : float, and (N, classes), (softmax - one-hot) / N

    Raises
    ------
    ValueError
        If there is no row, or a label is no class.

    Examples
    --------
    >>> loss, dlogits = softmax_cross_entropy(np.zeros((4, 10)), np.array([0, 3, 3, 9]))
    >>> round(loss, 3), dlogits.shape
    (2.303, (4, 10))
    """
    check_array("logits", logits, "(N, classes)")
    check_shape("labels", labels, "(N,)", (len(logits),))
    N, classes = logits.shape
    if N == 0 or labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"labels has to hold at least one int from 0 to {classes - 1}, but {labels!r} came in"
        )
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_softmax = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(N)
    dlogits = np.exp(log_softmax)
    dlogits[rows, labels] -= 1
    return float(-log_softmax[rows, labels].mean()), dlogits / N


def momentum_step(
    params: dict[str, np.ndarray],
    velocity: dict[str, np.ndarray],
    grads: dict[str, np.ndarray],
    lr: float,
    momentum: float = 0.9,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Take one step of stochastic gradient descent: v <- momentum v - lr g, then p <- p + v.

    Parameters
    ----------
    params, velocity, grads : dicts of arrays with the same keys and shapes
    lr : step per unit of gradient
    momentum : part of the last step that is kept, from 0 to 1

    Returns
    -------
    (params, velocity) : new dicts

    Examples
    --------
    >>> p, v = {"w": np.array([1.0])}, {"w": np.array([0.5])}
    >>> momentum_step(p, v, {"w": np.array([2.0])}, lr=0.1)[0]["w"].round(9)
    array([1.25])
    """
    velocity = {key: momentum * velocity[key] - lr * grads[key] for key in params}
    return {key: params[key] + velocity[key] for key in params}, velocity
