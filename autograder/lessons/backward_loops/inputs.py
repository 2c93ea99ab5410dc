"""Lesson 06: the inputs that are shown and those that are withheld."""

import numpy as np

from autograder import reference
from autograder.lessons.draws import (
    G1,
    G2,
    G3_PLAIN,
    Geometry,
    array,
    backward_arrays,
    defaults_left_out,
    digits,
    one_apart,
    place_values,
    plain,
    signed,
    some_geometry,
    weights,
)
from autograder.lessons.inputs import Inputs, PartInputs, given

EDGES = (
    Geometry(1, 1, 5, 1, 1, 3, 3, 1, (0, 1)),
    Geometry(3, 1, 2, 2, 1, 2, 2),
    Geometry(1, 1, 1, 1, 1, 2, 2, 1, 2),
)
# What multiplies or divides by an entry shows where that is 0.
ZEROS = given(np.array([[[[0, 2]]]]), np.array([[[[0, 3, -1]]]]), np.array([[[[0, 4]]]]))
PLACES = {"dx": "first of three", "dw": "second of three", "db": "third of three"}
SMALL = {"dx": ("dy", "w"), "dw": ("dy", "x"), "db": ("dy",)}  # arguments that decide a gradient


def _layer(arrays, g: Geometry, how: str = "call"):
    return given(*defaults_left_out((*arrays, *plain(g)), 1, 0), how=how)


def _shown_arrays(g: Geometry, small: str = "", back: bool = False) -> dict:
    """Return dy, x and w: place values coming back, digits of pi and small primes, with signs.

    The one that `small` names is divided by 1e9; with `back` all are read backwards.
    """
    few = np.prod(g.y_shape) <= 4
    dy = signed(place_values(g.y_shape)) if few else weights(*g.y_shape)[..., ::-1]
    arrays = {"dy": dy, "x": signed(digits(*g.x_shape)), "w": weights(*g.w_shape)}
    arrays = {name: np.flip(a) if back else a for name, a in arrays.items()}
    return {name: a / 1e9 if name == small else a for name, a in arrays.items()}


def shown_layer(g: Geometry, how: str = "call", small: str = "", back: bool = False):
    """Return a backward pass on `_shown_arrays`."""
    return _layer(_shown_arrays(g, small, back).values(), g, how)


P2 = (np.array([[[[1, 10], [100, 1000]]]]), np.arange(1, 10).reshape(1, 1, 3, 3))
P2_W = np.array([[[[1, 2], [3, 4]]]])


def _batch_bias_gradient():
    """Send P2's dy, and twice it, back from two images."""
    dy, x = P2
    two = np.concatenate([dy, 2 * dy]), np.concatenate([x, x])
    return int(reference.conv2d_backward_loops(*two, P2_W)[2][0])


def _middle(kernel):
    return int(reference.grad_x_as_convolution(P2[0], kernel, (1, 1, 3, 3))[0, 0, 1, 1])


COMPUTED = {
    "centre_gradient": lambda: _middle(P2_W),
    "batch_bias_gradient": _batch_bias_gradient,
    "flipped_twice": lambda: _middle(P2_W[..., ::-1, ::-1]),
    "dilated_size": lambda: list(reference.dilate2d(np.ones((1, 1, 3, 2)), (2, 3)).shape[2:]),
}


def drawn_backwards(*geometries, how="call", kinds=("int", "float32"), **settings):
    """Return a drawing of these layers and of two random ones with these settings."""

    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **settings) for _ in range(2))]
        cases = [_layer(backward_arrays(rng, g), g, how) for g in drawn]
        first = drawn[0]
        cases += [_layer(backward_arrays(rng, first, kind), first, how) for kind in kinds]
        mixed = one_apart(rng, first.y_shape, first.x_shape, first.w_shape)
        return cases + [_layer(arrays, first, how) for arrays in mixed]

    return draw


def backward_inputs() -> dict[str, PartInputs]:
    """Return the parts of an exercise that takes (dy, x, w, stride, padding)."""
    single = {
        part: PartInputs(
            (
                given(*P2, P2_W, 1, 0, how=how),
                shown_layer(Geometry(1, 2, 3, 3, 1, 2, 2), how),
                shown_layer(Geometry(2, 1, 2, 3, 3, 1, 2), how),
                # Numbers so small that every type but float64 loses them, in one argument alone.
                *(
                    shown_layer(Geometry(2, 1, 2, 3, 3, 1, 2), how, small, back=True)
                    for small in SMALL[part]
                ),
            ),
            drawn_backwards(
                G2, Geometry(2, 3, 4, 5, 2, 3, 2), Geometry(1, 2, 5, 5, 3, 3, 3), how=how
            ),
        )
        for part, how in PLACES.items()
    }
    return single | {
        "stride": PartInputs(
            (
                shown_layer(Geometry(1, 1, 3, 5, 1, 3, 3, 2)),
                shown_layer(Geometry(1, 1, 2, 3, 1, 2, 2, 1, 1)),
                # Padded, it has the shape of the very first image: what is kept of it shows.
                shown_layer(Geometry(1, 1, 1, 3, 1, 2, 2, 1, (1, 0))),
                shown_layer(Geometry(1, 1, 3, 3, 2, 3, 2, (2, 1), (1, 0))),
                shown_layer(Geometry(1, 1, 2, 4, 1, 1, 3, (1, 3), (0, 1))),
                shown_layer(Geometry(1, 1, 7, 1, 1, 1, 1, (3, 1))),
                shown_layer(Geometry(1, 1, 1, 7, 1, 1, 1, (1, 3))),
                # Four windows over one pixel.
                shown_layer(Geometry(1, 1, 1, 7, 1, 1, 4)),
                shown_layer(Geometry(1, 1, 7, 1, 1, 4, 1)),
            ),
            drawn_backwards(
                G1,
                Geometry(2, 1, 5, 7, 3, 3, 1, 2),
                Geometry(1, 2, 7, 8, 2, 4, 4),
                Geometry(1, 3, 4, 5, 2, 2, 3, 1, (0, 2)),
                kinds=("float32",),
                stride=(2, 1),
                padding=(1, 2),
            ),
        ),
        "remainder": PartInputs(
            (
                shown_layer(Geometry(1, 1, 4, 4, 1, 3, 3, 2)),
                shown_layer(Geometry(1, 1, 2, 6, 1, 2, 2, (1, 3))),
                shown_layer(Geometry(1, 1, 3, 3, 1, 2, 2, 3, (1, 0))),
            ),
            drawn_backwards(
                Geometry(2, 3, 6, 7, 1, 3, 2, 2),
                Geometry(1, 2, 7, 6, 3, 2, 3, 4, 1),
                Geometry(3, 1, 5, 8, 2, 1, 3, (3, 4)),
                kinds=("int",),
                stride=3,
            ),
        ),
        "geometry": PartInputs(
            (
                shown_layer(Geometry(2, 3, 3, 5, 4, 2, 3, (3, 1), (2, 0))),
                shown_layer(Geometry(1, 2, 5, 3, 1, 3, 2, (1, 2), (0, 1))),
                # A kernel wider than the image, more images than windows, an image of one pixel.
                *map(shown_layer, EDGES),
                ZEROS,
            ),
            drawn_backwards(G1, G2, G3_PLAIN, *EDGES, stride=(1, 2), padding=(2, 1)),
        ),
    }


def _shown_stretch(dy, *strides):
    return tuple(given(dy, stride) for stride in strides)


def _drawn_stretches(*strides):
    def draw(rng):
        shapes = ((2, 3, 3, 2), (1, 2, 1, 4), (3, 1, 2, 3), (1, 2, 3, 1))
        cases = [given(array(rng, shape), s) for shape in shapes for s in strides]
        cases[-1].args[0][0, :, 0] = 0
        extra = array(rng, (2, 1, 2, 3), "int"), array(rng, (1, 2, 3, 2), "float32")
        fewer_gaps = given(array(rng, (2, 3, 5, 2)), (1, 2))
        return [*cases, fewer_gaps, *(given(dy, strides[0]) for dy in extra)]

    return draw


def _dx(arrays, g):
    dy, w = arrays
    return given(*defaults_left_out((dy, w, g.x_shape, *plain(g)), 1, 0))


def _shown_dx(g, small="", back=False):
    arrays = _shown_arrays(g, small, back)
    return _dx((arrays["dy"], arrays["w"]), g)


def _drawn_dx(*geometries, **settings):
    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **settings) for _ in range(2))]
        first = drawn[0]
        kinds = [(g, "float64") for g in drawn] + [(first, "int"), (first, "float32")]
        arrays = [(backward_arrays(rng, g, kind)[::2], g) for g, kind in kinds]
        arrays += [(both, first) for both in one_apart(rng, first.y_shape, first.w_shape)]
        return [_dx(*pair) for pair in arrays]

    return draw


_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    **dict.fromkeys(COMPUTED, _PREDICTED),
    "conv2d_backward_loops": backward_inputs(),
    "dilate2d": {
        "values": PartInputs(
            (
                given(np.array([[[[1, 2], [3, 4], [5, 6]]]]), 2),
                *_shown_stretch(np.array([[[[-6, 5, 4], [3, -2, 1]]]]), 2, 3),
                given(np.array([[[[0.5]], [[1.5]]]]), 2),
                given(signed(digits(2, 3, 3, 2)) / 1e9, 2),
                given(digits(2, 1, 2, 2), 2),
                # A first entry of 0, then a result of the same shape.
                given(np.array([[[[0.0, 3.0]]]]), 2),
                given(np.array([[[[5.0, 7.0]]]]), 2),
                given(np.array([[[[0.0], [3.0]]]]), 2),
            ),
            _drawn_stretches(2, 3, 4),
        ),
        "pairs": PartInputs(
            (
                *_shown_stretch(np.array([[[[1, 2, 3], [4, 5, 6]]]]), (1, 3), (2, 1), 1),
                given(np.array([[[[1, 2, 3], [4, 5, 6]]]]), (3, 2)),
                # As large as the very first one, with fewer gaps: what is kept of it shows.
                given(digits(1, 1, 5, 2), (1, 2)),
            ),
            _drawn_stretches((1, 2), (3, 1), (2, 3), 1, (1, 1)),
        ),
    },
    "grad_x_as_convolution": {
        "plain": PartInputs(
            (
                given(P2[0], P2_W, (1, 1, 3, 3), 1, 0),
                _shown_dx(Geometry(1, 2, 4, 3, 1, 3, 2)),
                _shown_dx(Geometry(2, 1, 2, 3, 3, 1, 2)),
                # Numbers so small that every type but float64 loses them, in one argument alone.
                _shown_dx(Geometry(2, 1, 2, 3, 3, 2, 2), "dy", back=True),
                _shown_dx(Geometry(2, 1, 3, 2, 3, 2, 2), "w", back=True),
            ),
            _drawn_dx(G2, Geometry(2, 3, 4, 5, 2, 3, 2), Geometry(1, 2, 5, 5, 3, 3, 3)),
        ),
        "padding": PartInputs(
            (
                _shown_dx(Geometry(1, 1, 2, 3, 1, 2, 2, 1, 1)),
                _shown_dx(Geometry(1, 1, 3, 2, 1, 2, 3, 1, (0, 1))),
                _shown_dx(Geometry(1, 1, 2, 2, 1, 1, 2, 1, (2, 1))),
                _shown_dx(Geometry(1, 1, 1, 1, 1, 2, 1, 1, (3, 4))),
                _shown_dx(Geometry(1, 1, 1, 2, 1, 3, 2, 1, (1, 0))),
            ),
            _drawn_dx(
                Geometry(2, 3, 4, 5, 1, 3, 2, 1, 1),
                Geometry(1, 2, 5, 4, 3, 2, 3, 1, (0, 2)),
                Geometry(1, 2, 3, 4, 3, 2, 1, 1, 3),
                Geometry(2, 2, 1, 1, 1, 2, 1, 1, (3, 4)),
                Geometry(2, 2, 1, 3, 1, 3, 2, 1, 1),
                Geometry(3, 1, 2, 3, 2, 2, 3),
                padding=(2, 1),
            ),
        ),
        "stride": PartInputs(
            (
                # Its map is as large as the very first one: what is kept of that shows.
                _shown_dx(Geometry(1, 1, 3, 3, 1, 2, 2, 2)),
                _shown_dx(Geometry(1, 1, 3, 5, 1, 3, 3, 2)),
                _shown_dx(Geometry(1, 1, 4, 4, 1, 3, 3, 2)),
                _shown_dx(Geometry(1, 1, 2, 6, 1, 2, 2, (1, 3))),
            ),
            _drawn_dx(
                Geometry(2, 3, 6, 7, 1, 3, 2, 2),
                Geometry(1, 2, 7, 6, 3, 2, 3, 4),
                Geometry(3, 1, 5, 7, 2, 3, 3, 2),
                stride=(3, 2),
            ),
        ),
        "geometry": PartInputs(
            (
                _shown_dx(Geometry(2, 3, 3, 5, 4, 2, 3, (3, 1), (2, 0))),
                _shown_dx(Geometry(1, 2, 5, 3, 1, 3, 2, (1, 2), (0, 1))),
            ),
            _drawn_dx(G1, G2, G3_PLAIN, stride=(1, 2), padding=(2, 1)),
        ),
    },
}
