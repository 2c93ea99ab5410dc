"""Allowed inputs of the exercises on signals, gradient checks and receptive fields."""

import numpy as np

from autograder.lessons.inputs import Inputs, given
from autograder.mutation.draw import numbers, pick, whole, without_defaults


def _lengths(rng) -> tuple[int, int]:
    k = whole(rng, 1, 5)
    return k + whole(rng, 0, 5), k


def signal_and_kernel(rng) -> Inputs:
    """Draw (x, w); now and then a kernel that does not fit."""
    n, k = _lengths(rng)
    if rng.random() < 0.05:
        n, k = k, n + 1
    return given(numbers(rng, n), numbers(rng, k))


def fitting(rng) -> Inputs:
    """Draw (x, w) that fit."""
    n, k = _lengths(rng)
    return given(numbers(rng, n), numbers(rng, k))


def symmetric(rng) -> Inputs:
    """Draw w: the same from both ends, or nearly, or the same but for signs."""
    half = numbers(rng, whole(rng, 0, 3))
    middle = numbers(rng, whole(rng, 0 if half.size else 1, 1))
    w = np.concatenate([half, middle, half[::-1]])
    change = rng.random()
    if change < 0.3 and half.size:
        place = whole(rng, 0, len(w) - 1)
        w = w.astype(float)
        w[place] = pick(rng, np.nextafter(w[place], np.inf), w[place] + 0.25, -w[place], 0.0)
    elif change < 0.5:
        w = numbers(rng, whole(rng, 1, 5))
    return given(w)


def pad1d(rng) -> Inputs:
    """Draw (x, padding)."""
    return given(numbers(rng, whole(rng, 1, 6)), whole(rng, 0, 3))


def output_length(rng) -> Inputs:
    """Draw (n, k, stride, padding, dilation); some do not fit."""
    args = whole(rng, 1, 14), whole(rng, 1, 6), whole(rng, 1, 4), whole(rng, 0, 3), whole(rng, 1, 3)
    if rng.random() < 0.5:
        args = (*args[:2], *(pick(rng, a, b) for a, b in zip(args[2:], (1, 0, 1), strict=True)))
    return given(*without_defaults(rng, args, 1, 0, 1))


def grad_x_1d(rng) -> Inputs:
    """Draw (dy, w) of any two lengths."""
    return given(numbers(rng, whole(rng, 1, 6)), numbers(rng, whole(rng, 1, 5)))


def grad_w_1d(rng) -> Inputs:
    """Draw (dy, x)."""
    m = whole(rng, 1, 5)
    return given(numbers(rng, m), numbers(rng, m + whole(rng, 0, 4)))


def grad_b_1d(rng) -> Inputs:
    """Draw (dy,)."""
    return given(numbers(rng, whole(rng, 1, 8)))


def grad_convolve1d(rng) -> Inputs:
    """Draw (dy, x, w)."""
    n, k = _lengths(rng)
    return given(numbers(rng, n - k + 1), numbers(rng, n), numbers(rng, k))


def grad_x_1d_strided(rng) -> Inputs:
    """Draw (dy, w, n, stride), with a remainder or without."""
    n, k = _lengths(rng)
    n, stride = n + whole(rng, 0, 4), whole(rng, 1, 4)
    return given(numbers(rng, (n - k) // stride + 1), numbers(rng, k), n, stride)


def _affine(x):
    return 3 * x - 2


def _square(x):
    return x * x + x


def _weighted(x):
    flat = x.ravel()
    return np.array([flat @ np.arange(1, flat.size + 1), flat @ flat, flat[0] - flat[-1]])


def _total(x):
    return np.array([x.sum()])


def _as_matrix(x):
    return np.outer(x.ravel(), np.ones(2))


SLOPES = (_affine, _square, _weighted, _total, _as_matrix)


def numerical_gradient(rng) -> Inputs:
    """Draw (f, x, dy, h): f may change the number of axes, h may be left out."""
    f, axes = pick(rng, *SLOPES), whole(rng, 1, 3)
    kind = pick(rng, "int", "float", "halves", "zeros", "float32", "positive")
    x = numbers(rng, *(whole(rng, 1, 3) for _ in range(axes)), kind=kind)
    dy = numbers(rng, *f(x).shape, kind=pick(rng, "int", "float", "halves"))
    return given(*without_defaults(rng, (f, x, dy, pick(rng, 0.1, 0.5, 0.25, 0.0625, 1.0)), 0.1))


def relative_error(rng) -> Inputs:
    """Draw (a, b, floor): equal, opposite, tiny or empty ones among them."""
    sizes = [whole(rng, 1, 3) for _ in range(whole(rng, 1, 3))]
    if rng.random() < 0.05:
        sizes[0] = 0
    a, b = numbers(rng, *sizes), numbers(rng, *sizes)
    b = pick(rng, b, b, a.copy(), -a, a + 0.5, np.zeros(sizes), 100 * b)
    scale = pick(rng, 1, 1, 1e-5, 1e-9, 1e-12)
    a, b = (a, b) if scale == 1 else (a * scale, b * scale)
    return given(*without_defaults(rng, (a, b, pick(rng, 1e-8, 1e-8, 1e-3, 2.0, 50.0)), 1e-8))


def first_mismatch(rng) -> Inputs:
    """Draw (a, b, tol): differences at any place, the tolerance itself, NaN, other shapes."""
    sizes = [whole(rng, 1, 3) for _ in range(whole(rng, 1, 4))]
    a = numbers(rng, *sizes, kind=pick(rng, "int", "halves", "float", "large"))
    b, tol = a.astype(float), pick(rng, 1e-9, 1e-9, 0.25, 0.5, 2.0)
    for _ in range(whole(rng, 0, 3)):
        place = tuple(whole(rng, 0, n - 1) for n in sizes)
        b[place] += pick(rng, 0.25, -0.25, 0.5, -0.5, 2.0, -3.0, 1e-12, 1e-6, np.nan)
    if rng.random() < 0.15:
        a = a.astype(float)
        a[tuple(whole(rng, 0, n - 1) for n in sizes)] = np.nan
    if rng.random() < 0.1:
        b = pick(rng, b[None], b.ravel(), b[..., :1], np.swapaxes(b, 0, -1).copy())
    if rng.random() < 0.2:
        a, b = b, a
    return given(*without_defaults(rng, (a, b, tol), 1e-9))


def _stack(rng, most: int = 5) -> list[tuple[int, int, int, int]]:
    return [
        (whole(rng, 1, 5), whole(rng, 1, 3), whole(rng, 0, 2), whole(rng, 1, 3))
        for _ in range(whole(rng, 0, most))
    ]


def receptive_field(rng) -> Inputs:
    """Draw (layers,)."""
    return given(_stack(rng))


def receptive_region(rng) -> Inputs:
    """Draw (layers, i)."""
    return given(_stack(rng), whole(rng, 0, 9))


def empirical_receptive_field(rng) -> Inputs | None:
    """Draw (layers, n, i): any output, the last one included."""
    layers, n = _stack(rng, 3), whole(rng, 1, 25)
    outputs = n
    for k, s, p, d in layers:
        outputs = (outputs + 2 * p - d * (k - 1) - 1) // s + 1
        if outputs < 1:
            return None
    return given(layers, n, pick(rng, 0, outputs - 1, whole(rng, 0, outputs - 1)))


def wide_stack(rng) -> Inputs:
    """Draw (width, depth), up to the largest width that is possible."""
    depth = whole(rng, 1, 6)
    most = pick(rng, 3**depth, 2 ** (depth + 1) - 1)
    return given(pick(rng, most, whole(rng, 1, most)), depth, how="wide_stack")
