"""Convolution as one sparse matrix, and its transpose (lesson 07)."""

import numpy as np

from autograder.reference.arrays import check_array, check_shape
from autograder.reference.backward import conv2d_backward
from autograder.reference.geometry import Windows, pair


def conv_matrix(w: np.ndarray, in_hw: tuple[int, int], stride=1) -> np.ndarray:
    """Lay the kernel into a matrix M, so that M @ x.ravel() is the correlation of x with w.

    Parameters
    ----------
    w : (KH, KW) kernel
    in_hw : (H, W) of the image
    stride : int or pair, pixels

    Returns
    -------
    (OH * OW, H * W) : row i OW + j holds the kernel as window (i, j) meets the image

    Raises
    ------
    ValueError
        If the kernel is larger than the image.

    Examples
    --------
    >>> M = conv_matrix(np.array([[1, 2], [3, 4]]), (3, 3))
    >>> M[3], M.shape, int(np.count_nonzero(M))
    (array([0, 0, 0, 0, 1, 2, 0, 3, 4]), (4, 9), 16)
    """
    check_array("w", w, "(KH, KW)")
    windows = Windows.over(in_hw, w.shape, stride)
    (OH, OW), (sh, sw), (H, W) = windows.out, windows.stride, in_hw
    M = np.zeros((OH * OW, H * W), w.dtype)
    for i, j in np.ndindex(OH, OW):
        for u, v in np.ndindex(w.shape):
            M[i * OW + j, (i * sh + u) * W + (j * sw + v)] = w[u, v]
    return M


def tie_gradient(G: np.ndarray, kernel_size, in_hw: tuple[int, int]) -> np.ndarray:
    """Sum a dense gradient over the copies of each kernel entry; the rest of it is dropped.

    Parameters
    ----------
    G : (OH * OW, H * W) gradient of the matrix that `conv_matrix` makes
    kernel_size : int or (KH, KW)
    in_hw : (H, W) of the image

    Returns
    -------
    (KH, KW) gradient of the kernel

    Raises
    ------
    ValueError
        If G has not the shape of that matrix.

    Examples
    --------
    >>> tie_gradient(np.ones((4, 9), int), 2, (3, 3))
    array([[4, 4],
           [4, 4]])
    """
    (OH, OW), (H, W) = Windows.over(in_hw, kernel_size).out, in_hw
    check_shape("G", G, "(OH * OW, H * W)", (OH * OW, H * W))
    dw = np.zeros(pair(kernel_size, "kernel_size"), G.dtype)
    for i, j in np.ndindex(OH, OW):
        for u, v in np.ndindex(dw.shape):
            dw[u, v] += G[i * OW + j, (i + u) * W + (j + v)]
    return dw


def conv_transpose2d(y: np.ndarray, w: np.ndarray, stride=1) -> np.ndarray:
    """Apply the transpose of `conv2d` with the same w: every y spreads its kernel, sums overlap.

    Parameters
    ----------
    y : (N, C_in, H, W) images
    w : (C_in, C_out, KH, KW) kernels
    stride : int or pair, pixels

    Returns
    -------
    (N, C_out, (H - 1) * sh + KH, (W - 1) * sw + KW)

    Raises
    ------
    ValueError
        If y has not C_in channels, or the stride is none.

    Examples
    --------
    >>> conv_transpose2d(np.array([[[[1, 10]]]]), np.array([[[[1, 2, 3]]]]), stride=2)[0, 0]
    array([[ 1,  2, 13, 20, 30]])
    """
    check_array("y", y, "(N, C_in, H, W)")
    check_array("w", w, "(C_in, C_out, KH, KW)")
    sh, sw = pair(stride, "stride")
    N, C_in, H, W = y.shape
    if len(w) != C_in:
        raise ValueError(f"w {w.shape} has to start with the {C_in} channels of y {y.shape}")
    C_out, KH, KW = w.shape[1:]
    # The transpose of a linear layer is what sends its gradient back; it reads no image.
    image = np.zeros((N, C_out, (H - 1) * sh + KH, (W - 1) * sw + KW), y.dtype)
    return conv2d_backward(y, image, w, stride)[0]
