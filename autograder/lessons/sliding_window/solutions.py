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


# Styles that are seldom seen ---------------------------------------------------------------------


@solves("correlate1d")
def _strides(x, w):
    windows = len(x) - len(w) + 1
    if windows < 1:
        raise ValueError("no window fits")
    (step,) = x.strides
    patches = np.lib.stride_tricks.as_strided(x, (windows, len(w)), (step, step), writeable=False)
    return np.einsum("it,t->i", patches, w)


@solves("correlate1d")
def _banded_matrix(x, w):
    n, k = len(x), len(w)
    if n < k:
        raise ValueError
    row = np.concatenate([w, np.zeros(n - k)])
    return np.stack([np.roll(row, i) for i in range(n - k + 1)]) @ x


@solves("correlate1d")
def _diagonals(signal, taps):
    if taps.size > signal.size:
        raise ValueError("the kernel does not fit")
    products = np.outer(taps, signal)
    return np.array([products.trace(i) for i in range(signal.size - taps.size + 1)])


@solves("correlate1d")
def _add_at(x, w):
    m = len(x) - len(w) + 1
    if not m > 0:
        raise ValueError("too long")
    places, taps = np.indices((m, len(w)))
    y = np.zeros(m)
    np.add.at(y, places, x[places + taps] * w[taps])
    return y


@solves("convolve1d")
def _bincount(x, w):
    i, t = np.indices((len(x), len(w)))
    full = np.bincount((i + t).ravel(), weights=np.outer(x, w).ravel())
    return full[len(w) - 1 : len(x)]


@solves("convolve1d")
def _polynomial_by_horner(a, b):
    total = np.zeros(len(a) + len(b) - 1)
    for coefficient in a[::-1]:
        total = np.roll(total, 1)
        total[: len(b)] += coefficient * b
    return total[len(b) - 1 : len(a)]


@solves("convolve1d")
def _kronecker(x, w):
    n, k = len(x), len(w)
    shifted = sum(np.kron(np.eye(n)[t : t + n - k + 1], w[[k - 1 - t]]) for t in range(k))
    return shifted.reshape(n - k + 1, n) @ x


@solves("convolve1d")
def _recursion(signal, kernel):
    places = range(len(signal) - len(kernel) + 1)

    def one(i, left):
        return 0 if not left else signal[i] * kernel[left - 1] + one(i + 1, left - 1)

    return np.array([one(i, len(kernel)) for i in places])


solves("flip_is_invisible")(lambda w: not np.count_nonzero(w - w[::-1]))
solves("flip_is_invisible")(lambda w: list(w[: len(w) // 2]) == list(w[(len(w) + 1) // 2 :][::-1]))
solves("flip_is_invisible")(lambda taps: not any(taps[t] != taps[-1 - t] for t in range(taps.size)))


@solves("flip_is_invisible")
def _from_both_ends(w):
    first, last = 0, len(w) - 1
    while first < last:
        if w[first] != w[last]:
            return False
        first, last = first + 1, last - 1
    return True


solves("pad1d")(lambda x, padding: np.hstack((np.zeros(padding), x, np.zeros(padding))))
solves("pad1d")(lambda x, padding: np.eye(len(x) + 2 * padding)[:, padding : padding + len(x)] @ x)


@solves("pad1d")
def _inserted(signal, zeros):
    places = np.repeat([0, len(signal)], zeros)
    return np.insert(signal.astype(float), places, 0.0)


@solves("pad1d")
def _where(x, padding):
    i = np.arange(-padding, len(x) + padding)
    inside = (i >= 0) & (i < len(x))
    return np.where(inside, x[np.clip(i, 0, len(x) - 1)], 0)


@solves("output_length")
def _ceiling(n, k, stride=1, padding=0, dilation=1):
    starts = n + 2 * padding - dilation * (k - 1)
    if starts <= 0:
        raise ValueError(f"{starts} places to start from")
    return -(-starts // stride)


@solves("output_length")
def _arange(n, k, stride=1, padding=0, dilation=1):
    ends = np.arange(dilation * (k - 1), n + 2 * padding, stride)
    if ends.size == 0:
        raise ValueError("the kernel does not fit")
    return int(ends.size)


@solves("output_length")
def _divmod(samples, taps, step=1, zeros=0, gap=1):
    steps, _ = divmod(samples + zeros + zeros - (gap * taps - gap + 1), step)
    if steps < 0:
        raise ValueError("the kernel is longer than the padded signal")
    return 1 + steps


@solves("output_length")
def _range(n, k, stride=1, padding=0, dilation=1):
    windows = len(range(0, max(n + 2 * padding - (k - 1) * dilation, 0), stride))
    if windows:
        return windows
    raise ValueError("no window")
