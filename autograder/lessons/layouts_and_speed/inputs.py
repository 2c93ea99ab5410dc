"""Lesson 11: the inputs that are shown and those that are withheld."""

from dataclasses import replace

import numpy as np

from autograder import reference
from autograder.lessons.backward_loops.inputs import PLACES
from autograder.lessons.draws import (
    G1,
    G2,
    G3_PLAIN,
    Geometry,
    array,
    defaults_left_out,
    digits,
    fine,
    place_values,
    plain,
    primes,
    signed,
    some_geometry,
    weights,
)
from autograder.lessons.inputs import Inputs, PartInputs, given

# An image of 30 by 30 pixels with 3 channels that holds its own flat indices.
FLAT = np.arange(30 * 30 * 3).reshape(1, 30, 30, 3)


def _entry_of_the_first_round():
    """Find which entry of a 3 by 2 kernel sends a dy to the pixel that it has the place of in D."""
    dx, _, _ = reference.conv2d_backward_nhwc(
        np.ones((1, 1, 1, 1), int), np.zeros((1, 3, 2, 1)), np.arange(6).reshape(1, 6), (3, 2)
    )
    return divmod(int(dx[0, 2, 1, 0]), 2)


ONE_ROW, TWO_ROWS = (Geometry(1, 1, 3, 2, 1, 1, 1, s) for s in ((3, 1), 2))
EDGES = (
    Geometry(3, 1, 2, 2, 1, 2, 2),
    Geometry(1, 1, 5, 5, 1, 3, 3),
    Geometry(1, 1, 3, 2, 1, 2, 1),
)
# Larger settings down than across, but for the padding.
DOWN = Geometry(2, 3, 5, 6, 4, 3, 2, (2, 1), (0, 1))
# A buffer that is kept shows in the second: shapes alike, the stride another.
ALL = G1, replace(G1, stride=1), G2, G3_PLAIN, DOWN

COMPUTED = {
    "flat_place": lambda: int(reference.im2col_nhwc(FLAT, 1)[0, 1, 30 * 2 + 5]),
    "window_start": lambda: int(reference.im2col_nhwc(FLAT, 3)[0, 0, 28]),
    "bug_in_backward": _entry_of_the_first_round,
}


def _x(g):
    return g.n, g.h, g.w, g.c


def _w(g):
    return g.f, g.kh * g.kw * g.c


def _dy(g):
    n, f, oh, ow = g.y_shape
    return n, oh, ow, f


def _settings(g):
    """Return kernel_size, stride and padding; defaults at the end are left out."""
    kernel = g.kh if g.kh == g.kw else (g.kh, g.kw)
    return defaults_left_out((kernel, *plain(g)), 1, 0)


def _columns_case(x, g):
    return given(x, *_settings(g)[:2])


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


def _alone(shapes, fractions):
    """Draw a case in which one array holds fractions, and the others whole numbers."""

    def draw(rng, g, **how):
        kinds = ("float64" if place == fractions else "int" for place in range(3))
        arrays = (array(rng, shape(g), kind) for shape, kind in zip(shapes, kinds, strict=True))
        return given(*arrays, *_settings(g), **how)

    return draw


def _shown(g, fractions="", back=False):
    arrays = {
        "x": digits(*_x(g)) - 4,
        "w": weights(*_w(g)),
        "b": signed(100 * np.arange(1, g.f + 1)),
    }
    if fractions:  # beside large numbers rounding would not show
        arrays["b"] = arrays["b"] // 100
        arrays[fractions] = fine(arrays[fractions])
    arrays = map(np.flip, arrays.values()) if back else arrays.values()
    return given(*arrays, *_settings(g))


def _shown_back(g, how="call", fractions="", back=False):
    few = np.prod(_dy(g)) <= 4
    arrays = {
        "dy": place_values(_dy(g)) if few else signed(primes(*_dy(g))[:, :, ::-1]),
        "x": digits(*_x(g)) - 4,
        "w": weights(*_w(g)),
    }
    if fractions:
        arrays[fractions] = fine(arrays[fractions])
    arrays = map(np.flip, arrays.values()) if back else arrays.values()
    return given(*arrays, *_settings(g), how=how)


def _one_gradient(how, partner):
    """Try one gradient: the worked example, then dy and its partner in it with fractions."""
    drawn = _drawn(_backward_case, G2, Geometry(2, 3, 4, 5, 1, 3, 2), how=how)
    shapes = (_dy, _x, _w)
    alone = [_drawn(_alone(shapes, k), G2, kinds=(), how=how) for k in range(3)]
    return PartInputs(
        (
            given(*WORKED, 2, how=how),
            _shown_back(Geometry(2, 3, 3, 2, 4, 2, 2), how, "dy"),
            _shown_back(Geometry(2, 3, 3, 2, 4, 2, 2), how, partner),
        ),
        lambda rng: [*drawn(rng), *(case for more in alone for case in more(rng))],
    )


WORKED = place_values((1, 2, 2, 1)), np.arange(1, 10).reshape(1, 3, 3, 1), np.array([[1, 2, 3, 4]])

# Beside a bias as small as this, every type but float64 shows.
TINY = (digits(1, 1, 3, 1) - 4) / 1e9

_VALUE = Inputs((), "value")


def _with_fractions(rng):
    geometries = G2, Geometry(2, 3, 4, 5, 1, 2, 3), Geometry(1, 2, 5, 4, 3, 3, 2)
    cases = _drawn(_forward_case, *geometries)(rng)
    shapes = (_x, _w, lambda g: (g.f,))
    return cases + [_alone(shapes, k)(rng, some_geometry(rng)) for k in range(3)]


INPUTS = {
    **{name: {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])} for name in COMPUTED},
    "im2col_nhwc": {
        "values": PartInputs(
            (
                given(np.arange(24).reshape(1, 2, 4, 3), 2),
                given(fine(digits(1, 3, 4, 1) - 4), 2),
                given(fine(4 - digits(1, 3, 4, 1)), 2),
                given(digits(1, 4, 3, 2) - 4, (1, 2)),
            ),
            _drawn_columns(
                Geometry(1, 3, 4, 6, 1, 2, 3),
                Geometry(1, 3, 4, 6, 1, 2, 3),
                Geometry(1, 2, 5, 4, 1, 3, 2),
                kinds=("int", "float32"),
                n=1,
                c=3,
            ),
        ),
        "batch": PartInputs(
            # Windows overlap: of others a reshape may be a view, and no fault of the learner's.
            (given(digits(2, 2, 3, 3) - 4, (1, 2)), given(fine(digits(3, 3, 2, 2) - 4), (2, 1))),
            _drawn_columns(G2, Geometry(2, 3, 4, 5, 1, 2, 2), Geometry(4, 2, 3, 4, 1, 2, 1), c=2),
        ),
        "geometry": PartInputs(
            (
                given(digits(1, 5, 3, 2) - 4, (2, 1), (3, 2)),
                given(digits(1, 3, 7, 1) - 4, (2, 1), (2, 3)),
                given(digits(2, 2, 5, 1) - 4, (1, 2), (1, 2)),
                given(digits(1, 3, 4, 2) - 4, 2, 2),
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
                _shown(Geometry(1, 2, 3, 3, 3, 2, 2)),
                _shown(Geometry(1, 2, 3, 3, 3, 2, 2), back=True),
                _shown(Geometry(1, 2, 4, 3, 3, 2, 2), "b"),
                _shown(Geometry(1, 2, 4, 3, 3, 2, 2), "x"),
                _shown(Geometry(2, 3, 2, 3, 4, 1, 1), "w"),
                given(TINY, np.array([[2, 3], [5, -7]]), np.array([3e-9, -7e-9]), (1, 2)),
            ),
            _with_fractions,
        ),
        "geometry": PartInputs(
            (
                _shown(Geometry(1, 1, 5, 4, 1, 2, 3, (2, 1), (1, 0))),
                _shown(Geometry(1, 2, 4, 6, 1, 3, 2, 2, 1)),
                _shown(Geometry(2, 1, 3, 6, 2, 2, 2, (1, 3), (0, 1))),
            ),
            _drawn(_forward_case, G1, G2, G3_PLAIN, DOWN, stride=(1, 2), padding=(2, 1)),
        ),
    },
    "conv2d_backward_nhwc": {
        **{
            part: _one_gradient(how, partner)
            for (part, how), partner in zip(PLACES.items(), ("w", "x", "dy"), strict=True)
        },
        "geometry": PartInputs(
            (
                _shown_back(Geometry(1, 1, 3, 5, 1, 2, 3, (1, 2))),
                _shown_back(Geometry(1, 1, 4, 4, 1, 3, 2, 2, 1)),
                _shown_back(Geometry(1, 2, 5, 3, 2, 2, 2, (2, 1), (1, 0))),
                _shown_back(Geometry(1, 1, 2, 7, 2, 1, 2, (1, 3), (0, 1))),
                _shown_back(Geometry(1, 1, 5, 4, 1, 2, 2, 3)),
                _shown_back(Geometry(1, 1, 5, 4, 1, 2, 2, 2)),
                # More images than windows, many windows, a kernel of one column.
                *map(_shown_back, EDGES),
                # As many windows on as large an image, at other places.
                _shown_back(ONE_ROW),
                _shown_back(TWO_ROWS, back=True),
            ),
            _drawn(
                _backward_case,
                G1,
                replace(G1, stride=1),
                G2,
                G3_PLAIN,
                DOWN,
                ONE_ROW,
                TWO_ROWS,
                stride=(2, 3),
                padding=(1, 2),
            ),
        ),
    },
}
