"""One-dimensional layers and both their gradients (lesson 02)."""

import numpy as np

from autograder.reference.arrays import alike, check_array, check_shape
from autograder.reference.signals import output_length


def conv1d(
    x: np.ndarray, w: np.ndarray, b: float, stride: int = 1, padding: int = 0, dilation: int = 1
) -> np.ndarray:
    """Correlate in steps: y[i] = b + sum over t of x[i s + t d - p] w[t], x being 0 outside.

    Parameters
    ----------
    x : (n,) signal
    w : (k,) kernel
    b : bias
    stride, padding, dilation : samples

    Returns
    -------
    (output_length(n, k, stride, padding, dilation),) array

    Raises
    ------
    ValueError
        If the kernel does not fit, or a setting is out of range.

    Examples
    --------
    >>> conv1d(np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3]), 0, stride=2)
    array([14, 26])
    """
    check_array("x", x, "(n,)")
    check_array("w", w, "(k,)")
    x, w, b = alike(x, w, np.asarray(b))
    n, k = len(x), len(w)
    y = np.zeros(output_length(n, k, stride, padding, dilation), x.dtype)
    for i in range(len(y)):
        y[i] = b
        for t in range(k):
            read = i * stride + t * dilation - padding
            if 0 <= read < n:
                y[i] += x[read] * w[t]
    return y


def conv1d_backward(
    dy: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> tuple[np.ndarray, np.ndarray, np.generic]:
    """Send dy back through `conv1d`: each product there gives one term to dx and one to dw.

    Parameters
    ----------
    dy : (m,) upstream gradient
    x : (n,) signal
    w : (k,) kernel
    stride, padding, dilation : samples

    Returns
    -------
    (dx, dw, db) : shapes (n,), (k,) and a scalar; samples that no window reaches get 0

    Raises
    ------
    ValueError
        If dy has not the length that the settings give, or a setting is out of range.

    Examples
    --------
    >>> dx, dw, db = conv1d_backward(
    ...     np.array([1, 10, 100]), np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3])
    ... )
    >>> dx, dw, int(db)
    (array([  1,  12, 123, 230, 300]), array([321, 432, 543]), 111)
    """
    check_array("x", x, "(n,)")
    check_array("w", w, "(k,)")
    n, k = len(x), len(w)
    check_shape("dy", dy, "(m,)", (output_length(n, k, stride, padding, dilation),))
    dy, x, w = alike(dy, x, w)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(len(dy)):
        for t in range(k):
            read = i * stride + t * dilation - padding
            if 0 <= read < n:
                dx[read] += dy[i] * w[t]
                dw[t] += dy[i] * x[read]
    return dx, dw, grad_b_1d(dy)


def grad_x_1d(dy: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Spread dy back over the signal: dx[i + t] collects dy[i] w[t].

    Parameters
    ----------
    dy : (n - k + 1,) upstream gradient
    w : (k,) kernel of the layer that correlates

    Returns
    -------
    (n,) gradient of the signal: the full convolution of dy with w

    Examples
    --------
    >>> grad_x_1d(np.array([1, 10, 100]), np.array([1, 2, 3]))
    array([  1,  12, 123, 230, 300])
    """
    return grad_x_1d_strided(dy, w, len(dy) + len(w) - 1, stride=1)


def grad_x_1d_strided(dy: np.ndarray, w: np.ndarray, n: int, stride: int) -> np.ndarray:
    """Spread dy back in steps: dx[i s + t] collects dy[i] w[t].

    Parameters
    ----------
    dy : ((n - k) // stride + 1,) upstream gradient
    w : (k,) kernel of the layer that correlates
    n : samples in the signal
    stride : samples from one window to the next

    Returns
    -------
    (n,) gradient of the signal; samples that no window reaches get 0

    Raises
    ------
    ValueError
        If dy has not the length that n, k and stride give.

    Examples
    --------
    >>> grad_x_1d_strided(np.array([1, 10, 100]), np.array([1, 2, 3]), 8, 2)
    array([  1,   2,  13,  20, 130, 200, 300,   0])
    """
    check_array("w", w, "(k,)")
    check_shape("dy", dy, "(m,)", (output_length(n, len(w), stride),))
    dy, w = alike(dy, w)
    dx = np.zeros(n, dy.dtype)
    for i in range(len(dy)):
        for t in range(len(w)):
            dx[i * stride + t] += dy[i] * w[t]
    return dx


def grad_w_1d(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Slide dy along the signal: dw[t] = sum over i of dy[i] x[i + t].

    Parameters
    ----------
    dy : (n - k + 1,) upstream gradient
    x : (n,) signal

    Returns
    -------
    (k,) gradient of the kernel: the correlation of x with dy

    Raises
    ------
    ValueError
        If dy is longer than x.

    Examples
    --------
    >>> grad_w_1d(np.array([1, 10, 100]), np.array([1, 2, 3, 4, 5]))
    array([321, 432, 543])
    """
    check_array("dy", dy, "(m,)")
    check_array("x", x, "(n,)")
    dy, x = alike(dy, x)
    dw = np.zeros(output_length(len(x), len(dy)), x.dtype)
    for t in range(len(dw)):
        for i in range(len(dy)):
            dw[t] += dy[i] * x[i + t]
    return dw


def grad_b_1d(dy: np.ndarray) -> np.generic:
    """Add up dy, since the bias enters every output once.

    Parameters
    ----------
    dy : (m,) upstream gradient

    Returns
    -------
    scalar, gradient of the bias

    Examples
    --------
    >>> int(grad_b_1d(np.array([1, 10, 100])))
    111
    """
    check_array("dy", dy, "(m,)")
    (dy,) = alike(dy)
    db = dy.dtype.type(0)
    for value in dy:
        db += value
    return db


def grad_convolve1d(dy: np.ndarray, x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Send dy back through the layer that flips its kernel, y[i] = sum of x[i + t] w[k - 1 - t].

    Parameters
    ----------
    dy : (n - k + 1,) upstream gradient
    x : (n,) signal
    w : (k,) kernel

    Returns
    -------
    (dx, dw) : shapes (n,) and (k,)

    Raises
    ------
    ValueError
        If dy has not n - k + 1 entries.

    Examples
    --------
    >>> grad_convolve1d(np.array([1, 10, 100]), np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3]))
    (array([  3,  32, 321, 210, 100]), array([543, 432, 321]))
    """
    dx, flipped_dw, _ = conv1d_backward(dy, x, w[::-1])
    return dx, flipped_dw[::-1].copy()
