"""Send gradients back through a two-dimensional layer (lesson 06)."""

import numpy as np

from autograder.reference.arrays import alike, check_array, check_channels, check_shape
from autograder.reference.convolution import conv2d, group_of
from autograder.reference.geometry import Windows, crop2d, pad2d, padding_pairs, pair


def conv2d_backward(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, stride=1, padding=0, dilation=1, groups=1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of `conv2d`: what each window read, it gives back.

    Parameters
    ----------
    dy : (N, F, OH, OW) upstream gradient
    x : (N, C, H, W) images
    w : (F, C // groups, KH, KW) kernels
    stride, padding, dilation, groups : as in `conv2d`

    Returns
    -------
    (dx, dw, db) : of the shapes of x, w and (F,); pixels that no window reaches get 0

    Raises
    ------
    ValueError
        If dy has not the shape of the layer's output, or `conv2d` would refuse the rest.

    Examples
    --------
    >>> x, w = np.arange(1, 10).reshape(1, 1, 3, 3), np.array([[[[1, 2], [3, 4]]]])
    >>> dx, dw, db = conv2d_backward(np.array([[[[1, 10], [100, 1000]]]]), x, w)
    >>> int(dx[0, 0, 1, 1]), dw.ravel(), db
    (1234, array([5421, 6532, 8754, 9865]), array([1111]))
    """
    check_channels(x, w, groups)
    windows = Windows.over(x.shape[2:], w.shape[2:], stride, padding, dilation)
    check_shape("dy", dy, "(N, F, OH, OW)", (len(x), len(w), *windows.out))
    dy, x, w = alike(dy, pad2d(x, padding), w)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for n, f, i, j in np.ndindex(dy.shape):
        window = (n, group_of(f, w, groups), *windows.at(i, j))
        dx[window] += dy[n, f, i, j] * w[f]
        dw[f] += dy[n, f, i, j] * x[window]
    return crop2d(dx, padding), dw, dy.sum(axis=(0, 2, 3))


def conv2d_backward_loops(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, stride=1, padding=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of `conv2d_loops`: its seven loops again, each product sent back.

    Parameters
    ----------
    dy : (N, F, OH, OW) upstream gradient
    x : (N, C, H, W) images
    w : (F, C, KH, KW) kernels
    stride, padding : as in `conv2d_loops`

    Returns
    -------
    (dx, dw, db) : of the shapes of x, w and (F,); pixels that no window reaches get 0

    Raises
    ------
    ValueError
        If dy has not the shape of the layer's output, or `conv2d_loops` would refuse the rest.

    Examples
    --------
    >>> x, w, dy = np.ones((2, 3, 6, 8)), np.ones((4, 3, 3, 2)), np.ones((2, 4, 3, 4))
    >>> dx, dw, db = conv2d_backward_loops(dy, x, w, stride=2, padding=(1, 0))
    >>> dx.shape, dw.shape, db
    ((2, 3, 6, 8), (4, 3, 3, 2), array([24., 24., 24., 24.]))
    """
    check_channels(x, w)
    windows = Windows.over(x.shape[2:], w.shape[2:], stride, padding)
    check_shape("dy", dy, "(N, F, OH, OW)", (len(x), len(w), *windows.out))
    sh, sw = windows.stride
    dy, x, w = alike(dy, pad2d(x, padding), w)
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(len(w), w.dtype)
    N, F, OH, OW = dy.shape
    C, KH, KW = w.shape[1:]
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    db[f] += dy[n, f, i, j]
                    for c in range(C):
                        for u in range(KH):
                            for v in range(KW):
                                row, column = i * sh + u, j * sw + v
                                dx[n, c, row, column] += dy[n, f, i, j] * w[f, c, u, v]
                                dw[f, c, u, v] += dy[n, f, i, j] * x[n, c, row, column]
    return crop2d(dx, padding), dw, db


def dilate2d(dy: np.ndarray, stride) -> np.ndarray:
    """Put stride - 1 zeros between the entries of each map.

    Parameters
    ----------
    dy : (N, F, OH, OW) upstream gradient
    stride : int or pair, pixels

    Returns
    -------
    (N, F, (OH - 1) * sh + 1, (OW - 1) * sw + 1) new array

    Examples
    --------
    >>> dilate2d(np.array([[[[1, 2], [3, 4]]]]), (1, 2))[0, 0]
    array([[1, 0, 2],
           [3, 0, 4]])
    """
    check_array("dy", dy, "(N, F, OH, OW)")
    sh, sw = pair(stride, "stride")
    N, F, OH, OW = dy.shape
    dilated = np.zeros((N, F, (OH - 1) * sh + 1, (OW - 1) * sw + 1), dy.dtype)
    for i in range(OH):
        for j in range(OW):
            dilated[:, :, i * sh, j * sw] = dy[:, :, i, j]
    return dilated


def grad_x_as_convolution(
    dy: np.ndarray, w: np.ndarray, x_shape: tuple[int, int, int, int], stride=1, padding=0
) -> np.ndarray:
    """Compute dx as one more convolution: of dy, dilated and padded, with the kernels turned.

    Parameters
    ----------
    dy : (N, F, OH, OW) upstream gradient
    w : (F, C, KH, KW) kernels
    x_shape : (N, C, H, W)
    stride, padding : as in `conv2d`

    Returns
    -------
    (N, C, H, W) gradient of the images; pixels that no window reaches get 0

    Raises
    ------
    ValueError
        If the shapes of dy, w and x_shape do not belong together.

    Notes
    -----
    The kernels are turned by 180 degrees and their axes F and C swapped.  dy gets KH - 1 zeros
    above and below, more below where the stride left rows over.  The result is the gradient of
    the padded image: its border is cropped, which holds for a padding above KH - 1, too.

    Examples
    --------
    >>> w = np.array([[[[1, 2], [3, 4]]]])
    >>> grad_x_as_convolution(np.array([[[[1, 10], [100, 1000]]]]), w, (1, 1, 3, 3))[0, 0]
    array([[   1,   12,   20],
           [ 103, 1234, 2040],
           [ 300, 3400, 4000]])
    """
    check_array("w", w, "(F, C, KH, KW)")
    N, C, H, W = x_shape
    F, channels, KH, KW = w.shape
    if channels != C:
        raise ValueError(f"w {w.shape} has to span the {C} channels of x_shape {x_shape}")
    windows = Windows.over((H, W), (KH, KW), stride, padding)
    check_shape("dy", dy, "(N, F, OH, OW)", (N, F, *windows.out))
    (top, bottom), (left, right) = padding_pairs(padding)
    dilated = dilate2d(dy, stride)
    below = H + top + bottom - dilated.shape[2]  # KH - 1, and the rows left over
    beside = W + left + right - dilated.shape[3]
    turned = w.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1]  # (C, F, KH, KW)
    bordered = pad2d(dilated, ((KH - 1, below), (KW - 1, beside)))
    return crop2d(conv2d(bordered, turned, np.zeros(C, turned.dtype)), padding)
