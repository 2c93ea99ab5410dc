"""Lesson 05: the inputs that are shown and those that are withheld."""

from itertools import count

import numpy as np

from autograder import reference
from autograder.lessons.draws import (
    G1,
    G2,
    G3,
    Geometry,
    array,
    defaults_left_out,
    digits,
    forward_arrays,
    full,
    one_apart,
    primes,
    signed,
    some_geometry,
    weights,
)
from autograder.lessons.inputs import Inputs, PartInputs, given

# output_shape -----------------------------------------------------------------------------------


def _numbers(rng, low, high):
    return tuple(int(v) for v in rng.permutation(np.arange(low, high + 1))[:2])


def _drawn_squares(rng):
    cases = []
    for _ in range(5):
        k, s, p, d = (int(v) for v in rng.integers([1, 1, 0, 1], [4, 4, 3, 3]))
        cases.append(given(_numbers(rng, 8, 15), k, s, p, d))
    return [*cases, given((5, 9), 3), given((9, 5), 5)]


def _drawn_pairs(rng):
    cases = []
    for _ in range(6):
        settings = (_numbers(rng, *limits) for limits in ((1, 4), (1, 3), (0, 2), (1, 2)))
        cases.append(given(_numbers(rng, 10, 16), *settings))
    return [*cases, given((12, 7), (5, 2), 1, (0, 1), (2, 1))]


def _drawn_remainders(rng):
    cases = []
    while len(cases) < 6:
        k, s, p = _numbers(rng, 1, 4), _numbers(rng, 2, 5), _numbers(rng, 0, 2)
        hw = _numbers(rng, 7, 20)
        if all((n + 2 * q - j) % t for n, j, t, q in zip(hw, k, s, p, strict=True)):
            cases.append(given(hw, k, s, p))
    return [*cases, given((223, 225), 7, 2, 3), given((10, 13), 3, 4, 1, 2)]


def _drawn_size_refusals(rng):
    n = int(rng.integers(3, 40))
    return [
        given((n, n + 4), (n + 1, 2)),
        given((n + 4, n), (2, n + 1), 2),
        given((n + 4, n), 3, 1, 0, (1, n)),
        given((n, n), n + 3, 1, 1),
        given((n, n + 1), (n, n + 1)),
        given((n, n + 3), (n + 2, 1), 1, (1, 0)),
    ]


# same_padding -----------------------------------------------------------------------------------


def _drawn_odd(rng):
    return [given(int(rng.integers(5, 20)), k) for k in (1, 3, 5, 7)]


def _drawn_even(rng):
    return [given(int(rng.integers(5, 20)), k) for k in (2, 4, 6)]


def _drawn_strides(rng):
    cases = [
        given(int(rng.integers(6, 30)), int(k), int(s), int(d))
        for k, s, d in rng.integers([1, 1, 1], [6, 5, 4], size=(8, 3))
    ]
    return [
        *cases,
        given(1, 1, 2),
        given(10, 1, 4),
        given(9, 2, 4),
        given(12, 3, 3, 2),
        given(11, 4, 2, 3),
    ]


# choose_layer -----------------------------------------------------------------------------------


# The last three are right only for those who count zeros, steps and ends with care.
FEWER = (9, 4), (10, 3), (7, 1), (26, 11), (19, 2), (34, 7)


def _settings(n, m):
    return given(n, m, how="layer_settings")


def _drawn_halves(rng):
    return [_settings(2 * m, m) for m in (1, *(int(v) for v in rng.integers(2, 40, 4)))]


def _drawn_fewer(rng):
    drawn = [(int(m), int(more)) for m, more in rng.integers([1, 1], [15, 40], size=(6, 2))]
    return [
        _settings(2 * m + more, m)
        for m, more in [*drawn, (1, 1), (3, 5), (11, 4), (2, 15), (7, 20)]
    ]


# pad2d ------------------------------------------------------------------------------------------


def _drawn_paddings(rng):
    return [
        given(array(rng, (2, 3, 4, 3)), 1),
        given(array(rng, (2, 3, 4, 3)), 1),
        given(array(rng, (2, 3, 4, 3)), 2),
        given(array(rng, (1, 2, 2, 5), "int"), 3),
        given(array(rng, (2, 1, 3, 2), "float32"), 1),
    ]


def _drawn_padding_pairs(rng):
    x = array(rng, (3, 2, 4, 3))
    pairs = [(1, 2), (2, 1), (0, 3), (3, 0), _numbers(rng, 1, 4)]
    wide = [given(array(rng, (2, 3, 6, 3)), (0, 1)), given(array(rng, (2, 3, 4, 3)), 1)]
    return wide + [given(x, p) for p in pairs] + [given(array(rng, (2, 1, 3, 3), "int"), (1, 2))]


def _drawn_fresh(rng):
    return [
        given(array(rng, (2, 3, 3, 4)), 0),
        given(array(rng, (1, 2, 4, 3), "int"), (0, 0)),
        given(array(rng, (2, 1, 3, 3), "float32"), 0),
    ]


# conv2d -----------------------------------------------------------------------------------------


def _drawn_layers(*geometries, kinds=(), **settings):
    """Return a drawing of these layers and of two random ones with these settings."""

    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **settings) for _ in range(2))]
        cases = [_layer(forward_arrays(rng, g), g) for g in drawn]
        return cases + [_layer(forward_arrays(rng, drawn[0], k), drawn[0]) for k in kinds]

    return draw


def _layer(arrays, g):
    return given(*defaults_left_out((*arrays, *full(g)), 1, 0, 1, 1))


def _drawn_pairs_of_settings(rng):
    """Draw layers with pairs, and types that differ from argument to argument."""
    g = Geometry(2, 3, 5, 6, 1, 2, 3, (3, 1), (0, 2))
    tall = Geometry(2, 3, 1, 4, 2, 4, 2, (1, 2), (2, 0))  # fits by its padding alone
    draw = _drawn_layers(G1, G2, g, tall, kinds=("int", "float32"), stride=(2, 1), padding=(0, 1))
    arrays = one_apart(rng, G2.x_shape, G2.w_shape, (G2.f,))
    return draw(rng) + [_layer(three, G2) for three in arrays]


def _drawn_refused(rng):
    # The stride would make room for the kernel if it were taken for the padding.
    tall, wide = Geometry(1, 2, 3, 6, 2, 4, 1, 2), Geometry(2, 1, 6, 3, 1, 1, 4)
    gaps = Geometry(1, 1, 5, 5, 2, 3, 2, 1, 0, (3, 1))
    exact = Geometry(2, 2, 4, 3, 2, 4, 3), Geometry(1, 2, 4, 5, 2, 2, 2, 5, 0, (3, 4))
    layers = [given(*forward_arrays(rng, g), *full(g)) for g in exact]
    for g in (tall, wide, gaps):
        arrays = array(rng, g.x_shape), array(rng, g.w_shape), array(rng, (g.f,))
        layers.append(given(*arrays, *full(g)))
    sizes = (5, 4, 2, 2), (4, 3, 2, 2), (6, 4, 1, 4), (3, 3, 1, 2), (6, 4, 2, 2), (4, 4, 1, 2)
    for c, f, per_group, groups in sizes:
        arrays = array(rng, (1, c, 3, 4)), array(rng, (f, per_group, 2, 2)), array(rng, (f,))
        layers.append(given(*arrays, 1, 0, 1, groups))
    return layers


def _shown(g, *, x=1, w=1, b=None, back=False):
    """Return a layer on the digits of pi, with small primes; x and w are divided by numbers.

    With `back` both are read backwards.
    """
    b = signed(100 * np.arange(1, g.f + 1)) if b is None else b
    numbers = signed(digits(*g.x_shape)), weights(*g.w_shape)
    if back:
        numbers = tuple(np.flip(a) for a in numbers)
    arrays = (a if by == 1 else a / by for a, by in zip(numbers, (x, w), strict=True))
    return _layer((*arrays, b), g)


def _refused(c, f, per_group, groups):
    x, w = digits(1, c, 2, 2), primes(f, per_group, 1, 1)
    return given(x, w, np.zeros(f, int), 1, 0, 1, groups)


# predictions ------------------------------------------------------------------------------------


def _accepted(function, *args) -> bool:
    try:
        function(*args)
    except ValueError:
        return False
    return True


def _dilated_span():
    """Find the smallest image on which 3 taps with dilation 4 fit."""
    return next(n for n in count(1) if _accepted(reference.output_shape, (n, n), 3, 1, 0, 4))


def _grouped_weights():
    """Find the kernels that 12 filters of 3 by 3 need on 8 channels in 4 groups; count weights."""
    x, b = np.zeros((1, 8, 3, 3)), np.zeros(12)
    kernels = (np.zeros((12, channels, 3, 3)) for channels in range(1, 9))
    return next(w.size for w in kernels if _accepted(reference.conv2d, x, w, b, 1, 0, 1, 4))


COMPUTED = {
    "alexnet_size": lambda: reference.output_shape((224, 224), 11, 4)[0],
    "same_zeros": lambda: list(reference.same_padding(8, 3, 2)),
    "dilated_span": _dilated_span,
    "grouped_weights": _grouped_weights,
}

_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    **dict.fromkeys(COMPUTED, _PREDICTED),
    "output_shape": {
        "square": PartInputs(
            (
                given((5, 7), 3),
                given((4, 6), 3, 1, 1),
                given((2, 1), 3, 1, 1),
                given((9, 11), 3, 2),
                given((9, 8), 3, 1, 0, 2),
                given((227, 227), 11, 4),
            ),
            _drawn_squares,
        ),
        "pairs": PartInputs(
            (
                given((6, 9), (2, 4)),
                given((9, 13), 3, (2, 5)),
                given((5, 5), 3, 1, (2, 1)),
                given((9, 9), 3, 1, 0, (1, 3)),
                given((6, 8), (2, 3), (1, 2), (1, 0), (2, 1)),
                given((8, 6), (3, 2), (2, 1), (0, 1), (1, 2)),
            ),
            _drawn_pairs,
        ),
        "remainder": PartInputs(
            (
                given((8, 10), 3, 2, 1),
                given((8, 9), 3, 3),
                given((224, 224), 11, 4),
                given((224, 223), 7, 2, 3),
            ),
            _drawn_remainders,
        ),
        "refuse": PartInputs(
            (
                given((2, 6), 3),
                given((6, 2), (1, 3)),
                given((5, 5), 3, 1, 0, (1, 3)),
                given((2, 2), 5, 2),
                given((2, 2), 3, 2),
                given((3, 4), (3, 4)),
            ),
            _drawn_size_refusals,
        ),
    },
    "same_padding": {
        "odd": PartInputs((given(5, 3), given(8, 5), given(6, 1)), _drawn_odd),
        "even": PartInputs((given(4, 2), given(7, 4), given(9, 6)), _drawn_even),
        "stride": PartInputs(
            (
                given(224, 7, 2),
                given(7, 3, 2),
                given(9, 1, 3),
                given(2, 3, 4),
                given(8, 1, 3),
                given(8, 3, 1, 2),
                given(10, 4, 3, 2),
            ),
            _drawn_strides,
        ),
    },
    "choose_layer": {
        "half": PartInputs((_settings(8, 4), _settings(6, 3), _settings(2, 1)), _drawn_halves),
        "fewer": PartInputs(tuple(_settings(n, m) for n, m in FEWER), _drawn_fewer),
    },
    "pad2d": {
        "values": PartInputs(
            (
                given(digits(1, 1, 2, 3), 1),
                given(np.flip(digits(1, 1, 2, 3)), 1),
                given(digits(2, 1, 2, 2), 1),
                given(signed(digits(2, 3, 3, 2)) / 1e9, 1),
                given(np.array([[[[1.5, -2.5], [0.25, 4.0]]]]), 2),
            ),
            _drawn_paddings,
        ),
        "pairs": PartInputs(
            (
                # As large as the very first one, with fewer zeros: what is kept of it shows.
                given(digits(1, 1, 4, 3), (0, 1)),
                given(digits(1, 2, 2, 2), (1, 2)),
                given(digits(2, 1, 1, 3), (2, 0)),
            ),
            _drawn_padding_pairs,
        ),
        "fresh": PartInputs(
            (
                given(digits(1, 1, 2, 3), 0),
                given(np.array([[[[0.5, 1.5]]]]), (0, 0)),
                given(digits(1, 1, 2, 2), (0, 1)),
            ),
            _drawn_fresh,
        ),
    },
    "conv2d": {
        "pairs": PartInputs(
            (
                _shown(Geometry(1, 1, 4, 5, 1, 2, 2, (1, 3))),
                _shown(Geometry(1, 1, 4, 5, 1, 2, 2, (1, 3)), back=True),
                _shown(Geometry(1, 1, 3, 2, 1, 2, 3, 1, (0, 1))),
                # A kernel that fits by its padding alone.
                _shown(Geometry(1, 1, 1, 2, 1, 4, 2, 1, (2, 0))),
                given(
                    np.array([[[[0.1, 0.7, 0.3], [0.2, 0.9, 0.4]]]]),
                    np.array([[[[1.0, 0.3], [0.7, 3.0]]]]),
                    np.array([0.1]),
                ),
                _shown(Geometry(1, 2, 4, 3, 2, 3, 2, (2, 1), (1, 0))),
                # Numbers so small that every type but float64 loses them, in one argument alone.
                _shown(Geometry(1, 1, 2, 3, 1, 1, 2), x=1e9, b=np.array([0])),
                _shown(Geometry(1, 1, 2, 3, 1, 1, 2), w=1e9, b=np.array([0])),
                _shown(Geometry(1, 1, 2, 3, 2, 1, 2), b=np.array([0.5, -0.125])),
                _shown(Geometry(1, 1, 2, 3, 2, 1, 2), x=1e9, b=np.array([3e-9, -7e-9])),
            ),
            _drawn_pairs_of_settings,
        ),
        "dilation": PartInputs(
            (
                _shown(Geometry(1, 1, 5, 5, 1, 2, 2, 1, 0, 2)),
                _shown(Geometry(1, 1, 5, 4, 1, 3, 2, 1, 0, (1, 2))),
                _shown(Geometry(1, 2, 4, 5, 1, 2, 2, 1, 0, (2, 3))),
            ),
            _drawn_layers(
                Geometry(2, 3, 7, 6, 1, 3, 2, 1, 0, 2),
                Geometry(1, 2, 7, 8, 3, 2, 3, 1, (0, 1), (3, 2)),
                Geometry(2, 1, 6, 7, 2, 2, 2, 2, 1, (1, 3)),
                dilation=(2, 1),
            ),
        ),
        "groups": PartInputs(
            (
                # Without groups first: what is kept of its kernels shows.
                _shown(Geometry(1, 4, 2, 3, 2, 2, 2)),
                _shown(Geometry(1, 4, 2, 3, 2, 2, 2, groups=2)),
                _shown(Geometry(1, 4, 2, 2, 4, 1, 2, groups=2)),
                _shown(Geometry(1, 6, 1, 2, 3, 1, 2, groups=3)),
            ),
            _drawn_layers(
                Geometry(2, 4, 4, 5, 6, 2, 3),
                Geometry(2, 4, 4, 5, 6, 2, 3, groups=2),
                Geometry(3, 6, 5, 4, 3, 3, 2, groups=3),
                Geometry(1, 6, 4, 4, 12, 2, 1, 2, 1, 1, 3),
                kinds=("int",),
                c=4,
                f=8,
                groups=4,
            ),
        ),
        "depthwise": PartInputs(
            (
                _shown(Geometry(1, 3, 2, 3, 3, 2, 2, groups=3)),
                _shown(Geometry(1, 2, 2, 2, 4, 1, 2, groups=2)),
            ),
            _drawn_layers(
                Geometry(2, 3, 5, 4, 3, 2, 3, groups=3),
                Geometry(1, 2, 5, 6, 6, 3, 2, (1, 2), 1, 1, 2),
                c=4,
                f=4,
                groups=4,
            ),
        ),
        "geometry": PartInputs(
            (
                _shown(Geometry(2, 4, 3, 6, 6, 2, 3, (1, 2), (1, 0), (2, 1), 2)),
                _shown(Geometry(1, 2, 3, 5, 4, 3, 2, (2, 1), (2, 1), (1, 2), 2)),
            ),
            _drawn_layers(
                G3,
                G1,
                G2,
                Geometry(2, 6, 7, 9, 3, 3, 2, (2, 3), (0, 2), (1, 3), 3),
                kinds=("int", "float32"),
                stride=(2, 1),
                padding=(1, 2),
                dilation=(1, 2),
            ),
        ),
        "refuse": PartInputs(
            (
                given(digits(1, 1, 2, 4), primes(1, 1, 3, 1), np.array([0]), 2, 0, 1, 1),
                given(digits(1, 1, 4, 2), primes(1, 1, 1, 2), np.array([0]), 1, 0, 2, 1),
                _refused(3, 2, 1, 2),
                _refused(4, 3, 2, 2),
                _refused(4, 2, 1, 2),
                given(digits(1, 1, 2, 3), primes(1, 1, 2, 3), np.array([5]), 1, 0, 1, 1),
                # It fits, and would not with the stride for the dilation.
                given(digits(1, 1, 3, 3), primes(1, 1, 2, 2), np.array([5]), 3, 0, 2, 1),
            ),
            _drawn_refused,
        ),
    },
}
