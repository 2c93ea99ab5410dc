"""Lesson 08: the inputs that are shown and those that are withheld."""

import numpy as np

from autograder import reference
from autograder.lessons.draws import (
    G1,
    G2,
    G3,
    G3_PLAIN,
    Geometry,
    array,
    digits,
    forward_arrays,
    plain,
    primes,
    some_geometry,
)
from autograder.lessons.inputs import Inputs, PartInputs, given

IMAGE = np.arange(16).reshape(1, 1, 4, 4)
# P3: two constant images and two filters, whose maps a wrong reshape mixes.
P3_X = np.stack([np.full((1, 3, 3), 1), np.full((1, 3, 3), 10)])
P3_W = np.stack([np.full((1, 2, 2), 1), np.full((1, 2, 2), 2)])


def _row_eleven():
    """Read [c, u, v] off the indices of the first window."""
    return [int(index[11, 0]) for index in reference.im2col_indices((1, 3, 10, 10), 3)]


def _scrambled_map():
    """Reshape P3's product straight to (N, F, OH, OW)."""
    product = P3_W.reshape(2, 4) @ reference.im2col(P3_X, 2)
    return product.reshape(2, 2, 2, 2)[0, 0].ravel().tolist()


PREDICTIONS = {
    "fourth_patch": lambda: reference.im2col(IMAGE, 2, padding=1)[:, 3].tolist(),
    "row_eleven": _row_eleven,
    "columns_shape": lambda: list(reference.im2col(np.ones((5, 3, 10, 10)), 3, padding=1).shape),
    "scrambled_map": _scrambled_map,
}
# By loops, whose rounding is the same on every processor; that of a matrix product is not.
COMPUTED = {"conv2d_im2col": reference.conv2d_loops, **PREDICTIONS}

LAYERS = (
    G1,
    G2,
    G3,
    Geometry(2, 3, 7, 6, 1, 2, 3, (3, 2), (0, 1), (2, 1)),
    Geometry(1, 2, 6, 8, 1, 3, 2, 1, (2, 0), (1, 3)),
)


def cut(g: Geometry) -> tuple:
    """Return the settings that decide where windows lie."""
    kernel = g.kh if g.kh == g.kw else (g.kh, g.kw)
    return kernel, g.stride, g.padding, g.dilation


def _where(*args):
    return given(*args, how="indices")


def _drawn_indices(*geometries, **settings):
    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **settings) for _ in range(2))]
        return [_where(g.x_shape, *cut(g)) for g in drawn]

    return draw


def _drawn_columns(*geometries, kinds=(), **settings):
    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **settings) for _ in range(2))]
        cases = [given(array(rng, g.x_shape), *cut(g)) for g in drawn]
        first = drawn[0]
        return cases + [given(array(rng, first.x_shape, kind), *cut(first)) for kind in kinds]

    return draw


def _drawn_layers(*geometries, kinds=(), **settings):
    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **settings) for _ in range(2))]
        cases = [given(*forward_arrays(rng, g), *plain(g)) for g in drawn]
        return cases + [given(*forward_arrays(rng, drawn[0], k), *plain(drawn[0])) for k in kinds]

    return draw


def _shown_layer(g, scale=1):
    b = 100 * np.arange(1, g.f + 1)
    return given(np.round(digits(*g.x_shape) * scale, 1), primes(*g.w_shape), b, *plain(g))


def _shown_columns(g, scale=1):
    return given(np.round(digits(*g.x_shape) * scale, 1), *cut(g))


_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    **dict.fromkeys(PREDICTIONS, _PREDICTED),
    "im2col_indices": {
        "plain": PartInputs(
            (
                _where((1, 1, 3, 3), 2),
                _where((1, 1, 3, 4), 2),
                _where((2, 1, 2, 3), (1, 2)),
            ),
            _drawn_indices(Geometry(2, 1, 4, 6, 1, 2, 3), Geometry(1, 1, 5, 4, 1, 3, 3), n=2, c=1),
        ),
        "channels": PartInputs(
            (_where((1, 3, 2, 3), 2), _where((2, 2, 3, 2), (2, 1))),
            _drawn_indices(Geometry(2, 3, 4, 5, 1, 2, 3), c=4),
        ),
        "geometry": PartInputs(
            (
                _where((1, 2, 4, 5), (3, 2), 2, 1),
                _where((1, 1, 4, 4), (2, 3), (1, 2), (1, 0), (2, 1)),
                _where((1, 1, 3, 5), (2, 2), (2, 1), (0, 1), (1, 3)),
                _where((1, 1, 2, 2), 2, 1, (1, 2)),
            ),
            _drawn_indices(*LAYERS, stride=(2, 1), padding=(0, 1)),
        ),
    },
    "im2col": {
        "patches": PartInputs(
            (
                given(IMAGE, 2, 1, 1),
                _shown_columns(Geometry(1, 1, 3, 3, 1, 2, 2), 0.1),
                _shown_columns(Geometry(1, 1, 3, 4, 1, 2, 3)),
            ),
            _drawn_columns(
                Geometry(1, 1, 4, 5, 1, 2, 2, 1, 1),
                Geometry(1, 1, 5, 4, 1, 3, 2),
                kinds=("int", "float32"),
                n=1,
                c=1,
                kh=3,  # of a kernel one pixel wide a reshape may be a view
                kw=2,
            ),
        ),
        "channels": PartInputs(
            (
                _shown_columns(Geometry(1, 3, 2, 3, 1, 2, 2)),
                _shown_columns(Geometry(1, 2, 3, 2, 1, 2, 1)),
            ),
            _drawn_columns(Geometry(1, 3, 4, 5, 1, 2, 3), Geometry(1, 2, 5, 4, 1, 3, 1), n=1, c=3),
        ),
        "batch": PartInputs(
            (
                _shown_columns(Geometry(2, 1, 2, 3, 1, 1, 2)),
                _shown_columns(Geometry(3, 2, 2, 2, 1, 2, 1)),
            ),
            _drawn_columns(
                G2,
                Geometry(3, 1, 4, 5, 1, 2, 2, 1, 1),
                Geometry(4, 3, 3, 4, 1, 2, 3),
                kinds=("int",),
            ),
        ),
        "geometry": PartInputs(
            (
                _shown_columns(Geometry(2, 1, 3, 4, 1, 2, 3, (1, 2), (1, 0))),
                _shown_columns(Geometry(1, 2, 4, 4, 1, 2, 2, (2, 1), (0, 1), (1, 3))),
                _shown_columns(Geometry(1, 1, 5, 4, 1, 3, 2, 1, 0, (2, 1))),
            ),
            _drawn_columns(*LAYERS, kinds=("float32",), stride=(1, 2), padding=(2, 1)),
        ),
    },
    "conv2d_im2col": {
        "filters": PartInputs(
            (
                _shown_layer(Geometry(1, 2, 3, 3, 3, 2, 2)),
                given(
                    np.array([[[[0.1, 0.7, 0.3]]]]),
                    np.array([[[[1.0, 0.3]]], [[[0.9, 2.0]]]]),
                    np.array([0.1, 0.2]),
                ),
            ),
            _drawn_layers(
                Geometry(1, 3, 5, 6, 2, 2, 3),
                Geometry(1, 2, 4, 5, 5, 3, 2),
                kinds=("int", "float32"),
                n=1,
            ),
        ),
        "batch": PartInputs(
            (given(P3_X, P3_W, np.array([0, 0])), _shown_layer(Geometry(3, 2, 2, 3, 2, 2, 1))),
            _drawn_layers(G2, Geometry(3, 1, 4, 5, 2, 2, 3), Geometry(2, 3, 4, 3, 4, 1, 2)),
        ),
        "geometry": PartInputs(
            (
                _shown_layer(Geometry(2, 1, 3, 4, 2, 2, 3, (2, 1), (1, 0))),
                _shown_layer(Geometry(1, 2, 4, 6, 1, 3, 2, 2, 1)),
                _shown_layer(Geometry(1, 1, 3, 6, 2, 2, 2, (1, 3), (0, 1))),
            ),
            _drawn_layers(G1, G2, G3_PLAIN, kinds=("int",), stride=(1, 2), padding=(2, 1)),
        ),
    },
}
