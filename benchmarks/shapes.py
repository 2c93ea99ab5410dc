"""The layers that are timed: from a toy to the first layer of an image network."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Shape:
    """One layer: x (N, C, H, W), w (F, C, KH, KW), and its settings in pixels."""

    name: str
    x: tuple[int, int, int, int]
    w: tuple[int, int, int, int]
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def settings(self) -> tuple[int, int, int]:
        """(stride, padding, dilation), as every technique takes them."""
        return self.stride, self.padding, self.dilation

    @property
    def out(self) -> tuple[int, int]:
        """(OH, OW), pixels."""
        return tuple(
            (n + 2 * self.padding - self.dilation * (k - 1) - 1) // self.stride + 1
            for n, k in zip(self.x[2:], self.w[2:], strict=True)
        )

    def arrays(self, dtype) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return random x, w, b and dy."""
        rng = np.random.default_rng(0)
        filters = self.w[0]
        shapes = (self.x, self.w, (filters,), (self.x[0], filters, *self.out))
        return tuple(rng.normal(size=shape).astype(dtype) for shape in shapes)

    def __str__(self) -> str:
        """Write the layer on one line.

        Examples
        --------
        >>> str(SHAPES[0])
        '(5,3,10,10) · (10,3,3,3) 1/1'
        """
        x, w = (",".join(map(str, axes)) for axes in (self.x, self.w))
        gaps = f" d={self.dilation}" if self.dilation > 1 else ""
        return f"({x}) · ({w}) {self.stride}/{self.padding}{gaps}"


SHAPES = (
    Shape("toy", (5, 3, 10, 10), (10, 3, 3, 3), 1, 1),
    Shape("digits 1", (64, 1, 8, 8), (16, 1, 3, 3), 1, 1),
    Shape("digits 2", (64, 16, 8, 8), (32, 16, 3, 3), 1, 1),
    Shape("small images 1", (32, 3, 32, 32), (32, 3, 3, 3), 1, 1),
    Shape("small images 2", (32, 32, 32, 32), (64, 32, 3, 3), 1, 1),
    Shape("stride 2", (16, 64, 16, 16), (128, 64, 3, 3), 2, 1),
    Shape("stem", (8, 3, 64, 64), (16, 3, 7, 7), 2, 3),
    Shape("5 by 5", (4, 16, 64, 64), (16, 16, 5, 5), 1, 2),
    Shape("1 by 1", (32, 64, 16, 16), (128, 64, 1, 1)),
    Shape("dilated", (8, 32, 32, 32), (32, 32, 3, 3), 1, 2, 2),
)
