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


# Unusual and right -------------------------------------------------------------------------------


def _index(x, kernel_size, stride):
    """Return the flat index of each tap of each window in one image, (KH * KW * C, OH * OW)."""
    (kh, kw), (sh, sw), (oh, ow) = pair(kernel_size), pair(stride), _sizes(x, kernel_size, stride)
    w, c = x.shape[2:]
    steps = w * c, c, 1, sh * w * c, sw * c
    grid = np.indices((kh, kw, c, oh, ow))
    return sum(s * g for s, g in zip(steps, grid, strict=True)).reshape(kh * kw * c, oh * ow)


@solves("im2col_nhwc")
def _tap_by_tap(x, kernel_size, stride=1):
    (kh, kw), (sh, sw), (oh, ow) = pair(kernel_size), pair(stride), _sizes(x, kernel_size, stride)
    taps = [
        x[:, u : u + (oh - 1) * sh + 1 : sh, v : v + (ow - 1) * sw + 1 : sw].reshape(
            len(x), oh * ow, -1
        )
        for u in range(kh)
        for v in range(kw)
    ]
    return np.concatenate(taps, axis=2).swapaxes(1, 2)


@solves("im2col_nhwc")
def _by_strides(x, kernel_size, stride=1):
    x = np.ascontiguousarray(x)
    (kh, kw), (sh, sw), (oh, ow) = pair(kernel_size), pair(stride), _sizes(x, kernel_size, stride)
    n, row, column, channel = x.strides
    shape = len(x), kh, kw, x.shape[3], oh, ow
    steps = n, row, column, channel, sh * row, sw * column
    view = np.lib.stride_tricks.as_strided(x, shape, steps)
    return view.reshape(len(x), kh * kw * x.shape[3], oh * ow).copy()


@solves("im2col_nhwc")
def _comprehension(a, size, step=1):
    (kh, kw), (down, right) = pair(size), pair(step)
    tops = range(0, a.shape[1] - kh + 1, down)
    lefts = range(0, a.shape[2] - kw + 1, right)
    return np.array(
        [
            np.transpose([im[t : t + kh, j : j + kw].flatten() for t in tops for j in lefts])
            for im in a
        ]
    )


@solves("im2col_nhwc")
def _indexed_rows(x, kernel_size, stride=1):
    return x.reshape(len(x), -1)[:, _index(x, kernel_size, stride)]


@solves("conv2d_nhwc")
def _indexed(x, w, b, kernel_size, stride=1, padding=0):
    padded = _padded(x, padding)
    cols = np.stack([image.ravel()[_index(padded, kernel_size, stride)] for image in padded])
    y = np.einsum("fr,nrq->nqf", w, cols) + b[np.newaxis, np.newaxis]
    return y.reshape(len(x), *_sizes(padded, kernel_size, stride), -1)


@solves("conv2d_nhwc")
def _taps_summed(x, w, b, kernel_size, stride=1, padding=0):
    x, (kh, kw), (sh, sw) = _padded(x, padding), pair(kernel_size), pair(stride)
    oh, ow = _sizes(x, (kh, kw), stride)
    kernels = w.T.reshape(kh, kw, x.shape[3], len(w))
    y = np.tile(np.asarray(b, float), (len(x), oh, ow, 1))
    for u in range(kh):
        for v in range(kw):
            y += (
                x[:, u : u + (oh - 1) * sh + 1 : sh, v : v + (ow - 1) * sw + 1 : sw] @ kernels[u, v]
            )
    return y


@solves("conv2d_nhwc")
def _bias_as_a_weight(x, w, b, kernel_size, stride=1, padding=0):
    """Give every column a 1 at its end, and every kernel its bias."""
    padded = _padded(x, padding)
    cols = _take(padded, kernel_size, stride)
    cols = np.concatenate([cols, np.ones((len(x), 1, cols.shape[2]))], axis=1)
    y = np.matmul(np.column_stack([w, b]), cols)
    return np.moveaxis(y, 1, 2).reshape(len(x), *_sizes(padded, kernel_size, stride), len(b))


@solves("conv2d_nhwc")
def _output_by_output(x, w, b, kernel_size, stride=1, padding=0):
    padded = _padded(x, padding)
    (kh, kw), (sh, sw) = pair(kernel_size), pair(stride)
    y = np.zeros((len(x), *_sizes(padded, kernel_size, stride), len(w)))
    for n, i, j, f in np.ndindex(y.shape):
        patch = padded[n, i * sh : i * sh + kh, j * sw : j * sw + kw].flatten()
        y[n, i, j, f] = b[f] + sum(p * q for p, q in zip(patch, w[f], strict=True))
    return y


@solves("conv2d_backward_nhwc")
def _counted_back(dy, x, w, kernel_size, stride=1, padding=0):
    """Add back by flat indices, with bincount."""
    padded = _padded(x, padding)
    index, sent = _index(padded, kernel_size, stride), dy.reshape(len(dy), -1, len(w))
    cols = padded.reshape(len(x), -1)[:, index]
    dw = np.einsum("nqf,nrq->fr", sent, cols)
    back = [np.bincount(index.ravel(), (w.T @ s.T).ravel(), padded[0].size) for s in sent]
    dx = np.reshape(back, padded.shape)
    return _cropped(dx, x, padding), dw, np.einsum("nijf->f", dy)


@solves("conv2d_backward_nhwc")
def _add_at(dy, x, w, kernel_size, stride=1, padding=0):
    padded = _padded(x, padding)
    index, flat = _index(padded, kernel_size, stride), np.zeros((len(x), padded[0].size))
    sent = dy.reshape(len(dy), -1, dy.shape[3])
    np.add.at(flat, (slice(None), index), np.matmul(w.T, sent.swapaxes(1, 2)))
    cols = _take(padded, kernel_size, stride)
    dw = sum((s.T @ c.T for s, c in zip(sent, cols, strict=True)), np.zeros(w.shape))
    return _cropped(flat.reshape(padded.shape), x, padding), dw, sent.sum(axis=1).sum(axis=0)


@solves("conv2d_backward_nhwc")
def _tap_scatter(dy, x, w, kernel_size, stride=1, padding=0):
    (kh, kw), (sh, sw), padded = pair(kernel_size), pair(stride), _padded(x, padding)
    _, oh, ow, f = dy.shape
    kernels = w.reshape(f, kh, kw, -1)
    dx, dw = np.zeros(padded.shape), np.zeros(kernels.shape)
    for u in range(kh):
        for v in range(kw):
            at = np.s_[:, u : u + (oh - 1) * sh + 1 : sh, v : v + (ow - 1) * sw + 1 : sw]
            dx[at] += np.einsum("nijf,fc->nijc", dy, kernels[:, u, v])
            dw[:, u, v] = np.einsum("nijf,nijc->fc", dy, padded[at])
    return _cropped(dx, x, padding), dw.reshape(w.shape), dy.reshape(-1, f).sum(0)


@solves("conv2d_backward_nhwc")
def _as_one_matrix(dy, x, w, kernel_size, stride=1, padding=0):
    """Write the layer as a matrix from an image to its outputs, and transpose it."""
    padded = _padded(x, padding)
    index = _index(padded, kernel_size, stride)
    matrix = np.zeros((index.shape[1], len(w), padded[0].size))
    for q, places in enumerate(index.T):
        matrix[q][:, places] = w
    dx = np.tensordot(dy.reshape(len(dy), index.shape[1], -1), matrix, axes=((1, 2), (0, 1)))
    dw = np.zeros(w.shape)
    for image, sent in zip(padded, dy.reshape(len(dy), index.shape[1], -1), strict=True):
        for q, places in enumerate(index.T):
            dw += np.outer(sent[q], image.flat[places])
    return _cropped(dx.reshape(padded.shape), x, padding), dw, dy.sum((0, 1, 2))
