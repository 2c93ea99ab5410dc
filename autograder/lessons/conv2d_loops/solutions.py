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


@solves("correlate2d")
def _numbered_pixels(x, w):
    """Pick pixels by their numbers, row by row, from the image as one axis."""
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    if rows < 1 or columns < 1:
        raise ValueError("the kernel does not fit")
    first = np.add.outer(np.arange(rows) * x.shape[1], np.arange(columns))
    tap = np.add.outer(np.arange(w.shape[0]) * x.shape[1], np.arange(w.shape[1]))
    return np.take(x, np.add.outer(first, tap)).reshape(rows, columns, -1) @ w.ravel()


@solves("correlate2d")
def _row_by_row(x, w):
    """Correlate rows by a list of lists, and add the rows up."""

    def row(pixels, taps):
        places = range(len(pixels) - len(taps) + 1)
        return [sum(p * t for p, t in zip(pixels[j:], taps)) for j in places]  # noqa: B905

    if not (len(w) <= len(x) and len(w[0]) <= len(x[0])):
        raise ValueError("too large a kernel")
    height = len(x) - len(w) + 1
    return np.array(
        [np.sum([row(x[i + u], w[u]) for u in range(len(w))], 0) for i in range(height)]
    )


@solves("correlate2d")
def _sent_out(x, w):
    """Send each pixel to the outputs that read it, gathered by bincount."""
    size = np.subtract(x.shape, w.shape) + 1
    if (size <= 0).any():
        raise ValueError(size)
    i, j, u, v = np.ogrid[: size[0], : size[1], : w.shape[0], : w.shape[1]]
    places = np.broadcast_to(i * size[1] + j, (*size, *w.shape))
    products = x[i + u, j + v] * w[u, v]
    return np.bincount(places.ravel(), products.ravel().astype(float)).reshape(size)


@solves("correlate2d")
def _banded(x, w):
    """Let the matrices of the kernel's rows act on the image's rows."""
    (h, width), (kh, kw) = x.shape, w.shape
    if kh > h or kw > width:
        raise ValueError
    ow = width - kw + 1
    bands = [sum(w[u, v] * np.eye(width, ow, -v) for v in range(kw)) for u in range(kh)]
    return sum(x[u : u + h - kh + 1] @ band for u, band in enumerate(bands))


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


@solves("conv2d_loops")
def _one_matrix_product(x, w, b, stride=1, padding=0):
    """Stack the windows as rows of a matrix, one product for the whole batch."""
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    F, C, KH, KW = w.shape
    OH, OW = (x.shape[2] - KH) // sh + 1, (x.shape[3] - KW) // sw + 1
    rows = [
        image[:, i * sh : i * sh + KH, j * sw : j * sw + KW].flatten()
        for image in x
        for i in range(OH)
        for j in range(OW)
    ]
    y = np.stack(rows) @ w.reshape(F, -1).T + b
    return y.reshape(len(x), OH, OW, F).transpose(0, 3, 1, 2)


@solves("conv2d_loops")
def _all_indices(X, W, B, stride=1, padding=0):
    """Pick every pixel by index arrays of six axes."""
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    X = np.pad(X, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    oh, ow = (X.shape[2] - W.shape[2]) // sh + 1, (X.shape[3] - W.shape[3]) // sw + 1
    c, i, j, u, v = np.ogrid[: W.shape[1], :oh, :ow, : W.shape[2], : W.shape[3]]
    picked = X[:, c, i * sh + u, j * sw + v]
    return np.einsum("ncijuv,fcuv->nfij", picked, W) + B[None, :, None, None]


@solves("conv2d_loops")
def _zeros_asked_for(x, w, b, stride=1, padding=0):
    """Never pad: a pixel outside the image counts 0."""
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    H, W = x.shape[2:]

    def products(n, f, i, j):
        for u in range(w.shape[2]):
            for v in range(w.shape[3]):
                r, s = i * sh + u - ph, j * sw + v - pw
                if 0 <= r < H and 0 <= s < W:
                    yield x[n, :, r, s] @ w[f, :, u, v]

    rows = range((H + 2 * ph - w.shape[2]) // sh + 1)
    columns = range((W + 2 * pw - w.shape[3]) // sw + 1)
    return np.array(
        [
            [
                [[b[f] + sum(products(n, f, i, j)) for j in columns] for i in rows]
                for f in range(len(w))
            ]
            for n in range(len(x))
        ]
    )


@solves("conv2d_loops")
def _all_windows_then_some(x, w, b, stride=1, padding=0):
    """Compute the map at stride 1, and keep each s-th row and column."""
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    x = np.pad(np.asarray(x, float), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    y = np.empty((len(x), len(w), x.shape[2] - w.shape[2] + 1, x.shape[3] - w.shape[3] + 1))
    for n, image in enumerate(x):
        for f, kernel in enumerate(w):
            y[n, f] = b[f] + sum(_taps(*both) for both in zip(image, kernel, strict=True))
    return y[:, :, ::sh, ::sw].copy()
