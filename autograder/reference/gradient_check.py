"""Check gradients: central differences, one relative error, the first mismatch (lesson 03)."""

from collections.abc import Callable

import numpy as np


def numerical_gradient(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, dy: np.ndarray, h: float = 0.1
) -> np.ndarray:
    """Differentiate L(x) = sum of f(x) dy centrally: (L(x + h e) - L(x - h e)) / 2h for each entry.

    Parameters
    ----------
    f : function of an array like x, returning an array like dy
    x : array of any shape, left as it was
    dy : array of f(x)'s shape, upstream gradient
    h : step to each side, in the units of x

    Returns
    -------
    array of x's shape, float64

    Raises
    ------
    ValueError
        If f(x) and dy differ in shape.

    Examples
    --------
    >>> dy = np.array([1.0, 10.0])
    >>> numerical_gradient(lambda x: x[:2] * x[1:], np.array([1, 2, 3]), dy).round(9)
    array([ 2., 31., 20.])
    """
    moved = np.array(x, dtype=np.float64)
    dx = np.zeros_like(moved)

    def loss() -> float:
        y = np.asarray(f(moved))
        if y.shape != np.shape(dy):
            raise ValueError(f"dy has shape {np.shape(dy)}, but f(x) has shape {y.shape}")
        return np.sum(y * dy, dtype=np.float64)

    for entry in np.ndindex(moved.shape):
        value = moved[entry]
        moved[entry] = value + h
        above = loss()
        moved[entry] = value - h
        below = loss()
        moved[entry] = value
        dx[entry] = (above - below) / (2 * h)
    return dx


def relative_error(a: np.ndarray, b: np.ndarray, floor: float = 1e-8) -> float:
    """Compare two arrays in one number: max|a - b| / max(floor, max(|a| + |b|)).

    Parameters
    ----------
    a, b : arrays of one shape
    floor : smallest denominator, so that two near-zeros do not look far apart

    Returns
    -------
    number at least 0, at most 1 where the floor does not act; 0 for empty arrays

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> relative_error(np.array([1.0, 3.0]), np.array([1.0, 2.0]))
    0.2
    """
    a, b = _paired(a, b)
    if a.size == 0:
        return 0.0
    return float(np.max(np.abs(a - b)) / max(floor, np.max(np.abs(a) + np.abs(b))))


def first_mismatch(a: np.ndarray, b: np.ndarray, tol: float = 1e-9) -> tuple[int, ...] | None:
    """Find the first entry, in row-major order, where |a - b| > tol; NaN equals nothing.

    Parameters
    ----------
    a, b : arrays of one shape
    tol : largest difference that counts as equal

    Returns
    -------
    the entry's index, or None where there is none

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> first_mismatch(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [7, 8]]))
    (1, 0)
    """
    a, b = _paired(a, b)
    for entry in np.ndindex(a.shape):
        equal = a[entry] == b[entry]  # infinities too, whose difference is NaN
        if not equal and not abs(a[entry] - b[entry]) <= tol:
            return entry
    return None


def _paired(a, b) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"a and b need one shape, but {a.shape} and {b.shape} came in")
    return a, b
