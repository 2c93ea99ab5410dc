"""Columns by views and slices: a few large copies and sums, none for a single window."""

import math

import numpy as np

from autograder.reference.arrays import check_array, check_shape
from autograder.reference.geometry import Windows, padding_pairs


def im2col(x: np.ndarray, kernel_size, stride=1, padding=0, dilation=1) -> np.ndarray:
    """Do what `reference.im2col` does.

    Examples
    --------
    >>> im2col(np.arange(16).reshape(1, 1, 4, 4), 2, padding=1).shape
    (4, 25)
    """
    check_array("x", x, "(N, C, H, W)")
    windows = Windows.over(x.shape[2:], kernel_size, stride, padding, dilation)
    view = batch_windows(x, windows, padding_pairs(padding))
    return view.reshape(math.prod(view.shape[:3]), -1)


def col2im(
    cols: np.ndarray,
    x_shape: tuple[int, int, int, int],
    kernel_size,
    stride=1,
    padding=0,
    dilation=1,
) -> np.ndarray:
    """Do what `reference.col2im` does.

    Examples
    --------
    >>> col2im(np.ones((9, 4), int), (1, 1, 4, 4), 3)[0, 0, 1]
    array([2, 4, 4, 2])
    """
    windows = Windows.over(x_shape[2:], kernel_size, stride, padding, dilation)
    N, C = x_shape[:2]
    (KH, KW), (OH, OW) = windows.kernel, windows.out
    check_shape("cols", cols, "(C*KH*KW, OH*OW*N)", (C * KH * KW, OH * OW * N))
    return images_from_batch_columns(cols, x_shape, windows, padding_pairs(padding))


def batch_windows(x: np.ndarray, windows: Windows, padding) -> np.ndarray:
    """Show all windows of all images at once, as a view of the padded images.

    The image index runs fastest, so that a copy of the view moves runs of N numbers or more.

    Parameters
    ----------
    x : (N, C, H, W) images
    windows : the windows over the padded image
    padding : ((top, bottom), (left, right)), pixels of zeros

    Returns
    -------
    (C, KH, KW, OH, OW, N) view; its copy, reshaped to (C*KH*KW, OH*OW*N), is the columns

    Examples
    --------
    >>> windows = Windows.over((4, 4), 2, padding=1)
    >>> batch_windows(np.ones((3, 5, 4, 4)), windows, ((1, 1), (1, 1))).shape
    (5, 2, 2, 5, 5, 3)
    """
    N, C, H, W = x.shape
    (top, bottom), (left, right) = padding
    padded = np.zeros((C, top + H + bottom, left + W + right, N), x.dtype)
    padded[:, top : top + H, left : left + W] = x.transpose(1, 2, 3, 0)
    channel, row, column, step = padded.strides
    (sh, sw), (dh, dw) = windows.stride, windows.dilation
    strides = (channel, dh * row, dw * column, sh * row, sw * column, step)
    return np.ndarray((C, *windows.kernel, *windows.out, N), x.dtype, padded, 0, strides)


def images_from_batch_columns(
    columns: np.ndarray, shape: tuple[int, int, int, int], windows: Windows, padding
) -> np.ndarray:
    """Sum columns onto images, the adjoint of a copy of `batch_windows`.

    Each kernel entry has a layer of its own, as large as the padded images, in which its numbers
    lie where its windows read them; the rest stays zero.  The sum of the layers is one call, and
    one channel at a time keeps them in the processor's cache.

    Parameters
    ----------
    columns : (C*KH*KW, OH*OW*N)
    shape : (N, C, H, W) of the images
    windows : the windows over the padded image
    padding : ((top, bottom), (left, right)), pixels of zeros

    Returns
    -------
    (N, C, H, W) images, as a view in which the image index still runs fastest

    Examples
    --------
    >>> windows = Windows.over((4, 4), 3)
    >>> images_from_batch_columns(
    ...     np.ones((9, 4), int), (1, 1, 4, 4), windows, ((0, 0), (0, 0))
    ... ).sum().item()
    36
    """
    N, C, H, W = shape
    (top, bottom), (left, right) = padding
    padded = np.empty((C, top + H + bottom, left + W + right, N), columns.dtype)
    layers = np.zeros((*windows.kernel, *padded.shape[1:]), columns.dtype)
    u, v, row, column, step = layers.strides
    (sh, sw), (dh, dw) = windows.stride, windows.dilation
    strides = (u + dh * row, v + dw * column, sh * row, sw * column, step)
    met = np.ndarray((*windows.kernel, *windows.out, N), columns.dtype, layers, 0, strides)
    for numbers, image in zip(columns.reshape(C, *met.shape), padded, strict=True):
        met[...] = numbers
        np.add.reduce(layers, axis=(0, 1), out=image)
    return padded[:, top : top + H, left : left + W].transpose(3, 0, 1, 2)


def image_columns(x: np.ndarray, windows: Windows, padding) -> np.ndarray:
    """Make columns image by image, in two steps: gather along the width, then along the height.

    Only the first step copies short runs, KW times over; the KH copies of the second move whole
    maps, since the first has sorted the rows by what is left over from the vertical stride.

    Parameters
    ----------
    x : (N, C, H, W) images
    windows : the windows over the padded image
    padding : ((top, bottom), (left, right)), pixels of zeros

    Returns
    -------
    (N, C*KH*KW, OH*OW) columns; a view of x for a 1 by 1 kernel that moves by 1

    Examples
    --------
    >>> windows = Windows.over((4, 4), 2, padding=1)
    >>> image_columns(np.ones((3, 5, 4, 4)), windows, ((1, 1), (1, 1))).shape
    (3, 20, 25)
    """
    N, C, H, W = x.shape
    (KH, KW), (OH, OW) = windows.kernel, windows.out
    (top, _), (left, _) = padding
    if _is_plain(windows, padding):
        return x.reshape(N, C, H * W)
    padded, phases = _padded(x.shape, windows, padding, x.dtype)
    padded[:, :, top : top + H, left : left + W] = x
    rows = np.empty((*phases.shape[:2], KW, *phases.shape[2:4], OW), x.dtype)
    for v in range(KW):
        rows[:, :, v] = phases[..., windows.tap(0, v)[1]]
    columns = np.empty((N, C, KH, KW, OH, OW), x.dtype)
    for u in range(KH):
        columns[:, :, u] = rows[:, :, :, *_row_of(windows, u)]
    return columns.reshape(N, C * KH * KW, OH * OW)


def images_from_columns(
    columns: np.ndarray, shape: tuple[int, int, int, int], windows: Windows, padding
) -> np.ndarray:
    """Sum columns onto images, the adjoint of `image_columns`: along the height, then the width.

    Parameters
    ----------
    columns : (N, C*KH*KW, OH*OW)
    shape : (N, C, H, W) of the images
    windows : the windows over the padded image
    padding : ((top, bottom), (left, right)), pixels of zeros

    Returns
    -------
    (N, C, H, W) images

    Examples
    --------
    >>> windows = Windows.over((4, 4), 3)
    >>> images = images_from_columns(np.ones((1, 9, 4)), (1, 1, 4, 4), windows, ((0, 0), (0, 0)))
    >>> images.sum().item()
    36.0
    """
    N, C, H, W = shape
    (KH, KW), (OH, OW) = windows.kernel, windows.out
    (top, _), (left, _) = padding
    if _is_plain(windows, padding):
        return columns.reshape(shape)
    columns = columns.reshape(N, C, KH, KW, OH, OW)
    padded, phases = _padded(shape, windows, padding, columns.dtype)
    rows = np.zeros((*phases.shape[:2], KW, *phases.shape[2:4], OW), columns.dtype)
    for u in range(KH):
        rows[:, :, :, *_row_of(windows, u)] += columns[:, :, u]
    for v in range(KW):
        phases[..., windows.tap(0, v)[1]] += rows[:, :, v]
    return padded[:, :, top : top + H, left : left + W]


def _padded(shape, windows: Windows, padding, dtype) -> tuple[np.ndarray, np.ndarray]:
    """Return zeros for padded images, and a view of them with the rows sorted by phase.

    The view is (N, C, sh, rows // sh, columns): the rows that one kernel row meets, sh apart in
    the image, lie side by side in it, and are copied as one run.
    """
    N, C, H, W = shape
    (top, bottom), (left, right) = padding
    sh = windows.stride[0]
    steps = -(-(top + H + bottom) // sh)
    padded = np.zeros((N, C, steps * sh, left + W + right), dtype)
    return padded, padded.reshape(N, C, steps, sh, -1).swapaxes(2, 3)


def _row_of(windows: Windows, u: int) -> tuple[int, slice]:
    """Return the phase of kernel row u, and the rows of that phase that it meets."""
    first, phase = divmod(u * windows.dilation[0], windows.stride[0])
    return phase, slice(first, first + windows.out[0])


def _is_plain(windows: Windows, padding) -> bool:
    """Tell whether every column is one pixel, in the order of the image."""
    still = windows.kernel == windows.stride == (1, 1)
    return still and padding == ((0, 0), (0, 0))
