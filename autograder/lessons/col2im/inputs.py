"""Lesson 09: the inputs that are shown and those that are withheld."""

from functools import partial

import numpy as np

from autograder import reference
from autograder.lessons.backward_loops.inputs import backward_inputs
from autograder.lessons.draws import (
    G1,
    G2,
    G3,
    Geometry,
    array,
    digits,
    place_values,
    some_geometry,
)
from autograder.lessons.im2col.inputs import HIGH, LAYERS, WIDE, cut
from autograder.lessons.inputs import Inputs, PartInputs, given
from course.checks import functions as f


def _gap(*args):
    """Take a gap that is only rounding to be 0, so that any order of summing agrees with it."""
    gap = float(reference.adjoint_gap(*args))
    return gap if gap > 1e-9 else 0.0


# What four windows of 2 by 2 send: a digit each, in place values; and P2, the kernel 1 2 3 4 times
# 1, 10, 100, 1000.
SENT = np.array([[1], [10], [100], [1000]]) * np.array([2, 3, 5, 7])
P2_COLS = np.array([[1], [2], [3], [4]]) * np.array([1, 10, 100, 1000])


def _buffered_centre():
    """Write P2's columns by numpy's indexed `+=`."""
    _, i, j = reference.im2col_indices((1, 1, 3, 3), 2)
    image = np.zeros((3, 3), int)
    image[i, j] += P2_COLS
    return int(image[1, 1])


def _dy_as_a_row():
    """Let a kernel of one pixel copy dy into columns: that is their order."""
    return reference.im2col(place_values((2, 1, 1, 2)), 1)[0].tolist()


def _shared_slip_gap():
    """Let both maps take the rows of the columns from the last to the first."""
    x = np.arange(9).reshape(1, 1, 3, 3)
    pair = lambda x: reference.im2col(x, 2)[::-1], lambda c: reference.col2im(c[::-1], x.shape, 2)
    return int(reference.adjoint_gap(*pair, x, P2_COLS))


PREDICTIONS = {
    "scattered_centre": lambda: int(reference.col2im(SENT, (1, 1, 3, 3), 2)[0, 0, 1, 1]),
    "coverage_sum": lambda: int(reference.col2im(np.ones((9, 4), int), (1, 1, 4, 4), 3).sum()),
    "buffered_centre": _buffered_centre,
    "shared_slip_gap": _shared_slip_gap,
    "dy_as_a_row": _dy_as_a_row,
}
# By loops, whose rounding is the same on every processor; that of a matrix product is not.
COMPUTED = {
    "adjoint_gap": _gap,
    "conv2d_backward_im2col": reference.conv2d_backward_loops,
    **PREDICTIONS,
}


def _columns_shape(g: Geometry) -> tuple[int, int]:
    return g.c * g.kh * g.kw, g.y_shape[2] * g.y_shape[3] * g.n


def _ones(g: Geometry):
    return given(np.ones(_columns_shape(g), int), g.x_shape, *cut(g))


def _shown(g: Geometry):
    shape = _columns_shape(g)
    cols = place_values(shape) if np.prod(shape) <= 8 else digits(*shape) - 4
    return given(cols, g.x_shape, *cut(g))


def _fine(g: Geometry):
    """Return columns of either sign that float32 cannot hold, one of which rounding loses."""
    cols = np.round((digits(*_columns_shape(g)) - 4) * 0.1, 1)
    cols[0, 0] = -3e-9
    return given(cols, g.x_shape, *cut(g))


def _drawn(*geometries, kinds=(), **settings):
    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **settings) for _ in range(2))]
        cases = [given(array(rng, _columns_shape(g)), g.x_shape, *cut(g)) for g in drawn]
        g = drawn[0]
        for kind in kinds:
            cases.append(given(array(rng, _columns_shape(g), kind), g.x_shape, *cut(g)))
        return cases

    return draw


def _drawn_coverage(rng):
    drawn = [
        Geometry(1, 1, 5, 6, 1, 3, 2),
        Geometry(1, 1, 4, 4, 1, 3, 3),
        G1,
        G2,
        *(some_geometry(rng, n=1, c=1) for _ in range(2)),
    ]
    cases = [_ones(g) for g in drawn]
    weights = [given(float(rng.uniform(1, 9)) * c.args[0], *c.args[1:]) for c in cases[:2]]
    return cases + weights


def _linear_pair(g: Geometry):
    """Return im2col and col2im of one geometry (withheld)."""
    kernel, *settings = cut(g)
    forward = partial(reference.im2col, kernel_size=kernel)
    names = ("stride", "padding", "dilation")
    options = dict(zip(names, settings, strict=False))  # defaults are left out
    return (
        lambda x: forward(x, **options),
        lambda cols: reference.col2im(cols, g.x_shape, kernel, **options),
    )


def _drawn_adjoint(rng):
    n = int(rng.integers(3, 6))
    cases = [
        given(f.running_sum, f.sum_from_the_end, *rng.normal(size=(2, n))),
        given(f.rotate, f.rotate_back, *rng.integers(-9, 10, size=(2, n))),
        given(f.repeat_thrice, f.column_sums, rng.normal(size=n), rng.normal(size=(3, n))),
        given(f.double, f.double, rng.normal(size=(2, n)), rng.integers(-9, 10, size=(2, n))),
    ]
    for g in (Geometry(2, 1, 3, 4, 1, 2, 3), Geometry(1, 2, 4, 3, 1, 2, 2, 1, 1)):
        x, cols = array(rng, g.x_shape), array(rng, _columns_shape(g))
        cases.append(given(*_linear_pair(g), x, cols))
    return cases


def _drawn_wrong(rng):
    n = int(rng.integers(3, 6))
    g = Geometry(1, 2, 3, 4, 1, 2, 2)
    forward, back = _linear_pair(g)
    coverage = back(forward(np.ones(g.x_shape)))
    x, cols = array(rng, g.x_shape), array(rng, _columns_shape(g))
    return [
        given(f.running_sum, f.running_sum, *rng.normal(size=(2, n))),
        given(f.rotate, f.rotate, *rng.integers(-9, 10, size=(2, n))),
        given(f.repeat_thrice, f.column_means, rng.normal(size=n), rng.normal(size=(3, n))),
        given(f.double, f.rotate, rng.normal(size=n), rng.integers(-9, 10, size=n)),
        given(f.rotate, f.double, rng.integers(-9, 10, size=n), rng.normal(size=n)),
        given(f.repeat_thrice, f.first_row, rng.normal(size=n), rng.normal(size=(3, n))),
        given(forward, lambda c: back(c) / coverage, x, cols),
        given(forward, lambda c: back(c)[..., ::-1], x, cols),
    ]


X3 = np.array([1, 2, 4])
C33 = np.array([[3, 1, 4], [1, 5, 9], [2, 6, 5]])
X22, C322 = np.array([[1, -2], [3, 5]]), digits(3, 2, 2) - 4
# Fractions of either sign that float32 cannot hold; rounding loses the smallest.
FINE = np.array([0.1, -3e-9, 0.7])

_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}


def _drawn_counts(*settings):
    """Return a drawing of (in_hw, kernel_size, stride where there is one), and of random ones."""

    def draw(rng):
        strided = len(settings[0]) > 2
        cases = [given(*args) for args in settings]
        for _ in range(3):
            kernel = tuple(int(k) for k in rng.permutation([1, 2, 3])[:2])
            hw = tuple(int(n) for n in rng.permutation([4, 5, 6, 7])[:2])
            step = tuple(int(s) for s in rng.permutation([1, 2, 3])[:2])
            cases.append(given(hw, kernel, *([step] if strided else [])))
        return cases

    return draw


INPUTS = {
    **dict.fromkeys(PREDICTIONS, _PREDICTED),
    "coverage": {
        "count": PartInputs(
            (given((3, 3), 2), given((3, 5), (2, 3)), given((4, 2), (2, 1))),
            # The last count is too large for an int8.
            _drawn_counts(((6, 5), 3), ((4, 7), (2, 3)), ((7, 4), (4, 1)), ((1, 260), (1, 130))),
        ),
        "stride": PartInputs(
            (
                given((5, 8), 3, 2),
                given((6, 4), (3, 2), (1, 2)),
                given((4, 6), (1, 3), (3, 1)),
                given((3, 5), (2, 1), 2),
            ),
            _drawn_counts(
                ((7, 9), 3, 2), ((9, 6), (2, 3), (3, 1)), ((5, 8), (3, 2), (1, 4)), ((4, 5), 1, 2)
            ),
        ),
    },
    "col2im": {
        "coverage": PartInputs(
            (
                _ones(Geometry(1, 1, 4, 4, 1, 3, 3)),
                _ones(Geometry(1, 1, 2, 4, 1, 1, 2)),
                _shown(Geometry(1, 1, 4, 4, 1, 3, 3)),
            ),
            _drawn_coverage,
        ),
        "values": PartInputs(
            (
                given(P2_COLS, (1, 1, 3, 3), 2),
                _shown(Geometry(1, 1, 2, 3, 1, 2, 2)),
                _shown(Geometry(1, 1, 3, 4, 1, 2, 3)),
                _fine(Geometry(1, 1, 3, 3, 1, 2, 2)),
            ),
            _drawn(
                Geometry(1, 1, 5, 4, 1, 3, 2),
                Geometry(1, 1, 4, 6, 1, 2, 3),
                kinds=("int", "float32"),
                n=1,
                c=1,
            ),
        ),
        "batch": PartInputs(
            (
                _shown(Geometry(2, 1, 2, 3, 1, 1, 2)),
                _shown(Geometry(1, 2, 2, 3, 1, 2, 2)),
                _shown(Geometry(3, 2, 4, 2, 1, 2, 1)),
                _shown(Geometry(1, 2, 2, 3, 1, 1, 1)),  # its images look like its columns
            ),
            _drawn(
                G2, Geometry(3, 2, 4, 3, 1, 2, 2), Geometry(2, 3, 3, 5, 1, 3, 2), kinds=("int",)
            ),
        ),
        "geometry": PartInputs(
            (
                _shown(Geometry(1, 1, 4, 4, 1, 3, 3, 2, 1)),
                _shown(Geometry(1, 1, 3, 5, 1, 2, 3, (2, 1), (1, 0))),
                _shown(Geometry(1, 2, 4, 3, 1, 2, 2, (1, 2), (0, 1), (3, 1))),
                _shown(Geometry(1, 1, 2, 1, 1, 1, 1, 1, 3)),
                _shown(WIDE),
                _shown(HIGH),
                # The last pixels of two images are read by no window.
                _shown(Geometry(2, 1, 7, 5, 1, 2, 2, 2, 0, (3, 1))),
            ),
            _drawn(
                G3,
                *LAYERS,
                Geometry(2, 3, 2, 1, 1, 1, 1, 1, 3),
                kinds=("float32",),
                stride=(1, 2),
                padding=(2, 1),
            ),
        ),
    },
    "adjoint_gap": {
        "adjoint": PartInputs(
            (
                given(f.running_sum, f.sum_from_the_end, X3, np.array([5, 7, 3])),
                given(f.rotate, f.rotate_back, X3, np.array([5, -7, 3])),
                given(f.repeat_thrice, f.column_sums, X3, C33),
                given(f.repeat_thrice, f.column_sums, X22, C322),
                given(f.repeat_thrice, f.first_row, X3, C33),
            ),
            _drawn_adjoint,
        ),
        "wrong": PartInputs(
            (
                given(f.running_sum, f.running_sum, X3, np.array([5, 7, 3])),
                given(f.rotate, f.rotate, X3, np.array([5, -7, 3])),
                given(f.repeat_thrice, f.column_means, X3, C33),
                given(f.repeat_thrice, f.first_row, X3, -C33),
                given(f.double, f.rotate, np.array([1, 0, 0]), np.array([3, -5, -6])),
                given(f.repeat_thrice, f.first_row, X22, C322),
                given(f.rotate, f.rotate, FINE, np.array([5, -7, 3])),
                given(f.running_sum, f.running_sum, np.array([2, -1, 4]), FINE),
                given(f.rotate, f.running_sum, FINE, FINE[::-1]),
            ),
            _drawn_wrong,
        ),
    },
    "conv2d_backward_im2col": backward_inputs(),
}
