"""Lesson 08 in several styles."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.lessons.conv2d_loops.solutions import pair
from autograder.lessons.register import solves


def sizes(hw, kernel_size, stride, padding, dilation=1):
    """Return OH, OW."""
    settings = zip(hw, *map(pair, (kernel_size, stride, padding, dilation)), strict=True)
    return tuple((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in settings)


def padded(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))


@solves("im2col_indices")
def _repeat_tile(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    _, c, h, w = x_shape
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    oh, ow = sizes((h, w), kernel_size, stride, padding, dilation)
    i0 = np.tile(np.repeat(dh * np.arange(kh), kw), c)
    j0 = np.tile(dw * np.arange(kw), kh * c)
    i1 = sh * np.repeat(np.arange(oh), ow)
    j1 = sw * np.tile(np.arange(ow), oh)
    k = np.repeat(np.arange(c), kh * kw).reshape(-1, 1)
    return k, i0.reshape(-1, 1) + i1.reshape(1, -1), j0.reshape(-1, 1) + j1.reshape(1, -1)


@solves("im2col_indices")
def _loops(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    oh, ow = sizes(x_shape[2:], kernel_size, stride, padding, dilation)
    k, i, j = [], [], []
    for c in range(x_shape[1]):
        for u in range(kh):
            for v in range(kw):
                k.append([c])
                i.append([a * sh + u * dh for a in range(oh) for _ in range(ow)])
                j.append([b * sw + v * dw for _ in range(oh) for b in range(ow)])
    return np.array(k), np.array(i), np.array(j)


@solves("im2col_indices")
def _meshgrid(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    oh, ow = sizes(x_shape[2:], kernel_size, stride, padding, dilation)
    k, u, v = (a.reshape(-1, 1) for a in np.indices((x_shape[1], kh, kw)))
    a, b = (t.reshape(1, -1) for t in np.indices((oh, ow)))
    return k, u * dh + a * sh, v * dw + b * sw


@solves("im2col_indices")
def _divmods(shape, kernel, step=1, zeros=0, gap=1):
    (kh, kw), (oh, ow) = pair(kernel), sizes(shape[2:], kernel, step, zeros, gap)
    rows, places = np.arange(shape[1] * kh * kw)[:, None], np.arange(oh * ow)
    i = rows // kw % kh * pair(gap)[0] + places // ow * pair(step)[0]
    j = rows % kw * pair(gap)[1] + places % ow * pair(step)[1]
    return rows // (kh * kw), i, j


@solves("im2col_indices")
def _small_integers(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    k, i, j = _loops(x_shape, kernel_size, stride, padding, dilation)
    return k.astype(np.uint8), i.astype(np.int32), j.astype(np.int16)


@solves("im2col")
def _by_indices(x, kernel_size, stride=1, padding=0, dilation=1):
    k, i, j = _repeat_tile(x.shape, kernel_size, stride, padding, dilation)
    patches = padded(x, padding)[:, k, i, j]
    return patches.transpose(1, 2, 0).reshape(len(k), -1)


@solves("im2col")
def _patch_loop(x, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    oh, ow = sizes(x.shape[2:], kernel_size, stride, padding, dilation)
    xp, columns = padded(x, padding), []
    for i in range(0, oh * sh, sh):
        for j in range(0, ow * sw, sw):
            for image in xp:
                window = image[:, i : i + dh * (kh - 1) + 1 : dh, j : j + dw * (kw - 1) + 1 : dw]
                columns.append(window.ravel())
    return np.array(columns).T


@solves("im2col")
def _view(images, kernel, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel), pair(stride), pair(dilation)
    extent = dh * (kh - 1) + 1, dw * (kw - 1) + 1
    view = sliding_window_view(padded(images, padding), extent, axis=(2, 3))
    view = view[:, :, ::sh, ::sw, ::dh, ::dw]
    return np.moveaxis(view, (1, 4, 5, 2, 3, 0), range(6)).reshape(images.shape[1] * kh * kw, -1)


@solves("im2col")
def _filled(x, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    n, c = x.shape[:2]
    oh, ow = sizes(x.shape[2:], kernel_size, stride, padding, dilation)
    xp, out = padded(x, padding), np.zeros((c, kh, kw, oh, ow, n))
    for u in range(kh):
        for v in range(kw):
            rows = slice(u * dh, u * dh + sh * (oh - 1) + 1, sh)
            columns = slice(v * dw, v * dw + sw * (ow - 1) + 1, sw)
            out[:, u, v] = xp[:, :, rows, columns].transpose(1, 2, 3, 0)
    return out.reshape(c * kh * kw, oh * ow * n)


@solves("conv2d_im2col")
def _by_columns(x, w, b, stride=1, padding=0):
    oh, ow = sizes(x.shape[2:], w.shape[2:], stride, padding)
    product = w.reshape(len(w), -1) @ _by_indices(x, w.shape[2:], stride, padding)
    y = product + b.reshape(-1, 1)
    return y.reshape(len(w), oh, ow, len(x)).transpose(3, 0, 1, 2)


@solves("conv2d_im2col")
def _image_by_image(x, w, b, stride=1, padding=0):
    oh, ow = sizes(x.shape[2:], w.shape[2:], stride, padding)
    y = np.zeros((len(x), len(w), oh, ow))
    for n in range(len(x)):
        cols = _filled(x[n : n + 1], w.shape[2:], stride, padding)
        y[n] = (w.reshape(len(w), -1) @ cols + b[:, None]).reshape(len(w), oh, ow)
    return y


@solves("conv2d_im2col")
def _einsum(images, kernels, biases, stride=1, padding=0):
    oh, ow = sizes(images.shape[2:], kernels.shape[2:], stride, padding)
    cols = _view(images, kernels.shape[2:], stride, padding)
    cols = cols.reshape(-1, oh, ow, len(images))
    y = np.einsum("kijn,fk->nfij", cols, kernels.reshape(len(kernels), -1))
    return y + biases[None, :, None, None]


@solves("conv2d_im2col")
def _rows_of_patches(x, w, b, stride=1, padding=0):
    oh, ow = sizes(x.shape[2:], w.shape[2:], stride, padding)
    rows = _patch_loop(x, w.shape[2:], stride, padding).T
    y = np.dot(rows, w.reshape(len(w), -1).T) + b
    return np.ascontiguousarray(y.reshape(oh, ow, len(x), len(w)).transpose(2, 3, 0, 1))
