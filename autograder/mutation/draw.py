"""Random allowed numbers, shapes and settings; nothing here is shared with the hidden tests."""

from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS = ("int", "float", "float32", "halves", "zeros", "large", "positive")


def pick(rng: np.random.Generator, *choices: Any) -> Any:
    """Return one of the choices."""
    return choices[int(rng.integers(len(choices)))]


def whole(rng: np.random.Generator, low: int, high: int) -> int:
    """Return an int from `low` to `high`, both included."""
    return int(rng.integers(low, high + 1))


def numbers(rng: np.random.Generator, *shape: int, kind: str | None = None) -> np.ndarray:
    """Draw an array of this shape, of a kind drawn too: whole or not, with zeros, large, float32.

    Signs are mixed but for the kind "positive", and most entries differ.
    """
    kind = kind or pick(rng, *KINDS)
    if kind == "int":
        return rng.integers(-9, 10, size=shape)
    if kind == "float32":
        return rng.normal(size=shape).astype(np.float32)
    if kind == "halves":
        return rng.integers(-9, 10, size=shape) / 2
    if kind == "zeros":
        return rng.normal(size=shape) * rng.integers(0, 2, size=shape)
    if kind == "large":
        return rng.normal(size=shape) * 1000
    if kind == "positive":
        return rng.uniform(0.1, 2, size=shape)
    return rng.normal(size=shape)


def one_or_pair(rng: np.random.Generator, low: int, high: int) -> tuple[Any, tuple[int, int]]:
    """Draw a setting as an int or as a pair, and what it means for the two axes."""
    one = whole(rng, low, high)
    if rng.random() < 0.4:
        return one, (one, one)
    both = one, whole(rng, low, high)
    return both, both


@dataclass(frozen=True)
class Shape:
    """A layer's sizes: two entries a pair, rows first; settings as an answer receives them."""

    images: int
    channels: int
    filters: int
    size: tuple[int, int]
    kernel: tuple[int, int]
    out: tuple[int, int]
    kernel_size: Any
    stride: Any
    padding: Any
    dilation: Any
    groups: int

    @property
    def x(self) -> tuple[int, int, int, int]:
        """The shape of the images."""
        return self.images, self.channels, *self.size

    @property
    def w(self) -> tuple[int, int, int, int]:
        """The shape of the kernels."""
        return self.filters, self.channels // self.groups, *self.kernel

    @property
    def y(self) -> tuple[int, int, int, int]:
        """The shape of the output."""
        return self.images, self.filters, *self.out

    @property
    def nhwc(self) -> tuple[int, int, int, int]:
        """The shape of the images with their channels last."""
        return self.images, *self.size, self.channels


def shape(rng: np.random.Generator, *, dilated: bool = False, grouped: bool = False) -> Shape:
    """Draw a layer; now and then one image, one channel, a square or a 1 by 1 kernel."""
    groups = pick(rng, 1, 1, 2, 3) if grouped else 1
    channels, filters = groups * whole(rng, 1, 3), groups * whole(rng, 1, 3)
    kernel_size, kernel = one_or_pair(rng, 1, 3)
    stride, (sh, sw) = one_or_pair(rng, 1, 3)
    padding, (ph, pw) = one_or_pair(rng, 0, 2)
    dilation, (dh, dw) = one_or_pair(rng, 1, 3) if dilated else (1, (1, 1))
    if rng.random() < 0.3:
        stride, (sh, sw) = 1, (1, 1)
    if rng.random() < 0.3:
        padding, (ph, pw) = 0, (0, 0)
    size, out = [], []
    for k, s, p, d in zip(kernel, (sh, sw), (ph, pw), (dh, dw), strict=True):
        least = max(1, d * (k - 1) + 1 - 2 * p)
        n = whole(rng, least, least + 4)
        size.append(n)
        out.append((n + 2 * p - d * (k - 1) - 1) // s + 1)
    return Shape(
        whole(rng, 1, 3),
        channels,
        filters,
        tuple(size),
        kernel,
        tuple(out),
        kernel_size,
        stride,
        padding,
        dilation,
        groups,
    )


def without_defaults(rng: np.random.Generator, args: tuple, *defaults: Any) -> tuple:
    """Return args and settings; settings at the end that are defaults may be left out.

    Parameters
    ----------
    args : everything, the settings last
    defaults : the defaults of the last settings
    """
    args = list(args)
    for default in reversed(defaults):
        if type(args[-1]) is type(default) and args[-1] == default and rng.random() < 0.7:
            args.pop()
        else:
            break
    return tuple(args)
