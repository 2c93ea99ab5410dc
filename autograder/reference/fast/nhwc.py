"""The channels-last pair by slices: runs of C numbers, one product for every block of images."""

import numpy as np

from autograder.reference.arrays import alike, check_array, check_shape
from autograder.reference.geometry import Windows
from autograder.reference.nhwc import crop_nhwc, pad_nhwc, windows_nhwc


def im2col_nhwc(x: np.ndarray, kernel_size, stride=1) -> np.ndarray:
    """Do what `reference.im2col_nhwc` does.

    Examples
    --------
    >>> im2col_nhwc(np.arange(2700).reshape(1, 30, 30, 3), 3)[0, ::3, 0]
    array([  0,   3,   6,  90,  93,  96, 180, 183, 186])
    """
    check_array("x", x, "(N, H, W, C)")
    windows = Windows.over(x.shape[1:3], kernel_size, stride)
    OH, OW = windows.out
    return _patches(x, windows).reshape(len(x), OH * OW, -1).transpose(0, 2, 1)


def conv2d_nhwc(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, kernel_size, stride=1, padding=0
) -> np.ndarray:
    """Do what `reference.conv2d_nhwc` does.

    Examples
    --------
    >>> conv2d_nhwc(np.ones((2, 6, 8, 3)), np.ones((4, 18)), np.zeros(4), (3, 2), 2, 1).shape
    (2, 3, 5, 4)
    """
    windows = windows_nhwc(x, w, kernel_size, stride, padding)
    check_shape("b", b, "(F,)", (len(w),))
    x, w, b = alike(x, w, b)
    y = _patches(pad_nhwc(x, padding), windows) @ w.T
    y += b
    return y.reshape(len(x), *windows.out, len(w))


def conv2d_backward_nhwc(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, kernel_size, stride=1, padding=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Do what `reference.conv2d_backward_nhwc` does.

    Examples
    --------
    >>> x, w, dy = np.ones((2, 6, 8, 3)), np.ones((4, 18)), np.ones((2, 3, 5, 4))
    >>> dx, dw, db = conv2d_backward_nhwc(dy, x, w, (3, 2), stride=2, padding=1)
    >>> dx.shape, dw.shape, db
    ((2, 6, 8, 3), (4, 18), array([30., 30., 30., 30.]))
    """
    windows = windows_nhwc(x, w, kernel_size, stride, padding)
    N, C, F = len(x), x.shape[3], len(w)
    check_shape("dy", dy, "(N, OH, OW, F)", (N, *windows.out, F))
    dy, padded, w = alike(dy, pad_nhwc(x, padding), w)
    dy_rows = dy.reshape(-1, F)
    dw = dy_rows.T @ _patches(padded, windows)
    spread = (dy_rows @ w).reshape(N, *windows.out, *windows.kernel, C)
    dx = np.zeros(padded.shape, w.dtype)
    for u, v, rows, columns in windows.taps:
        dx[:, rows, columns] += spread[:, :, :, u, v]
    return crop_nhwc(dx, padding), dw, dy_rows.sum(axis=0)


def _patches(padded: np.ndarray, windows: Windows) -> np.ndarray:
    """Return each patch as a row: (N*OH*OW, KH*KW*C)."""
    N, C = len(padded), padded.shape[3]
    (KH, KW), (OH, OW) = windows.kernel, windows.out
    patches = np.empty((N, OH, OW, KH, KW, C), padded.dtype)
    for u, v, rows, columns in windows.taps:
        patches[:, :, :, u, v] = padded[:, rows, columns]
    return patches.reshape(N * OH * OW, KH * KW * C)
