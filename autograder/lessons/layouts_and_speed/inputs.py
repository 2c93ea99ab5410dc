"""Lesson 11: the inputs that are shown and those that are withheld."""

import numpy as np

from autograder import reference
from autograder.lessons.backward_loops.inputs import PLACES
from autograder.lessons.draws import (
    G1,
    G2,
    G3_PLAIN,
    Geometry,
    array,
    digits,
    place_values,
    plain,
    primes,
    some_geometry,
)
from autograder.lessons.inputs import Inputs, PartInputs, given

# An image of 30 by 30 pixels with 3 channels that holds its own flat indices.
FLAT = np.arange(30 * 30 * 3).reshape(1, 30, 30, 3)

COMPUTED = {
    "flat_place": lambda: int(reference.im2col_nhwc(FLAT, 1)[0, 1, 30 * 2 + 5]),
    "window_start": lambda: int(reference.im2col_nhwc(FLAT, 3)[0, 0, 28]),
    # The word that the lesson's list has for the given backward: its dx does not turn the kernel.
    "bug_in_backward": lambda: "kernel",
}


def _x(g):
    return g.n, g.h, g.w, g.c


def _w(g):
    return g.f, g.kh * g.kw * g.c


def _dy(g):
    n, f, oh, ow = g.y_shape
    return n, oh, ow, f


def _settings(g):
    return g.kh if g.kh == g.kw else (g.kh, g.kw), *plain(g)


def _columns_case(x, g):
    kernel, stride, _ = _settings(g)
    return given(x, kernel, stride)


def _drawn_columns(*geometries, kinds=(), **fixed):
    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **fixed) for _ in range(2))]
        cases = [_columns_case(array(rng, _x(g)), g) for g in drawn]
        g = drawn[0]
        return cases + [_columns_case(array(rng, _x(g), kind), g) for kind in kinds]

    return draw


def _forward_case(rng, g, kind="float64"):
    arrays = array(rng, _x(g), kind), array(rng, _w(g), kind), array(rng, (g.f,), kind)
    return given(*arrays, *_settings(g))


def _backward_case(rng, g, kind="float64", how="call"):
    arrays = array(rng, _dy(g), kind), array(rng, _x(g), kind), array(rng, _w(g), kind)
    return given(*arrays, *_settings(g), how=how)


def _drawn(case, *geometries, kinds=("int", "float32"), **options):
    fixed = {key: options.pop(key) for key in list(options) if key != "how"}

    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **fixed) for _ in range(2))]
        cases = [case(rng, g, **options) for g in drawn]
        return cases + [case(rng, drawn[0], kind, **options) for kind in kinds]

    return draw


def _shown(g, scale=1):
    b = 100 * np.arange(1, g.f + 1)
    return given(np.round(digits(*_x(g)) * scale, 1), primes(*_w(g)), b, *_settings(g))


def _shown_back(g, how="call", scale=1):
    dy = place_values(_dy(g)) if np.prod(_dy(g)) <= 4 else primes(*_dy(g))[:, :, ::-1]
    dy = np.round(dy * scale, 1)
    return given(dy, digits(*_x(g)), primes(*_w(g)), *_settings(g), how=how)


def _one_gradient(how):
    return PartInputs(
        (
            _shown_back(Geometry(1, 1, 3, 3, 1, 2, 2), how),
            _shown_back(Geometry(1, 2, 3, 2, 1, 2, 1), how),
            _shown_back(Geometry(2, 2, 3, 3, 3, 2, 3), how, 0.1),
        ),
        _drawn(_backward_case, G2, Geometry(2, 3, 4, 5, 1, 3, 2), how=how),
    )


_VALUE = Inputs((), "value")

INPUTS = {
    **{name: {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])} for name in COMPUTED},
    "im2col_nhwc": {
        "values": PartInputs(
            (
                given(np.arange(24).reshape(1, 2, 4, 3), 2),
                given(np.round(digits(1, 3, 3, 1) * 0.1, 1), 2),
                given(digits(1, 2, 3, 2), (1, 2)),
            ),
            _drawn_columns(
                Geometry(1, 3, 4, 6, 1, 2, 3),
                Geometry(1, 2, 5, 4, 1, 3, 2),
                kinds=("int", "float32"),
                n=1,
                c=3,
            ),
        ),
        "batch": PartInputs(
            # Windows overlap: of others a reshape may be a view, and no fault of the learner's.
            (given(digits(2, 2, 3, 2), (1, 2)), given(digits(3, 2, 2, 2), (2, 1))),
            _drawn_columns(G2, Geometry(2, 3, 4, 5, 1, 2, 2), Geometry(4, 2, 3, 4, 1, 2, 1), c=2),
        ),
        "geometry": PartInputs(
            (
                given(digits(1, 5, 3, 2), (2, 1), (3, 2)),
                given(digits(2, 2, 5, 1), (1, 2), (1, 2)),
                given(digits(1, 3, 4, 2), 2, 2),
            ),
            _drawn_columns(
                Geometry(2, 3, 6, 8, 1, 3, 2, 2),
                Geometry(3, 2, 5, 7, 1, 2, 3, (1, 3)),
                Geometry(1, 4, 7, 5, 1, 1, 3, (3, 2)),
                stride=(2, 1),
            ),
        ),
    },
    "conv2d_nhwc": {
        "values": PartInputs(
            (
                _shown(Geometry(1, 2, 3, 3, 2, 2, 2)),
                _shown(Geometry(2, 3, 2, 2, 2, 2, 1)),
                _shown(Geometry(1, 3, 2, 3, 2, 2, 3), 0.1),
            ),
            _drawn(_forward_case, G2, Geometry(2, 3, 4, 5, 1, 2, 3), Geometry(1, 2, 5, 4, 3, 3, 2)),
        ),
        "geometry": PartInputs(
            (
                _shown(Geometry(1, 1, 5, 4, 1, 2, 3, (2, 1), (1, 0))),
                _shown(Geometry(1, 2, 4, 6, 1, 3, 2, 2, 1)),
                _shown(Geometry(2, 1, 3, 6, 2, 2, 2, (1, 3), (0, 1))),
            ),
            _drawn(_forward_case, G1, G2, G3_PLAIN, stride=(1, 2), padding=(2, 1)),
        ),
    },
    "conv2d_backward_nhwc": {
        **{part: _one_gradient(how) for part, how in PLACES.items()},
        "geometry": PartInputs(
            (
                _shown_back(Geometry(1, 1, 3, 5, 1, 3, 3, 2)),
                _shown_back(Geometry(1, 1, 4, 4, 1, 3, 2, 2, 1)),
                _shown_back(Geometry(1, 2, 3, 4, 2, 2, 3, (2, 1), (1, 0))),
                _shown_back(Geometry(1, 1, 2, 6, 1, 1, 2, (1, 3), (0, 1))),
                _shown_back(Geometry(1, 1, 5, 4, 1, 2, 2, 3)),
            ),
            _drawn(_backward_case, G1, G2, G3_PLAIN, stride=(2, 3), padding=(1, 2)),
        ),
    },
}
