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


@solves("im2col_indices")
def _unravelled(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    kernel, out = pair(kernel_size), sizes(x_shape[2:], kernel_size, stride, padding, dilation)
    entries = np.arange(x_shape[1] * kernel[0] * kernel[1])[:, np.newaxis]
    c, u, v = np.unravel_index(entries, (x_shape[1], *kernel))
    i, j = np.unravel_index(np.arange(out[0] * out[1])[np.newaxis], out)
    step, gap = pair(stride), pair(dilation)
    return c, step[0] * i + gap[0] * u, step[1] * j + gap[1] * v


@solves("im2col_indices")
def _outer_sums(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    oh, ow = sizes(x_shape[2:], kernel_size, stride, padding, dilation)
    places, windows = list(np.ndindex(x_shape[1], kh, kw)), list(np.ndindex(oh, ow))
    rows = np.add.outer([u * dh for _, u, _ in places], [i * sh for i, _ in windows])
    columns = np.add.outer([v * dw for _, _, v in places], [j * sw for _, j in windows])
    return np.array([[c] for c, _, _ in places]), rows, columns


@solves("im2col_indices")
def _numbered_pixels(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    _, c, h, w = x_shape
    ph, pw = pair(padding)
    height, width = h + 2 * ph, w + 2 * pw
    numbers = np.arange(c * height * width).reshape(1, c, height, width)
    places = _patch_loop(numbers, kernel_size, stride, 0, dilation)
    rest = places % (height * width)
    return places[:, :1] // (height * width), rest // width, rest % width


@solves("im2col_indices")
def _six_axes(shape, size, s=1, p=0, d=1):
    (kh, kw), (oh, ow) = pair(size), sizes(shape[2:], size, s, p, d)
    six = (shape[1], kh, kw, oh, ow)
    rows = np.arange(kh)[:, None, None, None] * pair(d)[0] + np.arange(oh)[:, None] * pair(s)[0]
    columns = np.arange(kw)[:, None, None] * pair(d)[1] + np.arange(ow) * pair(s)[1]
    channels = np.repeat(np.arange(shape[1]), kh * kw)[:, None]
    flat = (-1, oh * ow)
    rows, columns = np.broadcast_to(rows, six), np.broadcast_to(columns, six)
    return channels, rows.reshape(flat), columns.reshape(flat)


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


@solves("im2col")
def _entries(x, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    oh, ow = sizes(x.shape[2:], kernel_size, stride, padding, dilation)
    xp = padded(x, padding)
    return np.array(
        [
            [xp[n, c, i * sh + u * dh, j * sw + v * dw] for i, j, n in np.ndindex(oh, ow, len(x))]
            for c, u, v in np.ndindex(x.shape[1], kh, kw)
        ]
    )


@solves("im2col")
def _taken(x, kernel_size, stride=1, padding=0, dilation=1):
    k, i, j = _divmods(x.shape, kernel_size, stride, padding, dilation)
    image = padded(x, padding)
    flat = (k * image.shape[2] + i) * image.shape[3] + j
    picked = np.take(image.reshape(len(x), -1), flat, axis=1)
    return np.moveaxis(picked, 0, -1).reshape(flat.shape[0], -1)


@solves("im2col")
def _concatenated(x, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (dh, dw) = pair(kernel_size), pair(stride), pair(dilation)
    oh, ow = sizes(x.shape[2:], kernel_size, stride, padding, dilation)
    last = np.moveaxis(padded(x, padding), 0, -1)  # (C, H, W, N)
    rows = [
        last[c, u * dh :, v * dw :][: sh * oh : sh, : sw * ow : sw][:oh, :ow].reshape(1, -1)
        for c in range(x.shape[1])
        for u in range(kh)
        for v in range(kw)
    ]
    return np.concatenate(rows)


@solves("im2col")
def _image_after_image(x, kernel_size, stride=1, padding=0, dilation=1):
    one_by_one = [_filled(x[[n]], kernel_size, stride, padding, dilation) for n in range(len(x))]
    return np.stack(one_by_one, axis=2).reshape(len(one_by_one[0]), -1)


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


@solves("conv2d_im2col")
def _bias_as_a_row(x, w, b, stride=1, padding=0):
    oh, ow = sizes(x.shape[2:], w.shape[2:], stride, padding)
    cols = _concatenated(x, w.shape[2:], stride, padding)
    rows = np.hstack((w.reshape(len(w), -1), b[:, None]))
    y = rows @ np.vstack((cols, np.ones(cols.shape[1])))
    return np.einsum("fijn->nfij", y.reshape(len(w), oh, ow, len(x))).copy()


@solves("conv2d_im2col")
def _place_by_place(x, w, b, stride=1, padding=0):
    (oh, ow), (sh, sw) = sizes(x.shape[2:], w.shape[2:], stride, padding), pair(stride)
    xp, y = padded(x, padding), np.zeros((len(w), len(x), oh, ow))
    for u in range(w.shape[2]):
        for v in range(w.shape[3]):
            seen = xp[:, :, u : u + sh * (oh - 1) + 1 : sh, v : v + sw * (ow - 1) + 1 : sw]
            y = y + np.tensordot(w[:, :, u, v], seen, axes=(1, 1))
    return y.swapaxes(0, 1) + b.reshape(1, -1, 1, 1)


@solves("conv2d_im2col")
def _column_by_column(x, w, b, stride=1, padding=0):
    oh, ow = sizes(x.shape[2:], w.shape[2:], stride, padding)
    outputs = [w.reshape(len(w), -1) @ q + b for q in _entries(x, w.shape[2:], stride, padding).T]
    y = np.empty((len(x), len(w), oh, ow))
    for place, output in enumerate(outputs):
        window, n = divmod(place, len(x))
        y[n, :, window // ow, window % ow] = output
    return y


@solves("conv2d_im2col")
def _tensordot(x, w, b, stride=1, padding=0):
    (sh, sw), size = pair(stride), w.shape[2:]
    view = sliding_window_view(padded(x, padding), size, axis=(2, 3))[:, :, ::sh, ::sw]
    y = np.tensordot(view, w, axes=((1, 4, 5), (1, 2, 3)))
    return np.moveaxis(y + b, 3, 1)
