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


# Long on one axis, where stride and dilation act; one axis differs from the other in all of it.
WIDE = Geometry(1, 2, 2, 9, 1, 1, 3, (1, 2), 0, (1, 3))
HIGH = Geometry(2, 1, 9, 2, 1, 3, 1, (2, 1), 0, (3, 1))


def cut(g: Geometry) -> tuple:
    """Return the settings that decide where windows lie; defaults at their end are left out."""
    kernel = g.kh if g.kh == g.kw else (g.kh, g.kw)
    return kernel, *shortened((g.stride, g.padding, g.dilation), (1, 0, 1))


def shortened(settings: tuple, defaults: tuple) -> tuple:
    """Leave out those settings at the end that are their defaults."""
    while settings and settings[-1] == defaults[len(settings) - 1]:
        settings = settings[:-1]
    return settings


def _plain(g: Geometry) -> tuple:
    return shortened(plain(g), (1, 0))


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


def _drawn_layers(*geometries, kinds=(), alone=False, **settings):
    """Return a drawing of layers; `alone` adds three, in which one array holds fractions each."""

    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **settings) for _ in range(2))]
        cases = [given(*forward_arrays(rng, g), *_plain(g)) for g in drawn]
        first = drawn[0]
        cases += [given(*forward_arrays(rng, first, k), *_plain(first)) for k in kinds]
        for place in range(3) if alone else ():
            arrays = list(forward_arrays(rng, first, "int"))
            arrays[place] = array(rng, arrays[place].shape)
            cases.append(given(*arrays, *_plain(first)))
        return cases

    return draw


# Signs differ, float32 holds none but the halves, and the smallest is lost by rounding.
FINE = np.array([[0.1, -2.5, 0.3], [-3e-9, 0.7, -0.9]])


def _signed(*shape):
    """Return digits from -4 to 5."""
    return digits(*shape) - 4


def _shown_layer(g):
    b = 100 * np.arange(1, g.f + 1) * (-1) ** np.arange(g.f)
    return given(_signed(*g.x_shape), primes(*g.w_shape), b, *_plain(g))


def _shown_columns(g):
    return given(_signed(*g.x_shape), *cut(g))


_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

X23, W2, B2 = _signed(1, 1, 2, 3), primes(2, 1, 1, 2), np.array([10, -20])

INPUTS = {
    **dict.fromkeys(PREDICTIONS, _PREDICTED),
    "im2col": {
        "patches": PartInputs(
            (
                given(IMAGE, 2, 1, 1),
                given(_signed(1, 1, 4, 4), 2, 1, 1),
                given(FINE.reshape(1, 1, 2, 3), 2),
                _shown_columns(Geometry(1, 1, 3, 3, 1, 2, 3)),
                given(1000 * digits(1, 1, 2, 3), 2),  # too large for int8
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
                _shown_columns(Geometry(3, 2, 3, 3, 1, 2, 1)),
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
                _shown_columns(Geometry(2, 1, 8, 2, 1, 2, 3, (3, 1), (0, 1))),
                _shown_columns(Geometry(1, 2, 3, 10, 1, 2, 2, (1, 3), (1, 0), (1, 2))),
                _shown_columns(Geometry(1, 1, 6, 4, 1, 3, 2, 1, 0, (2, 1))),
                _shown_columns(WIDE),
                _shown_columns(HIGH),
            ),
            _drawn_columns(*LAYERS, kinds=("float32",), stride=(1, 2), padding=(2, 1)),
        ),
    },
    "conv2d_im2col": {
        "filters": PartInputs(
            (
                _shown_layer(Geometry(1, 2, 3, 3, 3, 2, 2)),
                given(
                    _signed(1, 2, 3, 3)[..., ::-1],
                    primes(3, 2, 2, 2)[::-1],
                    np.array([-30, 50, 70]),
                ),
                given(FINE.reshape(1, 1, 2, 3), W2, B2),
                given(X23, FINE[:, :2].reshape(2, 1, 1, 2), B2),
                given(X23, W2, np.array([-3e-9, 0.1])),
                given(FINE.reshape(1, 1, 2, 3), FINE[:, 1:].reshape(2, 1, 1, 2), FINE[:, 0]),
            ),
            _drawn_layers(
                Geometry(1, 3, 5, 6, 2, 2, 3),
                Geometry(1, 2, 4, 5, 5, 3, 2),
                kinds=("int", "float32"),
                alone=True,
                n=1,
            ),
        ),
        "batch": PartInputs(
            (
                given(P3_X, P3_W, np.array([0, 0])),
                _shown_layer(Geometry(3, 2, 3, 3, 4, 2, 1)),
                _shown_layer(Geometry(3, 1, 2, 3, 1, 2, 2)),
            ),
            _drawn_layers(
                G2,
                Geometry(3, 2, 4, 4, 1, 2, 3),
                Geometry(3, 1, 4, 5, 2, 2, 3),
                Geometry(2, 3, 4, 3, 4, 1, 2),
            ),
        ),
        "geometry": PartInputs(
            (
                _shown_layer(Geometry(2, 1, 4, 6, 3, 2, 3, (2, 1), (1, 0))),
                _shown_layer(Geometry(1, 2, 6, 5, 3, 3, 2, (1, 3), (0, 1))),
                _shown_layer(Geometry(1, 2, 4, 6, 1, 3, 2, 2, 1)),
            ),
            _drawn_layers(
                G1,
                G2,
                G3_PLAIN,
                Geometry(2, 3, 6, 5, 4, 2, 2, (2, 1), (0, 1)),
                kinds=("int",),
                stride=(1, 2),
                padding=(2, 1),
            ),
        ),
    },
    "im2col_indices": {
        "plain": PartInputs(
            (
                _where((1, 1, 3, 3), 2),
                _where((1, 1, 3, 4), 2),
                _where((1, 1, 2, 5), 2),
                _where((2, 1, 2, 3), (1, 2)),
            ),
            _drawn_indices(
                Geometry(2, 1, 4, 6, 1, 2, 3),
                Geometry(1, 1, 5, 4, 1, 3, 3),
                Geometry(1, 1, 1, 300, 1, 1, 2),  # more columns than a uint8 counts
                n=2,
                c=1,
            ),
        ),
        "channels": PartInputs(
            (_where((1, 3, 2, 3), 2), _where((2, 3, 4, 2), (2, 1))),
            _drawn_indices(Geometry(2, 3, 4, 5, 1, 2, 3), Geometry(1, 4, 5, 3, 1, 2, 2), c=4),
        ),
        "geometry": PartInputs(
            (
                _where((1, 2, 4, 5), (3, 2), 2, 1),
                _where((1, 1, 4, 4), (2, 3), (1, 2), (1, 0), (2, 1)),
                _where((1, 1, 5, 5), (2, 2), (2, 1), (0, 1), (1, 3)),
                _where((1, 1, 2, 2), 2, 1, (1, 2)),
                # The last one's image and kernel with other settings: what is kept of them shows.
                _where((1, 1, 2, 2), 2, 2, (1, 2)),
                _where((1, 1, 2, 2), 2, 1, 1),
            ),
            _drawn_indices(*LAYERS, stride=(2, 1), padding=(0, 1)),
        ),
    },
}
