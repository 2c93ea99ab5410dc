"""Lesson 10: the inputs that are shown and those that are withheld."""

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
    fine,
    place_values,
    plain,
    primes,
    signed,
    some_geometry,
    weights,
)
from autograder.lessons.inputs import Inputs, PartInputs, given
from course.checks.functions import Seed
from course.checks.layers import Layers

# predictions ------------------------------------------------------------------------------------


def _last_forward():
    """Send two batches through a 1 by 1 kernel and one gradient back."""
    layer = reference.Conv2D(1, 1, 1)
    layer.weight[:] = 2
    for batch in ([1, 2, 3], [4, 5, 6]):
        layer.forward(np.array(batch).reshape(1, 1, 1, 3))
    layer.backward(np.array([1, 10, 100]).reshape(1, 1, 1, 3))
    return int(layer.grad_weight.item())


def _columns_ratio():
    x = np.zeros((5, 3, 10, 10))
    return reference.im2col(x, 3, padding=1).size // x.size


def _tenth_layer():
    """Compare the spreads of ten layers' outputs: a power of 2, which floats hold exactly."""

    def spread(scale):
        rng = np.random.default_rng(0)
        z = rng.normal(size=(1, 4, 12, 12))
        for _ in range(10):
            w = scale * reference.he_std((4, 4, 2, 2)) * rng.normal(size=(4, 4, 2, 2))
            z = reference.conv2d(np.maximum(z, 0), w, np.zeros(4))
        return z.std()

    return round(float(spread(1.0) / spread(0.5)))


def _pooled_centre():
    pool, x = reference.MaxPool2D(2, 1), np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 5
    pool.forward(x)
    return int(pool.backward(place_values((1, 1, 2, 2)))[0, 0, 1, 1])


COMPUTED = {
    "last_forward": _last_forward,
    "columns_ratio": _columns_ratio,
    "tenth_layer": _tenth_layer,
    "pooled_centre": _pooled_centre,
}

# Conv2D -----------------------------------------------------------------------------------------


def settings(g: Geometry) -> tuple:
    """Return what the constructor takes, the generator left out."""
    kernel = g.kh if g.kh == g.kw else (g.kh, g.kw)
    return defaults_left_out((g.c, g.f, kernel, *plain(g)), 1, 0)


def _initial(g: Geometry, seed: int):
    # The spread of some hundred weights lies within 15 % of He's.
    std = reference.he_std(g.w_shape)
    # The generator comes after all other settings: none of them may be left out.
    every = (*settings(g)[:3], g.stride, g.padding)
    return given(every, Seed(seed), round(0.85 * std, 4), round(1.15 * std, 4), how="conv_initial")


def _without_rng(g: Geometry):
    return given(settings(g), how="conv_without_rng")


def _drawn_initial(rng):
    shapes = (Geometry(1, 8, 5, 5, 16, 3, 3), Geometry(1, 12, 5, 5, 40, 2, 1, 2, 1))
    third = Geometry(1, 32, 5, 5, 5, 3, 4)
    cases = [_initial(g, int(rng.integers(10, 10_000))) for g in (*shapes, third)]
    return [*cases, _without_rng(Geometry(1, 3, 5, 5, 4, 2, 3))]


def _arrays(rng, g, kind="float64"):
    return array(rng, g.w_shape, kind), array(rng, (g.f,), kind), array(rng, g.x_shape, kind)


def _drawn_forward(*geometries, **fixed):
    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **fixed) for _ in range(2))]
        cases = [given(settings(g), *_arrays(rng, g), how="conv_forward") for g in drawn]
        g = drawn[0]
        for kind in ("int", "float32"):
            cases.append(given(settings(g), *_arrays(rng, g, kind), how="conv_forward"))
        return cases

    return draw


def _backward_case(rng, g, kind="float64"):
    arrays = (*_arrays(rng, g, kind), array(rng, g.y_shape, kind))
    return given(settings(g), *arrays, how="conv_backward")


def _drawn_backward(*geometries, kinds=("float32",), **fixed):
    def draw(rng):
        drawn = [*geometries, *(some_geometry(rng, **fixed) for _ in range(2))]
        cases = [_backward_case(rng, g) for g in drawn]
        return cases + [_backward_case(rng, drawn[0], kind) for kind in kinds]

    return draw


def _drawn_again(rng):
    cases = [_alone(rng, some_geometry(rng), name) for name in ALONE]
    for g in (Geometry(2, 1, 4, 5, 3, 2, 3), Geometry(3, 2, 5, 4, 2, 3, 2, 2, 1)):
        weight, bias, x = _arrays(rng, g)
        dy, dy2 = array(rng, g.y_shape), array(rng, g.y_shape)
        x2 = array(rng, g.x_shape)
        cases.append(given(settings(g), weight, bias, x, dy, x2, dy2, how="conv_again"))
        # A second batch of another size.
        half = given(settings(g), weight, bias, x, dy, x2[:1], dy2[:1], how="conv_again")
        cases.append(half)
    return cases


def _drawn_geometry(rng):
    drawn = [G1, G2, G3_PLAIN, some_geometry(rng, stride=(1, 2), padding=(2, 1))]
    drawn += [Geometry(2, 1, 5, 5, 2, 3, 3), Geometry(2, 1, 1, 1, 3, 2, 2, 1, 2)]
    drawn.append(some_geometry(rng, stride=(2, 1), padding=(0, 1)))
    forward = [given(settings(g), *_arrays(rng, g), how="conv_forward") for g in drawn]
    return [*forward, *(_backward_case(rng, g) for g in drawn)]


# What holds fractions in a case, and what is whole beside it.
ALONE = ("x", "weight", "bias", "dy")


def _alone(rng, g, name):
    """Draw a case in which one array holds fractions, and all others whole numbers."""
    shapes = dict(zip(ALONE, (g.x_shape, g.w_shape, (g.f,), g.y_shape), strict=True))
    arrays = {
        key: array(rng, shape, "float64" if key == name else "int") for key, shape in shapes.items()
    }
    if name == "bias":
        return given(settings(g), arrays["weight"], arrays["bias"], arrays["x"], how="conv_forward")
    order = (arrays[key] for key in ("weight", "bias", "x", "dy"))
    return given(settings(g), *order, how="conv_backward")


def _shown(g, how, fractions=""):
    """Show small numbers of either sign; place values come back where there are few outputs."""
    arrays = {
        "weight": weights(*g.w_shape),
        "bias": signed(100 * np.arange(1, g.f + 1)),
        "x": digits(*g.x_shape) - 4,
    }
    if how != "conv_forward":
        few = np.prod(g.y_shape) <= 4
        back = -place_values(g.y_shape) if few else -signed(primes(*g.y_shape)[..., ::-1])
        arrays["dy"] = back
    if fractions:  # beside large numbers rounding would not show
        arrays["bias"] = arrays["bias"] // 100
        arrays[fractions] = fine(arrays[fractions])
    shown = [*arrays.values()]
    if how == "conv_again":
        shown += [arrays["x"][..., ::-1] + 1, arrays["dy"][..., ::-1] * 2]
    return given(settings(g), *shown, how=how)


WORKED = given(
    (1, 1, 2),
    np.array([[[[1, 2], [3, 4]]]]),
    np.array([0]),
    np.arange(1, 10).reshape(1, 1, 3, 3),
    place_values((1, 1, 2, 2)),
    how="conv_backward",
)

# MaxPool2D --------------------------------------------------------------------------------------


def _forward_case(rng, shape, *pool):
    return given(pool, _distinct(rng, shape), how="pool_forward")


def _distinct(rng, shape):
    """Draw an array without equal entries, of both signs."""
    return rng.permutation(np.arange(int(np.prod(shape))) - 20.5).reshape(shape)


def _pooled_shape(shape, kernel, stride=None):
    kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    stride = kernel if stride is None else stride
    stride = stride if isinstance(stride, tuple) else (stride, stride)
    sizes = zip(shape[2:], kernel, stride, strict=True)
    return (*shape[:2], *((n - k) // s + 1 for n, k, s in sizes))


def _back_case(rng, x, *pool):
    return given(pool, x, rng.normal(size=_pooled_shape(x.shape, *pool)), how="pool_backward")


def _again_case(rng, shape, *pool):
    x, x2 = _distinct(rng, shape), _distinct(rng, shape)[::-1]
    return given(pool, x, x2, rng.normal(size=_pooled_shape(shape, *pool)), how="pool_again")


def _drawn_pool_forward(rng):
    return [
        _forward_case(rng, (2, 3, 4, 6), 2),
        _forward_case(rng, (1, 2, 6, 4), (3, 2)),
        _forward_case(rng, (3, 1, 4, 4), 2),
        given((2,), -np.abs(rng.normal(size=(2, 1, 4, 2))), how="pool_forward"),
        given((2,), rng.integers(-9, -1, size=(1, 2, 4, 4)), how="pool_forward"),
        given((2,), rng.normal(size=(1, 2, 4, 4)) - 1e9, how="pool_forward"),
    ]


def _drawn_overlap(rng):
    cases = []
    for shape, *pool in (
        ((2, 3, 5, 6), 3, 1),
        ((1, 2, 7, 5), 3, 2),
        ((3, 1, 4, 6), (2, 3), (1, 2)),
    ):
        cases.append(_forward_case(rng, shape, *pool))
        cases.append(_back_case(rng, _distinct(rng, shape), *pool))
        cases.append(_again_case(rng, shape, *pool))
        taller = _distinct(rng, (shape[0], shape[1] + 1, shape[2] + 2, shape[3]))
        _, *rest = cases[-1].args[1:]
        cases.append(given(tuple(pool), taller, *rest, how="pool_again"))
    shape, *pool = (2, 3, 4, 5), (2, 3), 1
    whole = rng.permutation(np.arange(-60, 60)).reshape(shape)
    cases.append(_back_case(rng, whole, *pool))
    dy = rng.integers(-9, 10, size=_pooled_shape(shape, *pool))
    return [*cases, given(tuple(pool), whole + 0.5, dy, how="pool_backward")]


def _drawn_ties(rng):
    cases = []
    for shape, *pool in (((2, 1, 4, 4), 2), ((1, 2, 5, 4), 3, 1), ((2, 3, 4, 6), (2, 3))):
        cases.append(_back_case(rng, rng.integers(0, 3, size=shape).astype(float), *pool))
    nearly = 0.3 + rng.permutation(24).reshape(1, 1, 4, 6) * 3e-9
    return [*cases, *(_back_case(rng, x, 2) for x in (np.zeros((1, 2, 4, 4)), nearly))]


def _drawn_pool_geometry(rng):
    cases = []
    for shape, *pool in (
        ((2, 3, 5, 7), 2),
        ((3, 2, 7, 6), (2, 3), 3),
        ((1, 4, 6, 8), (3, 2), (2, 3)),
        ((2, 1, 8, 5), 3, (1, 2)),
        ((2, 3, 6, 7), (2, 3), (2, 1)),
    ):
        cases.append(_forward_case(rng, shape, *pool))
        cases.append(_back_case(rng, _distinct(rng, shape), *pool))
    return cases


PEAKS = np.array([[[[3.0, -1, 4, 1], [-5, 9, 2, 6], [5, -3, -8, -9], [7, 0, -3, -2]]]])
ROW = np.array([[[[1.0, 5, 2, 4, 3]]]])
ROW_BACK = np.array([[[[1.0, 10]]]])
PEAKS_BACK = np.array([[[[1.0, 10], [100, 1000]]]])
NEARLY = np.array([[[[0.1, 0.3], [0.300000004, 0.2]]]])
ONE = np.array([[[[7.0]]]])
SIX = np.arange(1.0, 7).reshape(1, 1, 2, 3)
EQUAL = np.array([[[[2.0, 2, 1, 7], [0, 2, 7, 7]]]])
# Two images of three maps, whose largest entries stand at other places, and are negative in two.
MAPS = np.array([[8, 1, 3, 9], [-4, -2, -3, -9], [5, 0, 6, 4], [2, 7, 1, 0], [-1, -5, -8, -6]])
MAPS = np.stack([*MAPS, MAPS[0, ::-1] - 3]).reshape(2, 3, 2, 2)
BETWEEN = np.array([[[[1.0, 2], [8, 9], [4, 3]]]])
LOW = -np.array([[[[2, 3, 9], [7, 8, 4], [5, 1, 6]]]])

# Stack ------------------------------------------------------------------------------------------

TWO = Layers((("Line", 2, -1), ("Line", -3, 4)))
THREE = Layers((("Line", 2, -1), ("ReLU",), ("Line", -3, 4)))
COLUMNS = Layers((("Scale", 2, -1, 3), ("ReLU",)))
TINY = Layers((("Line", 2e-9, -1e-9), ("Line", -3e-9, 4e-9)))
FOUR = Layers((("ReLU",), ("Line", 0.5, 3), ("Line", -2, 1), ("ReLU",)))
SIGNAL, BACK = np.array([1, 3, -2]), np.array([1, -10, 100])
# Fractions that rounding loses.
FINE, FINE_BACK = np.array([0.75, 3.1, 0.600000004]), np.array([0.1, -1.3, 0.600000004])
FINE_BLOCK = np.array([[0.75, -2.1, 3.3], [-4.2, 0.5, 0.600000004]])
BLOCK, BLOCK_BACK = np.array([[1, -2, 3], [-4, 5, 6]]), np.array([[1, 10, -3], [2, 7, 5]])


def _layers(rng, kinds):
    """Draw the numbers of the layers: L is a Line, R a ReLU."""
    return Layers(
        tuple(
            ("Line", *rng.normal(size=2).tolist()) if kind == "L" else ("ReLU",) for kind in kinds
        )
    )


def _drawn_stacks(how, *more):
    def draw(rng):
        cases = []
        for kinds, shape in (("LL", (4,)), ("LRL", (3, 2)), ("RLLRL", (2, 3)), ("L", (2,))):
            x, dy = rng.normal(size=(2, *shape))
            for arrays in (
                (x, dy),
                (x, rng.integers(-9, 10, size=shape)),
                (rng.integers(-9, 10, size=shape), dy),
            ):
                args = arrays[:1] if how == "stack_forward" else arrays
                cases.append(given(_layers(rng, kinds), *args, *more, how=how))
        return cases

    return draw


def _drawn_stacks_again(rng):
    shapes = ((2, 3), (4,)), ((3,), (3,)), ((2,), (1, 5))
    drawn = zip(("LRL", "RLL", "L"), shapes, strict=True)
    return [
        given(
            _layers(rng, kinds),
            *(rng.normal(size=shape) for shape in (first, then, then)),
            how="stack_again",
        )
        for kinds, (first, then) in drawn
    ]


def _drawn_columns(rng):
    layers = Layers(
        (("Scale", *rng.normal(size=3).tolist()), ("Line", *rng.normal(size=2).tolist()))
    )
    return given(layers, *rng.normal(size=(2, 2, 3)), 0.3, how="stack_step_of_columns")


_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    **dict.fromkeys(COMPUTED, _PREDICTED),
    "he_std": {
        "values": PartInputs(
            tuple(map(given, ((10, 3, 3, 3), (4, 2, 1, 3), (3, 4, 5, 5), (1, 3, 2, 2)))),
            lambda rng: [
                given((1, 2, 3, 3)),
                given((3, 4, 5, 5)),
                *(
                    given(tuple(int(v) for v in rng.permutation([2, 3, 5, 7, 11])[:4]))
                    for _ in range(6)
                ),
            ],
        )
    },
    "Conv2D": {
        "initial": PartInputs(
            (
                _initial(Geometry(1, 8, 5, 5, 16, 3, 3), 0),
                _initial(Geometry(1, 16, 5, 5, 24, 1, 2), 1),
                _without_rng(Geometry(1, 3, 5, 5, 2, 2, 2)),
            ),
            _drawn_initial,
        ),
        "forward": PartInputs(
            (
                _shown(Geometry(1, 2, 3, 3, 2, 2, 2), "conv_forward"),
                _shown(Geometry(2, 3, 3, 2, 2, 2, 1), "conv_forward", "bias"),
                _shown(Geometry(2, 3, 3, 2, 2, 2, 1), "conv_forward", "weight"),
                _shown(Geometry(1, 2, 3, 2, 2, 2, 1), "conv_forward", "x"),
            ),
            _drawn_forward(Geometry(2, 3, 4, 5, 1, 2, 3), Geometry(3, 1, 5, 4, 2, 3, 2)),
        ),
        "backward": PartInputs(
            (
                WORKED,
                _shown(Geometry(2, 3, 3, 2, 2, 2, 1), "conv_backward", "dy"),
                _shown(Geometry(1, 2, 3, 2, 3, 2, 1), "conv_backward", "weight"),
                _shown(Geometry(1, 2, 3, 2, 3, 2, 1), "conv_backward", "x"),
            ),
            _drawn_backward(
                Geometry(2, 3, 4, 5, 1, 2, 3),
                Geometry(3, 1, 5, 4, 2, 3, 2),
                kinds=("float32", "int"),
            ),
        ),
        "again": PartInputs(
            (
                _shown(Geometry(2, 1, 2, 3, 1, 1, 2), "conv_again"),
                _shown(Geometry(1, 2, 3, 2, 2, 2, 1), "conv_again", "x"),
            ),
            _drawn_again,
        ),
        "geometry": PartInputs(
            (
                _shown(Geometry(1, 2, 3, 4, 1, 3, 2, (2, 1), (1, 0)), "conv_forward"),
                _shown(Geometry(1, 1, 4, 5, 1, 2, 2, 2), "conv_forward"),
                _shown(Geometry(1, 1, 2, 6, 1, 2, 1, (1, 2)), "conv_forward"),
                _shown(Geometry(1, 1, 5, 4, 2, 2, 3, (2, 1), (1, 0)), "conv_backward"),
                _shown(Geometry(1, 1, 6, 8, 2, 3, 2, (2, 3), (0, 1)), "conv_backward"),
                _shown(Geometry(1, 1, 5, 5, 1, 3, 3), "conv_backward"),
                _shown(Geometry(1, 1, 1, 1, 1, 2, 2, 1, 2), "conv_backward"),
            ),
            _drawn_geometry,
        ),
    },
    "MaxPool2D": {
        "forward": PartInputs(
            (
                given((2,), PEAKS, how="pool_forward"),
                given(((1, 2),), MAPS, how="pool_forward"),
                given((2,), np.array([[[[0.5, 1.100000004], [-1.0, 0.25]]]]), how="pool_forward"),
                given((2,), LOW, how="pool_forward"),
                given((2,), PEAKS - 1000, how="pool_forward"),
            ),
            _drawn_pool_forward,
        ),
        "overlap": PartInputs(
            (
                given(((1, 3), 1), ROW, how="pool_forward"),
                given(((1, 3), 1), ROW, np.array([[[[1.0, 10, 100]]]]), how="pool_backward"),
                given((3, 1), PEAKS, np.array([[[[0.1, 10], [100, 1000]]]]), how="pool_backward"),
                given((2, 1), LOW, fine(np.array([[[[3, 5], [-7, 4]]]])), how="pool_backward"),
                given((1,), MAPS + 0.5, signed(primes(2, 3, 2, 2)), how="pool_backward"),
                given((2,), MAPS, MAPS[:, ::-1] - 1, signed(primes(2, 3, 1, 1)), how="pool_again"),
                # A second batch of another size.
                given((2,), PEAKS, MAPS[:1, :1], np.array([[[[7.0]]]]), how="pool_again"),
            ),
            _drawn_overlap,
        ),
        "ties": PartInputs(
            (
                given((2,), EQUAL, ROW_BACK, how="pool_backward"),
                given(((1, 2), 1), EQUAL, SIX, how="pool_backward"),
                # Equal only to what rounds them.
                given(
                    (2,), np.array([[[[0.1, 0.3], [0.300000004, 0.2]]]]), ONE, how="pool_backward"
                ),
                given((5,), np.zeros((1, 1, 5, 5)), ONE, how="pool_backward"),
            ),
            _drawn_ties,
        ),
        "geometry": PartInputs(
            (
                given(((1, 2),), ROW, how="pool_forward"),
                given(((1, 2),), ROW, np.array([[[[1.0, 10]]]]), how="pool_backward"),
                given(((2, 1), (2, 1)), PEAKS[..., :2], how="pool_forward"),
                # The row between the windows holds the largest entries.
                given(((1, 2), 2), BETWEEN, how="pool_forward"),
                given(((1, 2), 2), BETWEEN, np.array([[[[10.0], [1]]]]), how="pool_backward"),
                given(((3, 2), (1, 2)), PEAKS, how="pool_forward"),
                given(
                    ((3, 2), (1, 2)),
                    PEAKS,
                    np.array([[[[1.0, 10], [100, 1000]]]]),
                    how="pool_backward",
                ),
                given(
                    ((1, 2), (2, 1)),
                    (digits(1, 1, 5, 3) - 4),
                    signed(primes(1, 1, 3, 2)),
                    how="pool_backward",
                ),
                given(
                    ((2, 1), (1, 2)),
                    (digits(1, 1, 3, 5) - 4) * 0.5,
                    signed(primes(1, 1, 2, 3)),
                    how="pool_backward",
                ),
            ),
            _drawn_pool_geometry,
        ),
    },
    "Stack": {
        "forward": PartInputs(
            (
                given(TWO, SIGNAL, how="stack_forward"),
                given(THREE, FINE, how="stack_forward"),
                given(FOUR, BLOCK, how="stack_forward"),
            ),
            _drawn_stacks("stack_forward"),
        ),
        "backward": PartInputs(
            (
                given(TWO, SIGNAL, BACK, how="stack_backward"),
                given(THREE, SIGNAL, FINE_BACK, how="stack_backward"),
                given(FOUR, FINE_BLOCK, BLOCK_BACK, how="stack_backward"),
                given(TWO, SIGNAL, BACK / 1e9, how="stack_backward"),
                given(THREE, BLOCK, SIGNAL, BACK, how="stack_again"),
            ),
            lambda rng: [*_drawn_stacks("stack_backward")(rng), *_drawn_stacks_again(rng)],
        ),
        "step": PartInputs(
            (
                given(TWO, SIGNAL, BACK, 0.1, how="stack_step"),
                given(THREE, SIGNAL, FINE_BACK, 0.3, how="stack_step"),
                given(FOUR, FINE_BLOCK, BLOCK_BACK, 0.5, how="stack_step"),
                given(TINY, SIGNAL, BACK / 1e9, 0.5, how="stack_step"),
                given(COLUMNS, BLOCK, BLOCK_BACK, 0.5, how="stack_step_of_columns"),
            ),
            lambda rng: [*_drawn_stacks("stack_step", 0.3)(rng), _drawn_columns(rng)],
        ),
    },
}
