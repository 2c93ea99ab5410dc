"""Geometries of layers, and arrays drawn to fit them; shared by the lessons on images."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Geometry:
    """The sizes of one layer and its batch: x (n, c, h, w) and kernels (f, c // groups, kh, kw)."""

    n: int
    c: int
    h: int
    w: int
    f: int
    kh: int
    kw: int
    stride: Any = 1
    padding: Any = 0
    dilation: Any = 1
    groups: int = 1

    @property
    def x_shape(self) -> tuple[int, int, int, int]:
        return self.n, self.c, self.h, self.w

    @property
    def w_shape(self) -> tuple[int, int, int, int]:
        return self.f, self.c // self.groups, self.kh, self.kw

    @property
    def y_shape(self) -> tuple[int, int, int, int]:
        sizes = zip(
            (self.h, self.w),
            (self.kh, self.kw),
            *(both(v) for v in (self.stride, self.padding, self.dilation)),
            strict=True,
        )
        oh, ow = ((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in sizes)
        return self.n, self.f, oh, ow

    @property
    def remainders(self) -> tuple[int, int]:
        """Pixels on each axis, padding included, beyond the last window."""
        sizes = zip(
            (self.h, self.w),
            (self.kh, self.kw),
            *(both(v) for v in (self.stride, self.padding, self.dilation)),
            strict=True,
        )
        return tuple((n + 2 * p - d * (k - 1) - 1) % s for n, k, s, p, d in sizes)


def both(value) -> tuple[int, int]:
    """Read an int or a pair as a pair."""
    return value if isinstance(value, tuple) else (value, value)


# Three geometries that common mistakes do not survive.
G1 = Geometry(2, 3, 6, 8, 4, 3, 2, 2, 1)
G2 = Geometry(3, 2, 5, 7, 4, 2, 3, 1, 0)
G3 = Geometry(3, 4, 6, 8, 6, 2, 3, (1, 2), (1, 0), (2, 1), 2)
# The third one's pairs, for layers without dilation and groups.
G3_PLAIN = Geometry(3, 4, 6, 8, 6, 2, 3, (1, 2), (1, 0))


def array(rng: np.random.Generator, shape, kind: str = "float64") -> np.ndarray:
    """Draw an array of this shape: floats of either sign, or ints from -9 to 9."""
    if kind == "int":
        return rng.integers(-9, 10, size=shape)
    return rng.normal(size=shape).astype(kind)


def forward_arrays(rng, g: Geometry, kind: str = "float64") -> tuple:
    """Draw (x, w, b)."""
    return array(rng, g.x_shape, kind), array(rng, g.w_shape, kind), array(rng, (g.f,), kind)


def backward_arrays(rng, g: Geometry, kind: str = "float64") -> tuple:
    """Draw (dy, x, w)."""
    shapes = (g.y_shape, g.x_shape, g.w_shape)
    return tuple(array(rng, shape, kind) for shape in shapes)


def one_apart(rng, *shapes) -> list[tuple]:
    """Draw arrays of these shapes; one alone holds fractions, then one alone whole numbers."""
    cases = []
    for apart in range(len(shapes)):
        for own, other in (("float64", "int"), ("int", "float64")):
            kinds = [own if place == apart else other for place in range(len(shapes))]
            cases.append(tuple(array(rng, s, k) for s, k in zip(shapes, kinds, strict=True)))
    return cases


def plain(g: Geometry) -> tuple:
    """Return the settings of a layer without dilation and groups."""
    return g.stride, g.padding


def full(g: Geometry) -> tuple:
    """Return all settings."""
    return g.stride, g.padding, g.dilation, g.groups


def some_geometry(rng: np.random.Generator, **settings) -> Geometry:
    """Draw a layer with N, C, F from 1 to 4, images of 4 to 7 pixels and kernels of 1 to 3.

    Image and kernel are not square, and F, C and N differ; `settings` fix what they name.
    """
    n, c, f = (int(v) for v in rng.permutation([1, 2, 3, 4])[:3])
    h, w = (int(v) for v in rng.permutation([4, 5, 6, 7])[:2])
    kh, kw = (int(v) for v in rng.permutation([1, 2, 3])[:2])
    sizes = {"n": n, "c": c, "h": h, "w": w, "f": f, "kh": kh, "kw": kw}
    return Geometry(**{**sizes, **settings})


def defaults_left_out(args: tuple, *defaults) -> tuple:
    """Leave the last settings out as long as they are their defaults, as a call may do."""
    args, defaults = list(args), list(defaults)
    while defaults and type(args[-1]) is int and args[-1] == defaults[-1]:
        args.pop()
        defaults.pop()
    return tuple(args)


def signed(numbers: np.ndarray) -> np.ndarray:
    """Turn the sign of every third number, the second one first."""
    return numbers * np.resize([1, -1, 1], numbers.shape)


def place_values(shape, start: int = 0) -> np.ndarray:
    """Return 1, 10, 100, ... in this shape, beginning at 10**start."""
    return 10 ** (start + np.arange(int(np.prod(shape)))).reshape(shape)


def digits(*shape) -> np.ndarray:
    """Return the digits of pi, over and over, in this shape: an image that is not affine."""
    row = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3, 3, 8, 3, 2, 7]
    return np.resize(np.array(row), shape)


def primes(*shape) -> np.ndarray:
    """Return small primes in this shape: numbers that no two sums share easily."""
    row = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37]
    return np.resize(np.array(row), shape)


def weights(*shape) -> np.ndarray:
    """Return eleven small primes with signs, over and over: no two rows or images are alike."""
    return signed(np.resize(primes(11), shape))


def fine(numbers: np.ndarray) -> np.ndarray:
    """Make small fractions that float32 cannot hold, with one at the end that rounding loses."""
    numbers = np.round(numbers * 0.01, 2)
    numbers.flat[-1] = 0.010000004
    return numbers
