"""Lesson 07 in several styles."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.lessons.conv2d_loops.solutions import pair
from autograder.lessons.register import solves


@solves("conv_matrix")
def _four_loops(w, in_hw, stride=1):
    (h, width), (kh, kw), (sh, sw) = in_hw, w.shape, pair(stride)
    oh, ow = (h - kh) // sh + 1, (width - kw) // sw + 1
    matrix = np.zeros((oh * ow, h * width))
    for i in range(oh):
        for j in range(ow):
            for u in range(kh):
                for v in range(kw):
                    matrix[i * ow + j, (i * sh + u) * width + j * sw + v] = w[u, v]
    return matrix


@solves("conv_matrix")
def _placed_kernels(kernel, size, step=1):
    rows, (down, right) = [], pair(step)
    for i in range(0, size[0] - kernel.shape[0] + 1, down):
        for j in range(0, size[1] - kernel.shape[1] + 1, right):
            image = np.zeros(size, kernel.dtype)
            image[i : i + kernel.shape[0], j : j + kernel.shape[1]] = kernel
            rows.append(image.ravel())
    return np.array(rows)


@solves("conv_matrix")
def _unit_images(w, in_hw, stride=1):
    images, (sh, sw) = np.eye(in_hw[0] * in_hw[1]).reshape(-1, *in_hw), pair(stride)
    view = sliding_window_view(images, w.shape, axis=(1, 2))[:, ::sh, ::sw]
    return np.einsum("pijuv,uv->ijp", view, w).reshape(-1, in_hw[0] * in_hw[1])


@solves("conv_matrix")
def _fancy(w, in_hw, stride=1):
    (sh, sw), numbers = pair(stride), np.arange(in_hw[0] * in_hw[1]).reshape(in_hw)
    places = sliding_window_view(numbers, w.shape)[::sh, ::sw].reshape(-1, w.size)
    matrix = np.zeros((len(places), in_hw[0] * in_hw[1]), w.dtype)
    matrix[np.arange(len(places))[:, None], places] = w.ravel()
    return matrix


def _axis(n, k, tap, stride):
    """Return a matrix that picks, for each window along one axis, the pixel under a tap."""
    return np.eye(n)[tap : n - k + 1 + tap : stride]


@solves("conv_matrix")
def _kronecker(w, in_hw, stride=1):
    (h, width), (kh, kw), (sh, sw) = in_hw, w.shape, pair(stride)
    return sum(
        w[u, v] * np.kron(_axis(h, kh, u, sh), _axis(width, kw, v, sw))
        for u, v in np.ndindex(kh, kw)
    )


@solves("conv_matrix")
def _shifted_first_row(w, in_hw, stride=1):
    (h, width), (kh, kw), (sh, sw) = in_hw, w.shape, pair(stride)
    first = np.zeros((h, width))
    first[:kh, :kw] = w
    starts = [i * width + j for i in range(0, h - kh + 1, sh) for j in range(0, width - kw + 1, sw)]
    return np.array([np.roll(first, start) for start in starts]).reshape(len(starts), -1)


@solves("conv_matrix")
def _list_of_lists(w, in_hw, stride=1):
    (h, width), (kh, kw), (sh, sw) = in_hw, w.shape, pair(stride)

    def weight(r, c, top, left):
        inside = 0 <= r - top < kh and 0 <= c - left < kw
        return float(w[r - top, c - left]) if inside else 0.0

    return np.array(
        [
            [weight(r, c, i, j) for r in range(h) for c in range(width)]
            for i in range(0, h - kh + 1, sh)
            for j in range(0, width - kw + 1, sw)
        ]
    )


@solves("conv_matrix")
def _add_at(w, in_hw, stride=1):
    (h, width), (kh, kw), (sh, sw) = in_hw, w.shape, pair(stride)
    oh, ow = -((kh - h - 1) // sh), -((kw - width - 1) // sw)  # rounded up
    i, j, u, v = (axis.ravel() for axis in np.indices((oh, ow, kh, kw)))
    matrix = np.zeros(oh * ow * h * width)
    np.add.at(matrix, (i * ow + j) * h * width + (i * sh + u) * width + j * sw + v, w[u, v])
    return matrix.reshape(oh * ow, h * width)


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


@solves("tie_gradient")
def _diagonals(G, kernel_size, in_hw):
    kh, kw = pair(kernel_size)
    oh, ow = in_hw[0] - kh + 1, in_hw[1] - kw + 1
    six = G.reshape(oh, ow, *in_hw)
    return np.array(
        [
            [np.trace(np.trace(six, u, axis1=0, axis2=2), v, axis1=0, axis2=1) for v in range(kw)]
            for u in range(kh)
        ]
    )


@solves("tie_gradient")
def _bincount(G, kernel_size, in_hw):
    kh, kw = pair(kernel_size)
    ow = in_hw[1] - kw + 1
    a, m = np.indices(G.shape)
    u, v = m // in_hw[1] - a // ow, m % in_hw[1] - a % ow
    copy = (u >= 0) & (u < kh) & (v >= 0) & (v < kw)
    sums = np.bincount((u * kw + v)[copy], weights=G[copy], minlength=kh * kw)
    return sums.reshape(kh, kw)


@solves("tie_gradient")
def _inner_products(dense_gradient, size, hw):
    one = np.eye(int(np.prod(pair(size)))).reshape(-1, *pair(size))
    sums = [float((dense_gradient * _four_loops(kernel, hw)).sum()) for kernel in one]
    return np.array(sums).reshape(pair(size))


@solves("tie_gradient")
def _strided_rows(G, kernel_size, in_hw):
    (kh, kw), (_, width) = pair(kernel_size), in_hw
    ow = width - kw + 1
    total = np.zeros((kh, kw))
    for a, row in enumerate(G):
        start = a // ow * width + a % ow
        for u in range(kh):
            total[u] = total[u] + row[start + u * width : start + u * width + kw]
    return total


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


@solves("conv_transpose2d")
def _outer_then_add_at(y, w, stride=1):
    (sh, sw), (n, _, h, width) = pair(stride), y.shape
    c_out, kh, kw = w.shape[1:]
    rows, columns = (h - 1) * sh + kh, (width - 1) * sw + kw
    pieces = np.einsum("ncij,cduv->ndiujv", y, w)
    r = np.arange(h)[:, None] * sh + np.arange(kh)
    c = np.arange(width)[:, None] * sw + np.arange(kw)
    out = np.zeros((n, c_out, rows, columns))
    np.add.at(out, (slice(None), slice(None), r[:, :, None, None], c[None, None]), pieces)
    return out


@solves("conv_transpose2d")
def _two_products(y, w, stride=1):
    """Lay rows and columns down one after the other, each by a matrix of zeros and ones."""

    def laid(n, k, s):
        return np.array([np.eye((n - 1) * s + k)[i * s : i * s + k] for i in range(n)])

    (sh, sw), (h, width), (kh, kw) = pair(stride), y.shape[2:], w.shape[2:]
    return np.einsum(
        "ncij,cduv,iur,jvq->ndrq", y, w, laid(h, kh, sh), laid(width, kw, sw), optimize=True
    )


@solves("conv_transpose2d")
def _gathered(y, w, stride=1):
    (sh, sw), (n, _, h, width), (_, c_out, kh, kw) = pair(stride), y.shape, w.shape
    out = np.zeros((n, c_out, (h - 1) * sh + kh, (width - 1) * sw + kw))
    for r, c in np.ndindex(out.shape[2:]):
        for u in range(kh):
            for v in range(kw):
                (i, over), (j, beyond) = divmod(r - u, sh), divmod(c - v, sw)
                if over == beyond == 0 and 0 <= i < h and 0 <= j < width:
                    out[:, :, r, c] += y[:, :, i, j] @ w[:, :, u, v]
    return out


@solves("conv_transpose2d")
def _by_the_matrix(y, w, stride=1):
    (sh, sw), (n, c_in, h, width), (_, c_out, kh, kw) = pair(stride), y.shape, w.shape
    size = (h - 1) * sh + kh, (width - 1) * sw + kw
    out = [
        [
            sum(_four_loops(w[c, d], size, (sh, sw)).T @ y[a, c].ravel() for c in range(c_in))
            for d in range(c_out)
        ]
        for a in range(n)
    ]
    return np.array(out).reshape(n, c_out, *size)
