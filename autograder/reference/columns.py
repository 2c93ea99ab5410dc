"""Patches as columns, and columns back to images (lessons 08 and 09).

Rows go by channel, kernel row, kernel column; columns by output position, row by row, the image
index running fastest.
"""

from collections.abc import Callable

import numpy as np

from autograder.reference.arrays import alike, check_array, check_channels, check_shape
from autograder.reference.geometry import Windows, crop2d, pad2d


def im2col_indices(
    x_shape: tuple[int, int, int, int], kernel_size, stride=1, padding=0, dilation=1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Say where in the padded image each entry of the columns is read.

    Parameters
    ----------
    x_shape : (N, C, H, W)
    kernel_size, stride, padding, dilation : as in `output_shape`

    Returns
    -------
    (channels, rows, columns) : of the padded image, (C*KH*KW, 1) and twice (C*KH*KW, OH*OW)

    Raises
    ------
    ValueError
        If the kernel does not fit.

    Examples
    --------
    >>> _, rows, columns = im2col_indices((1, 1, 3, 3), 2)
    >>> rows[:, 0], columns[:, 0], columns[0]
    (array([0, 0, 1, 1]), array([0, 1, 0, 1]), array([0, 1, 0, 1]))
    """
    C = x_shape[1]
    windows = Windows.over(x_shape[2:], kernel_size, stride, padding, dilation)
    (KH, KW), (OH, OW) = windows.kernel, windows.out
    (sh, sw), (dh, dw) = windows.stride, windows.dilation
    channels = np.zeros((C * KH * KW, 1), int)
    rows = np.zeros((C * KH * KW, OH * OW), int)
    columns = np.zeros((C * KH * KW, OH * OW), int)
    for r, (c, u, v) in enumerate(np.ndindex(C, KH, KW)):
        channels[r] = c
        for q, (i, j) in enumerate(np.ndindex(OH, OW)):
            rows[r, q] = i * sh + u * dh
            columns[r, q] = j * sw + v * dw
    return channels, rows, columns


def im2col(x: np.ndarray, kernel_size, stride=1, padding=0, dilation=1) -> np.ndarray:
    """Stretch the patch under each window into a column.

    Parameters
    ----------
    x : (N, C, H, W) images
    kernel_size, stride, padding, dilation : as in `output_shape`

    Returns
    -------
    (C*KH*KW, OH*OW*N) columns

    Raises
    ------
    ValueError
        If the kernel does not fit.

    Examples
    --------
    >>> im2col(np.arange(16).reshape(1, 1, 4, 4), 2, padding=1).shape
    (4, 25)
    """
    check_array("x", x, "(N, C, H, W)")
    windows = Windows.over(x.shape[2:], kernel_size, stride, padding, dilation)
    padded = pad2d(x, padding)
    N, C = x.shape[:2]
    (KH, KW), (OH, OW) = windows.kernel, windows.out
    columns = np.zeros((C * KH * KW, OH * OW * N), x.dtype)
    for column, (i, j, n) in enumerate(np.ndindex(OH, OW, N)):
        columns[:, column] = padded[n, :, *windows.at(i, j)].ravel()
    return columns


def col2im(
    cols: np.ndarray,
    x_shape: tuple[int, int, int, int],
    kernel_size,
    stride=1,
    padding=0,
    dilation=1,
) -> np.ndarray:
    """Add each column back onto the patch from which `im2col` took it: its adjoint.

    Parameters
    ----------
    cols : (C*KH*KW, OH*OW*N) columns
    x_shape : (N, C, H, W)
    kernel_size, stride, padding, dilation : as in `output_shape`

    Returns
    -------
    (N, C, H, W) images

    Raises
    ------
    ValueError
        If cols has not the shape of `im2col`'s result, or the kernel does not fit.

    Examples
    --------
    >>> col2im(np.ones((9, 4), int), (1, 1, 4, 4), 3)[0, 0]
    array([[1, 2, 2, 1],
           [2, 4, 4, 2],
           [2, 4, 4, 2],
           [1, 2, 2, 1]])
    """
    windows = Windows.over(x_shape[2:], kernel_size, stride, padding, dilation)
    N, C = x_shape[:2]
    (KH, KW), (OH, OW) = windows.kernel, windows.out
    check_shape("cols", cols, "(C*KH*KW, OH*OW*N)", (C * KH * KW, OH * OW * N))
    padded = pad2d(np.zeros(x_shape, cols.dtype), padding)
    for column, (i, j, n) in enumerate(np.ndindex(OH, OW, N)):
        padded[n, :, *windows.at(i, j)] += cols[:, column].reshape(C, KH, KW)
    return crop2d(padded, padding)


def coverage(in_hw: tuple[int, int], kernel_size, stride=1) -> np.ndarray:
    """Count the windows over each pixel.

    Parameters
    ----------
    in_hw : (H, W) of the image
    kernel_size, stride : as in `output_shape`

    Returns
    -------
    (H, W) whole numbers; 0 where no window lies

    Raises
    ------
    ValueError
        If the kernel does not fit.

    Examples
    --------
    >>> coverage((3, 3), 2)
    array([[1, 2, 1],
           [2, 4, 2],
           [1, 2, 1]])
    """
    windows = Windows.over(in_hw, kernel_size, stride)
    over = np.zeros(in_hw, int)
    for i, j in np.ndindex(windows.out):
        over[windows.at(i, j)] += 1
    return over


def adjoint_gap(
    forward: Callable[[np.ndarray], np.ndarray],
    adjoint: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    cols: np.ndarray,
) -> float:
    """Measure how far two maps are from adjoint: |<forward(x), cols> - <x, adjoint(cols)>|.

    Parameters
    ----------
    forward : function from arrays like x to arrays like cols
    adjoint : function from arrays like cols to arrays like x
    x, cols : arrays

    Returns
    -------
    number at least 0; 0, up to rounding, for adjoint maps

    Examples
    --------
    >>> adjoint_gap(lambda x: 2 * x, lambda cols: 3 * cols, np.array([1.0]), np.array([10.0]))
    10.0
    """
    return abs(float(np.sum(forward(x) * cols)) - float(np.sum(x * adjoint(cols))))


def conv2d_im2col(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride=1, padding=0) -> np.ndarray:
    """Compute `conv2d` as one matrix product: kernels as rows times patches as columns.

    Parameters
    ----------
    x : (N, C, H, W) images
    w : (F, C, KH, KW) kernels
    b : (F,) biases
    stride, padding : as in `conv2d`

    Returns
    -------
    (N, F, OH, OW)

    Raises
    ------
    ValueError
        As `conv2d` does.

    Examples
    --------
    >>> x, w = np.ones((5, 3, 10, 10)), np.ones((10, 3, 3, 3))
    >>> conv2d_im2col(x, w, np.zeros(10), padding=1).shape
    (5, 10, 10, 10)
    """
    check_channels(x, w)
    F, _, KH, KW = w.shape
    check_shape("b", b, "(F,)", (F,))
    OH, OW = Windows.over(x.shape[2:], (KH, KW), stride, padding).out
    x, w, b = alike(x, w, b)
    y = w.reshape(F, -1) @ im2col(x, (KH, KW), stride, padding) + b[:, np.newaxis]
    return y.reshape(F, OH, OW, len(x)).transpose(3, 0, 1, 2)


def conv2d_backward_im2col(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, stride=1, padding=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of `conv2d_im2col`, as two matrix products and one `col2im`.

    Parameters
    ----------
    dy : (N, F, OH, OW) upstream gradient
    x : (N, C, H, W) images
    w : (F, C, KH, KW) kernels
    stride, padding : as in `conv2d`

    Returns
    -------
    (dx, dw, db) : of the shapes of x, w and (F,); pixels that no window reaches get 0

    Raises
    ------
    ValueError
        If dy has not the shape of the layer's output, or `conv2d` would refuse the rest.

    Examples
    --------
    >>> x, w = np.ones((5, 3, 10, 10)), np.ones((10, 3, 3, 3))
    >>> dx, dw, db = conv2d_backward_im2col(np.ones((5, 10, 10, 10)), x, w, padding=1)
    >>> dx.shape, dw.shape, db.shape
    ((5, 3, 10, 10), (10, 3, 3, 3), (10,))
    """
    check_channels(x, w)
    F, _, KH, KW = w.shape
    out = Windows.over(x.shape[2:], (KH, KW), stride, padding).out
    check_shape("dy", dy, "(N, F, OH, OW)", (len(x), F, *out))
    dy, x, w = alike(dy, x, w)
    dy_rows = dy.transpose(1, 2, 3, 0).reshape(F, -1)  # (F, OH*OW*N), as the columns go
    dw = dy_rows @ im2col(x, (KH, KW), stride, padding).T
    dx = col2im(w.reshape(F, -1).T @ dy_rows, x.shape, (KH, KW), stride, padding)
    return dx, dw.reshape(w.shape), dy_rows.sum(axis=1)
