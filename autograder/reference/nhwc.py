"""The layer in the other layout: channels last, kernels as rows (lesson 11).

Rows of columns go by kernel row, kernel column, channel, as the columns of w do.
"""

import numpy as np

from autograder.reference.arrays import alike, check_array, check_shape
from autograder.reference.geometry import Windows, crop2d, pad2d


def im2col_nhwc(x: np.ndarray, kernel_size, stride=1) -> np.ndarray:
    """Stretch each patch of channels-last images into a column, image by image.

    Parameters
    ----------
    x : (N, H, W, C) images, already padded
    kernel_size, stride : int or pair, pixels

    Returns
    -------
    (N, KH*KW*C, OH*OW) columns

    Raises
    ------
    ValueError
        If the kernel does not fit.

    Examples
    --------
    >>> im2col_nhwc(np.arange(2700).reshape(1, 30, 30, 3), 3)[0, ::3, 0]
    array([  0,   3,   6,  90,  93,  96, 180, 183, 186])
    """
    check_array("x", x, "(N, H, W, C)")
    N, H, W, C = x.shape
    windows = Windows.over((H, W), kernel_size, stride)
    (KH, KW), (OH, OW) = windows.kernel, windows.out
    columns = np.zeros((N, KH * KW * C, OH * OW), x.dtype)
    for n in range(N):
        for column, (i, j) in enumerate(np.ndindex(OH, OW)):
            columns[n, :, column] = x[n, *windows.at(i, j)].ravel()
    return columns


def conv2d_nhwc(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, kernel_size, stride=1, padding=0
) -> np.ndarray:
    """Multiply every kernel with the patch under every window, and add the bias.

    Parameters
    ----------
    x : (N, H, W, C) images
    w : (F, KH*KW*C) kernels
    b : (F,) biases
    kernel_size, stride : int or pair, pixels
    padding : int, (ph, pw), or ((top, bottom), (left, right)), pixels of zeros

    Returns
    -------
    (N, OH, OW, F)

    Raises
    ------
    ValueError
        If a kernel does not fit, or w or b have not the shapes that x and kernel_size ask for.

    Examples
    --------
    >>> conv2d_nhwc(np.ones((2, 6, 8, 3)), np.ones((4, 18)), np.zeros(4), (3, 2), 2, 1).shape
    (2, 3, 5, 4)
    """
    windows = windows_nhwc(x, w, kernel_size, stride, padding)
    check_shape("b", b, "(F,)", (len(w),))
    x, w, b = alike(pad_nhwc(x, padding), w, b)
    y = np.zeros((len(x), *windows.out, len(w)), x.dtype)
    for n, i, j, f in np.ndindex(y.shape):
        patch = x[n, *windows.at(i, j)].ravel()  # (KH*KW*C,)
        y[n, i, j, f] = b[f] + np.sum(patch * w[f])
    return y


def conv2d_backward_nhwc(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, kernel_size, stride=1, padding=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of `conv2d_nhwc`: what each window read, it gives back.

    Parameters
    ----------
    dy : (N, OH, OW, F) upstream gradient
    x : (N, H, W, C) images
    w : (F, KH*KW*C) kernels
    kernel_size, stride, padding : as in `conv2d_nhwc`

    Returns
    -------
    (dx, dw, db) : of the shapes of x, w and (F,); pixels that no window reaches get 0

    Raises
    ------
    ValueError
        If dy has not the shape of the layer's output, or `conv2d_nhwc` would refuse the rest.

    Examples
    --------
    >>> x, w, dy = np.ones((2, 6, 8, 3)), np.ones((4, 18)), np.ones((2, 3, 5, 4))
    >>> dx, dw, db = conv2d_backward_nhwc(dy, x, w, (3, 2), stride=2, padding=1)
    >>> dx.shape, dw.shape, db
    ((2, 6, 8, 3), (4, 18), array([30., 30., 30., 30.]))
    """
    windows = windows_nhwc(x, w, kernel_size, stride, padding)
    check_shape("dy", dy, "(N, OH, OW, F)", (len(x), *windows.out, len(w)))
    dy, x, w = alike(dy, pad_nhwc(x, padding), w)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for n, i, j, f in np.ndindex(dy.shape):
        window = (n, *windows.at(i, j))
        dx[window] += dy[n, i, j, f] * w[f].reshape(*windows.kernel, x.shape[3])
        dw[f] += dy[n, i, j, f] * x[window].ravel()
    return crop_nhwc(dx, padding), dw, dy.sum(axis=(0, 1, 2))


def pad_nhwc(x: np.ndarray, padding) -> np.ndarray:
    """Put zeros around every channels-last image, as `pad2d` does.

    Examples
    --------
    >>> pad_nhwc(np.ones((2, 4, 5, 3)), (1, 0)).shape
    (2, 6, 5, 3)
    """
    return pad2d(x.transpose(0, 3, 1, 2), padding).transpose(0, 2, 3, 1)


def crop_nhwc(padded: np.ndarray, padding) -> np.ndarray:
    """Take the zeros away that `pad_nhwc` put around.

    Examples
    --------
    >>> crop_nhwc(np.ones((2, 6, 5, 3)), (1, 0)).shape
    (2, 4, 5, 3)
    """
    return crop2d(padded.transpose(0, 3, 1, 2), padding).transpose(0, 2, 3, 1)


def windows_nhwc(x, w, kernel_size, stride, padding) -> Windows:
    """Lay the windows of a channels-last layer, once x and w have the shapes they need."""
    check_array("x", x, "(N, H, W, C)")
    _, H, W, C = x.shape
    windows = Windows.over((H, W), kernel_size, stride, padding)
    KH, KW = windows.kernel
    check_array("w", w, "(F, KH*KW*C)")
    check_shape("w", w, "(F, KH*KW*C)", (len(w), KH * KW * C))
    return windows
