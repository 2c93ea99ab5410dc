"""Which figure draws a case of which exercise, from the case's own arguments.

Each line of `FIGURES` takes the arguments of one exercise's case and returns a `Drawn`, or None
where the figure has no room for them.  It computes nothing of the result.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Drawn:
    """A figure that draws one case.

    Attributes
    ----------
    figure : the name of a class in `course.widgets`
    settings : its settings
    rows : the figure's rows that show the results, in the order in which the answer returns them,
        each with its margin: the padding cells (rows, columns) around the result in the figure
    zeros : what the figure needs and the exercise does not give, and the figure takes 0 for
    """

    figure: str
    settings: Mapping[str, Any]
    rows: Mapping[str, tuple[int, int]]
    zeros: str = ""


def _pair(setting: Any) -> tuple[int, int]:
    return tuple(setting) if isinstance(setting, (tuple, list)) else (setting, setting)


def _one(*arrays: np.ndarray) -> bool:
    """Tell whether arrays of four axes hold one image, channel or filter each."""
    return all(array.shape[:2] == (1, 1) for array in arrays)


def _signal(row: str, **settings: Any) -> Drawn:
    return Drawn("FlipAndSlide", settings, {row: (0, 0)})


def _gradients_1d(dy, x, w, rows=("dx", "dw"), zeros="", **settings) -> Drawn:
    settings |= {"x": x, "w": w, "dy": dy, "show": "backward"}
    return Drawn("FlipAndSlide", settings, dict.fromkeys(rows, (0, 0)), zeros)


def _columns(row, x, w, b=None, zeros="", **settings) -> Drawn:
    return Drawn("Im2Col", {"image": x, "kernel": w, "bias": b, **settings}, {row: (0, 0)}, zeros)


def _window(x, w, b, stride=1, padding=0, dilation=1, groups=1) -> Drawn | None:
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    if groups != 1:
        return None
    if not _one(x, w):
        return _columns("y", x, w, b, **settings)
    given = {"image": x[0, 0], "kernel": w[0, 0], "bias": float(b[0])}
    return Drawn("PaddingAndStride", {**given, **settings}, {"y": (0, 0)})


def _gradients_2d(dy, x, w, stride=1, padding=0, zeros="") -> Drawn | None:
    if not _one(dy, x, w):
        return None
    given = {"image": x[0, 0], "kernel": w[0, 0], "dy": dy[0, 0]}
    rows = {"dx": _pair(padding)}
    if not zeros:
        rows |= {"dw": (0, 0), "db": (0, 0)}
    return Drawn("GradientFlow", {**given, "stride": stride, "padding": padding}, rows, zeros)


def _grown(y, w, stride=1) -> Drawn | None:
    if not _one(y, w):
        return None
    settings = {"y": y[0, 0], "kernel": w[0, 0], "stride": stride}
    return Drawn("TransposedConvolution", settings, {"grown": (0, 0)})


def _in_columns(x, kernel_size, stride=1, padding=0, dilation=1) -> Drawn:
    kernel = np.zeros((1, x.shape[1], *_pair(kernel_size)))
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    return _columns("cols", x, kernel, zeros="kernel", **settings)


def _scattered(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1) -> Drawn:
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    given = {"image_shape": x_shape, "kernel_size": kernel_size, "cols": cols}
    return Drawn("Col2Im", {**given, **settings}, {"dx": _pair(padding)})


def _matrix(w, in_hw, stride=1) -> Drawn:
    settings = {"image": np.zeros(in_hw), "kernel": w, "stride": stride}
    return Drawn("MatrixView", settings, {"matrix": (0, 0)}, "x")


def _layer(settings, weight, bias, x) -> Drawn:
    given = dict(zip(("stride", "padding"), settings[3:], strict=False))
    return _columns("y", x, weight, bias, **{"padding": 0, **given})


def _layer_back(settings, weight, bias, x, dy) -> Drawn | None:
    return _gradients_2d(dy, x, weight, *settings[3:5])


# By exercise; of a class by the way in which a case uses it, too.
FIGURES: dict[str, Callable[..., Drawn | None]] = {
    "correlate1d": lambda x, w: _signal("y", x=x, w=w),
    "convolve1d": lambda x, w: _signal("y", x=x, w=w, mode="convolution"),
    "grad_x_1d": lambda dy, w: _gradients_1d(dy, np.zeros(len(dy) + len(w) - 1), w, ["dx"], "x"),
    "grad_w_1d": lambda dy, x: _gradients_1d(dy, x, np.zeros(len(x) - len(dy) + 1), ["dw"], "w"),
    "grad_convolve1d": lambda dy, x, w: _gradients_1d(dy, x, w, mode="convolution"),
    "grad_x_1d_strided": lambda dy, w, n, stride: _gradients_1d(
        dy, np.zeros(n), w, ["dx"], "x", stride=stride
    ),
    "correlate2d": lambda x, w: _window(x[None, None], w[None, None], [0]),
    "conv2d_loops": _window,
    "conv2d": _window,
    "conv2d_backward_loops": _gradients_2d,
    "grad_x_as_convolution": lambda dy, w, x_shape, stride=1, padding=0: _gradients_2d(
        dy, np.zeros(x_shape), w, stride, padding, zeros="x"
    ),
    "conv_matrix": _matrix,
    "conv_transpose2d": _grown,
    "im2col": _in_columns,
    "conv2d_im2col": lambda x, w, b, stride=1, padding=0: _columns(
        "y", x, w, b, stride=stride, padding=padding
    ),
    "coverage": lambda in_hw, kernel_size, stride=1: Drawn(
        "Col2Im",
        {"image_shape": in_hw, "kernel_size": kernel_size, "stride": stride},
        {"cover": (0, 0)},
    ),
    "col2im": _scattered,
    "conv2d_backward_im2col": _gradients_2d,
    "empirical_receptive_field": lambda layers, n, i: Drawn(
        "ReceptiveField", {"layers": layers, "n": n, "selection": i}, {"0": (0, 0)}
    ),
    "Conv2D, conv_forward": _layer,
    "Conv2D, conv_backward": _layer_back,
}
