"""Lesson 04: the inputs that are shown and those that are withheld."""

import math

import numpy as np

from autograder import reference
from autograder.lessons.draws import (
    G1,
    G2,
    G3_PLAIN,
    Geometry,
    array,
    defaults_left_out,
    digits,
    forward_arrays,
    one_apart,
    place_values,
    plain,
    primes,
    signed,
    some_geometry,
    weights,
)
from autograder.lessons.inputs import Inputs, PartInputs, given

# P2: an affine image, so never alone.
P2_X = np.arange(1, 10).reshape(3, 3)
P2_W = np.array([[1, 2], [3, 4]])


def _images(rng, sizes, kind="float64"):
    return [given(array(rng, hw, kind), array(rng, kernel, kind)) for hw, kernel in sizes]


def _drawn_values(rng):
    return _images(rng, [((5, 5), (3, 3)), ((4, 4), (2, 2)), ((6, 6), (3, 3))])


def _drawn_shapes(rng):
    sizes = [
        ((4, 6), (2, 3)),
        ((7, 3), (3, 1)),
        ((3, 6), (1, 4)),
        ((5, 4), (5, 4)),
        ((4, 5), (4, 2)),
        ((4, 7), (3, 3)),
        ((1, 5), (1, 2)),
        ((5, 1), (3, 1)),
    ]
    return _images(rng, sizes)


def _drawn_types(rng):
    return [
        *_images(rng, [((4, 5), (2, 3))], "int"),
        *_images(rng, [((5, 4), (3, 2))], "float32"),
        *_images(rng, [((5, 4), (2, 1))]),
        *(given(*arrays) for arrays in one_apart(rng, (4, 5), (2, 3))),
    ]


def _drawn_refusals(rng):
    sizes = [
        ((3, 6), (4, 2)),
        ((6, 3), (2, 4)),
        ((2, 2), (5, 5)),
        ((3, 4), (3, 4)),
        ((3, 4), (4, 5)),
    ]
    return _images(rng, sizes)


def _layer(arrays, g):
    return given(*defaults_left_out((*arrays, *plain(g)), 1, 0))


def _drawn_layers(*geometries, kinds=("float64",), **settings):
    """Return a drawing of these layers and of three random ones with these settings."""

    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **settings) for _ in range(3))]
        cases = [_layer(forward_arrays(rng, g), g) for g in drawn]
        return cases + [_layer(forward_arrays(rng, drawn[0], k), drawn[0]) for k in kinds]

    return draw


def _drawn_geometries(rng):
    """Draw what `_drawn_layers` draws, and types that differ from argument to argument."""
    draw = _drawn_layers(G1, G2, G3_PLAIN, kinds=("int",), stride=(1, 2), padding=(2, 1))
    arrays = one_apart(rng, G2.x_shape, G2.w_shape, (G2.f,))
    return draw(rng) + [_layer(three, G2) for three in arrays]


def _shown(g, *, x=1, w=1, b=None):
    """Return a layer on the digits of pi, with small primes; x and w are divided by numbers."""
    b = signed(100 * np.arange(1, g.f + 1)) if b is None else b
    numbers = signed(digits(*g.x_shape)), weights(*g.w_shape)
    arrays = (a if by == 1 else a / by for a, by in zip(numbers, (x, w), strict=True))
    return _layer((*arrays, b), g)


# Weights that are place values: the output spells the pixels that were read.
SPELLED = given(
    np.arange(1, 9).reshape(1, 2, 2, 2), place_values((1, 2, 2, 2)), np.array([0]), 1, 0
)

BLUR = np.full((3, 3), 1 / 9)
SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
EDGES = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def _flat_sky():
    """Filter nine pixels of 200 with the lesson's three kernels."""
    sky = np.full((3, 3), 200.0)
    return [float(reference.correlate2d(sky, w)[0, 0]) for w in (BLUR, SHARPEN, EDGES)]


def _multiplications():
    """Count the products of 8 filters of 3 by 3 on the photograph, padding 1: one a weight."""
    x_shape, w_shape = (1, 3, 128, 128), (8, 3, 3, 3)
    outputs = math.prod(reference.output_shape(x_shape[2:], w_shape[2:], 1, 1))
    return x_shape[0] * outputs * math.prod(w_shape)


COMPUTED = {
    "last_window": lambda: int(reference.correlate2d(P2_X, P2_W)[-1, -1]),
    "flat_sky": _flat_sky,
    "two_channels": lambda: int(reference.conv2d_loops(*SPELLED.args).item()),
    "multiplications": _multiplications,
}

_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    **dict.fromkeys(COMPUTED, _PREDICTED),
    "correlate2d": {
        "values": PartInputs(
            (
                given(P2_X, P2_W),
                given(signed(digits(3, 3)), P2_W),
                given(digits(4, 4), np.array([[1, -2, 0], [0, 3, 5], [-4, 0, 7]])),
            ),
            _drawn_values,
        ),
        "shapes": PartInputs(
            (
                given(digits(3, 5), np.array([[1, 2, 3], [4, 5, 7]])),
                given(signed(digits(5, 3)), np.array([[1, -2], [3, 4], [5, 7]])),
                given(digits(4, 2), np.array([[1, 10]])),
                given(digits(2, 4), P2_W),
                given(digits(1, 3), np.array([[1, 10]])),
                given(digits(3, 2), np.array([[1], [10]])),
                given(digits(2, 3), place_values((2, 3))),
            ),
            _drawn_shapes,
        ),
        "types": PartInputs(
            (
                given(digits(2, 3), np.array([[0.5, 0.25]])),
                given(digits(3, 2).astype(np.float32), np.array([[0.5], [1.5]], np.float32)),
                given(np.array([[0.1, -0.2, 0.7], [0.4, 0.9, 0.3]]), np.array([[1.0, 3.0]])),
                given(signed(digits(2, 3)) / 1e9, np.array([[2, -3]])),
                given(signed(digits(2, 3)), np.array([[2e-9, -3e-9]])),
            ),
            _drawn_types,
        ),
        "refuse": PartInputs(
            (
                given(digits(2, 4), np.ones((3, 2), int)),
                given(digits(4, 2), np.ones((2, 3), int)),
                given(digits(2, 3), primes(2, 3)),
            ),
            _drawn_refusals,
        ),
    },
    "conv2d_loops": {
        "channels": PartInputs(
            (_shown(Geometry(1, 3, 3, 3, 1, 2, 2)), SPELLED),
            _drawn_layers(
                Geometry(1, 3, 5, 6, 1, 2, 3),
                kinds=("int", "float32"),
                n=1,
                f=1,
            ),
        ),
        "filters": PartInputs(
            (
                _shown(Geometry(1, 2, 3, 3, 3, 2, 2)),
                _shown(Geometry(1, 1, 2, 3, 2, 1, 2), b=np.array([0.5, -0.125])),
            ),
            _drawn_layers(Geometry(1, 2, 4, 5, 5, 3, 2), kinds=("int",), n=1),
        ),
        "batch": PartInputs(
            (_shown(Geometry(3, 2, 3, 4, 4, 2, 2)), _shown(Geometry(3, 1, 4, 3, 2, 2, 2))),
            _drawn_layers(G2, Geometry(4, 1, 5, 4, 2, 2, 3), kinds=("float32",)),
        ),
        "stride": PartInputs(
            (
                _shown(Geometry(1, 1, 5, 5, 1, 3, 3, 2)),
                _shown(Geometry(1, 2, 6, 5, 1, 3, 2, 2)),
                _shown(Geometry(1, 1, 4, 7, 1, 2, 3, (1, 3))),
                _shown(Geometry(1, 1, 7, 8, 1, 1, 2, (3, 2))),
                _shown(Geometry(1, 1, 2, 7, 1, 2, 1, (1, 3))),
            ),
            _drawn_layers(
                Geometry(2, 1, 7, 6, 3, 3, 2, 3),
                Geometry(2, 3, 7, 6, 1, 2, 3, (3, 2)),
                stride=(2, 1),
            ),
        ),
        "padding": PartInputs(
            (
                _shown(Geometry(1, 1, 2, 3, 1, 2, 2, 1, 1)),
                _shown(Geometry(1, 2, 3, 2, 1, 3, 2, 1, (1, 0))),
                _shown(Geometry(1, 1, 2, 2, 1, 3, 3, 1, (1, 2))),
                _shown(Geometry(1, 1, 1, 2, 1, 1, 1, 1, (2, 3))),
                # Padded, it has the shape of the very first image: what is kept of it shows.
                _shown(Geometry(1, 3, 1, 3, 1, 2, 2, 1, (1, 0))),
            ),
            _drawn_layers(
                Geometry(1, 3, 3, 6, 1, 2, 3, 1, (1, 0)),
                Geometry(2, 3, 4, 5, 1, 3, 2, 1, 1),
                Geometry(3, 1, 5, 4, 2, 2, 3, 1, (0, 2)),
                padding=2,
            ),
        ),
        "geometry": PartInputs(
            (
                _shown(Geometry(2, 3, 4, 5, 2, 2, 1, (3, 1), (2, 0))),
                _shown(Geometry(1, 1, 5, 3, 1, 3, 2, (1, 2), (2, 1))),
                # Numbers so small that every type but float64 loses them, in one argument alone.
                _shown(Geometry(1, 1, 2, 3, 1, 1, 2), x=1e9, b=np.array([0])),
                _shown(Geometry(1, 1, 2, 3, 1, 1, 2), w=1e9, b=np.array([0])),
                _shown(Geometry(1, 1, 2, 3, 2, 1, 2), x=1e9, b=np.array([3e-9, -7e-9])),
            ),
            _drawn_geometries,
        ),
    },
}
