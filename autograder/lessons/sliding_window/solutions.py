"""Lesson 01 in several styles."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.lessons.register import solves


@solves("correlate1d")
def _loops(x, w):
    if len(w) > len(x):
        raise ValueError("too long")
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(y)):
        for t in range(len(w)):
            y[i] += x[i + t] * w[t]
    return y


@solves("correlate1d")
def _list(signal, kernel):
    n, k = signal.size, kernel.size
    if k > n:
        raise ValueError(f"{k} > {n}")
    return np.array([np.dot(signal[i : i + k], kernel) for i in range(n - k + 1)])


@solves("correlate1d")
def _view(x, w):
    return sliding_window_view(x, w.size) @ w  # raises ValueError by itself


@solves("correlate1d")
def _taps(x, w):
    m = len(x) - len(w) + 1
    if m < 1:
        raise ValueError
    return sum(w[t] * x[t : t + m] for t in range(len(w)))


@solves("convolve1d")
def _turned(x, w):
    return _loops(x, w[::-1])


@solves("convolve1d")
def _by_its_formula(x, w):
    k = len(w)
    y = [sum(x[i + k - 1 - t] * w[t] for t in range(k)) for i in range(len(x) - k + 1)]
    return np.array(y)


@solves("convolve1d")
def _einsum(x, w):
    return np.einsum("ik,k->i", sliding_window_view(x, len(w)), np.flip(w))


@solves("convolve1d")
def _scattered(x, w):
    full = np.zeros(len(x) + len(w) - 1)
    for i, value in enumerate(x):
        full[i : i + len(w)] += value * w
    return full[len(w) - 1 : len(x)].copy()


solves("flip_is_invisible")(lambda w: bool(np.array_equal(w, w[::-1])))
solves("flip_is_invisible")(lambda w: all(a == b for a, b in zip(w, reversed(w), strict=True)))
solves("flip_is_invisible")(lambda w: (w == np.flip(w)).all())
solves("flip_is_invisible")(lambda kernel: list(kernel) == list(kernel)[::-1])


@solves("pad1d")
def _filled(x, padding):
    padded = np.zeros(len(x) + 2 * padding)
    padded[padding : padding + len(x)] = x
    return padded


@solves("pad1d")
def _joined(x, padding):
    side = np.zeros(padding, x.dtype)
    return np.concatenate([side, x, side])


solves("pad1d")(lambda x, padding: np.pad(x, padding))
solves("pad1d")(lambda x, p: np.array([0] * p + list(x) + [0] * p))


def _fits(n, k, padding, dilation):
    if dilation * (k - 1) + 1 > n + 2 * padding:
        raise ValueError("does not fit")


@solves("output_length")
def _floor(n, k, stride=1, padding=0, dilation=1):
    _fits(n, k, padding, dilation)
    return (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1


@solves("output_length")
def _counted(n, k, stride=1, padding=0, dilation=1):
    _fits(n, k, padding, dilation)
    return sum(1 for _ in range(0, n + 2 * padding - dilation * (k - 1), stride))


@solves("output_length")
def _math_floor(n, k, s=1, p=0, d=1):
    _fits(n, k, p, d)
    return math.floor((n + 2 * p - d * (k - 1) - 1) / s + 1)


@solves("output_length")
def _while(n, k, stride=1, padding=0, dilation=1):
    _fits(n, k, padding, dilation)
    windows, start = 0, -padding
    while start + dilation * (k - 1) < n + padding:
        windows, start = windows + 1, start + stride
    return windows
