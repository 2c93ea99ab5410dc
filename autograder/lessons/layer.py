"""A convolution layer in replaceable steps, from which wrong forward passes are built."""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pair(value) -> tuple[int, int]:
    """Read an int or a pair as a pair."""
    return (value, value) if isinstance(value, (int, np.integer)) else tuple(value)


def extent(kernel, dilation=1) -> tuple[int, int]:
    """Return the pixels from a kernel's first tap to its last, on both axes."""
    return tuple(d * (k - 1) + 1 for k, d in zip(kernel, pair(dilation), strict=True))


def zeros_around(x, padding, **how):
    """Pad the last two axes of (N, C, H, W), otherwise than with zeros where `how` says so."""
    ph, pw = pair(padding)
    if how or min(ph, pw) < 0:
        return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), **how)
    n, c, h, w = x.shape
    padded = np.zeros((n, c, h + 2 * ph, w + 2 * pw), x.dtype)  # several times as fast as np.pad
    padded[:, :, ph : ph + h, pw : pw + w] = x
    return padded


def windows(x, kernel, stride=1, dilation=1):
    """View (N, C, H, W), already padded, as its windows (N, C, OH, OW, KH, KW)."""
    eh, ew = extent(kernel, dilation)
    if eh > x.shape[2] or ew > x.shape[3]:
        raise ValueError("the kernel does not fit")
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    return sliding_window_view(x, (eh, ew), axis=(2, 3))[:, :, ::sh, ::sw, ::dh, ::dw]


def weighted_sum(patches, w, groups=1):
    """Multiply windows (N, C, OH, OW, KH, KW) by kernels and sum: (N, F, OH, OW)."""
    channels, filters = patches.shape[1], w.shape[0]
    if channels % groups or filters % groups or w.shape[1] * groups != channels:
        raise ValueError("the channels do not fit the groups")
    p, f = channels // groups, filters // groups
    parts = [
        np.einsum("nchwij,fcij->nfhw", patches[:, g * p : g * p + p], w[g * f : g * f + f])
        for g in range(groups)
    ]
    return np.concatenate(parts, axis=1)


def one_a_filter(y, b):
    """Add its bias to each filter's map."""
    return y + b[:, None, None]


def layer(
    *,
    pad: Callable = zeros_around,
    cut: Callable = windows,
    weigh: Callable = weighted_sum,
    bias: Callable = one_a_filter,
) -> Callable:
    """Return a forward pass whose named steps are replaced."""

    def forward(x, w, b, stride=1, padding=0, dilation=1, groups=1):
        patches = cut(pad(x, padding), w.shape[2:], stride, dilation)
        return bias(weigh(patches, w, groups), b)

    return forward


forward = layer()


def scatter(grads, x_shape, stride=1, padding=0, dilation=1):
    """Add window gradients (N, C, OH, OW, KH, KW) where `windows` read them: (N, C, H, W)."""
    n, c, h, w = x_shape
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    oh, ow, kh, kw = grads.shape[2:]
    padded = np.zeros((n, c, h + 2 * ph, w + 2 * pw), dtype=grads.dtype)
    for i in range(kh):
        for j in range(kw):
            rows = slice(i * dh, i * dh + sh * (oh - 1) + 1, sh)
            columns = slice(j * dw, j * dw + sw * (ow - 1) + 1, sw)
            padded[:, :, rows, columns] += grads[..., i, j]
    return padded[:, :, ph : ph + h, pw : pw + w].copy()


def input_gradient(dy, w, x_shape, stride=1, padding=0):
    """Return dx of a layer without groups or dilation."""
    return scatter(np.einsum("nfhw,fcij->nchwij", dy, w), x_shape, stride, padding)


def weight_gradient(dy, x, kernel, stride=1, padding=0):
    """Return dw of a layer without groups or dilation."""
    patches = windows(zeros_around(x, padding), kernel, stride)
    oh, ow = dy.shape[2:]
    return np.einsum("nfhw,nchwij->fcij", dy, patches[:, :, :oh, :ow])


def bias_gradient(dy):
    """Return db."""
    return dy.sum(axis=(0, 2, 3))


def backward(dy, x, w, stride=1, padding=0):
    """Return (dx, dw, db) of a layer without groups or dilation."""
    return (
        input_gradient(dy, w, x.shape, stride, padding),
        weight_gradient(dy, x, w.shape[2:], stride, padding),
        bias_gradient(dy),
    )
