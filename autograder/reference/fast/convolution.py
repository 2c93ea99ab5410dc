"""The layer as matrix products: small maps all at once, large ones in blocks of images.

Small maps go as one product over all images, with the image index innermost, so that copies move
long runs; results are then views of that layout, and a stack of layers stays in it by itself.
Large maps go image by image, in blocks whose columns stay in the processor's cache.
"""

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from autograder.reference.arrays import alike, check_channels, check_shape
from autograder.reference.fast.columns import (
    batch_windows,
    image_columns,
    images_from_batch_columns,
    images_from_columns,
)
from autograder.reference.geometry import Windows, padding_pairs

SMALL_MAP = 256  # pixels; smaller maps leave a product of their own too little work
BLOCK = 1 << 20  # bytes of columns at a time, about half of a second-level cache
CACHE_LINE = 16  # numbers in float32


def conv2d(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, stride=1, padding=0, dilation=1, groups=1
) -> np.ndarray:
    """Do what `reference.conv2d` does.

    Examples
    --------
    >>> x, w = np.ones((3, 4, 6, 8)), np.ones((6, 2, 2, 3))
    >>> conv2d(x, w, np.zeros(6), (1, 2), (1, 0), (2, 1), groups=2).shape
    (3, 6, 6, 3)
    """
    check_channels(x, w, groups)
    check_shape("b", b, "(F,)", (len(w),))
    windows, pads = _laid(x, w, stride, padding, dilation)
    x, w, b = alike(x, w, b)
    if groups == 1:
        return _forward(x, w, b, windows, pads)
    y = np.empty((len(x), len(w), *windows.out), x.dtype)
    for channels, filters in _groups(w, groups):
        y[:, filters] = _forward(x[:, channels], w[filters], b[filters], windows, pads)
    return y


def conv2d_backward(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, stride=1, padding=0, dilation=1, groups=1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Do what `reference.conv2d_backward` does.

    Examples
    --------
    >>> x, w, dy = np.ones((3, 4, 6, 8)), np.ones((6, 2, 2, 3)), np.ones((3, 6, 6, 3))
    >>> dx, dw, db = conv2d_backward(dy, x, w, (1, 2), (1, 0), (2, 1), groups=2)
    >>> dx.shape, dw.shape, db.shape
    ((3, 4, 6, 8), (6, 2, 2, 3), (6,))
    """
    check_channels(x, w, groups)
    windows, pads = _laid(x, w, stride, padding, dilation)
    check_shape("dy", dy, "(N, F, OH, OW)", (len(x), len(w), *windows.out))
    dy, x, w = alike(dy, x, w)
    if groups == 1:
        return _backward(dy, x, w, windows, pads)
    dx, dw, db = np.empty_like(x), np.empty_like(w), np.empty(len(w), w.dtype)
    for channels, filters in _groups(w, groups):
        dx[:, channels], dw[filters], db[filters] = _backward(
            dy[:, filters], x[:, channels], w[filters], windows, pads
        )
    return dx, dw, db


def _laid(x, w, *settings) -> tuple[Windows, tuple]:
    """Return the windows and the padding of a layer."""
    geometry = (x.shape[2:], w.shape[2:], *settings)
    try:
        return _remembered(*geometry)
    except TypeError:  # a list cannot be remembered
        return _remembered.__wrapped__(*geometry)


@lru_cache(maxsize=256, typed=True)
def _remembered(hw, kernel, stride, padding, dilation) -> tuple[Windows, tuple]:
    """Lay windows once for each geometry: on a toy layer that takes as long as its products."""
    return Windows.over(hw, kernel, stride, padding, dilation), padding_pairs(padding)


def _groups(w: np.ndarray, groups: int) -> Iterator[tuple[slice, slice]]:
    """Yield each group's channels and filters."""
    filters, channels = len(w) // groups, w.shape[1]
    for g in range(groups):
        yield slice(g * channels, (g + 1) * channels), slice(g * filters, (g + 1) * filters)


def _forward(x, w, b, windows: Windows, pads) -> np.ndarray:
    N, F, (OH, OW) = len(x), len(w), windows.out
    kernels = w.reshape(F, -1)
    if OH * OW < SMALL_MAP:
        weights = np.concatenate((kernels, b[:, np.newaxis]), axis=1)
        y = weights @ _columns_and_ones(x, windows, pads)
        return y.reshape(F, OH, OW, N).transpose(3, 0, 1, 2)
    y = np.empty((N, F, OH * OW), x.dtype)
    for block in _blocks(x, columns=kernels.shape[1] * OH * OW):
        np.matmul(kernels, image_columns(x[block], windows, pads), out=y[block])
        y[block] += b[:, np.newaxis]
    return y.reshape(N, F, OH, OW)


def _backward(dy, x, w, windows: Windows, pads) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (dx, dw, db).

    dw is computed as its transpose, patches times dy: few filters leave the other product with
    few rows, for which BLAS is up to twice as slow.  A product with ones sums dy fastest.
    """
    N, F, P = len(x), len(w), windows.out[0] * windows.out[1]
    kernels = w.reshape(F, -1)
    if P < SMALL_MAP:
        dy_rows = _images_last(dy).reshape(F, P * N)
        dw_db = (_columns_and_ones(x, windows, pads) @ dy_rows.T).T
        dx = images_from_batch_columns(kernels.T @ dy_rows, x.shape, windows, pads)
        return dx, dw_db[:, :-1].reshape(w.shape), dw_db[:, -1]
    dy_rows = dy.reshape(N, F, P)
    db = (dy_rows @ np.ones(P, dy.dtype)).sum(axis=0)
    turned_pads = _turned_pads(windows, pads)
    if windows.stride == (1, 1) and 2 * x.shape[1] >= F and min(map(min, turned_pads)) >= 0:
        return *_backward_as_convolution(dy, x, w, windows, turned_pads), db
    dx, dw = np.empty_like(x), np.zeros(kernels.T.shape, w.dtype)
    for block in _blocks(x, columns=len(dw) * P):
        columns = image_columns(x[block], windows, pads)
        dw += (columns @ dy_rows[block].transpose(0, 2, 1)).sum(axis=0)
        spread = kernels.T @ dy_rows[block]
        dx[block] = images_from_columns(spread, x[block].shape, windows, pads)
    return dx, dw.T.reshape(w.shape), db


def _images_last(images: np.ndarray) -> np.ndarray:
    """Return (C, H, W, N), copied unless it lies so already, a cache line of images at a time.

    All at once takes half as long again: numbers a whole image apart push each other out.
    """
    turned = images.transpose(1, 2, 3, 0)
    if turned.flags.c_contiguous:
        return turned
    copied = np.empty(turned.shape, turned.dtype)
    for first in range(0, len(images), CACHE_LINE):
        copied[..., first : first + CACHE_LINE] = turned[..., first : first + CACHE_LINE]
    return copied


def _columns_and_ones(x, windows: Windows, pads) -> np.ndarray:
    """Return the columns of all images over a row of ones, the input that b is the weight of.

    With it, one product adds the bias and another sums dy, in hardly more time than without.
    """
    view = batch_windows(x, windows, pads)
    rows = math.prod(view.shape[:3])
    columns = np.empty((rows + 1, math.prod(view.shape[3:])), x.dtype)
    columns[:-1].reshape(view.shape)[...] = view
    columns[-1] = 1
    return columns


def _turned_pads(windows: Windows, pads):
    """Return the zeros around dy for which dx is a convolution of it, at stride 1."""
    return tuple(
        (d * (k - 1) - before, d * (k - 1) - after)
        for k, d, (before, after) in zip(windows.kernel, windows.dilation, pads, strict=True)
    )


def _backward_as_convolution(dy, x, w, windows: Windows, pads) -> tuple[np.ndarray, np.ndarray]:
    """Take both gradients from one set of columns of dy, as `grad_x_as_convolution` does for dx.

    It needs stride 1, and saves the sums of the other way; dy must not be much deeper than x, lest
    its columns cost more than they save.
    """
    F, C, KH, KW = w.shape
    N, _, H, W = x.shape
    back = Windows.over(windows.out, (KH, KW), 1, pads, windows.dilation)
    turned = w.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1].reshape(C, -1)
    dx, dw = np.empty((N, C, H * W), x.dtype), np.zeros((F * KH * KW, C), w.dtype)
    maps = x.reshape(N, C, H * W)
    for block in _blocks(dy, columns=F * KH * KW * H * W):
        columns = image_columns(dy[block], back, pads)
        np.matmul(turned, columns, out=dx[block])
        dw += (columns @ maps[block].transpose(0, 2, 1)).sum(axis=0)
    dw = dw.reshape(F, KH, KW, C)[:, ::-1, ::-1].transpose(0, 3, 1, 2)
    return dx.reshape(x.shape), np.ascontiguousarray(dw)


def _blocks(images: np.ndarray, columns: int) -> Iterator[slice]:
    """Split the batch evenly into blocks that fit `BLOCK`, at so many numbers an image."""
    size = max(1, BLOCK // max(1, columns * images.itemsize))
    N = len(images)
    count = -(-N // size)
    for part in range(count):
        yield slice(part * N // count, (part + 1) * N // count)
