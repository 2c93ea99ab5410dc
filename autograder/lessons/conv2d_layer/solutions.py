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
