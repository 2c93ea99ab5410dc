"""Lesson 10 in several styles."""

import functools
import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.lessons.backward_loops import solutions as backward_loops
from autograder.lessons.col2im import solutions as col2im
from autograder.lessons.conv2d_loops import solutions as conv2d_loops
from autograder.lessons.conv2d_loops.solutions import pair
from autograder.lessons.im2col import solutions as im2col
from autograder.lessons.register import solves

solves("he_std")(lambda shape: math.sqrt(2 / (shape[1] * shape[2] * shape[3])))
solves("he_std")(lambda weight_shape: np.sqrt(2.0 / np.prod(weight_shape[1:])))
solves("he_std")(lambda shape: (np.empty(shape)[0].size / 2) ** -0.5)


@solves("he_std")
def _unpacked(weight_shape):
    _, c, kh, kw = weight_shape
    fan_in = c * kh * kw
    return float((2 / fan_in) ** 0.5)


@solves("Conv2D")
class LoopLayer:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None):
        if rng is None:
            rng = np.random.default_rng()
        kh, kw = pair(kernel_size)
        std = math.sqrt(2 / (in_channels * kh * kw))
        self.weight = rng.normal(0, std, size=(out_channels, in_channels, kh, kw))
        self.bias = np.zeros(out_channels)
        self.stride, self.padding = stride, padding

    def forward(self, x):
        self.x = x
        return conv2d_loops._seven_loops(x, self.weight, self.bias, self.stride, self.padding)

    def backward(self, dy):
        dx, self.grad_weight, self.grad_bias = backward_loops.seven_loops(
            dy, self.x, self.weight, self.stride, self.padding
        )
        return dx


@solves("Conv2D")
class ColumnLayer:
    def __init__(self, c, f, k, stride=1, padding=0, rng=None):
        rng = rng or np.random.default_rng()
        self.weight = rng.standard_normal((f, c, *pair(k))) * np.sqrt(2 / (c * np.prod(pair(k))))
        self.bias = np.zeros((f,))
        self.settings = {"stride": stride, "padding": padding}

    def forward(self, x):
        self.shape, kernel = x.shape, self.weight.shape[2:]
        self.columns = im2col._by_indices(x, kernel, **self.settings)
        y = self.weight.reshape(len(self.weight), -1) @ self.columns + self.bias[:, None]
        hw = im2col.sizes(x.shape[2:], kernel, **self.settings)
        return y.reshape(len(self.weight), *hw, len(x)).transpose(3, 0, 1, 2)

    def backward(self, dy):
        f, flat = len(self.weight), dy.transpose(1, 2, 3, 0).reshape(dy.shape[1], -1)
        self.grad_weight = (flat @ self.columns.T).reshape(self.weight.shape)
        self.grad_bias = flat.sum(axis=1)
        columns = self.weight.reshape(f, -1).T @ flat
        return col2im.by_offsets(columns, self.shape, self.weight.shape[2:], **self.settings)


@solves("Conv2D")
class WindowLayer:
    """Keep the padded windows between forward and backward."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None):
        self.kernel, self.stride, self.padding = pair(kernel_size), pair(stride), pair(padding)
        shape = (out_channels, in_channels) + tuple(self.kernel)
        generator = np.random.default_rng() if rng is None else rng
        self.weight = generator.normal(scale=(2 / math.prod(shape[1:])) ** 0.5, size=shape)
        self.bias = np.zeros(out_channels)
        self.grad_weight = np.zeros(shape)
        self.grad_bias = np.zeros(out_channels)

    def forward(self, images):
        ph, pw = self.padding
        padded = np.pad(images, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
        view = sliding_window_view(padded, self.kernel, axis=(2, 3))
        self.view, self.shape = view[:, :, :: self.stride[0], :: self.stride[1]], padded.shape
        y = np.tensordot(self.view, self.weight, axes=((1, 4, 5), (1, 2, 3))) + self.bias
        return y.transpose(0, 3, 1, 2)

    def backward(self, dy):
        self.grad_weight = np.tensordot(dy, self.view, axes=((0, 2, 3), (0, 2, 3)))
        self.grad_bias = dy.sum(axis=(0, 2, 3))
        (sh, sw), (ph, pw) = self.stride, self.padding
        dx = np.zeros(self.shape)
        for u in range(self.kernel[0]):
            for v in range(self.kernel[1]):
                part = np.einsum("nfij,fc->ncij", dy, self.weight[:, :, u, v])
                rows = slice(u, u + sh * (dy.shape[2] - 1) + 1, sh)
                columns = slice(v, v + sw * (dy.shape[3] - 1) + 1, sw)
                dx[:, :, rows, columns] += part
        return dx[:, :, ph : self.shape[2] - ph, pw : self.shape[3] - pw]


@solves("Conv2D")
class InPlaceGradients:
    """Overwrite the gradient arrays' contents; `weight` is looked up on every call."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None):
        fan_in = in_channels * math.prod(pair(kernel_size))
        rng = np.random.default_rng() if rng is None else rng
        flat = rng.normal(size=out_channels * fan_in) * math.sqrt(2 / fan_in)
        self.weight = flat.reshape(out_channels, in_channels, *pair(kernel_size))
        self.bias = np.zeros(out_channels)
        self.grad_weight, self.grad_bias = np.empty(self.weight.shape), np.empty(out_channels)
        self.stride, self.padding = stride, padding

    def forward(self, x):
        self.cache = x
        return conv2d_loops._windows_einsum(x, self.weight, self.bias, self.stride, self.padding)

    def backward(self, dy):
        dx, dw, db = backward_loops.tap_by_tap(
            dy, self.cache, self.weight, self.stride, self.padding
        )
        self.grad_weight[...] = dw
        self.grad_bias[...] = db
        return dx


@solves("MaxPool2D")
class LoopPool:
    def __init__(self, kernel_size, stride=None):
        self.kernel = pair(kernel_size)
        self.stride = self.kernel if stride is None else pair(stride)

    def _windows(self):
        (kh, kw), (sh, sw), (_, _, h, w) = self.kernel, self.stride, self.x.shape
        for i in range((h - kh) // sh + 1):
            for j in range((w - kw) // sw + 1):
                yield i, j, slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw)

    def forward(self, x):
        self.x = x
        (kh, kw), (sh, sw) = self.kernel, self.stride
        y = np.zeros((*x.shape[:2], (x.shape[2] - kh) // sh + 1, (x.shape[3] - kw) // sw + 1))
        for i, j, rows, columns in self._windows():
            y[:, :, i, j] = x[:, :, rows, columns].max(axis=(2, 3))
        return y

    def backward(self, dy):
        dx = np.zeros(self.x.shape)
        for i, j, rows, columns in self._windows():
            for n in range(dy.shape[0]):
                for c in range(dy.shape[1]):
                    window = self.x[n, c, rows, columns]
                    u, v = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, rows.start + u, columns.start + v] += dy[n, c, i, j]
        return dx


@solves("MaxPool2D")
class ViewPool:
    def __init__(self, kernel_size, stride=None):
        self.kernel, self.stride = pair(kernel_size), pair(stride or kernel_size)

    def forward(self, x):
        view = sliding_window_view(x, self.kernel, axis=(2, 3))
        view = view[:, :, :: self.stride[0], :: self.stride[1]]
        flat = view.reshape(*view.shape[:4], -1)
        self.places, self.shape = flat.argmax(axis=-1), x.shape
        return flat.max(axis=-1)

    def backward(self, dy):
        n, c, i, j = np.indices(dy.shape)
        rows = i * self.stride[0] + self.places // self.kernel[1]
        columns = j * self.stride[1] + self.places % self.kernel[1]
        dx = np.zeros(self.shape)
        np.add.at(dx, (n, c, rows, columns), dy)
        return dx


@solves("MaxPool2D")
class SearchPool:
    """Remember where each maximum stood while searching for it."""

    def __init__(self, kernel_size, stride=None):
        self.kernel = pair(kernel_size)
        self.step = pair(stride) if stride is not None else pair(kernel_size)

    def forward(self, images):
        (kh, kw), (sh, sw) = self.kernel, self.step
        n, c, h, w = images.shape
        out = np.zeros((n, c, (h - kh) // sh + 1, (w - kw) // sw + 1), images.dtype)
        self.shape, self.where = images.shape, {}
        for place in np.ndindex(out.shape):
            a, b, i, j = place
            best = (i * sh, j * sw)
            for r in range(i * sh, i * sh + kh):
                for s in range(j * sw, j * sw + kw):
                    if images[a, b, r, s] > images[a, b, best[0], best[1]]:
                        best = (r, s)
            out[place], self.where[place] = images[(a, b, *best)], best
        return out

    def backward(self, grad):
        dx = np.zeros(self.shape)
        for place, value in np.ndenumerate(grad):
            dx[(*place[:2], *self.where[place])] += value
        return dx


@solves("MaxPool2D")
class OneHotPool:
    def __init__(self, kernel_size, stride=None):
        self.kernel = pair(kernel_size)
        self.stride = self.kernel if stride is None else pair(stride)

    def _taps(self, x, shape):
        (sh, sw), (oh, ow) = self.stride, shape
        for u in range(self.kernel[0]):
            for v in range(self.kernel[1]):
                rows = slice(u, u + sh * (oh - 1) + 1, sh)
                columns = slice(v, v + sw * (ow - 1) + 1, sw)
                yield x[:, :, rows, columns]

    def forward(self, x):
        sizes = zip(x.shape[2:], self.kernel, self.stride, strict=True)
        self.x, self.out = x, tuple((n - k) // s + 1 for n, k, s in sizes)
        self.y = np.max(list(self._taps(x, self.out)), axis=0)
        return self.y

    def backward(self, dy):
        dx, free = np.zeros(self.x.shape), np.ones(dy.shape, dtype=bool)
        pieces = zip(self._taps(self.x, self.out), self._taps(dx, self.out), strict=True)
        for x_part, dx_part in pieces:
            first = free & (x_part == self.y)
            dx_part += dy * first
            free &= ~first
        return dx


@solves("Stack")
class LoopStack:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy):
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    def step(self, lr):
        for layer in self.layers:
            if hasattr(layer, "weight"):
                layer.weight = layer.weight - lr * layer.grad_weight
                layer.bias = layer.bias - lr * layer.grad_bias


@solves("Stack")
class IndexStack:
    def __init__(self, *layers):
        self.parts = list(layers)

    def forward(self, x):
        y = x
        for place in range(len(self.parts)):
            y = self.parts[place].forward(y)
        return y

    def backward(self, dy):
        place = len(self.parts) - 1
        while place >= 0:
            dy = self.parts[place].backward(dy)
            place -= 1
        return dy

    def step(self, rate):
        for part in self.parts:
            for name in ("weight", "bias"):
                if name in vars(part):
                    setattr(part, name, getattr(part, name) - rate * getattr(part, "grad_" + name))


@solves("Stack")
class FoldedStack:
    def __init__(self, *layers):
        self.layers = layers
        self.trained = [layer for layer in layers if getattr(layer, "weight", None) is not None]

    def forward(self, x):
        return functools.reduce(lambda value, layer: layer.forward(value), self.layers, x)

    def backward(self, dy):
        return functools.reduce(lambda value, layer: layer.backward(value), self.layers[::-1], dy)

    def step(self, lr):
        for layer in self.trained:
            layer.weight -= lr * layer.grad_weight
            layer.bias -= lr * layer.grad_bias


@solves("Stack")
class NestedStack:
    """Put the first layer before a stack of the others."""

    def __init__(self, first, *others):
        self.first, self.rest = first, NestedStack(*others) if others else None

    def forward(self, x):
        y = self.first.forward(x)
        return y if self.rest is None else self.rest.forward(y)

    def backward(self, grad):
        if self.rest is not None:
            grad = self.rest.backward(grad)
        return self.first.backward(grad)

    def step(self, lr):
        try:
            self.first.weight[:] = self.first.weight - lr * self.first.grad_weight
            self.first.bias[:] = self.first.bias - lr * self.first.grad_bias
        except AttributeError:
            pass  # a layer without parameters
        if self.rest is not None:
            self.rest.step(lr)


# Unusual and right -------------------------------------------------------------------------------

solves("he_std")(lambda shape: math.exp(0.5 * (math.log(2) - sum(map(math.log, shape[1:])))))
solves("he_std")(lambda s: (2 / math.prod(s) * s[0]) ** 0.5)


@solves("he_std")
def _counted(weight_shape):
    fan_in = 0
    for _ in np.ndindex(*weight_shape[1:]):
        fan_in += 1
    return math.hypot(1 / fan_in**0.5, 1 / fan_in**0.5)


@solves("he_std")
def _from_a_kernel(dims):
    one_filter = np.ones(dims[1:])
    return float(np.sqrt(np.divide(2, one_filter.sum())))


class _Base:
    """What the unusual layers have in common: parameters under their public names."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None):
        kh, kw = pair(kernel_size)
        rng = rng if rng is not None else np.random.default_rng()
        self.weight = rng.normal(size=(out_channels, in_channels, kh, kw))
        self.weight *= (in_channels * kh * kw / 2) ** -0.5
        self.bias = np.repeat(0.0, out_channels)
        self.s, self.p = pair(stride), pair(padding)

    def _padded(self, x):
        return np.pad(x, [(0, 0), (0, 0), (self.p[0],) * 2, (self.p[1],) * 2])

    def _places(self, shape):
        """Return the flat place in one padded image of each tap of each window."""
        (_, c, h, w), (_, _, kh, kw), (sh, sw) = shape, self.weight.shape, self.s
        places = np.arange(c * h * w).reshape(c, h, w)
        return sliding_window_view(places, (c, kh, kw))[0, ::sh, ::sw]  # (OH, OW, C, KH, KW)


@solves("Conv2D")
class FlatPlaces(_Base):
    """Look everything up by flat places, and count back with bincount."""

    def forward(self, x):
        self.shape, padded = x.shape, self._padded(x)
        self.places, self.padded = self._places(padded.shape), padded
        cols = padded.reshape(len(x), -1)[:, self.places]  # (N, OH, OW, C, KH, KW)
        self.cols = cols.reshape(*cols.shape[:3], -1)
        y = self.cols @ self.weight.reshape(len(self.weight), -1).T + self.bias
        return np.moveaxis(y, -1, 1)

    def backward(self, dy):
        sent = np.moveaxis(dy, 1, -1)
        self.grad_bias = np.array([channel.sum() for channel in sent.reshape(-1, dy.shape[1]).T])
        weights = self.weight.reshape(len(self.weight), -1)
        flat = np.einsum("nijf,nijr->fr", sent, self.cols)
        self.grad_weight = flat.reshape(self.weight.shape)
        count = self.padded[0].size
        dx = [np.bincount(self.places.ravel(), (s @ weights).ravel(), count) for s in sent]
        (ph, pw), (_, _, h, w) = self.p, self.shape
        return np.reshape(dx, self.padded.shape)[:, :, ph : ph + h, pw : pw + w]


@solves("Conv2D")
class OneMatrix(_Base):
    """Write the layer as one matrix from padded pixels to outputs."""

    def _matrix(self):
        rows = []
        for kernel in self.weight:
            for taps in self.places.reshape(-1, kernel.size):
                row = np.zeros(self.size)
                row[taps] = kernel.ravel()
                rows.append(row)
        return np.array(rows)

    def forward(self, x):
        self.shape, padded = x.shape, self._padded(x)
        self.places, self.size = self._places(padded.shape), padded[0].size
        self.flat, self.inside = padded.reshape(len(x), -1), padded.shape
        y = self.flat @ self._matrix().T
        y = y.reshape(len(x), len(self.bias), *self.places.shape[:2])
        return y + self.bias.reshape(1, -1, 1, 1)

    def backward(self, dy):
        sent = dy.reshape(len(dy), -1)
        dense = (sent.T @ self.flat).reshape(len(self.bias), -1, self.size)
        taps = self.places.reshape(dense.shape[1], -1)
        found = [[d[window] for d, window in zip(of, taps, strict=True)] for of in dense]
        self.grad_weight = np.sum(found, axis=1).reshape(self.weight.shape)
        self.grad_bias = np.einsum("nfij->f", dy)
        dx = (sent @ self._matrix()).reshape(self.inside)
        (ph, pw), (_, _, h, w) = self.p, self.shape
        return dx[:, :, ph:, pw:][:, :, :h, :w]


@solves("Conv2D")
class Closures(_Base):
    """Let forward leave behind what backward has to do."""

    def forward(self, x):
        padded, (sh, sw), (kh, kw) = self._padded(x), self.s, self.weight.shape[2:]
        oh, ow = (padded.shape[2] - kh) // sh + 1, (padded.shape[3] - kw) // sw + 1
        at = {
            (u, v): np.s_[:, :, u : u + (oh - 1) * sh + 1 : sh, v : v + (ow - 1) * sw + 1 : sw]
            for u in range(kh)
            for v in range(kw)
        }
        w = self.weight
        y = sum(np.einsum("fc,ncij->nfij", w[:, :, u, v], padded[at[u, v]]) for u, v in at)

        def back(dy):
            dx, dw = np.zeros(padded.shape), np.zeros(w.shape)
            for (u, v), place in at.items():
                dw[:, :, u, v] = np.einsum("nfij,ncij->fc", dy, padded[place])
                dx[place] += np.tensordot(dy, w[:, :, u, v], (1, 0)).transpose(0, 3, 1, 2)
            self.grad_weight, self.grad_bias = dw, np.add.reduce(dy, (0, 2, 3))
            return dx[
                :,
                :,
                self.p[0] : padded.shape[2] - self.p[0],
                self.p[1] : padded.shape[3] - self.p[1],
            ]

        self._back = back
        return y + self.bias[None, :, None, None]

    def backward(self, dy):
        return self._back(dy)


@solves("Conv2D")
class ImageByImage(_Base):
    """Go image by image, and window by window, with outer products."""

    def forward(self, images):
        self.images = images
        out = [self._one(image) for image in self._padded(images)]
        return np.stack(out)

    def _spots(self, image):
        (sh, sw), (kh, kw) = self.s, self.weight.shape[2:]
        for i, top in enumerate(range(0, image.shape[1] - kh + 1, sh)):
            for j, left in enumerate(range(0, image.shape[2] - kw + 1, sw)):
                yield i, j, np.s_[:, top : top + kh, left : left + kw]

    def _one(self, image):
        found = {(i, j): self._window(image[spot]) for i, j, spot in self._spots(image)}
        rows, columns = max(found)
        y = np.empty((len(self.bias), rows + 1, columns + 1))
        for (i, j), values in found.items():
            y[:, i, j] = values
        return y

    def _window(self, patch):
        return np.array([np.vdot(patch, kernel) for kernel in self.weight]) + self.bias

    def backward(self, grad):
        padded = self._padded(self.images)
        back = np.zeros_like(padded, dtype=float)
        dw = np.zeros_like(self.weight, dtype=float)
        for image, sent, dx in zip(padded, grad, back, strict=True):
            for i, j, spot in self._spots(image):
                dw += np.multiply.outer(sent[:, i, j], image[spot])
                dx[spot] += np.tensordot(sent[:, i, j], self.weight, axes=1)
        self.grad_weight, self.grad_bias = dw, grad.sum(axis=(-1, -2)).sum(axis=0)
        h, w = self.images.shape[2:]
        return np.array([dx[:, self.p[0] :, self.p[1] :][:, :h, :w] for dx in back])


class _Pooled:
    def __init__(self, kernel_size, stride=None):
        self.k = pair(kernel_size)
        self.s = self.k if stride is None else pair(stride)

    def _view(self, x):
        return sliding_window_view(x, self.k, (2, 3))[:, :, :: self.s[0], :: self.s[1]]


@solves("MaxPool2D")
class FlatPool(_Pooled):
    """Keep the flat place in the whole batch of each maximum."""

    def forward(self, x):
        places = self._view(np.arange(x.size).reshape(x.shape))
        places = places.reshape(*places.shape[:4], -1)
        best = x.ravel()[places].argmax(-1)[..., None]
        self.where, self.shape = np.take_along_axis(places, best, -1)[..., 0], x.shape
        return x.ravel()[self.where]

    def backward(self, dy):
        sent = np.bincount(self.where.ravel(), dy.ravel(), int(np.prod(self.shape)))
        return sent.reshape(self.shape)


@solves("MaxPool2D")
class MaskPool(_Pooled):
    """Keep, for each window, a mask that is true at the first maximum."""

    def forward(self, x):
        view = self._view(x)
        flat = view.reshape(*view.shape[:4], -1)
        top = flat.max(-1, keepdims=True)
        self.mask = (np.cumsum(flat == top, axis=-1) == 1) & (flat == top)
        self.shape = x.shape
        return top[..., 0]

    def backward(self, dy):
        dx = np.zeros(self.shape)
        shares = (self.mask * dy[..., None]).reshape(*dy.shape, *self.k)
        for i, j in np.ndindex(dy.shape[2:]):
            top, left = i * self.s[0], j * self.s[1]
            dx[:, :, top : top + self.k[0], left : left + self.k[1]] += shares[:, :, i, j]
        return dx


@solves("MaxPool2D")
class SortedPool(_Pooled):
    """Sort the taps of each window; a stable sort keeps the first of equal ones in front."""

    def forward(self, x):
        self.x = x
        view = self._view(x)
        self.order = np.argsort(-view.reshape(*view.shape[:4], -1), axis=-1, kind="stable")[..., 0]
        return np.amax(view, axis=(-2, -1))

    def backward(self, dy):
        dx = np.zeros(self.x.shape, float)
        for (n, c, i, j), place in np.ndenumerate(self.order):
            u, v = divmod(int(place), self.k[1])
            dx[n, c, i * self.s[0] + u, j * self.s[1] + v] += dy[n, c, i, j]
        return dx


@solves("MaxPool2D")
class KeptPlaces(_Pooled):
    """Let Python's max search pixel by pixel, and keep a list of where it stopped."""

    def forward(self, x):
        (kh, kw), (sh, sw) = self.k, self.s
        oh, ow = (x.shape[2] - kh) // sh + 1, (x.shape[3] - kw) // sw + 1
        self.like, self.kept = x, []
        y = np.empty((*x.shape[:2], oh, ow))
        for n, c, i, j in np.ndindex(y.shape):
            spots = [(i * sh + u, j * sw + v) for u in range(kh) for v in range(kw)]
            spot = max(spots, key=lambda at, n=n, c=c: x[n, c, at[0], at[1]])
            self.kept.append((n, c, *spot))
            y[n, c, i, j] = x[n, c, spot[0], spot[1]]
        return y

    def backward(self, dy):
        dx = 0.0 * self.like
        for spot, value in zip(self.kept, dy.flat, strict=True):
            dx[spot] += value
        return dx


@solves("Stack")
class RecursiveStack:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x, depth=0):
        if depth == len(self.layers):
            return x
        return self.forward(self.layers[depth].forward(x), depth + 1)

    def backward(self, dy, depth=0):
        if depth == len(self.layers):
            return dy
        return self.layers[depth].backward(self.backward(dy, depth + 1))

    def step(self, lr):
        for layer in self.layers:
            for name in [key for key in vars(layer) if key.startswith("grad_")]:
                own = name.removeprefix("grad_")
                setattr(layer, own, getattr(layer, own) + -lr * getattr(layer, name))


@solves("Stack")
class NotedStack:
    """Note the calls to make on the way back."""

    def __init__(self, *layers):
        self.layers, self.back = list(layers), []

    def forward(self, x):
        self.back = []
        for layer in self.layers:
            x = layer.forward(x)
            self.back.insert(0, layer.backward)
        return x

    def backward(self, dy):
        for call in self.back:
            dy = call(dy)
        return dy

    def step(self, lr):
        with_parameters = filter(lambda layer: "weight" in layer.__dict__, self.layers)
        for layer in with_parameters:
            np.subtract(layer.weight, lr * layer.grad_weight, out=layer.weight)
            np.subtract(layer.bias, lr * layer.grad_bias, out=layer.bias)


@solves("Stack")
class ListStack(list):
    def __init__(self, *layers):
        super().__init__(layers)

    def forward(self, x):
        outputs = [x]
        for layer in self:
            outputs.append(layer.forward(outputs[-1]))
        return outputs.pop()

    def backward(self, dy):
        for k in range(1, len(self) + 1):
            dy = self[-k].backward(dy)
        return dy

    def step(self, lr):
        for layer in self:
            weight = getattr(layer, "weight", None)
            if weight is None:
                continue
            layer.weight, layer.bias = (
                weight - lr * layer.grad_weight,
                layer.bias - lr * layer.grad_bias,
            )


@solves("Stack")
class PairStack:
    """Split the layers in two halves, each a stack."""

    def __init__(self, *layers):
        half = len(layers) // 2
        self.one = layers[0] if len(layers) == 1 else None
        self.halves = (PairStack(*layers[:half]), PairStack(*layers[half:])) if half else ()

    def forward(self, x):
        if self.one is not None:
            return self.one.forward(x)
        return self.halves[1].forward(self.halves[0].forward(x))

    def backward(self, dy):
        if self.one is not None:
            return self.one.backward(dy)
        return self.halves[0].backward(self.halves[1].backward(dy))

    def step(self, lr):
        for half in self.halves:
            half.step(lr)
        if hasattr(self.one, "weight"):
            self.one.weight = self.one.weight - lr * self.one.grad_weight
            self.one.bias = self.one.bias - lr * self.one.grad_bias
