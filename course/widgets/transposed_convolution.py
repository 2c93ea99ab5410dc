"""Transposed convolution: a small map lays down one kernel an entry, and overlaps add up."""

from itertools import product

import traitlets

from course.widgets.base import BadValue, Checked, compose
from course.widgets.checking import yes_or_no
from course.widgets.figure2d import STYLES, Figure2d, picture, shortened, sum_text
from course.widgets.images import array, pair, shape_of
from course.widgets.tables import table

MAP = ((1, 10), (100, 1000))
KERNEL = ((1, 2), (3, 4))
CELLS = 32  # of the output on each axis, before it is cropped


class TransposedConvolution(Figure2d):
    """Show a small map laying down kernels, and the larger output that they add up to.

    Step through the entries of `y`: each one adds its value times the kernel to a window of the
    output, and the windows lie `stride` pixels apart. Point at a pixel of the output to see which
    entries reach it, and their sum. The coverage counts the kernels on each pixel: where the stride
    does not divide the kernel's size, it is a checkerboard.

    Parameters
    ----------
    y : array_like of float, shape (H, W)
        The small map, at most 8×8.
    kernel : array_like of float, shape (KH, KW)
        At most 5×5.
    stride, padding, dilation : int or (rows, columns)
        Of the convolution that this one is the transpose of, in pixels: `stride` moves the kernels
        apart, `padding` crops the output on each side.
    controls : sequence of {"stride", "padding", "dilation"}, or None
        Which settings can be changed in the figure; ``()``: none. None: all.
    rule : bool
        Whether the rule for the output's size is printed, and the coverage far from the edges.
    editable : bool
        Whether the numbers of `y` and `kernel` can be typed in the figure; both follow.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : int or None
        The entry of `y` that is kept, counted row by row: the output shows what it and the entries
        before it have laid down. None: all entries.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, nothing is left of the output after the cropping, or it has
        more than 32 rows or columns before.

    Examples
    --------
    >>> figure = TransposedConvolution([[1, 2, 3]], [[1, 1]], stride=2)
    >>> figure.padding = (0, 3)
    Traceback (most recent call last):
    course.widgets.base.BadValue: padding 3 crops all 6 columns of the output; use less padding.
    """

    figure = "transposed_convolution"
    _esm = compose("transposed_convolution.js", *STYLES)

    y = Checked(array(("row", "column"), (8, 8)), MAP)
    kernel = Checked(array(("row", "column"), (5, 5)), KERNEL)
    editable = Checked(yes_or_no, False)

    def __init__(self, y=MAP, kernel=KERNEL, **settings):
        super().__init__(y=y, kernel=kernel, **settings)

    @traitlets.validate("y", "kernel")
    def _check_arrays(self, proposal):
        return self._check_together(proposal)

    @traitlets.observe("y", "kernel")
    def _follow_arrays(self, change):
        self._keep_selection_inside(change)

    def _sizes(self, state):
        kernel, output = shape_of(state["kernel"]), []
        settings = (pair(state[name]) for name in ("stride", "padding", "dilation"))
        axes = zip(shape_of(state["y"]), kernel, ("rows", "columns"), *settings, strict=True)
        for n, k, word, stride, padding, dilation in axes:
            full = (n - 1) * stride + dilation * (k - 1) + 1
            if full > CELLS:
                raise BadValue(
                    f"the output has {full} {word} before it is cropped ({n} entries, kernel {k}, "
                    f"stride {stride}, dilation {dilation}); this figure draws {CELLS}. Use a "
                    f"smaller map, stride or dilation."
                )
            if full <= 2 * padding:
                raise BadValue(
                    f"padding {padding} crops all {full} {word} of the output; use less padding."
                )
            output.append(full - 2 * padding)
        return tuple(output), kernel, 1

    def tables(self):
        """Return the map, the kernel and every pixel's sum as HTML tables."""
        windows = self._windows()
        weights = [weight for row in self.kernel for weight in row]
        laid = {}
        for i, j in windows.outputs:
            for pixel, weight in zip(windows.pixels((i, j)), weights, strict=True):
                laid.setdefault(pixel, []).append((self.y[i][j], weight))

        def sums():
            for i, j in product(*map(range, windows.image)):
                pairs = laid.get((i, j), [])
                terms, total = sum_text(pairs)
                terms = terms or "no kernel lies on it"
                yield f"grown[{i}, {j}]", [terms, total, str(len(pairs))]

        rows, cut = shortened(sums())
        settings = f"stride {self.stride}, padding {self.padding}, dilation {self.dilation}"
        heads = ["pixel", "sum", "value", "coverage"]
        return "\n".join(
            [
                table("Small map y", picture(self.y)),
                table("Kernel w", picture(self.kernel)),
                table(f"Every pixel of the output ({settings}){cut}", rows, heads),
            ]
        )
