"""Convolve images: one map, the seven loops, and the whole layer (lessons 04 and 05)."""

import numpy as np

from autograder.reference.arrays import alike, check_array, check_channels, check_shape
from autograder.reference.geometry import Windows, pad2d


def correlate2d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Slide w over x as it is: y[i, j] = sum over u, v of x[i + u, j + v] w[u, v].

    Parameters
    ----------
    x : (H, W) image
    w : (KH, KW) kernel

    Returns
    -------
    (H - KH + 1, W - KW + 1) cross-correlation

    Raises
    ------
    ValueError
        If the kernel is larger than the image.

    Examples
    --------
    >>> correlate2d(np.arange(1, 10).reshape(3, 3), np.array([[1, 2], [3, 4]]))
    array([[37, 47],
           [67, 77]])
    """
    check_array("x", x, "(H, W)")
    check_array("w", w, "(KH, KW)")
    windows = Windows.over(x.shape, w.shape)
    x, w = alike(x, w)
    y = np.zeros(windows.out, x.dtype)
    for i, j in np.ndindex(y.shape):
        for u, v in np.ndindex(w.shape):
            y[i, j] += x[i + u, j + v] * w[u, v]
    return y


def conv2d_loops(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride=1, padding=0) -> np.ndarray:
    """Compute y[n, f, i, j] = b[f] + sum over c, u, v of x[n, c, i s + u, j s + v] w[f, c, u, v].

    Parameters
    ----------
    x : (N, C, H, W) images, read with `padding` zeros around
    w : (F, C, KH, KW) kernels
    b : (F,) biases
    stride : int or pair, pixels
    padding : int, (ph, pw), or ((top, bottom), (left, right)), pixels of zeros

    Returns
    -------
    (N, F, OH, OW)

    Raises
    ------
    ValueError
        If a kernel does not fit, the channels or biases do not match, or a setting is none.

    Examples
    --------
    >>> x, w = np.arange(1.0, 10).reshape(1, 1, 3, 3), np.array([[[[1, 2], [3, 4]]]])
    >>> conv2d_loops(x, w, np.array([0.5]))[0, 0]
    array([[37.5, 47.5],
           [67.5, 77.5]])
    """
    check_channels(x, w)
    check_shape("b", b, "(F,)", (len(w),))
    windows = Windows.over(x.shape[2:], w.shape[2:], stride, padding)
    sh, sw = windows.stride
    x, w, b = alike(pad2d(x, padding), w, b)
    N, F, (C, KH, KW) = len(x), len(w), w.shape[1:]
    OH, OW = windows.out
    y = np.zeros((N, F, OH, OW), x.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    y[n, f, i, j] = b[f]
                    for c in range(C):
                        for u in range(KH):
                            for v in range(KW):
                                y[n, f, i, j] += x[n, c, i * sh + u, j * sw + v] * w[f, c, u, v]
    return y


def conv2d(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, stride=1, padding=0, dilation=1, groups=1
) -> np.ndarray:
    """Sum each window times each kernel, in groups of channels, and add the bias.

    Parameters
    ----------
    x : (N, C, H, W) images
    w : (F, C // groups, KH, KW) kernels; filter f reads the channels of its group only
    b : (F,) biases
    stride, dilation : int or pair, pixels
    padding : int, (ph, pw), or ((top, bottom), (left, right)), pixels of zeros
    groups : int that divides C and F

    Returns
    -------
    (N, F, OH, OW)

    Raises
    ------
    ValueError
        If a kernel does not fit, the channels, groups or biases do not match, or a setting is none.

    Examples
    --------
    >>> x, w = np.ones((3, 4, 6, 8)), np.ones((6, 2, 2, 3))
    >>> conv2d(x, w, np.zeros(6), (1, 2), (1, 0), (2, 1), groups=2).shape
    (3, 6, 6, 3)
    """
    check_channels(x, w, groups)
    check_shape("b", b, "(F,)", (len(w),))
    windows = Windows.over(x.shape[2:], w.shape[2:], stride, padding, dilation)
    x, w, b = alike(pad2d(x, padding), w, b)
    N, F = len(x), len(w)
    y = np.zeros((N, F, *windows.out), x.dtype)
    for n, f, i, j in np.ndindex(y.shape):
        window = x[n, group_of(f, w, groups), *windows.at(i, j)]  # (C // groups, KH, KW)
        y[n, f, i, j] = b[f] + np.sum(window * w[f])
    return y


def group_of(f: int, w: np.ndarray, groups: int) -> slice:
    """Return the channels that filter f reads.

    Parameters
    ----------
    f : index of a filter
    w : (F, C // groups, KH, KW) kernels
    groups : int that divides F

    Examples
    --------
    >>> group_of(5, np.zeros((6, 2, 3, 3)), groups=2)
    slice(2, 4, None)
    """
    filters, channels = w.shape[:2]
    group = f // (filters // groups)
    return slice(group * channels, (group + 1) * channels)
