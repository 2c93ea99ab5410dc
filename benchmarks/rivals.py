"""The same layer in four ways: each makes a forward and a backward that take nothing.

A forward returns y, a backward (dx, dw, db), so that all can be compared before they are timed.
The plain product computes no layer: it is the least that a layer made of products has to do.
"""

from collections.abc import Callable

import numpy as np

from autograder.reference import fast
from benchmarks.shapes import Shape

Calls = tuple[Callable, Callable]


def course(shape: Shape, arrays) -> Calls:
    """Return the fast twins' forward and backward."""
    x, w, b, dy = arrays
    return (
        lambda: fast.conv2d(x, w, b, *shape.settings),
        lambda: fast.conv2d_backward(dy, x, w, *shape.settings),
    )


def pytorch(shape: Shape, arrays) -> Calls:
    """Return PyTorch's `conv2d` and its autograd, on the processor."""
    import torch

    x, w, b = (torch.tensor(array, requires_grad=True) for array in arrays[:3])
    dy = torch.tensor(arrays[3])
    stride, padding, dilation = shape.settings

    def forward():
        return torch.nn.functional.conv2d(x, w, b, stride, padding, dilation)

    y = forward()
    return forward, lambda: torch.autograd.grad(y, (x, w, b), dy, retain_graph=True)


def product(shape: Shape, arrays) -> Calls:
    """Return the three matrix products of the layer, on columns that are already there."""
    _, w, _, dy = arrays
    F = len(w)
    kernels, dy_rows = w.reshape(F, -1), dy.reshape(F, -1)
    columns = np.resize(dy, (kernels.shape[1], dy_rows.shape[1]))
    return (
        lambda: kernels @ columns,
        lambda: (dy_rows @ columns.T, kernels.T @ dy_rows),
    )


def index_arrays(shape: Shape, arrays) -> Calls:
    """Return columns by fancy indexing and their sum by `np.add.at`, as many tutorials have it."""
    x, w, b, dy = arrays
    N, C, H, W = shape.x
    F, _, KH, KW = shape.w
    OH, OW = shape.out
    stride, padding, dilation = shape.settings
    pads = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    kept = {}

    def indices():
        c, u, v = (axis.reshape(-1, 1) for axis in np.indices((C, KH, KW)))
        i, j = (axis.reshape(1, -1) for axis in np.indices((OH, OW)))
        return c, i * stride + u * dilation, j * stride + v * dilation

    def forward():
        patches = np.pad(x, pads)[:, *indices()]
        kept["columns"] = patches.transpose(1, 2, 0).reshape(C * KH * KW, -1)
        y = w.reshape(F, -1) @ kept["columns"] + b[:, np.newaxis]
        return y.reshape(F, OH, OW, N).transpose(3, 0, 1, 2)

    def backward():
        dy_rows = dy.transpose(1, 2, 3, 0).reshape(F, -1)
        dw = (dy_rows @ kept["columns"].T).reshape(w.shape)
        spread = (w.reshape(F, -1).T @ dy_rows).reshape(C * KH * KW, -1, N).transpose(2, 0, 1)
        dx = np.zeros((N, C, H + 2 * padding, W + 2 * padding), x.dtype)
        np.add.at(dx, (slice(None), *indices()), spread)
        return dx[:, :, padding : padding + H, padding : padding + W], dw, dy_rows.sum(axis=1)

    forward()  # the backward reads its columns
    return forward, backward


RIVALS: dict[str, Callable[[Shape, tuple], Calls]] = {
    "course": course,
    "PyTorch": pytorch,
    "product": product,
    "index arrays": index_arrays,
}
