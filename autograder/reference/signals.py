"""Correlation and convolution of one signal with one kernel (lesson 01)."""

import numpy as np


def output_length(n: int, k: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Count the windows that fit: floor((n + 2p - d(k - 1) - 1) / s) + 1.

    Parameters
    ----------
    n : samples in the signal
    k : taps in the kernel
    stride : samples from one window to the next
    padding : zeros on each side
    dilation : samples from one tap to the next

    Raises
    ------
    ValueError
        If the kernel with its gaps is longer than the padded signal, or a setting is out of range.

    Notes
    -----
    Formula: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016),
    relationships 6 and 15.

    Examples
    --------
    >>> output_length(8, 3, stride=2, padding=1)
    4
    """
    if k < 1 or stride < 1 or dilation < 1 or padding < 0:
        raise ValueError(
            f"k, stride and dilation must be at least 1 and padding at least 0, but "
            f"k={k}, stride={stride}, dilation={dilation}, padding={padding} came in"
        )
    extent = dilation * (k - 1) + 1
    if extent > n + 2 * padding:
        raise ValueError(
            f"the kernel spans {extent} samples (k={k}, dilation={dilation}), but the padded "
            f"signal has {n + 2 * padding} (n={n}, padding={padding})"
        )
    return (n + 2 * padding - extent) // stride + 1


def correlate1d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Slide w along x as it is: y[i] = sum over t of x[i + t] w[t].

    Parameters
    ----------
    x : (n,) signal
    w : (k,) kernel

    Returns
    -------
    (n - k + 1,) cross-correlation

    Raises
    ------
    ValueError
        If the kernel is longer than the signal.

    Examples
    --------
    >>> correlate1d(np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3]))
    array([14, 20, 26])
    """
    k = len(w)
    y = np.zeros(output_length(len(x), k), dtype=np.result_type(x, w))
    for i in range(len(y)):
        for t in range(k):
            y[i] += x[i + t] * w[t]
    return y


def convolve1d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Slide w along x turned around: y[i] = sum over t of x[i + t] w[k - 1 - t].

    Parameters, result and errors are those of `correlate1d`.

    Examples
    --------
    >>> convolve1d(np.array([0, 0, 1, 0, 0]), np.array([1, 2, 3]))
    array([1, 2, 3])
    """
    k = len(w)
    y = np.zeros(output_length(len(x), k), dtype=np.result_type(x, w))
    for i in range(len(y)):
        for t in range(k):
            y[i] += x[i + t] * w[k - 1 - t]
    return y


def flip_is_invisible(w: np.ndarray) -> bool:
    """Tell whether w reads the same backwards, compared exactly.

    Examples
    --------
    >>> flip_is_invisible(np.array([1, 2, 1])), flip_is_invisible(np.array([1, 0, -1]))
    (True, False)
    """
    k = len(w)
    return all(bool(w[t] == w[k - 1 - t]) for t in range(k))


def pad1d(x: np.ndarray, padding: int) -> np.ndarray:
    """Put `padding` zeros before and after x.

    Parameters
    ----------
    x : (n,) signal
    padding : zeros on each side

    Returns
    -------
    (n + 2 * padding,) new array

    Examples
    --------
    >>> pad1d(np.array([1, 2, 3]), 2)
    array([0, 0, 1, 2, 3, 0, 0])
    """
    padded = np.zeros(len(x) + 2 * padding, dtype=x.dtype)
    for i in range(len(x)):
        padded[padding + i] = x[i]
    return padded
