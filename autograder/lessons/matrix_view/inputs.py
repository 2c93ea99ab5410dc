"""Lesson 07: the inputs that are shown and those that are withheld."""

import numpy as np

from autograder import reference
from autograder.lessons.draws import array, digits, place_values, primes
from autograder.lessons.inputs import Inputs, PartInputs, given

W = np.array([[1, 2], [3, 4]])
X, DY = np.arange(1, 10), np.array([1, 10, 100, 1000])  # P2, unrolled
SHAPES = (((2, 3), (4, 6)), ((3, 1), (5, 2)), ((2, 2), (5, 3)), ((3, 2), (3, 5)), ((4, 3), (4, 3)))
# Signs differ, float32 holds none but the halves, and the smallest is lost by rounding.
FINE = np.array([[0.1, -2.5], [-3e-9, 0.7]])


def _grown_size():
    grown = reference.conv_transpose2d(np.ones((1, 1, 5, 3)), np.ones((1, 1, 3, 3)), (2, 1))
    return list(grown.shape[2:])


COMPUTED = {
    "third_row": lambda: reference.conv_matrix(W, (3, 3))[2].tolist(),
    "nonzeros_of_matrix": lambda: int(reference.conv_matrix(np.ones((2, 3)), (4, 5)).sum()),
    "copy_gradient": lambda: int(np.outer(DY, X)[3, 5]),
    "grown_size": _grown_size,
}


def _drawn_matrices(*settings):
    """Return a drawing of (kernel shape, in_hw, stride where there is one)."""

    def draw(rng):
        cases = [given(array(rng, k), *rest) for k, *rest in settings]
        k, *rest = settings[0]
        return [*cases, *(given(array(rng, k, kind), *rest) for kind in ("int", "float32"))]

    return draw


def _dense_shape(kernel, hw):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    return (hw[0] - kh + 1) * (hw[1] - kw + 1), hw[0] * hw[1]


def _drawn_ties(*shapes):
    def draw(rng):
        cases = [given(array(rng, _dense_shape(k, hw)), k, hw) for k, hw in shapes]
        k, hw = shapes[0]
        return [*cases, given(array(rng, _dense_shape(k, hw), "int"), k, hw)]

    return draw


def _drawn_transposes(*shapes):
    """Return a drawing of (y shape, w shape, stride where there is one)."""

    def draw(rng):
        cases = [given(array(rng, y), array(rng, w), *s) for y, w, *s in shapes]
        y, w, *s = shapes[0]
        for kind in ("int", "float32"):
            cases.append(given(array(rng, y, kind), array(rng, w, kind), *s))
        for kinds in (("int", "float64"), ("float64", "int")):
            cases.append(given(array(rng, y, kinds[0]), array(rng, w, kinds[1]), *s))
        return cases

    return draw


def _signed(*shape):
    """Return digits from -4 to 5."""
    return digits(*shape) - 4


def _shown_tie(kernel, hw):
    return given(_signed(*_dense_shape(kernel, hw)), kernel, hw)


def _fine_tie():
    G = np.round(_signed(4, 9) * 0.1, 1)
    G[0, 0] = -3e-9
    return given(G, 2, (3, 3))


_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    **dict.fromkeys(COMPUTED, _PREDICTED),
    "conv_matrix": {
        "values": PartInputs(
            (
                given(W, (3, 3)),
                given(FINE, (3, 3)),
                given(np.array([[5, -7], [8, 9]]), (2, 5)),
            ),
            _drawn_matrices(((2, 2), (4, 4)), ((3, 3), (4, 4)), ((2, 2), (3, 3))),
        ),
        "shapes": PartInputs(
            (
                given(np.array([[1, 2]]), (2, 4)),
                given(np.array([[1], [2]]), (4, 2)),
                given(primes(3, 2), (4, 3)),
            ),
            _drawn_matrices(*SHAPES),
        ),
        "stride": PartInputs(
            (
                given(np.array([[1, 2]]), (1, 5), 3),
                given(np.array([[5]]), (3, 3), 2),
                given(W, (3, 4), 2),
                given(np.array([[1, 2, 3]]), (3, 6), (1, 3)),
                given(np.array([[1], [2]]), (6, 2), (2, 1)),
            ),
            _drawn_matrices(
                ((2, 1), (5, 6), 2),
                ((2, 3), (7, 5), (2, 1)),
                ((1, 2), (4, 6), (1, 2)),
                ((3, 2), (4, 8), (2, 3)),
            ),
        ),
    },
    "tie_gradient": {
        "values": PartInputs(
            (
                _shown_tie(2, (3, 3)),
                given(_signed(4, 9)[::-1], 2, (3, 3)),
                _shown_tie((2, 2), (2, 5)),
                _fine_tie(),
            ),
            _drawn_ties((2, (4, 4)), ((3, 3), (4, 4)), (2, (3, 3))),
        ),
        "shapes": PartInputs(
            (_shown_tie((1, 2), (2, 4)), _shown_tie((2, 1), (4, 2)), _shown_tie((2, 3), (3, 5))),
            _drawn_ties(*SHAPES),
        ),
    },
    "conv_transpose2d": {
        "values": PartInputs(
            (
                given(place_values((1, 1, 2, 2)), W.reshape(1, 1, 2, 2)),
                given(np.array([[[[1, -10, 100]]]]), np.array([[[[1, 2], [3, 4], [5, 7]]]])),
                given(place_values((1, 1, 2, 3)), FINE.reshape(1, 1, 2, 2)),
                given(FINE.reshape(1, 1, 2, 2), primes(1, 1, 2, 3)),
                given(FINE.reshape(1, 1, 2, 2), FINE[:, ::-1].reshape(1, 1, 2, 2)),
                given(-FINE.reshape(1, 1, 2, 2), FINE.reshape(1, 1, 2, 2)),
            ),
            _drawn_transposes(
                ((1, 1, 3, 4), (1, 1, 2, 3)),
                ((2, 1, 4, 3), (1, 1, 3, 2)),
                ((3, 1, 2, 5), (1, 1, 3, 3)),
            ),
        ),
        "channels": PartInputs(
            (
                given(place_values((1, 2, 1, 2)), primes(2, 3, 1, 2)),
                given(place_values((2, 1, 1, 2)), -primes(1, 2, 2, 1)),
                given(digits(2, 3, 1, 2) - 4, primes(3, 4, 2, 1)),
            ),
            _drawn_transposes(
                ((2, 3, 3, 4), (3, 4, 2, 3)),
                ((3, 2, 4, 3), (2, 1, 3, 2)),
                ((1, 4, 2, 3), (4, 3, 2, 1)),
            ),
        ),
        "stride": PartInputs(
            (
                given(place_values((1, 1, 1, 3)), np.array([[[[1, 2, 3]]]]), 2),
                given(place_values((1, 1, 2, 2)), primes(1, 1, 1, 2), 3),
                given(digits(1, 1, 1, 3) - 4, primes(1, 1, 2, 1), (1, 3)),
                # Spread out as widely as the next one.
                given(digits(1, 1, 1, 3) - 4, primes(1, 1, 1, 2), 1),
                given(np.array([[[[3, -5]]]]), primes(1, 1, 1, 2), 2),
                given(place_values((1, 1, 2, 3)), primes(1, 1, 3, 2), (1, 2)),
                given(digits(3, 2, 4, 2) - 4, primes(2, 1, 2, 1), (3, 1)),
            ),
            _drawn_transposes(
                ((2, 3, 3, 4), (3, 2, 3, 2), 2),
                ((1, 2, 3, 3), (2, 1, 2, 2), 1),
                ((1, 2, 2, 2), (2, 1, 2, 2), 2),
                ((1, 2, 4, 2), (2, 4, 2, 3), (1, 3)),
                ((3, 1, 2, 4), (1, 2, 2, 1), 3),
                ((2, 4, 3, 2), (4, 3, 3, 4), (2, 3)),
                ((3, 2, 4, 2), (2, 3, 1, 2), (3, 1)),
            ),
        ),
    },
}
