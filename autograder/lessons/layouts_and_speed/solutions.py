"""Lesson 11 in several styles."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.lessons.backward_loops import solutions as backward_loops
from autograder.lessons.conv2d_loops.solutions import _seven_loops, pair
from autograder.lessons.register import solves


def _sizes(x, kernel_size, stride):
    (kh, kw), (sh, sw) = pair(kernel_size), pair(stride)
    return (x.shape[1] - kh) // sh + 1, (x.shape[2] - kw) // sw + 1


def _padded(x, padding):
    ph, pw = pair(padding)
    return np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)))


def _patches(x, kernel_size, stride):
    """Return (N, OH, OW, KH, KW, C)."""
    (sh, sw), kernel = pair(stride), pair(kernel_size)
    view = sliding_window_view(x, kernel, axis=(1, 2))[:, ::sh, ::sw]
    return view.transpose(0, 1, 2, 4, 5, 3)


@solves("im2col_nhwc")
def _take(x, kernel_size, stride=1):
    n, h, w, c = x.shape
    (kh, kw), (sh, sw), (oh, ow) = pair(kernel_size), pair(stride), _sizes(x, kernel_size, stride)
    one = (np.arange(kh)[:, None, None] * w + np.arange(kw)[:, None]) * c + np.arange(c)
    starts = (np.arange(oh)[:, None] * sh * w + np.arange(ow) * sw) * c
    index = one.reshape(-1, 1) + starts.reshape(1, -1)
    return np.take(x.reshape(n, -1), index, axis=1)


@solves("im2col_nhwc")
def _view(x, kernel_size, stride=1):
    patches = _patches(x, kernel_size, stride)
    n, oh, ow = patches.shape[:3]
    return patches.reshape(n, oh * ow, -1).transpose(0, 2, 1).copy()


@solves("im2col_nhwc")
def _loops(images, kernel, step=1):
    (kh, kw), (sh, sw), (oh, ow) = pair(kernel), pair(step), _sizes(images, kernel, step)
    columns = np.zeros((len(images), kh * kw * images.shape[3], oh * ow))
    for n in range(len(images)):
        for i in range(oh):
            for j in range(ow):
                patch = images[n, i * sh : i * sh + kh, j * sw : j * sw + kw]
                columns[n, :, i * ow + j] = patch.ravel()
    return columns


@solves("im2col_nhwc")
def _places(x, kernel_size, stride=1):
    """Cut the array of flat indices itself."""
    places = np.arange(x[0].size).reshape(1, *x.shape[1:])
    index = _view(places, kernel_size, stride)[0]
    return np.stack([image.ravel()[index] for image in x])


@solves("conv2d_nhwc")
def _tensordot(x, w, b, kernel_size, stride=1, padding=0):
    patches = _patches(_padded(x, padding), kernel_size, stride)
    kernels = w.reshape(len(w), *pair(kernel_size), x.shape[3])
    return np.tensordot(patches, kernels, axes=((3, 4, 5), (1, 2, 3))) + b


@solves("conv2d_nhwc")
def _by_columns(x, w, b, kernel_size, stride=1, padding=0):
    x = _padded(x, padding)
    y = w @ _take(x, kernel_size, stride)
    return y.transpose(0, 2, 1).reshape(len(x), *_sizes(x, kernel_size, stride), len(w)) + b


@solves("conv2d_nhwc")
def _window_loop(x, w, b, kernel_size, stride=1, padding=0):
    (kh, kw), (sh, sw), padded = pair(kernel_size), pair(stride), _padded(x, padding)
    oh, ow = _sizes(padded, kernel_size, stride)
    y = np.zeros((len(x), oh, ow, len(w)))
    for i in range(oh):
        for j in range(ow):
            window = padded[:, i * sh : i * sh + kh, j * sw : j * sw + kw].reshape(len(x), -1)
            y[:, i, j] = window @ w.T + b
    return y


def _nchw(x, w, kernel_size):
    kernels = w.reshape(len(w), *pair(kernel_size), x.shape[3]).transpose(0, 3, 1, 2)
    return x.transpose(0, 3, 1, 2), kernels


@solves("conv2d_nhwc")
def _through_the_other_layout(x, w, b, kernel_size, stride=1, padding=0):
    y = _seven_loops(*_nchw(x, w, kernel_size), b, stride, padding)
    return np.ascontiguousarray(y.transpose(0, 2, 3, 1))


def _other_layout(function):
    def conv2d_backward_nhwc(dy, x, w, kernel_size, stride=1, padding=0):
        images, kernels = _nchw(x, w, kernel_size)
        dx, dw, db = function(dy.transpose(0, 3, 1, 2), images, kernels, stride, padding)
        return dx.transpose(0, 2, 3, 1), dw.transpose(0, 2, 3, 1).reshape(w.shape), db

    return conv2d_backward_nhwc


solves("conv2d_backward_nhwc")(_other_layout(backward_loops.seven_loops))
solves("conv2d_backward_nhwc")(_other_layout(backward_loops.windows_and_add_at))


def _cropped(dx, x, padding):
    ph, pw = pair(padding)
    return dx[:, ph : ph + x.shape[1], pw : pw + x.shape[2]]


@solves("conv2d_backward_nhwc")
def _window_scatter(dy, x, w, kernel_size, stride=1, padding=0):
    (kh, kw), (sh, sw), padded = pair(kernel_size), pair(stride), _padded(x, padding)
    dx, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            at = np.s_[:, i * sh : i * sh + kh, j * sw : j * sw + kw]
            dw += dy[:, i, j].T @ padded[at].reshape(len(x), -1)
            dx[at] += (dy[:, i, j] @ w).reshape(len(x), kh, kw, -1)
    return _cropped(dx, x, padding), dw, dy.sum((0, 1, 2))


@solves("conv2d_backward_nhwc")
def _turned_kernel(dy, x, w, kernel_size, stride=1, padding=0):
    (kh, kw), (sh, sw), padded = pair(kernel_size), pair(stride), _padded(x, padding)
    n, oh, ow, f = dy.shape
    dw = np.tensordot(dy, _patches(padded, kernel_size, stride)[:, :oh, :ow], ((0, 1, 2),) * 2)
    spread = np.zeros((n, padded.shape[1] + kh - 1, padded.shape[2] + kw - 1, f))
    rows = slice(kh - 1, kh - 1 + sh * (oh - 1) + 1, sh)
    columns = slice(kw - 1, kw - 1 + sw * (ow - 1) + 1, sw)
    spread[:, rows, columns] = dy
    turned = w.reshape(f, kh, kw, -1)[:, ::-1, ::-1]
    dx = np.einsum("nhwijf,fijc->nhwc", _patches(spread, kernel_size, 1), turned)
    return _cropped(dx, x, padding), dw.reshape(w.shape), np.add.reduce(dy, axis=(0, 1, 2))
