"""Lesson 02: the inputs that are shown and those that are withheld."""

import numpy as np

from autograder import reference
from autograder.lessons.inputs import Inputs, PartInputs, given

# P1, and P4 with stride 2: place values, in which a mistake can be read.
X = np.array([1, 2, 3, 4, 5])
W = np.array([1, 2, 3])
DY = np.array([1, 10, 100])
# A number that float32 does not hold, and that changes when it is rounded.
FINE = 0.123456789012

COMPUTED = {
    # An int sum and a float sum are both right.
    "grad_b_1d": lambda dy: float(reference.grad_b_1d(dy)),
    "middle_gradient": lambda: int(reference.grad_x_1d(DY, W)[2]),
    "zeros_around_dy": lambda: len(W) - 1,
    "strided_gradient": lambda: int(reference.grad_x_1d_strided(DY, W, 7, 2)[2]),
}


def _normal(rng, *sizes):
    return tuple(rng.normal(size=n) for n in sizes)


def _small_ints(rng, *sizes):
    return tuple(rng.integers(-9, 10, size=n) for n in sizes)


def _single(arrays):
    return tuple(a.astype(np.float32) for a in arrays)


def _drawn_pairs(*sizes):
    """Return a drawing of pairs of signals: floats of these sizes, then ints and float32."""

    def draw(rng):
        extra = int(rng.integers(0, 3))
        floats = [given(*_normal(rng, m + extra, k)) for m, k in sizes]
        m, k = sizes[0]
        return [
            *floats,
            given(*_small_ints(rng, m, k)),
            given(*_single(_normal(rng, m + 1, k))),
            given(rng.integers(1, 9, size=m), -np.abs(rng.normal(size=k))),
            given(rng.normal(size=m), rng.integers(1, 9, size=k)),
        ]

    return draw


def _drawn_biases(rng):
    sizes = [1, 2, 5, int(rng.integers(6, 12))]
    return [given(dy) for n in sizes for dy in _normal(rng, n)] + [given(*_small_ints(rng, 7))]


def _drawn_flipping(how):
    def draw(rng):
        cases = [
            given(*_normal(rng, n - k + 1, n, k), how=how)
            for n, k in ((7, 3), (8, 4), (5, 1), (6, 5), (9, 2))
        ]
        cases.append(given(*_single(_normal(rng, 6, 8, 3)), how=how))
        cases.append(given(*_small_ints(rng, 5, 8, 4), how=how))
        for alone in range(3):  # fractions in one of the three, then whole numbers in one of them
            fine, whole = _normal(rng, 4, 6, 3), _small_ints(rng, 4, 6, 3)
            for some, others in ((fine, whole), (whole, fine)):
                arrays = [*others[:alone], some[alone], *others[alone + 1 :]]
                cases.append(given(*arrays, how=how))
        return cases

    return draw


def _drawn_strided(*, remainder):
    def draw(rng):
        cases = []
        for k, stride in ((3, 2), (2, 3), (4, 3), (3, 4), (5, 2)):
            m = int(rng.integers(2, 5))
            left_over = int(rng.integers(1, stride)) if remainder else 0
            n = k + stride * (m - 1) + left_over
            cases.append(given(*_normal(rng, m, k), n, stride))
        cases.append(given(*_small_ints(rng, 3, 3), 8 if remainder else 7, 2))
        single = _single(_normal(rng, 3, 4))
        return [
            *cases,
            given(*single, 12 if remainder else 10, 3),
            given(*_normal(rng, 4, 3), 6, 1),
            given(rng.integers(1, 9, size=3), -np.abs(rng.normal(size=3)), 7 + remainder, 2),
            given(rng.normal(size=2), rng.integers(1, 9, size=3), 7 + remainder, 4),
        ]

    return draw


_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    "middle_gradient": _PREDICTED,
    "zeros_around_dy": _PREDICTED,
    "strided_gradient": _PREDICTED,
    "grad_x_1d": {
        "values": PartInputs(
            (
                given(DY, W),
                given(np.array([1.0, 10.0, 100.0, 1000.0]), np.array([3.0, -1.0, 0.5])),
                given(np.array([FINE, 1.5, -2.0]), np.array([1, 2, 4])),
                given(np.array([1, -2]), np.array([FINE, -0.5])),
            ),
            _drawn_pairs((5, 3), (6, 3), (4, 5)),
        ),
        "lengths": PartInputs(
            (
                given(np.array([1, 10, 100]), np.array([4, 7])),
                given(np.array([3, 8, 5, 2]), np.array([2])),
                given(np.array([1, 10]), np.array([1, 2, 3, 4])),
                given(np.array([10]), np.array([1, 2, 3])),
            ),
            _drawn_pairs((6, 2), (5, 1), (2, 4), (1, 4), (3, 6)),
        ),
    },
    "grad_w_1d": {
        "values": PartInputs(
            (
                given(DY, X),
                given(np.array([100, 10, 1]), np.array([3, 1, 4, 1, 5])),
                given(np.array([FINE, -1.5]), np.array([3, -1, 2, 1])),
                given(np.array([2, -1]), np.array([FINE, -0.5, 1.25])),
            ),
            _drawn_pairs((3, 6), (4, 6), (5, 9)),
        ),
        "lengths": PartInputs(
            (
                given(np.array([10]), np.array([1, 2, 3])),
                given(np.array([1, 10, 100]), np.array([5, 7, 8])),
                given(np.array([1, 10, 100, 1000]), np.array([1, 2, 4, 7, 3])),
                given(np.array([1]), np.array([5, 7, 8])),  # its dw looks like x
            ),
            lambda rng: [
                given(*_normal(rng, m, n)) for m, n in ((1, 4), (6, 6), (5, 6), (2, 9), (1, 1))
            ],
        ),
    },
    "grad_b_1d": {
        "values": PartInputs(
            (
                given(DY),
                given(np.array([FINE, -1.25, -3.0, 2.0])),
                given(np.array([7.5])),
            ),
            _drawn_biases,
        )
    },
    "grad_convolve1d": {
        "dx": PartInputs(
            (
                given(DY, X, W, how="first of two"),
                given(
                    np.array([100, 10, 1]),
                    np.array([3, 1, 4, 1, 5]),
                    np.array([5, 7, 2]),
                    how="first of two",
                ),
                given(
                    np.array([FINE, -1.5]),
                    np.array([2, -1, 1, 4, 3]),
                    np.array([1, -2, 1, 3]),
                    how="first of two",
                ),
                given(
                    np.array([1, -2]),
                    np.array([2, -1, 4]),
                    np.array([FINE, -0.5]),
                    how="first of two",
                ),
            ),
            _drawn_flipping("first of two"),
        ),
        "dw": PartInputs(
            (
                given(DY, X, W, how="second of two"),
                given(
                    np.array([100, 10, 1]),
                    np.array([3, 1, 4, 1, 5]),
                    np.array([5, 7, 2]),
                    how="second of two",
                ),
                given(
                    np.array([FINE, -1.5]),
                    np.array([2, -1, 1, 4, 3]),
                    np.array([1, -2, 1, 3]),
                    how="second of two",
                ),
                given(
                    np.array([1, -2]),
                    np.array([FINE, -0.5, 1.25]),
                    np.array([3, -1]),
                    how="second of two",
                ),
            ),
            _drawn_flipping("second of two"),
        ),
    },
    "grad_x_1d_strided": {
        "stride": PartInputs(
            (
                given(DY, W, 7, 2),
                given(DY, np.array([4, 7]), 8, 3),
                given(np.array([FINE, 2.5, -1.0]), np.array([1, -2, 4, 8]), 8, 2),
                given(np.array([1, -2]), np.array([FINE, -0.5]), 5, 3),
                given(np.array([1, 10]), W, 7, 4),  # dy, spread out, is as long as in the first
                given(np.array([1, 10]), W, 4, 1),
                given(np.array([1, 10, 100, 1000]), np.array([1, 2, 3, 4]), 7, 1),
            ),
            _drawn_strided(remainder=False),
        ),
        "remainder": PartInputs(
            (
                given(DY, W, 8, 2),
                given(DY, np.array([4, 7]), 10, 3),
                given(np.array([-0.5, 2.5]), np.array([1.0, 2.0, -4.0, 8.0]), 9, 3),
            ),
            _drawn_strided(remainder=True),
        ),
    },
}
