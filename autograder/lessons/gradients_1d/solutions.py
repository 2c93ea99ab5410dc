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
