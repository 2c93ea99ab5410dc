"""Lesson 07 in several styles."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.lessons.conv2d_loops.solutions import pair
from autograder.lessons.register import solves


@solves("conv_matrix")
def _four_loops(w, in_hw):
    (h, width), (kh, kw) = in_hw, w.shape
    oh, ow = h - kh + 1, width - kw + 1
    matrix = np.zeros((oh * ow, h * width))
    for i in range(oh):
        for j in range(ow):
            for u in range(kh):
                for v in range(kw):
                    matrix[i * ow + j, (i + u) * width + j + v] = w[u, v]
    return matrix


@solves("conv_matrix")
def _placed_kernels(kernel, size):
    rows = []
    for i in range(size[0] - kernel.shape[0] + 1):
        for j in range(size[1] - kernel.shape[1] + 1):
            image = np.zeros(size, kernel.dtype)
            image[i : i + kernel.shape[0], j : j + kernel.shape[1]] = kernel
            rows.append(image.ravel())
    return np.array(rows)


@solves("conv_matrix")
def _unit_images(w, in_hw):
    images = np.eye(in_hw[0] * in_hw[1]).reshape(-1, *in_hw)
    view = sliding_window_view(images, w.shape, axis=(1, 2))
    return np.einsum("pijuv,uv->ijp", view, w).reshape(-1, in_hw[0] * in_hw[1])


@solves("conv_matrix")
def _fancy(w, in_hw):
    places = sliding_window_view(np.arange(in_hw[0] * in_hw[1]).reshape(in_hw), w.shape)
    places = places.reshape(-1, w.size)
    matrix = np.zeros((len(places), in_hw[0] * in_hw[1]), w.dtype)
    matrix[np.arange(len(places))[:, None], places] = w.ravel()
    return matrix


@solves("tie_gradient")
def _loops(G, kernel_size, in_hw):
    (kh, kw), (_, width) = pair(kernel_size), in_hw
    ow = width - kw + 1
    dw = np.zeros((kh, kw))
    for row in range(G.shape[0]):
        i, j = divmod(row, ow)
        for u in range(kh):
            for v in range(kw):
                dw[u, v] += G[row, (i + u) * width + j + v]
    return dw


@solves("tie_gradient")
def _masks(G, kernel_size, in_hw):
    kh, kw = pair(kernel_size)
    dw = np.zeros((kh, kw), G.dtype)
    for u, v in np.ndindex(kh, kw):
        one = np.zeros((kh, kw))
        one[u, v] = 1
        dw[u, v] = G[_four_loops(one, in_hw) == 1].sum()
    return dw


@solves("tie_gradient")
def _windows_of_rows(dense, kernel_size, in_hw):
    kh, kw = pair(kernel_size)
    oh, ow = in_hw[0] - kh + 1, in_hw[1] - kw + 1
    images = dense.reshape(oh, ow, *in_hw)
    return sum(images[i, j, i : i + kh, j : j + kw] for i in range(oh) for j in range(ow))


@solves("tie_gradient")
def _fancy_sum(G, kernel_size, in_hw):
    kernel = pair(kernel_size)
    places = sliding_window_view(np.arange(G.shape[1]).reshape(in_hw), kernel)
    places = places.reshape(len(G), -1)
    return np.take_along_axis(G, places, axis=1).sum(axis=0).reshape(kernel)


@solves("conv_transpose2d")
def _spread_pixels(y, w, stride=1):
    (sh, sw), (kh, kw) = pair(stride), w.shape[2:]
    n, _, h, width = y.shape
    out = np.zeros((n, w.shape[1], (h - 1) * sh + kh, (width - 1) * sw + kw))
    for i in range(h):
        for j in range(width):
            piece = np.einsum("nc,cdij->ndij", y[:, :, i, j], w)
            out[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw] += piece
    return out


@solves("conv_transpose2d")
def _all_loops(y, w, stride=1):
    (sh, sw), (n, _, h, width) = pair(stride), y.shape
    _, c_out, kh, kw = w.shape
    out = np.zeros((n, c_out, (h - 1) * sh + kh, (width - 1) * sw + kw), np.result_type(y, w))
    for a, c, i, j in np.ndindex(y.shape):
        for d, u, v in np.ndindex(c_out, kh, kw):
            out[a, d, i * sh + u, j * sw + v] += y[a, c, i, j] * w[c, d, u, v]
    return out


@solves("conv_transpose2d")
def _taps(maps, kernels, stride=1):
    (sh, sw), (n, _, h, width) = pair(stride), maps.shape
    _, c_out, kh, kw = kernels.shape
    out = np.zeros((n, c_out, (h - 1) * sh + kh, (width - 1) * sw + kw))
    for u in range(kh):
        for v in range(kw):
            rows, columns = slice(u, u + sh * h, sh), slice(v, v + sw * width, sw)
            part = np.tensordot(maps, kernels[:, :, u, v], (1, 0)).transpose(0, 3, 1, 2)
            out[:, :, rows, columns][:, :, :h, :width] += part
    return out


@solves("conv_transpose2d")
def _dilate_and_slide(y, w, stride=1):
    (sh, sw), (kh, kw), (n, c, h, width) = pair(stride), w.shape[2:], y.shape
    spread = np.zeros((n, c, (h - 1) * sh + 1, (width - 1) * sw + 1))
    spread[:, :, ::sh, ::sw] = y
    spread = np.pad(spread, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    view = sliding_window_view(spread, (kh, kw), axis=(2, 3))
    return np.einsum("nchwij,cdij->ndhw", view, w[:, :, ::-1, ::-1])
