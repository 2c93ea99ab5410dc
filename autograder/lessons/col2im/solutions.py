"""Lesson 09 in several styles."""

import numpy as np

from autograder.lessons.backward_loops.solutions import seven_loops, tap_by_tap, window_slices
from autograder.lessons.conv2d_loops.solutions import pair
from autograder.lessons.im2col.solutions import _by_indices, _filled, _repeat_tile, _view, sizes
from autograder.lessons.register import solves


def _crop(image, x_shape, padding):
    ph, pw = pair(padding)
    return image[:, :, ph : ph + x_shape[2], pw : pw + x_shape[3]]


def _empty(x_shape, padding, dtype=float):
    ph, pw = pair(padding)
    n, c, h, w = x_shape
    return np.zeros((n, c, h + 2 * ph, w + 2 * pw), dtype)


@solves("col2im")
def add_at(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1):
    k, i, j = _repeat_tile(x_shape, kernel_size, stride, padding, dilation)
    image = _empty(x_shape, padding, cols.dtype)
    patches = cols.reshape(len(k), -1, x_shape[0]).transpose(2, 0, 1)
    np.add.at(image, (slice(None), k, i, j), patches)
    return _crop(image, x_shape, padding)


@solves("col2im")
def by_offsets(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    oh, ow = sizes(x_shape[2:], kernel_size, stride, padding, dilation)
    apart = cols.reshape(x_shape[1], kh, kw, oh, ow, x_shape[0])
    image = _empty(x_shape, padding)
    for u in range(kh):
        for v in range(kw):
            rows = slice(u * dh, u * dh + sh * (oh - 1) + 1, sh)
            columns = slice(v * dw, v * dw + sw * (ow - 1) + 1, sw)
            image[:, :, rows, columns] += apart[:, u, v].transpose(3, 0, 1, 2)
    return _crop(image, x_shape, padding).copy()


@solves("col2im")
def _column_by_column(columns, shape, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    _, ow = sizes(shape[2:], kernel_size, stride, padding, dilation)
    image = _empty(shape, padding)
    for place, column in enumerate(columns.T):
        window, n = divmod(place, shape[0])
        i, j = window // ow * sh, window % ow * sw
        patch = column.reshape(shape[1], kh, kw)
        image[n, :, i : i + dh * kh : dh, j : j + dw * kw : dw][:, :kh, :kw] += patch
    return _crop(image, shape, padding)


@solves("col2im")
def _entry_by_entry(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1):
    k, i, j = _repeat_tile(x_shape, kernel_size, stride, padding, dilation)
    image = _empty(x_shape, padding)
    for row in range(cols.shape[0]):
        for column in range(cols.shape[1]):
            place, n = divmod(column, x_shape[0])
            image[n, k[row, 0], i[row, place], j[row, place]] += cols[row, column]
    return _crop(image, x_shape, padding)


@solves("adjoint_gap")
def _vdot(forward, adjoint, x, cols):
    return abs(np.vdot(forward(x), cols) - np.vdot(x, adjoint(cols)))


@solves("adjoint_gap")
def _sums(f, g, x, cols):
    return float(np.abs((f(x) * cols).sum() - (x * g(cols)).sum()))


@solves("adjoint_gap")
def _ravelled(forward, adjoint, x, cols):
    left = forward(x).ravel() @ cols.ravel()
    right = x.ravel() @ adjoint(cols).ravel()
    return abs(float(left) - float(right))


@solves("adjoint_gap")
def _python_sums(forward, adjoint, x, cols):
    left = sum(a * b for a, b in zip(forward(x).flat, cols.flat, strict=True))
    right = sum(a * b for a, b in zip(x.flat, adjoint(cols).flat, strict=True))
    return max(left - right, right - left)


@solves("conv2d_backward_im2col")
def _by_columns(dy, x, w, stride=1, padding=0):
    cols = _by_indices(x, w.shape[2:], stride, padding)
    flat = dy.transpose(1, 2, 3, 0).reshape(len(w), -1)
    dcols = w.reshape(len(w), -1).T @ flat
    dx = add_at(dcols, x.shape, w.shape[2:], stride, padding)
    return dx, (flat @ cols.T).reshape(w.shape), flat.sum(axis=1)


@solves("conv2d_backward_im2col")
def _image_by_image(dy, x, w, stride=1, padding=0):
    kernels = w.reshape(len(w), -1)
    dx, dw = np.zeros(x.shape), np.zeros(kernels.shape)
    for n in range(len(x)):
        flat = dy[n].reshape(len(w), -1)
        dw += flat @ _filled(x[n : n + 1], w.shape[2:], stride, padding).T
        one = (1, *x.shape[1:])
        dx[n] = by_offsets(kernels.T @ flat, one, w.shape[2:], stride, padding)[0]
    return dx, dw.reshape(w.shape), dy.sum((0, 2, 3))


@solves("conv2d_backward_im2col")
def _einsums(grad, images, kernels, stride=1, padding=0):
    f, _, kh, kw = kernels.shape
    n, _, oh, ow = grad.shape
    cols = _view(images, (kh, kw), stride, padding).reshape(-1, oh, ow, n)
    dw = np.einsum("nfij,kijn->fk", grad, cols).reshape(kernels.shape)
    dcols = np.einsum("nfij,fk->kijn", grad, kernels.reshape(f, -1))
    dx = by_offsets(dcols.reshape(len(cols), -1), images.shape, (kh, kw), stride, padding)
    return dx, dw, np.einsum("nfij->f", grad)


# The exercise asks for gradients, not for a way: what lesson 06 taught passes too.
solves("conv2d_backward_im2col")(seven_loops)
solves("conv2d_backward_im2col")(window_slices)
solves("conv2d_backward_im2col")(tap_by_tap)
