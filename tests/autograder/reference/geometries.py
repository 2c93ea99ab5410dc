"""Random small geometries, and the independent libraries that the reference is held against.

`HYPOTHESIS_PROFILE=thorough python -m pytest tests/autograder/reference` tries thousands.
"""

import os
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def tried(examples: int):
    """Try so many random cases, the same each time; forty times as many, new ones, if thorough."""
    if THOROUGH:
        return settings(max_examples=40 * examples, deadline=None)
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None)


def torch_or_skip():
    """Return PyTorch, or skip the test where the extra [oracle] is not installed."""
    torch = pytest.importorskip(
        "torch", reason="PyTorch is not installed; `make .venv/oracle.done` installs it"
    )
    torch.set_num_threads(1)  # a few pixels are not worth waking another core
    return torch


@dataclass(frozen=True)
class Layer:
    """One layer's geometry; padding is ((top, bottom), (left, right))."""

    N: int
    C: int
    H: int
    W: int
    F: int
    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1
    seed: int = 0

    @property
    def out(self) -> tuple[int, int]:
        """(OH, OW), counted by trying every window from the top left."""
        return tuple(
            len(range(0, n + sum(p) - (d * (k - 1) + 1) + 1, s))
            for n, k, s, p, d in zip(
                (self.H, self.W), self.kernel, self.stride, self.padding, self.dilation, strict=True
            )
        )

    def arrays(self, dtype=np.float64) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return random x, w, b and dy, none of them symmetric."""
        rng = np.random.default_rng(self.seed)
        shapes = (
            (self.N, self.C, self.H, self.W),
            (self.F, self.C // self.groups, *self.kernel),
            (self.F,),
            (self.N, self.F, *self.out),
        )
        return tuple(rng.normal(size=shape).astype(dtype) for shape in shapes)


@st.composite
def layers(draw, most=3, grouped=True, dilated=True, asymmetric=True):
    """Draw a layer whose kernel fits, with remainders of every size."""

    def ints(least, largest):
        return draw(st.integers(least, largest))

    groups = ints(1, 3) if grouped else 1
    kernel, stride, padding, dilation, sizes = [], [], [], [], []
    for _ in range(2):
        k, s, d = ints(1, most), ints(1, 3), ints(1, 3) if dilated else 1
        before = ints(0, 3)
        after = ints(0, 3) if asymmetric else before
        least = max(1, d * (k - 1) + 1 - before - after)
        kernel.append(k)
        stride.append(s)
        dilation.append(d)
        padding.append((before, after))
        sizes.append(least + ints(0, most + 1))
    return Layer(
        ints(1, 3),
        groups * ints(1, 2),
        *sizes,
        groups * ints(1, most),
        tuple(kernel),
        tuple(stride),
        tuple(padding),
        tuple(dilation),
        groups,
        ints(0, 10**6),
    )


def torch_layer(layer: Layer, x, w, b, dy):
    """Return y, dx, dw and db as PyTorch and its autograd compute them."""
    torch = torch_or_skip()
    x, w, b, dy = (torch.tensor(array) for array in (x, w, b, dy))
    inputs = [tensor.requires_grad_() for tensor in (x, w, b)]
    (top, bottom), (left, right) = layer.padding
    padded = torch.nn.functional.pad(x, (left, right, top, bottom))
    y = torch.nn.functional.conv2d(
        padded, w, b, layer.stride, 0, layer.dilation, groups=layer.groups
    )
    return [tensor.detach().numpy() for tensor in (y, *torch.autograd.grad(y, inputs, dy))]


def assert_same(computed, expected, tolerance=1e-10):
    """Compare shape first, then every entry, relative to the largest expected one."""
    assert np.shape(computed) == np.shape(expected)
    scale = np.abs(expected).max(initial=0.0) or 1.0
    np.testing.assert_allclose(computed, expected, rtol=0, atol=tolerance * scale)


# Three geometries that common mistakes do not survive: curriculum.md calls them G.
G = (
    Layer(2, 3, 6, 8, 4, (3, 2), (2, 2), ((1, 1), (1, 1))),
    Layer(3, 2, 5, 7, 4, (2, 3)),
    Layer(3, 4, 6, 8, 6, (2, 3), (1, 2), ((1, 1), (0, 0)), (2, 1), 2),
)
