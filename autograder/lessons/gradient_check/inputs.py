"""Lesson 03: the inputs that are shown and those that are withheld."""

import numpy as np

from autograder import reference
from autograder.lessons.inputs import Inputs, PartInputs, given
from course.checks import functions as f

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
# A number that float32 does not hold, and that changes when it is rounded.
FINE = 0.123456789012
P1_X, P1_W, P1_DY = np.array([1, 2, 3, 4, 5]), np.array([1, 2, 3]), np.array([1, 10, 100])


def _integer_slope():
    """Nudge x[2] of P1 by 0.1 to each side in an integer array, which keeps the whole part."""
    losses = []
    for nudged in (3.1, 2.9):
        x = P1_X.copy()
        x[2] = nudged
        losses.append(np.sum(reference.correlate1d(x, P1_W) * P1_DY))
    return float((losses[0] - losses[1]) / 0.2)


COMPUTED = {
    "cube_slope": lambda: reference.numerical_gradient(f.cube, np.array([2]), np.ones(1), 0.5)[0],
    "integer_slope": _integer_slope,
    "float32_error": lambda: reference.relative_error(
        reference.grad_x_1d(P1_DY, P1_W), np.zeros(len(P1_X))
    ),
}


def _tilted(x):
    """A linear function with every output depending on every input (withheld)."""
    return np.arange(1.0, 1.0 + 2 * x.size).reshape(2, x.size) @ x.ravel()


def _waves(x):
    """A curved function whose outputs mix neighbours (withheld)."""
    return np.sin(x[1:]) * x[:-1] ** 2


def _drawn_linear(rng):
    n = int(rng.integers(3, 6))
    x = rng.normal(size=n)
    return [
        given(f.running_sum, x, rng.normal(size=n), 0.1),
        given(f.steps, x, rng.normal(size=n - 1), 0.5),
        given(_tilted, x, rng.normal(size=2), 0.25),
        given(f.double, x, rng.normal(size=n)),
        given(f.double, x, rng.integers(1, 9, size=n)),
        given(f.repeat_thrice, x, rng.normal(size=(3, n))),
        given(f.from_the_end, x, rng.normal(size=n)),
        given(f.double, rng.normal(size=(2, 1, n)), rng.normal(size=(2, 1, n))),
    ]


def _drawn_curved(rng):
    n = int(rng.integers(3, 6))
    x, dy = rng.uniform(0.5, 2.0, size=n), rng.uniform(-2, 2, size=n - 1)
    x[1:] *= rng.choice([-1, 1], size=n - 1)
    x[0], dy[0] = -x[0], -abs(dy[0])
    return [
        given(f.neighbours_multiplied, x, dy, 0.01),
        given(_waves, x, dy, 0.001),
        given(_waves, x, dy, 0.3),
        given(f.cube, x, rng.uniform(1, 2, size=n), 0.2),
    ]


def _drawn_types(rng):
    x = rng.integers(1, 6, size=4)
    single = rng.uniform(0.5, 2, size=3).astype(np.float32)
    return [
        given(f.neighbours_multiplied, x, rng.normal(size=3), 0.1),
        given(f.steps, x, rng.integers(1, 5, size=3), 0.1),
        given(f.cube, single, rng.normal(size=3), 1e-4),
        given(f.running_sum, single, rng.uniform(1, 2, size=3).astype(np.float32), 1e-5),
    ]


def _drawn_matrices(rng):
    x = rng.uniform(0.5, 2.0, size=(2, 4))
    block = rng.normal(size=(2, 1, 3))
    return [
        given(f.row_products, x, rng.normal(size=2), 0.05),
        given(f.row_sums, x.T.copy(), rng.normal(size=4), 0.1),
        given(_tilted, block, rng.normal(size=2), 0.1),
        given(f.cube, block, rng.normal(size=(2, 1, 3)), 0.2),
    ]


def _drawn_errors(rng):
    cases = []
    for shape in ((5,), (2, 3), (2, 1, 4)):
        a = rng.normal(size=shape)
        cases += [
            given(a, a + 0.1 * rng.normal(size=shape)),
            given(a, 100 * rng.normal(size=shape)),
        ]
    a, whole = rng.normal(size=6), rng.integers(-5, 6, size=6)
    return [
        *cases,
        given(a, a.copy()),
        given(a, -a),
        given(a, whole),
        given(whole, a),
        given(whole, np.arange(6)),
    ]


def _drawn_floors(rng):
    tiny = rng.normal(size=4) * 1e-12
    ordinary = rng.uniform(1, 2, size=3)
    return [
        given(tiny, np.zeros(4)),
        given(tiny, tiny[::-1].copy(), 1e-3),
        given(ordinary, ordinary + 0.5, 10.0),
        given(ordinary, ordinary + 0.5, 1e-2),
        given(ordinary * 1e-7, ordinary * 2e-7, 1e-8),
        given(np.zeros((2, 3)), np.zeros((2, 3))),
        given(np.zeros((0, 3)), np.zeros((0, 3))),
    ]


def _changed(a, changes):
    b = a.copy()
    for index, by in changes.items():
        b[index] += by
    return b


def _drawn_indices(rng):
    a, b, c = rng.normal(size=7), rng.normal(size=(3, 4)), rng.normal(size=(2, 3, 2, 3))
    i = int(rng.integers(1, 5))
    return [
        given(a, -a),
        given(np.arange(6), _changed(np.arange(6), {0: int(rng.integers(1, 9)), 4: 1})),
        given(a, _changed(a, {i: -0.1, i + 1: 5.0})),
        given(b, _changed(b, {(0, 3): 0.2, (1, 0): -1.0})),
        given(b, _changed(b, {(1, 2): -0.2, (2, 1): 1.0})),
        given(c, _changed(c, {(0, 2, 1, 1): 0.3, (1, 0, 0, 0): 0.3, (1, 2, 0, 2): -4.0})),
        given(1e6 * b, _changed(1e6 * b, {(2, 3): 1e-3})),
        given(b, _changed(b, {(0, 1): 0.1, (2, 2): -0.5}), 0.2),
    ]


def _drawn_equal(rng):
    a = rng.normal(size=(3, 2))
    hole = a.copy()
    hole[int(rng.integers(0, 3)), 1] = np.nan
    return [
        given(a, a.copy()),
        given(a, a + 1e-11),
        given(a, a - 0.09, 0.1),
        given(np.array([1.0, 2.0]), np.array([1.25, 1.75]), 0.25),
        given(hole, hole.copy()),
        given(a, hole),
        given(hole, a, 0.5),
        given(-np.abs(a), -np.abs(a) + 1e-12),
        given(np.array([-2, 3]), np.array([-1.75, 3.0]), 0.25),
        given(np.array([-1.75, 3.5]), np.array([-2, 4]), 0.5),
        given(np.arange(4), np.arange(4)),
    ]


def _drawn_shapes(rng):
    return [
        given(rng.normal(size=(2, 3)), rng.normal(size=(3, 2))),
        given(np.ones((2, 3)), np.ones((1, 3))),
        given(np.ones((1, 3)), np.ones((2, 3))),
        given(np.ones(3), np.ones((3, 1))),
        given(np.ones(4), np.ones(1)),
        given(rng.normal(size=(2, 3)), rng.normal(size=6)),
    ]


_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    "cube_slope": _PREDICTED,
    "integer_slope": _PREDICTED,
    "float32_error": _PREDICTED,
    "numerical_gradient": {
        "linear": PartInputs(
            (
                given(f.double, np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0, 100.0])),
                given(f.running_sum, np.array([1.0, 5.0, 2.0]), np.array([1.0, 10.0, 100.0])),
                given(f.steps, np.array([4.5, -1.0, 3.25]), np.array([10, 1]), 0.5),
                given(f.repeat_thrice, np.array([1.0, -2.0]), np.array([[1, 2], [3, 4], [5, -6]])),
                given(f.from_the_end, np.array([1.0, 5.0, 2.0]), np.array([1.0, 10.0, 100.0])),
                given(f.double, np.ones((1, 2, 2)), np.array([[[1.0, 2.0], [3.0, 4.0]]])),
            ),
            _drawn_linear,
        ),
        "curved": PartInputs(
            (
                given(f.cube, np.array([1.0, 2.0]), np.array([1.0, 10.0]), 0.5),
                given(
                    f.neighbours_multiplied,
                    np.array([-1.5, 2 + FINE, 4.0]),
                    np.array([1.0, -0.5]),
                    0.01,
                ),
                given(f.cube, np.array([1.0, 3.0]), np.array([2.0, 1.0]), 2.0**-10),
            ),
            _drawn_curved,
        ),
        "integer": PartInputs(
            (
                given(f.running_sum, np.array([1, -5, 2]), np.array([FINE, -1.5, 0.5]), 0.1),
                given(f.neighbours_multiplied, np.array([1, 2, 4]), np.array([1, 10]), 0.1),
                given(f.cube, np.array([1.0, 2.0], np.float32), np.array([1.0, 10.0]), 1e-4),
            ),
            _drawn_types,
        ),
        "restore": PartInputs(
            (
                given(f.row_sums, A, np.array([1.0, 10.0]), 0.1),
                given(f.row_products, A, np.array([1.0, 10.0]), 0.1),
            ),
            _drawn_matrices,
        ),
    },
    "relative_error": {
        "values": PartInputs(
            (
                given(np.array([1.0, 3.0]), np.array([1.0, 2.0])),
                given(np.array([5.0, 0.0, 1.0]), np.array([0.0, 2.0, 1.0])),
                given(np.array([1, 1000]), np.array([2, 1000])),
                given(np.array([0.5, -4.0]), np.array([1, 4])),
                given(np.array([1, 4]), np.array([2.5, -4.0])),
                given(np.array([[1.5, 2.0], [30.0, 4.0]]), np.array([[1.0, 2.5], [30.0, 4.0]])),
                given(np.array([7.0, 8.0]), np.array([7.0, 8.0])),
            ),
            _drawn_errors,
        ),
        "floor": PartInputs(
            (
                given(np.array([0.0, 0.0]), np.array([0.0, 0.0])),
                given(np.array([0.0, 1e-12]), np.array([0.0, 0.0])),
                given(np.array([0.01, 0.02]), np.array([0.01, 0.03]), 0.1),
                given(np.array([1e-4, 2e-4]), np.array([1e-4, 3e-4]), 1e-8),
                given(np.zeros(0), np.zeros(0)),
            ),
            _drawn_floors,
        ),
    },
    "first_mismatch": {
        "index": PartInputs(
            (
                given(np.array([-1, 2]), np.array([1, 2])),
                given(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 2.5, 8.0, 4.1])),
                given(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 2.0, 2.5, 3.0])),
                given(A, np.array([[1.0, 2.0, 3.5], [9.0, 5.0, 6.0]])),
                given(
                    np.array([1e6, 2e6]).reshape(1, 1, 1, 2),
                    np.array([1e6, 2e6 + 0.001]).reshape(1, 1, 1, 2),
                ),
                given(np.array([1.0, 2.0, 3.0]), np.array([1.1, 2.0, 3.5]), 0.2),
            ),
            _drawn_indices,
        ),
        "equal": PartInputs(
            (
                given(A, A),
                given(np.array([0.7, -1.3]), np.array([0.7 + 1e-12, -1.3])),
                given(np.array([1, 2]), np.array([1.5, 1.5]), 0.5),
                given(np.array([1.5, -1.5]), np.array([1, -2]), 0.5),
                given(np.array([1.0, np.nan]), np.array([1.0, np.nan])),
                given(np.array([1.0, 2.0]), np.array([1.0, np.nan])),
                given(np.array([[1.0, 2.0], [3.0, np.nan]]), np.array([[1.0, 2.0], [3.0, 4.0]])),
            ),
            _drawn_equal,
        ),
        "shape": PartInputs(
            (
                given(np.ones((2, 3)), np.ones((3, 2))),
                given(np.ones((2, 3)), np.ones((1, 3))),
                given(np.ones((1, 3)), np.ones((2, 3))),
                given(np.array([1.0, 2.0, 3.0]), np.array([[1.0, 2.0, 3.0]])),
                given(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])),
            ),
            _drawn_shapes,
        ),
    },
}
