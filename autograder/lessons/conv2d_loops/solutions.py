"""Lesson 04 in several styles."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.lessons.register import solves


def pair(value):
    return (value, value) if np.isscalar(value) else value


@solves("correlate2d")
def _four_loops(x, w):
    (h, width), (kh, kw) = x.shape, w.shape
    if kh > h or kw > width:
        raise ValueError(f"{w.shape} does not fit in {x.shape}")
    y = np.zeros((h - kh + 1, width - kw + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            for a in range(kh):
                for b in range(kw):
                    y[i, j] += x[i + a, j + b] * w[a, b]
    return y


@solves("correlate2d")
def _window_sums(image, kernel):
    kh, kw = kernel.shape
    oh, ow = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    if oh < 1 or ow < 1:
        raise ValueError("does not fit")
    return np.array(
        [[(image[i : i + kh, j : j + kw] * kernel).sum() for j in range(ow)] for i in range(oh)]
    )


@solves("correlate2d")
def _view(x, w):
    return np.einsum("hwij,ij->hw", sliding_window_view(x, w.shape), w)


@solves("correlate2d")
def _taps(x, w):
    oh, ow = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    if min(oh, ow) <= 0:
        raise ValueError
    y = np.zeros((oh, ow), dtype=np.result_type(x, w))
    for (a, b), weight in np.ndenumerate(w):
        y += weight * x[a : a + oh, b : b + ow]
    return y


@solves("conv2d_loops")
def _seven_loops(x, w, b, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    n, c, h, width = x.shape
    f, _, kh, kw = w.shape
    padded = np.zeros((n, c, h + 2 * ph, width + 2 * pw))
    padded[:, :, ph : ph + h, pw : pw + width] = x
    oh, ow = (h + 2 * ph - kh) // sh + 1, (width + 2 * pw - kw) // sw + 1
    y = np.zeros((n, f, oh, ow))
    for image in range(n):
        for g in range(f):
            for i in range(oh):
                for j in range(ow):
                    total = b[g]
                    for q in range(c):
                        for s in range(kh):
                            for t in range(kw):
                                total = (
                                    total + padded[image, q, i * sh + s, j * sw + t] * w[g, q, s, t]
                                )
                    y[image, g, i, j] = total
    return y


@solves("conv2d_loops")
def _patch_sums(images, kernels, biases, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    images = np.pad(images, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    kh, kw = kernels.shape[2:]
    rows = range(0, images.shape[2] - kh + 1, sh)
    columns = range(0, images.shape[3] - kw + 1, sw)
    return np.array(
        [
            [
                [
                    [np.sum(image[:, r : r + kh, s : s + kw] * kernel) + bias for s in columns]
                    for r in rows
                ]
                for kernel, bias in zip(kernels, biases, strict=True)
            ]
            for image in images
        ]
    )


@solves("conv2d_loops")
def _windows_einsum(x, w, b, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    x = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    patches = sliding_window_view(x, w.shape[2:], axis=(2, 3))[:, :, ::sh, ::sw]
    return np.einsum("nchwij,fcij->nfhw", patches, w, optimize=True) + b.reshape(1, -1, 1, 1)


@solves("conv2d_loops")
def _tap_by_tap(x, w, b, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    x = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    oh, ow = (x.shape[2] - w.shape[2]) // sh + 1, (x.shape[3] - w.shape[3]) // sw + 1
    y = np.zeros((x.shape[0], w.shape[0], oh, ow)) + b[None, :, None, None]
    for s in range(w.shape[2]):
        for t in range(w.shape[3]):
            part = x[:, :, s : s + sh * oh : sh, t : t + sw * ow : sw][:, :, :oh, :ow]
            y += np.tensordot(part, w[:, :, s, t], axes=(1, 1)).transpose(0, 3, 1, 2)
    return y
