"""Each figure of the course, and the same thing as a matplotlib figure under `interact`.

`benchmarks.widgets` shows both in one JupyterLab: ``ours(case)`` and ``interact(case)``.
A twin shows the arrays that its figure shows, with the window, column or row that belongs to the
place chosen, and writes the numbers into the cells where there are at most 400 of them.
"""

from dataclasses import dataclass

import ipywidgets
import numpy as np

from autograder.reference import fast
from autograder.reference.network import initial_params
from course import widgets

NUMBERS = 400  # more cells than these are colours alone
rng = np.random.default_rng(0)
IMAGE, KERNEL = rng.integers(-9, 10, (16, 16)), rng.integers(-3, 4, (7, 7))
PICTURE = rng.integers(0, 256, (256, 256))
IMAGES, KERNELS = rng.integers(-9, 10, (3, 4, 16, 16)), rng.integers(-3, 4, (8, 4, 5, 5))


@dataclass(frozen=True)
class Case:
    """One figure at one size: its settings, where one points, and what its slider moves."""

    kind: str
    settings: dict
    row: str  # the cells that the pointer and the arrow keys go along; "pad": where they draw
    trait: str = "selection"
    most: int = 3
    least: int = 0

    def figure(self, **changed):
        """Make the figure."""
        return getattr(widgets, self.kind)(**{**self.settings, **changed})

    def slider(self):
        """Make the slider, at its left end."""
        return ipywidgets.IntSlider(self.least, self.least, self.most)


BATCH = {"image_shape": (3, 4, 16, 16), "kernel_size": 5, "padding": 2}
LESSON = (
    Case("FlipAndSlide", {"padding": 1}, "y"),
    Case("PaddingAndStride", {"padding": 1}, "y"),
    Case("Im2Col", {}, "y"),
    Case("Col2Im", {}, "cols"),
    Case("GradientFlow", {}, "dx", "padding", most=1),
    Case("MatrixView", {}, "y"),
    Case("KernelLab", {}, "y", "padding", most=2),
    Case("Layout", {}, "y"),
    Case("ReceptiveField", {"layers": "Dilated"}, "3"),
    Case("TransposedConvolution", {}, "y"),
    Case("DrawDigit", {}, "pad", "image", most=9),
)
LARGEST = (
    Case("FlipAndSlide", {"x": np.arange(40) - 20, "w": np.arange(12) - 5, "padding": 3}, "y"),
    Case("PaddingAndStride", {"image": IMAGE, "kernel": KERNEL, "padding": 3}, "y"),
    Case("Im2Col", {"image": IMAGES, "kernel": KERNELS, "padding": 2}, "y"),
    Case("Col2Im", BATCH, "cols"),
    Case("GradientFlow", {"image": IMAGE, "kernel": KERNEL, "padding": 3}, "dx", "padding", 4, 3),
    Case("MatrixView", {"image": IMAGE[:6, :6], "kernel": KERNEL[:4, :4], "padding": 1}, "y"),
    Case("KernelLab", {"image": PICTURE, "kernel": KERNEL, "padding": 3}, "y", "padding", 6, 3),
    Case("Layout", {"shape": (32, 32, 4), "kernel_size": (7, 7)}, "y"),
    Case("ReceptiveField", {"layers": "VGG-16"}, "18"),
    Case("TransposedConvolution", {"y": IMAGE[:8, :8], "kernel": KERNEL[:5, :5], "stride": 3}, "y"),
    Case("DrawDigit", {"params": initial_params(rng, (64, 64))}, "pad", "image", most=9),
)
CASES = {
    (case.kind, size): case
    for size, cases in {"lesson": LESSON, "largest": LARGEST}.items()
    for case in cases
}


def ours(kind, size):
    """Show the figure under a slider that is linked to it in the page."""
    case = CASES[kind, size]
    figure, slider = case.figure(), case.slider()
    ipywidgets.jsdlink((slider, "value"), (figure, case.trait))
    return ipywidgets.VBox([slider, figure])


def interact(kind, size):
    """Show the twin under `interact`'s slider."""
    case = CASES[kind, size]
    ipywidgets.interact(lambda at: draw(panels(case, at)), at=case.slider())


def panels(case, at):
    """Return a twin's panels: [(title, 2-D array, [(row, column) marked])]."""
    if case.trait == "selection":
        return TWINS[case.kind](case.figure(), at)
    return TWINS[case.kind](case.figure(**{case.trait: at}), 4)


def draw(shown):
    """Draw panels (title, array, cells marked) side by side."""
    from matplotlib import pyplot as plt

    numbers = sum(array.size for _, array, _ in shown) <= NUMBERS
    ratios = [array.shape[1] for _, array, _ in shown]
    figure, axes = plt.subplots(1, len(shown), figsize=(10, 4), width_ratios=ratios)
    for ax, (title, array, marked) in zip(axes, shown, strict=True):
        most = np.abs(array).max() or 1
        ax.imshow(array, cmap="PuOr", vmin=-most, vmax=most)
        ax.set_title(title)
        for i, j in marked:
            ax.add_patch(plt.Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, linewidth=2))
        if numbers:
            for (i, j), value in np.ndenumerate(array):
                ax.text(j, i, f"{value:g}", ha="center", va="center")
    plt.show()


def tiled(batch):
    """Lay images (N, C, H, W) out in one array, channels below each other."""
    return np.concatenate([np.concatenate(list(image), axis=0) for image in batch], axis=1)


def window(figure, at, size, width):
    """Return the cells under the window of output `at`, in the padded image."""
    row, column = divmod(at, width)
    return [
        (row * figure.stride + i * figure.dilation, column * figure.stride + j * figure.dilation)
        for i in range(size[0])
        for j in range(size[1])
    ]


def padded(x, padding):
    """Pad the last two axes."""
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2)


def conv(figure, x, w):
    """Return the layer's output, without a bias."""
    setting = (figure.stride, figure.padding, figure.dilation)
    return fast.conv2d(x, w, np.zeros(len(w)), *setting)


def flip(figure, at):
    x = np.pad(np.array(figure.x, float), figure.padding)[None]
    w = np.array(figure.w, float)[None]
    y = np.correlate(x[0], w[0])[None]
    return [
        ("x", x, [(0, at + j) for j in range(w.size)]),
        ("w", w, []),
        ("y", y, [(0, at)]),
    ]


def padding_and_stride(figure, at):
    x, w = np.array(figure.image, float), np.array(figure.kernel, float)
    y = conv(figure, x[None, None], w[None, None])[0, 0]
    under = window(figure, at, w.shape, y.shape[1])
    return [
        ("x", padded(x, figure.padding), under),
        ("w", w, []),
        ("y", y, [divmod(at, y.shape[1])]),
    ]


def im2col(figure, at):
    x, w = np.array(figure.image, float), np.array(figure.kernel, float)
    y = conv(figure, x, w)
    cols = fast.im2col(x, w.shape[2:], figure.stride, figure.padding, figure.dilation)
    column = [(row, at) for row in range(len(cols))]
    under = window(figure, at // len(x), w.shape[2:], y.shape[3])
    shown = tiled(padded(x, figure.padding))
    row = w.reshape(len(w), -1)
    return [("x", shown, under), ("W_row", row, []), ("y", tiled(y), []), ("X_col", cols, column)]


def col2im(figure, at):
    n, c, h, w = figure.image_shape
    geometry = (figure.kernel_size, figure.stride, figure.padding, figure.dilation)
    cols = fast.im2col(np.ones((n, c, h, w)), *geometry)
    upto = np.where(np.arange(cols.shape[1]) <= at, cols, 0)
    dx = fast.col2im(upto, (n, c, h, w), *geometry)
    cover = fast.col2im(cols, (n, c, h, w), *geometry)
    column = [(row, at) for row in range(len(cols))]
    return [("dx", tiled(dx), []), ("coverage", tiled(cover), []), ("X_col", cols, column)]


def gradient_flow(figure, at):
    x, w = np.array(figure.image, float)[None, None], np.array(figure.kernel, float)[None, None]
    dy = np.ones_like(conv(figure, x, w))
    setting = (figure.stride, figure.padding, figure.dilation)
    dx, dw, db = fast.conv2d_backward(dy, x, w, *setting)
    arrays = {"x": x, "w": w, "dy": dy, "dx": dx, "dw": dw, "db": db.reshape(1, 1, 1, 1)}
    place = [divmod(at, x.shape[3])]
    return [(name, a[0, 0], place if name == "dx" else []) for name, a in arrays.items()]


def matrix_view(figure, at):
    x, w = np.array(figure.image, float), np.array(figure.kernel, float)
    y = conv(figure, x[None, None], w[None, None])[0, 0]
    matrix = np.zeros((y.size, x.size))
    for pixel in range(x.size):
        probe = np.zeros(x.size)
        probe[pixel] = 1
        matrix[:, pixel] = conv(figure, probe.reshape(1, 1, *x.shape), w[None, None]).ravel()
    row = [(at, column) for column in range(x.size)]
    return [("w", w, []), ("x", x, []), ("y", y, [divmod(at, y.shape[1])]), ("W*", matrix, row)]


def kernel_lab(figure, at):
    y = figure.output
    under = window(figure, at, figure.kernel.shape, y.shape[1])
    x = padded(figure.image, figure.padding)
    return [("x", x, under), ("w", figure.kernel, []), ("y", y, [divmod(at, y.shape[1])])]


def layout(figure, at):
    h, w, c = figure.shape
    places = np.arange(h * w * c).reshape(h, w, c)
    first = places[: h - figure.kernel_size[0] + 1, : w - figure.kernel_size[1] + 1, 0]
    under = window(figure, at, figure.kernel_size, first.shape[1])
    line = next(d for d in range(12, 0, -1) if places.size % d == 0)
    memory = np.repeat(np.arange(c)[None], h * w, axis=0).reshape(-1, line)
    marked = [divmod(int(places[i, j, k]), line) for i, j in under for k in range(c)]
    image = np.concatenate(list(places.transpose(2, 0, 1)), axis=1)
    return [("x", image, under), ("patches", first, []), ("memory", memory, marked)]


def receptive_field(figure, at):
    rows = np.zeros((len(figure.layers) + 1, figure.n))
    rows[-1, at] = 1
    for r in range(len(figure.layers), 0, -1):
        kernel, stride, padding, dilation = figure.layers[r - 1]
        for i in np.flatnonzero(rows[r]):
            for tap in range(kernel):
                j = i * stride + tap * dilation - padding
                if 0 <= j < figure.n:
                    rows[r - 1, j] += rows[r, i]
    share = rows / rows.max(axis=1, keepdims=True)
    return [("paths", share, [(len(rows) - 1, at)]), ("to x", rows[:1] / rows[0].max(), [])]


def transposed_convolution(figure, at):
    y, w = np.array(figure.y, float), np.array(figure.kernel, float)
    upto = np.where(np.arange(y.size).reshape(y.shape) <= at, y, 0)
    cover = grown(figure, np.ones_like(y), np.ones_like(w))
    under = window(figure, at, w.shape, y.shape[1])
    return [
        ("y", y, [divmod(at, y.shape[1])]),
        ("w", w, []),
        ("grown", grown(figure, upto, w), under),
        ("coverage", cover, under),
    ]


def grown(figure, y, w):
    """Return the transposed layer's output, before it is cropped."""
    sizes = zip(y.shape, w.shape, strict=True)
    size = [(n - 1) * figure.stride + figure.dilation * (k - 1) + 1 for n, k in sizes]
    given = (y[None, None], np.zeros((1, 1, *size)), w[None, None])
    return fast.conv2d_backward(*given, figure.stride, 0, figure.dilation)[0][0, 0]


def draw_digit(figure, at):
    params, x = figure.params, np.array(figure.image)[None, None] / 16
    a1 = np.maximum(fast.conv2d(x, params["w1"], params["b1"], 2, 1), 0)
    a2 = np.maximum(fast.conv2d(a1, params["w2"], params["b2"], 1, 1), 0)
    a3, _ = fast.max_pool2d(a2, 2)
    logits = params["w3"] @ a3.ravel() + params["b3"]
    shares = np.exp(logits - logits.max())
    maps = [(name, side_by_side(layer)) for name, layer in (("a1", a1), ("a2", a2), ("a3", a3))]
    shown = [("x", x[0, 0]), *maps, ("p", shares[:, None] / shares.sum())]
    return [(title, array, []) for title, array in shown]


def side_by_side(maps):
    """Lay a layer's maps out in eight rows, as far as there are maps."""
    rows = np.array_split(maps[0], min(8, len(maps[0])))
    width = max(len(row) for row in rows)
    blank = [np.pad(row, ((0, width - len(row)), (0, 0), (0, 0))) for row in rows]
    return np.concatenate([np.concatenate(list(row), axis=1) for row in blank], axis=0)


TWINS = {
    "FlipAndSlide": flip,
    "PaddingAndStride": padding_and_stride,
    "Im2Col": im2col,
    "Col2Im": col2im,
    "GradientFlow": gradient_flow,
    "MatrixView": matrix_view,
    "KernelLab": kernel_lab,
    "Layout": layout,
    "ReceptiveField": receptive_field,
    "TransposedConvolution": transposed_convolution,
    "DrawDigit": draw_digit,
}
