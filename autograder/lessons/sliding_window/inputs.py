"""Lesson 01: the inputs that are shown and those that are withheld."""

import numpy as np

from autograder import reference
from autograder.lessons.inputs import Inputs, PartInputs, given

X = np.array([1, 2, 3, 4, 5])
W = np.array([1, 2, 3])
IMPULSE = np.array([0, 0, 1, 0, 0])
# A number that float32 does not hold, and that changes when it is rounded.
FINE = 0.123456789012

COMPUTED = {
    "last_output": lambda: int(reference.correlate1d(X, W)[-1]),
    "impulse_response": lambda: reference.correlate1d(IMPULSE, W).tolist(),
    "padded_length": lambda: reference.output_length(8, 3, stride=2, padding=1),
}


def _signal(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.normal(size=n)


def _pairs(rng: np.random.Generator, sizes: list[tuple[int, int]]) -> list[Inputs]:
    return [given(_signal(rng, n), _signal(rng, k)) for n, k in sizes]


def _drawn_values(rng):
    n = int(rng.integers(7, 12))
    return _pairs(rng, [(n, 3), (n + 3, 5), (n + 1, 4)])


def _drawn_lengths(rng):
    n = int(rng.integers(5, 10))
    return _pairs(rng, [(n, 2), (n, 1), (n, n), (n, n - 1), (1, 1), (n + 5, 6)])


def _drawn_types(rng):
    x, w = rng.integers(-9, 10, size=8), rng.integers(1, 10, size=3)
    return [
        given(x, w),
        given(x, _signal(rng, 3)),
        given(_signal(rng, 8), w),
        given(_signal(rng, 9).astype(np.float32), _signal(rng, 4).astype(np.float32)),
        given(_signal(rng, 9), _signal(rng, 4)),
        given(-np.abs(_signal(rng, 5)), rng.integers(1, 10, size=2)),
        given(x + 3_000_000_000, w),
    ]


def _drawn_refusals(rng):
    n = int(rng.integers(2, 6))
    return _pairs(rng, [(n, n + 1), (n, n + 4), (n, n), (n + 2, n)])


def _drawn_impulses(rng):
    cases = []
    for k in (2, 3, 5):
        # The impulse stands so far inside that every kernel entry meets it once.
        n = 2 * k - 1 + int(rng.integers(0, 3))
        impulse = np.zeros(n)
        impulse[k - 1 + int(rng.integers(0, n - 2 * k + 2))] = 1.0
        cases.append(given(impulse, _signal(rng, k)))
    return cases


def _drawn_convolutions(rng):
    whole = rng.integers(-9, 10, size=9)
    integers = [
        given(whole, rng.integers(1, 10, size=4)),
        given(whole, _signal(rng, 3)),
        given(-np.abs(_signal(rng, 7)), rng.integers(1, 10, size=3)),
    ]
    single = given(_signal(rng, 8).astype(np.float32), _signal(rng, 3).astype(np.float32))
    return [*_drawn_values(rng), *_drawn_lengths(rng), *integers, single]


def _palindrome(rng, k):
    half = rng.normal(size=(k + 1) // 2)
    return np.concatenate([half, half[: k // 2][::-1]])


def _drawn_same(rng):
    kernels = [_palindrome(rng, k) for k in (1, 2, 3, 4, 5, 8)]
    # One kernel of the other kind, so that one answer for all is not right here.
    return [given(w) for w in [*kernels, np.zeros(3), np.array([2, 7, 2]), _signal(rng, 4)]]


def _drawn_different(rng):
    cases = []
    for k in (4, 5, 8):
        inner = _palindrome(rng, k)
        inner[1] += 1.0  # the ends still agree
        nearly = _palindrome(rng, k)
        nearly[0] += 1e-7
        neighbour = _palindrome(rng, k)
        neighbour[-1] = np.nextafter(neighbour[-1], np.inf)
        signed = _palindrome(rng, k)
        signed[-1] *= -1
        cases += [
            inner,
            nearly,
            neighbour,
            signed,
            _signal(rng, k),
            np.tile(_signal(rng, k // 2), 2),
        ]
    return [given(w) for w in [*cases, rng.permutation(5), _palindrome(rng, 5)]]


def _drawn_paddings(rng):
    n = int(rng.integers(3, 8))
    small = [given(_signal(rng, n + p), p) for p in (1, 2, 3)]
    return [
        *small,
        given(rng.integers(1, 9, size=n), 2),
        given(_signal(rng, 3), 3),
        given(_signal(rng, 1), 4),
    ]


def _drawn_fresh(rng):
    n = int(rng.integers(3, 8))
    return [given(_signal(rng, n), 0), given(rng.integers(1, 9, size=n), 0), given(X[:2], 1)]


def _drawn_sizes(*, stride=False, padding=False, dilation=False):
    """Return a drawing of six geometries that fit, in which the named settings vary."""

    def draw(rng):
        cases = []
        while len(cases) < 6:
            k, s, p, d = (int(v) for v in rng.integers([1, 2, 1, 2], [6, 5, 4, 4]))
            s, p, d = s if stride else 1, p if padding else 0, d if dilation else 1
            n = int(rng.integers(d * (k - 1) + 1, 30))
            remainder = (n + 2 * p - d * (k - 1) - 1) % s
            if stride and (remainder == 0) != (len(cases) % 3 == 0):
                continue  # a third of the geometries fit exactly, the others leave a remainder
            cases.append(given(n, k, s, p, d))
        if stride:
            cases.append(given(int(rng.integers(9, 30)), 3, 2))  # settings left to their defaults
        return cases

    return draw


def _drawn_all_sizes(rng):
    alone = _drawn_sizes(dilation=True)(rng)
    return [*alone, *_drawn_sizes(stride=True, padding=True, dilation=True)(rng)]


def _drawn_size_refusals(rng):
    n = int(rng.integers(2, 5))
    too_long = [given(n, n + 1), given(n, n + 4, 2), given(n, n + 3, 1, 1), given(n, n + 2, 3)]
    return [*too_long, given(n + 1, 3, 1, 0, n), given(n, n), given(n, n + 2, 3, 1)]


def _one(rng):
    return [Inputs((), "value")]


_VALUE = {"value": PartInputs((Inputs((), "value"),), _one)}

INPUTS = {
    "last_output": _VALUE,
    "impulse_response": _VALUE,
    "padded_length": _VALUE,
    "correlate1d": {
        "values": PartInputs(
            (
                given(X, W),
                given(np.array([1, 10, 100, 1000, 10000]), np.array([4, 5, 6])),
                given(np.array([3.0, -1.0, 0.5, 2.0, 7.0, 1.0]), np.array([2.0, -1.0, 0.25])),
            ),
            _drawn_values,
        ),
        "lengths": PartInputs(
            (
                given(np.array([1, 10, 100, 1000]), np.array([1, 2])),
                given(np.array([5, 3, 8]), np.array([2])),
                given(np.array([1, 10, 100]), np.array([4, 5, 6])),
                given(np.array([1, 10, 100, 1000, 10000]), np.array([2, 3, 5, 7])),
            ),
            _drawn_lengths,
        ),
        "types": PartInputs(
            (
                given(X, np.array([FINE, -0.5, 0.25])),
                given(np.array([FINE, -0.25, 0.5, -1.0]), np.array([1, -3])),
                given(np.array([0.5, 1.5, 2.5, 3.5], np.float32), np.array([2, 1], np.float32)),
                given(np.array([1, 3_000_000_000, 2]), np.array([2, 1])),  # too large for int32
            ),
            _drawn_types,
        ),
        "refuse": PartInputs(
            (
                given(np.array([1, 2]), W),
                given(np.array([4, 1, 7]), W),
                given(np.array([2, 7, 1, 8]), W),
            ),
            _drawn_refusals,
        ),
    },
    "convolve1d": {
        "impulse": PartInputs(
            (given(IMPULSE, W), given(np.array([0, 1, 0, 0]), np.array([7, 5]))),
            _drawn_impulses,
        ),
        "values": PartInputs(
            (
                given(X, W),
                given(np.array([FINE, -1.0, 0.5, 2.25, -0.75]), np.array([2, -1])),
                given(np.array([3, 1, 4, 1, 5]), np.array([7, 0, -2])),
                given(np.array([1, 10, 100, 1000]), np.array([4, 5, 6, 7])),
                given(np.array([1, 2, 3]), np.array([FINE, -0.25])),
                given(np.array([4]), np.array([-3])),
            ),
            _drawn_convolutions,
        ),
    },
    "flip_is_invisible": {
        "same": PartInputs(
            tuple(
                given(np.array(w))
                for w in (
                    [1, 2, 1],
                    [3, 3, 3],
                    [1, -2, -2, 1],
                    [5],
                    [0.1, 0.7, 0.3, 0.7, 0.1],
                    [2, 2],
                    [4, 1, 7, 7, 1, 4],
                    [3, 4, 5],
                )
            ),
            _drawn_same,
        ),
        "different": PartInputs(
            tuple(
                given(np.array(w))
                for w in (
                    [1, 2, 3],
                    [1, 0, -1],
                    [1, 2, 3, 1],
                    [4, 1],
                    [1.0, 2.0, 1.000001],
                    [0.1 + 0.2, 5.0, 0.3],
                    [1, 2, 2, 4],
                    [6, 2, 8, 4],
                    [2, 5, 2],
                    [1, 2, 1, 2],
                )
            ),
            _drawn_different,
        ),
    },
    "pad1d": {
        "values": PartInputs(
            (
                given(np.array([1, 2, 3]), 1),
                given(np.array([4, 5, 7, 8]), 3),
                given(np.array([FINE, -2.5]), 1),
                given(np.array([6]), 2),  # as long as the first result
                given(np.array([7, 5, 9]), 1),  # as long as the first signal
            ),
            _drawn_paddings,
        ),
        "fresh": PartInputs(
            (given(np.array([1, 2, 3]), 0), given(np.array([0.5, 1.5]), 0)), _drawn_fresh
        ),
    },
    "output_length": {
        "plain": PartInputs((given(5, 3), given(3, 3), given(7, 2), given(9, 1)), _drawn_sizes()),
        "padding": PartInputs(
            (given(5, 3, 1, 1), given(5, 3, 1, 2), given(4, 5, 1, 1)), _drawn_sizes(padding=True)
        ),
        "stride": PartInputs(
            (
                given(7, 3, 2),
                given(8, 3, 3),
                given(11, 3, 5),
                given(9, 2, 5),
                given(8, 3, 2, 1),
                given(224, 11, 4),
                given(224, 7, 2, 3),
            ),
            _drawn_sizes(stride=True, padding=True),
        ),
        "dilation": PartInputs(
            (given(9, 3, 1, 0, 2), given(9, 3, 1, 0, 3), given(10, 4, 2, 1, 3)),
            _drawn_all_sizes,
        ),
        "refuse": PartInputs(
            (
                given(2, 3),
                given(2, 5, 2),
                given(4, 3, 1, 0, 2),
                given(3, 3),
                given(1, 3, 1, 1),
                given(2, 3, 2),
            ),
            _drawn_size_refusals,
        ),
    },
}
