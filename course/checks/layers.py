"""Small layers of which the cases of lesson 10 build stacks; the lesson defines Line and ReLU.

`Scale` is defined here alone: its parameters are more than one number, and its call says so.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from course.protocol import layers_of


class Line:
    """Multiply by one number and add another: an array of any shape gives one of the same shape."""

    def __init__(self, w, b):
        self.weight, self.bias = np.array([w], float), np.array([b], float)  # (1,) each

    def forward(self, x):
        self.x = x  # the cache
        return self.weight * x + self.bias

    def backward(self, dy):
        self.grad_weight = np.array([np.sum(dy * self.x)])
        self.grad_bias = np.array([np.sum(dy)])
        return self.weight * dy


class Scale:
    """Multiply each column by a number of its own and add another: (..., n) gives (..., n)."""

    def __init__(self, *w):
        self.weight, self.bias = np.array(w, float), np.zeros(len(w))  # (n,) each

    def forward(self, x):
        self.x = x
        return self.weight * x + self.bias

    def backward(self, dy):
        rows = tuple(range(np.ndim(dy) - 1))
        self.grad_weight = np.sum(dy * self.x, axis=rows)
        self.grad_bias = np.sum(dy, axis=rows)
        return self.weight * dy


class ReLU:
    """Cut off at 0: an array of any shape gives one of the same shape."""

    def forward(self, x):
        self.passed = x > 0
        return np.where(self.passed, x, 0.0)

    def backward(self, dy):
        return np.where(self.passed, dy, 0.0)


LAYERS = {"Line": Line, "Scale": Scale, "ReLU": ReLU}


@dataclass(frozen=True)
class Layers:
    """Stands in a case for new layers: of each its class by name, and what its constructor takes.

    Examples
    --------
    >>> Layers((("Line", 2.0, -1.0), ("ReLU",))).description
    'Line(2.0, -1.0), ReLU()'
    """

    calls: tuple[tuple, ...]

    @property
    def description(self) -> str:
        """The calls that make the layers."""
        return ", ".join(f"{name}({', '.join(map(str, takes))})" for name, *takes in self.calls)

    def made(self, stack: Any) -> list[Line | Scale | ReLU]:
        """Make the layers in the process in which the class `stack` runs."""
        classes = layers_of(stack) or LAYERS
        return [classes[name](*takes) for name, *takes in self.calls]
