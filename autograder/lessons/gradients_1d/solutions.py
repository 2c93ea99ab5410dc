"""Lesson 02 in several styles."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.lessons.register import solves


@solves("grad_x_1d")
def _scatter(dy, w):
    dx = np.zeros(len(dy) + len(w) - 1)
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
    return dx


@solves("grad_x_1d")
def _gather(g, kernel):
    dx = []
    for j in range(len(g) + len(kernel) - 1):
        dx.append(sum(g[i] * kernel[j - i] for i in range(len(g)) if 0 <= j - i < len(kernel)))
    return np.array(dx)


@solves("grad_x_1d")
def _full_correlation(dy, w):
    return sliding_window_view(np.pad(dy, len(w) - 1), len(w)) @ w[::-1]


@solves("grad_x_1d")
def _matrix(dy, w):
    matrix = np.zeros((len(dy), len(dy) + len(w) - 1))
    for i in range(len(dy)):
        matrix[i, i : i + len(w)] = w
    return matrix.T @ dy


@solves("grad_w_1d")
def _loops(dy, x):
    dw = np.zeros(len(x) - len(dy) + 1)
    for t in range(len(dw)):
        for i in range(len(dy)):
            dw[t] += dy[i] * x[i + t]
    return dw


solves("grad_w_1d")(lambda dy, x: sliding_window_view(x, len(dy)) @ dy)
solves("grad_w_1d")(
    lambda dy, x: sum(g * x[i : i + len(x) - len(dy) + 1] for i, g in enumerate(dy))
)
solves("grad_w_1d")(
    lambda g, signal: np.array(
        [np.dot(g, signal[t : t + len(g)]) for t in range(signal.size - g.size + 1)]
    )
)

solves("grad_b_1d")(lambda dy: dy.sum())
solves("grad_b_1d")(lambda dy: sum(dy))
solves("grad_b_1d")(lambda g: float(np.add.reduce(g)))
solves("grad_b_1d")(lambda dy: dy @ np.ones(len(dy)))


@solves("grad_convolve1d")
def _both_loops(dy, x, w):
    dx, dw, k = np.zeros(len(x)), np.zeros(len(w)), len(w)
    for i in range(len(dy)):
        for t in range(k):
            dx[i + t] += dy[i] * w[k - 1 - t]
            dw[k - 1 - t] += dy[i] * x[i + t]
    return dx, dw


solves("grad_convolve1d")(lambda dy, x, w: (_scatter(dy, w[::-1]), _loops(dy, x)[::-1]))
solves("grad_convolve1d")(
    lambda g, signal, kernel: (
        _full_correlation(g, np.flip(kernel)),
        np.einsum("ti,i->t", sliding_window_view(signal, len(g)), g)[::-1].copy(),
    )
)
solves("grad_convolve1d")(
    lambda dy, x, w: [_matrix(dy, w[::-1]), (sliding_window_view(x[::-1], len(dy)) @ dy[::-1])]
)


@solves("grad_x_1d_strided")
def _strided(dy, w, n, stride):
    dx = np.zeros(n)
    for i in range(len(dy)):
        for t in range(len(w)):
            dx[i * stride + t] += dy[i] * w[t]
    return dx


@solves("grad_x_1d_strided")
def _strided_slices(g, kernel, length, step):
    dx = np.zeros(length, dtype=np.result_type(g, kernel))
    for i, value in enumerate(g):
        dx[i * step : i * step + len(kernel)] += value * kernel
    return dx


@solves("grad_x_1d_strided")
def _strided_dilated(dy, w, n, stride):
    spread = np.zeros((len(dy) - 1) * stride + 1)
    spread[::stride] = dy
    dx = _scatter(spread, w)
    return np.pad(dx, (0, n - len(dx)))


@solves("grad_x_1d_strided")
def _strided_add_at(dy, w, n, stride):
    dx = np.zeros(n)
    places = stride * np.arange(len(dy))[:, None] + np.arange(len(w))
    np.add.at(dx, places, np.outer(dy, w))
    return dx


# Styles that are seldom seen ---------------------------------------------------------------------


@solves("grad_x_1d")
def _bincount(dy, w):
    i, t = np.indices((len(dy), len(w)))
    return np.bincount((i + t).ravel(), weights=np.outer(dy, w).ravel())


@solves("grad_x_1d")
def _skewed(dy, w):
    # The rows of the outer product, each one place further to the right.
    table = np.zeros((len(dy), len(dy) + len(w)))
    table[:, : len(w)] = np.outer(dy, w)
    return table.ravel()[: -len(dy)].reshape(len(dy), -1).sum(axis=0)


@solves("grad_x_1d")
def _add_at(g, kernel):
    dx = np.zeros(g.size + kernel.size - 1)
    np.add.at(dx, np.add.outer(np.arange(g.size), np.arange(kernel.size)), np.outer(g, kernel))
    return dx


@solves("grad_x_1d")
def _by_taps(dy, w):
    n = len(dy) + len(w) - 1
    return sum(np.pad(dy * w[t], (t, n - len(dy) - t)) for t in range(len(w)))


@solves("grad_w_1d")
def _lags(dy, x):
    products = np.outer(dy, x)
    return np.array([products.trace(t) for t in range(len(x) - len(dy) + 1)])


@solves("grad_w_1d")
def _strides(dy, x):
    shape = len(x) - len(dy) + 1, len(dy)
    patches = np.lib.stride_tricks.as_strided(x, shape, x.strides * 2, writeable=False)
    return np.einsum("ti,i", patches, dy)


@solves("grad_w_1d")
def _indices(g, signal):
    t, i = np.ogrid[: signal.size - g.size + 1, : g.size]
    return (signal[t + i] * g).sum(axis=1)


@solves("grad_w_1d")
def _roll(dy, x):
    padded = np.zeros(len(x))
    padded[: len(dy)] = dy
    return np.array([np.vdot(np.roll(padded, t), x) for t in range(len(x) - len(dy) + 1)])


@solves("grad_b_1d")
def _one_by_one(dy):
    total = 0.0
    for g in dy:
        total += g
    return total


solves("grad_b_1d")(lambda dy: np.einsum("i->", dy))
solves("grad_b_1d")(lambda dy: np.cumsum(dy)[-1])
solves("grad_b_1d")(lambda upstream: np.dot(upstream, np.ones_like(upstream)))


@solves("grad_convolve1d")
def _matrix_of_the_layer(dy, x, w):
    k = len(w)
    layer = np.zeros((len(dy), len(x)))
    for i in range(len(dy)):
        layer[i, i : i + k] = w[::-1]
    windows = np.stack([x[i : i + k] for i in range(len(dy))])
    return dy @ layer, (dy @ windows)[::-1]


@solves("grad_convolve1d")
def _comprehensions(dy, x, w):
    m, n, k = len(dy), len(x), len(w)
    dx = [sum(dy[i] * w[k - 1 - j + i] for i in range(m) if 0 <= j - i < k) for j in range(n)]
    dw = [sum(dy[i] * x[i + k - 1 - t] for i in range(m)) for t in range(k)]
    return np.array(dx), np.array(dw)


@solves("grad_convolve1d")
def _add_at_twice(g, signal, kernel):
    i, t = np.indices((g.size, kernel.size))
    dx, dw = np.zeros(signal.size), np.zeros(kernel.size)
    np.add.at(dx, i + t, g[i] * kernel[kernel.size - 1 - t])
    np.add.at(dw, kernel.size - 1 - t, g[i] * signal[i + t])
    return dx, dw


@solves("grad_convolve1d")
def _everything_reversed(dy, x, w):
    # Reversing signal and result turns the layer that flips into the one that correlates.
    return _by_taps(dy[::-1], w)[::-1], _lags(dy[::-1], x[::-1])


@solves("grad_x_1d_strided")
def _strided_gather(dy, w, n, stride):
    dx = np.zeros(n)
    for r in range(n):
        for t in range(len(w)):
            i, rest = divmod(r - t, stride)
            if rest == 0 and 0 <= i < len(dy):
                dx[r] += w[t] * dy[i]
    return dx


@solves("grad_x_1d_strided")
def _strided_bincount(dy, w, n, stride):
    places = stride * np.arange(len(dy))[:, None] + np.arange(len(w))
    return np.bincount(places.ravel(), np.outer(dy, w).ravel(), minlength=n)


@solves("grad_x_1d_strided")
def _strided_matrix(g, kernel, samples, step):
    rows = [np.eye(samples)[i * step : i * step + kernel.size] for i in range(g.size)]
    return np.einsum("i,t,itr->r", g, kernel, np.stack(rows))


@solves("grad_x_1d_strided")
def _strided_by_taps(dy, w, n, stride):
    dx = np.zeros(n)
    for t, weight in enumerate(w):
        dx[t : t + stride * len(dy) : stride][: len(dy)] += weight * dy
    return dx
