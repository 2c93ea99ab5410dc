"""Lesson 06 in several styles."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.lessons.conv2d_loops.solutions import pair
from autograder.lessons.register import solves


def _padded(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))


def _cropped(padded, shape, padding):
    ph, pw = pair(padding)
    return padded[:, :, ph : ph + shape[2], pw : pw + shape[3]]


@solves("conv2d_backward_loops")
def seven_loops(dy, x, w, stride=1, padding=0):
    (sh, sw), xp = pair(stride), _padded(x, padding)
    dx, dw, db = np.zeros(xp.shape), np.zeros(w.shape), np.zeros(w.shape[0])
    for n, f, i, j in np.ndindex(dy.shape):
        g = dy[n, f, i, j]
        db[f] += g
        for c, s, t in np.ndindex(w.shape[1:]):
            dx[n, c, i * sh + s, j * sw + t] += g * w[f, c, s, t]
            dw[f, c, s, t] += g * xp[n, c, i * sh + s, j * sw + t]
    return dx if padding == 0 else _cropped(dx, x.shape, padding), dw, db


@solves("conv2d_backward_loops")
def window_slices(grad, images, kernels, stride=1, padding=0):
    (sh, sw), (kh, kw) = pair(stride), kernels.shape[2:]
    padded = _padded(images, padding)
    dtype = np.result_type(grad, images, kernels)
    dx, dw = np.zeros(padded.shape, dtype), np.zeros(kernels.shape, dtype)
    for n, f, i, j in np.ndindex(grad.shape):
        window = np.s_[n, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
        dx[window] += grad[n, f, i, j] * kernels[f]
        dw[f] += grad[n, f, i, j] * padded[window]
    return _cropped(dx, images.shape, padding), dw, grad.sum(axis=(0, 2, 3))


@solves("conv2d_backward_loops")
def tap_by_tap(dy, x, w, stride=1, padding=0):
    (sh, sw), (oh, ow), padded = pair(stride), dy.shape[2:], _padded(x, padding)
    dx, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for s in range(w.shape[2]):
        for t in range(w.shape[3]):
            tap = np.s_[:, :, s : s + sh * (oh - 1) + 1 : sh, t : t + sw * (ow - 1) + 1 : sw]
            dx[tap] += np.einsum("nfij,fc->ncij", dy, w[:, :, s, t])
            dw[:, :, s, t] = np.einsum("nfij,ncij->fc", dy, padded[tap])
    return _cropped(dx, x.shape, padding), dw, np.einsum("nfij->f", dy)


@solves("conv2d_backward_loops")
def windows_and_add_at(dy, x, w, stride=1, padding=0):
    (sh, sw), (kh, kw), padded = pair(stride), w.shape[2:], _padded(x, padding)
    patches = sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::sh, ::sw]
    dw = np.tensordot(dy, patches, axes=((0, 2, 3), (0, 2, 3)))
    rows = sh * np.arange(dy.shape[2])[:, None] + np.arange(kh)
    columns = sw * np.arange(dy.shape[3])[:, None] + np.arange(kw)
    spread = np.einsum("nfij,fcst->ncijst", dy, w).astype(float)
    dx = np.zeros(padded.shape)
    np.add.at(dx, np.s_[:, :, rows[:, None, :, None], columns[None, :, None, :]], spread)
    db = [dy[:, f].sum() for f in range(len(w))]
    return _cropped(dx, x.shape, padding), dw, np.array(db)


@solves("dilate2d")
def _slices(dy, stride):
    sh, sw = pair(stride)
    n, f, h, w = dy.shape
    out = np.zeros((n, f, (h - 1) * sh + 1, (w - 1) * sw + 1))
    out[:, :, ::sh, ::sw] = dy
    return out


@solves("dilate2d")
def _entries(dy, stride):
    sh, sw = pair(stride)
    h, w = (dy.shape[2] - 1) * sh + 1, (dy.shape[3] - 1) * sw + 1
    out = np.zeros(dy.shape[:2] + (h, w), dy.dtype)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            out[:, :, i * sh, j * sw] = dy[:, :, i, j]
    return out


@solves("dilate2d")
def _kron(grad, stride):
    sh, sw = pair(stride)
    one = np.zeros((sh, sw))
    one[0, 0] = 1
    h, w = (grad.shape[2] - 1) * sh + 1, (grad.shape[3] - 1) * sw + 1
    return np.kron(grad, one)[:, :, :h, :w]


@solves("dilate2d")
def _inserted(dy, stride):
    for axis, step in zip((2, 3), pair(stride), strict=True):
        places = np.repeat(np.arange(1, dy.shape[axis]), step - 1)
        dy = np.insert(dy, places, 0, axis=axis)
    return dy


@solves("grad_x_as_convolution")
def _full_convolution(dy, w, x_shape, stride=1, padding=0):
    (ph, pw), (kh, kw), (_, _, h, width) = pair(padding), w.shape[2:], x_shape
    dilated = _slices(dy, stride)
    below, right = h + 2 * ph - dilated.shape[2], width + 2 * pw - dilated.shape[3]
    bordered = np.pad(dilated, ((0, 0), (0, 0), (kh - 1, below), (kw - 1, right)))
    view = sliding_window_view(bordered, (kh, kw), axis=(2, 3))
    dx = np.einsum("nfhwij,fcij->nchw", view, w[:, :, ::-1, ::-1])
    return dx[:, :, ph : ph + h, pw : pw + width]


@solves("grad_x_as_convolution")
def _gather(dy, w, x_shape, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    dx = np.zeros(x_shape)
    for n, c, r, s in np.ndindex(*x_shape):
        for i, j in np.ndindex(dy.shape[2:]):
            a, b = r + ph - i * sh, s + pw - j * sw
            if 0 <= a < w.shape[2] and 0 <= b < w.shape[3]:
                dx[n, c, r, s] += dy[n, :, i, j] @ w[:, c, a, b]
    return dx


@solves("grad_x_as_convolution")
def _turned_loops(grad, kernels, x_shape, stride=1, padding=0):
    (ph, pw), (kh, kw) = pair(padding), kernels.shape[2:]
    n, c, h, w = x_shape
    dilated = _entries(grad, stride)
    wide = np.zeros((*grad.shape[:2], h + 2 * ph + kh - 1, w + 2 * pw + kw - 1))
    wide[:, :, kh - 1 : kh - 1 + dilated.shape[2], kw - 1 : kw - 1 + dilated.shape[3]] = dilated
    turned = np.rot90(kernels, 2, axes=(2, 3))
    dx = np.zeros((n, c, h, w))
    for r in range(h):
        for s in range(w):
            window = wide[:, :, r + ph : r + ph + kh, s + pw : s + pw + kw]
            dx[:, :, r, s] = np.tensordot(window, turned, axes=((1, 2, 3), (0, 2, 3)))
    return dx


@solves("grad_x_as_convolution")
def _shifts(dy, w, x_shape, stride=1, padding=0):
    (ph, pw), (kh, kw) = pair(padding), w.shape[2:]
    n, c, h, width = x_shape
    dilated = _slices(dy, stride)
    dx = np.zeros((n, c, h + 2 * ph, width + 2 * pw))
    for a in range(kh):
        for b in range(kw):
            piece = np.tensordot(dilated, w[:, :, a, b], axes=(1, 0)).transpose(0, 3, 1, 2)
            dx[:, :, a : a + dilated.shape[2], b : b + dilated.shape[3]] += piece
    return dx[:, :, ph : ph + h, pw : pw + width].copy()
