"""Gradient flow: every product that makes an entry of dx, dw or db."""

import traitlets

from course.widgets.base import BadValue, Checked, compose
from course.widgets.checking import or_none
from course.widgets.figure2d import STYLES, ImageFigure, picture, shortened, sum_text
from course.widgets.flip_and_slide import place_values
from course.widgets.images import array, shape_of
from course.widgets.tables import number, table

IMAGE = ((1, 2, 3), (4, 5, 6), (7, 8, 9))
KERNEL = ((1, 2), (3, 4))


def entry_of_a_gradient(name, value):
    """Check a selection: the name of a sheet and an entry's row and column in it."""
    shape = {"dx": 3, "dw": 3, "dy": 3, "db": 1}
    value = tuple(value) if isinstance(value, list | tuple) else value
    whole = isinstance(value, tuple) and all(
        isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in value[1:]
    )
    if not whole or not value or len(value) != shape.get(value[0]):
        raise BadValue(
            f"{name} is {value!r}; expected ('dx', row, column), ('dw', row, column), "
            f"('dy', row, column) or ('db',)."
        )
    return value


class GradientFlow(ImageFigure):
    """Show every product that makes an entry of dx, dw or db, on the forward pass's grid.

    Point at an entry to see its sum in numbers. With upstream gradients 1, 10, 100, 1000 the
    digits of a gradient tell which of them it is made of, and with which weight.

    Parameters
    ----------
    image : array_like of float, shape (H, W)
        At most 16×16.
    kernel : array_like of float, shape (KH, KW)
        At most 7×7.
    dy : array_like of float, shape (OH, OW), or None
        The upstream gradient. None: 1, 10, 100, … for up to six outputs, else 1, 2, 3, …
    stride, padding, dilation : int or (rows, columns)
        As in every lesson, in pixels.
    controls : sequence of {"stride", "padding", "dilation"}, or None
        Which settings can be changed in the figure; ``()``: none. None: all.
    rule : bool
        Whether the rule for the number of outputs is printed.
    editable : bool
        Whether the numbers of `image`, `kernel` and `dy` can be typed in the figure; all follow.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : tuple or None
        The entry that is kept: ``("dx", row, column)``, ``("dw", row, column)``,
        ``("dy", row, column)`` or ``("db",)``. Reads what the learner chose; can be set.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, or no window fits.

    Examples
    --------
    >>> figure = GradientFlow(selection=("dx", 1, 1))
    >>> figure.dy = [[1, 2, 3]]  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    course.widgets.base.BadValue: dy has shape (1, 3) and the output (2, 2); give one for ...
    """

    figure = "gradient_flow"
    _esm = compose("gradient_flow.js", *STYLES)

    image = Checked(array(("row", "column"), (16, 16)), IMAGE)
    kernel = Checked(array(("row", "column"), (7, 7)), KERNEL)
    dy = Checked(or_none(array(("row", "column"), (48, 48))), None)
    selection = Checked(or_none(entry_of_a_gradient), None)

    def __init__(self, image=IMAGE, kernel=KERNEL, **settings):
        super().__init__(image=image, kernel=kernel, **settings)

    @traitlets.validate("dy")
    def _check_dy(self, proposal):
        if not self._from_page:
            self._check_upstream(proposal["value"])
        return self._check_together(proposal)

    def _check_upstream(self, dy):
        outputs = self._outputs(self.state())
        if dy is not None and shape_of(dy) != outputs:
            raise BadValue(
                f"dy has shape {shape_of(dy)} and the output {outputs}; give one for each "
                f"output, or None."
            )

    def _outputs(self, state):
        return tuple(len(starts) for starts in self._windows(state).starts)

    def _extent(self, state):
        sizes = {"dx": shape_of(state["image"]), "dw": shape_of(state["kernel"]), "db": ()}
        return {**sizes, "dy": self._outputs(state)}[state["selection"][0]]

    def _check_all(self, state):
        self._windows(state)
        if state["selection"] is None:
            return
        name, *place = state["selection"]
        extent = self._extent(state)
        if any(at >= n for at, n in zip(place, extent, strict=True)):
            raise BadValue(
                f"selection is {state['selection']}, and {name} is "
                f"{'×'.join(map(str, extent))}. Choose an entry, or None."
            )

    @traitlets.observe("stride", "padding", "dilation", "selection")
    def _keep_selection_inside(self, _):
        try:
            extent = self.selection and self._extent(self.state())
        except BadValue:  # on the way, in the page, to settings that fit again
            return
        if self.selection:
            name, *place = self.selection
            inside = (min(at, n - 1) for at, n in zip(place, extent, strict=True))
            self.selection = (name, *inside)

    def tables(self):
        """Return image, kernel, upstream gradient and every gradient's sum as HTML tables."""
        windows = self._windows()
        rows, columns = self._outputs(self.state())
        dy = self.dy and shape_of(self.dy) == (rows, columns) and self.dy
        if not dy:
            values = place_values(rows * columns)
            dy = [values[at * columns : (at + 1) * columns] for at in range(rows)]
        weights = [(a, b) for a in range(len(self.kernel)) for b in range(len(self.kernel[0]))]
        reached, shares = {}, {}
        for i, j in windows.outputs:
            for (a, b), pixel in zip(weights, windows.pixels((i, j)), strict=True):
                value = self.image[pixel[0]][pixel[1]] if windows.inside(pixel) else 0
                reached.setdefault(pixel, []).append((dy[i][j], self.kernel[a][b]))
                shares.setdefault((a, b), []).append((dy[i][j], value))
        pixels = [(i, j) for i in range(len(self.image)) for j in range(len(self.image[0]))]
        nothing = ["no window reaches it", "0"]
        dx = (
            (f"dx[{i}, {j}]", sum_text(reached[i, j]) if (i, j) in reached else nothing)
            for i, j in pixels
        )
        dx, cut = shortened(dx)
        dw = [(f"dw[{a}, {b}]", sum_text(shares[a, b])) for a, b in weights]
        all_dy = [one for row in dy for one in row]
        columns = ["entry", "sum", "value"]
        return "\n".join(
            [
                table(f"Image x{self._padded()}", picture(self.image, padding=self.padding)),
                table("Kernel w", picture(self.kernel)),
                table("Upstream gradient dy", picture(dy)),
                table(f"Gradient of x{cut}", dx, columns),
                table("Gradient of w", dw, columns),
                table(
                    "Gradient of b",
                    [("db", [" + ".join(map(number, all_dy)), number(sum(all_dy))])],
                    columns,
                ),
            ]
        )
