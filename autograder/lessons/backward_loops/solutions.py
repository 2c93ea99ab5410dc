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


@solves("conv2d_backward_loops")
def _gathered(dy, x, w, stride=1, padding=0):
    """Ask for each pixel which windows read it."""
    (sh, sw), (ph, pw), xp = pair(stride), pair(padding), _padded(x, padding)
    oh, ow = dy.shape[2:]
    dx = np.zeros(x.shape)
    for r, s in np.ndindex(x.shape[2:]):
        for i, j in np.ndindex(oh, ow):
            u, v = r + ph - i * sh, s + pw - j * sw
            if 0 <= u < w.shape[2] and 0 <= v < w.shape[3]:
                dx[:, :, r, s] += dy[:, :, i, j] @ w[:, :, u, v]
    dw = np.zeros(w.shape)
    for f, c, u, v in np.ndindex(w.shape):
        met = xp[:, c, u : u + sh * oh : sh, v : v + sw * ow : sw][:, :oh, :ow]
        dw[f, c, u, v] = np.sum(dy[:, f] * met)
    return dx, dw, np.sum(np.sum(np.sum(dy, axis=3), axis=2), axis=0)


@solves("conv2d_backward_loops")
def _counted_by_bincount(dy, x, w, stride=1, padding=0):
    """Send every product to its place in the padded images by numbers and bincount."""
    (sh, sw), xp = pair(stride), _padded(x, padding)
    n, f, i, j = np.indices(dy.shape)
    products, places = [], []
    dw = np.zeros(w.shape)
    for c, u, v in np.ndindex(w.shape[1:]):
        at = np.ravel_multi_index((n, np.full_like(n, c), i * sh + u, j * sw + v), xp.shape)
        products.append((dy * w[:, c, u, v][:, None, None]).ravel())
        places.append(at.ravel())
        dw[:, c, u, v] = (dy * xp.ravel()[at]).sum(axis=(0, 2, 3))
    flat = np.bincount(
        np.concatenate(places), np.concatenate(products).astype(float), minlength=xp.size
    )
    return _cropped(flat.reshape(xp.shape), x.shape, padding), dw, dy.sum((0, 2, 3))


@solves("conv2d_backward_loops")
def _by_nudges_that_are_exact(dy, x, w, stride=1, padding=0):
    """The layer is linear: the answer to an image or a kernel with a single 1 is a gradient."""
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    oh, ow = dy.shape[2:]

    def sent(image, kernel):  # one channel, one filter: (OH, OW)
        image = np.pad(image, ((ph, ph), (pw, pw)))
        view = sliding_window_view(image, kernel.shape)[::sh, ::sw][:oh, :ow]
        return (view * kernel).sum(axis=(2, 3))

    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for r, s in np.ndindex(x.shape[2:]):
        one = np.zeros(x.shape[2:])
        one[r, s] = 1
        for c in range(x.shape[1]):
            maps = np.array([sent(one, kernel[c]) for kernel in w])
            dx[:, c, r, s] = (dy * maps).sum(axis=(1, 2, 3))
    for u, v in np.ndindex(w.shape[2:]):
        one = np.zeros(w.shape[2:])
        one[u, v] = 1
        for c in range(x.shape[1]):
            maps = np.array([sent(image[c], one) for image in x])
            dw[:, c, u, v] = (dy * maps[:, None]).sum(axis=(0, 2, 3))
    return [dx, dw, dy.transpose(1, 0, 2, 3).reshape(len(w), -1).sum(axis=1)]


@solves("conv2d_backward_loops")
def _image_by_image(upstream, images, kernels, stride=1, padding=0):
    """Keep lists of gradients, one an image, and add or stack them at the end."""
    (sh, sw), (ph, pw), (KH, KW) = pair(stride), pair(padding), kernels.shape[2:]
    dxs, dws = [], []
    for g, image in zip(upstream, images, strict=True):
        wide = np.pad(image, ((0, 0), (ph, ph), (pw, pw)))
        dx, dw = 0.0 * wide, 0.0 * kernels
        for i, j in np.ndindex(g.shape[1:]):
            rows, columns = slice(i * sh, i * sh + KH), slice(j * sw, j * sw + KW)
            dx[:, rows, columns] += np.tensordot(g[:, i, j], kernels, axes=1)
            dw += np.multiply.outer(g[:, i, j], wide[:, rows, columns])
        dxs.append(dx[:, ph : wide.shape[1] - ph, pw : wide.shape[2] - pw])
        dws.append(dw)
    return np.stack(dxs), sum(dws), np.array([upstream[:, f].sum() for f in range(len(kernels))])


@solves("dilate2d")
def _by_matrices(dy, stride):
    """Spread rows and columns by matrices of zeros and ones."""
    (sh, sw), (oh, ow) = pair(stride), dy.shape[2:]
    down, across = np.zeros(((oh - 1) * sh + 1, oh)), np.zeros((ow, (ow - 1) * sw + 1))
    down[np.arange(oh) * sh, np.arange(oh)] = 1
    across[np.arange(ow), np.arange(ow) * sw] = 1
    return down @ dy @ across


@solves("dilate2d")
def _reshaped(dy, stride):
    """Give each entry a block of zeros of its own, and cut the last ones off."""
    (sh, sw), (n, f, oh, ow) = pair(stride), dy.shape
    blocks = np.zeros((n, f, oh, sh, ow, sw), dy.dtype)
    blocks[:, :, :, 0, :, 0] = dy
    wide = blocks.reshape(n, f, oh * sh, ow * sw)
    return wide[:, :, : oh * sh - sh + 1, : ow * sw - sw + 1].copy()


@solves("dilate2d")
def _asked_place_by_place(dy, stride):
    sh, sw = pair(stride)
    rows, columns = range(sh * dy.shape[2] - sh + 1), range(sw * dy.shape[3] - sw + 1)
    at = [
        [dy[..., r // sh, c // sw] if r % sh == c % sw == 0 else 0 * dy[..., 0, 0] for c in columns]
        for r in rows
    ]
    return np.moveaxis(np.array(at), (0, 1), (2, 3))


@solves("dilate2d")
def _put_by_index(maps, step):
    sh, sw = pair(step)
    out = np.zeros((*maps.shape[:2], sh * (maps.shape[2] - 1) + 1, sw * (maps.shape[3] - 1) + 1))
    rows, columns = np.arange(0, out.shape[2], sh), np.arange(0, out.shape[3], sw)
    out[:, :, rows[:, None], columns[None]] = maps
    return out


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


@solves("grad_x_as_convolution")
def _one_matrix_of_windows(dy, w, x_shape, stride=1, padding=0):
    """Stack the windows over dy as rows, and multiply by the turned kernels as columns."""
    (ph, pw), (N, C, H, W), (KH, KW) = pair(padding), x_shape, w.shape[2:]
    spread = _reshaped(dy, stride)
    after = H + 2 * ph - spread.shape[2], W + 2 * pw - spread.shape[3]
    wide = np.pad(spread, ((0, 0), (0, 0), (KH - 1, after[0]), (KW - 1, after[1])))
    kernels = w[:, :, ::-1, ::-1].transpose(0, 2, 3, 1).reshape(-1, C)
    rows = [
        wide[n, :, r : r + KH, s : s + KW].ravel()
        for n in range(N)
        for r in range(ph, ph + H)
        for s in range(pw, pw + W)
    ]
    return (np.array(rows) @ kernels).reshape(N, H, W, C).transpose(0, 3, 1, 2)


@solves("grad_x_as_convolution")
def _cut_or_padded(dy, w, x_shape, stride=1, padding=0):
    """Put k - 1 - p zeros before, or cut where that is negative, one axis after the other."""
    spread = _slices(dy, stride)
    for axis, n, k, p in zip((2, 3), x_shape[2:], w.shape[2:], pair(padding), strict=True):
        before = k - 1 - p
        after = n + k - 1 - before - spread.shape[axis]
        zeros = [(0, 0)] * 4
        zeros[axis] = (max(before, 0), max(after, 0))
        spread = np.pad(spread, zeros)
        kept = np.arange(max(-before, 0), max(-before, 0) + n + k - 1)
        spread = np.take(spread, kept, axis=axis)
    turned = np.flip(w, axis=(2, 3))
    view = sliding_window_view(spread, w.shape[2:], axis=(2, 3))
    return np.tensordot(view, turned, axes=((1, 4, 5), (0, 2, 3))).transpose(0, 3, 1, 2)


@solves("grad_x_as_convolution")
def _true_convolution(dy, w, x_shape, stride=1, padding=0):
    """Multiply as polynomials do: where indices add up to the place."""
    (sh, sw), (ph, pw), (N, C, H, W) = pair(stride), pair(padding), x_shape
    full = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    for i, j in np.ndindex(dy.shape[2:]):
        for u, v in np.ndindex(w.shape[2:]):
            full[:, :, i * sh + u, j * sw + v] += dy[:, :, i, j] @ w[:, :, u, v]
    return full[:, :, ph : ph + H, pw : pw + W]


@solves("grad_x_as_convolution")
def _banded_rows(dy, w, x_shape, stride=1, padding=0):
    """Write which output reads which pixel, by axis, as arrays of zeros and ones."""

    def reads(outputs, taps, pixels, s, p):  # (outputs, taps, pixels)
        place = np.arange(outputs)[:, None] * s + np.arange(taps) - p
        return (place[:, :, None] == np.arange(pixels)).astype(float)

    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    rows = reads(dy.shape[2], w.shape[2], x_shape[2], sh, ph)
    columns = reads(dy.shape[3], w.shape[3], x_shape[3], sw, pw)
    return np.einsum("nfij,fcuv,iur,jvs->ncrs", dy, w, rows, columns, optimize=True)
