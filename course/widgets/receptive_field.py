"""Receptive field: a stack of layers on one axis, and what one output sees of the input."""

import traitlets

from course.widgets.base import BadValue, Checked, Figure, compose
from course.widgets.checking import one_of, or_none, real, some_of, whole, whole_or_pair, yes_or_no
from course.widgets.images import pair
from course.widgets.networks import NETWORKS
from course.widgets.tables import table

PARTS = {"kernel": (1, 15), "stride": (1, 8), "padding": (0, 16), "dilation": (1, 16)}
NEEDED = "expected (kernel, stride, padding, dilation), as (3, 1, 0, 1)"

LONGEST = 60  # layers
LAYERS, INPUTS, _ = NETWORKS["Network B"]
IN_PAGE = {name: {"layers": layers, "n": n} for name, (layers, n, _) in NETWORKS.items()}
NOTES = {name: note for name, (_, _, note) in NETWORKS.items()}


def stack(name, value):
    """Check a list of layers."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= LONGEST:
        raise BadValue(
            f"{name} is {value!r}; expected a list of 1 to {LONGEST} layers (kernel, stride, "
            f"padding, dilation), the one next to the input first, as [(3, 1, 0, 1), (2, 2, 0, 1)]."
        )
    return tuple(one_layer(f"{name}[{at}]", layer) for at, layer in enumerate(value))


def one_layer(name, value):
    """Check one layer's four numbers."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(value, list | tuple) or len(value) != len(PARTS):
        raise BadValue(f"{name} is {value!r}; {NEEDED}.")
    return tuple(
        whole(*limits)(f"{part} of {name}", number)
        for (part, limits), number in zip(PARTS.items(), value, strict=True)
    )


class ReceptiveField(Figure):
    """Show a stack of layers on one axis, and what each of its outputs sees of the input.

    Point at an output to see what it reads in every row up to the input: its size, how far the
    next output's field lies (jump), where the first one's middle is (start), which pixels it
    leaves out, and how many paths lead to each. Point at a pixel to see which outputs see it.
    Layers can be changed, added and removed in the figure. In two dimensions rows and columns go
    through the same layers, so that the paths to a pixel are those to its row times those to its
    column.

    Parameters
    ----------
    layers : sequence of (kernel, stride, padding, dilation), or a name
        1 to 60 layers, the one next to the input first; or ``"Network B"``, ``"LeNet"``,
        ``"Dilated"``, ``"VGG-16"``, ``"GoogLeNet"``, ``"ResNet-18"``, ``"ResNet-34"``,
        ``"ResNet-50"``, ``"MobileNet"``, which bring their own `n`. Of networks with branches it is
        the branch with the largest field.
    n : int
        Inputs on the axis, in pixels, at most 512.
    view : {"1d", "2d"}
        What is shown: the rows of cells on one axis, or the picture and all outputs beside them.
    controls : sequence of {"networks", "view", "layers"}, or None
        What can be changed in the figure: "networks" chooses one of those with a name, "layers"
        changes, adds and removes single ones; ``()``: nothing. None: all.
    rule : bool
        Whether each layer's size, jump and start are printed, and the sums they come from.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : int, (row, column) or None
        The output of the last layer that is kept, None: no output, so that no field is shown. The
        rows of cells show its column; one number is both. Reads what the learner chose; can be set.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, or a kernel does not fit.

    Examples
    --------
    >>> figure = ReceptiveField([(3, 1, 1, 1), (3, 2, 1, 1)], n=16)
    >>> figure.selection = 7
    >>> figure.n = 0
    Traceback (most recent call last):
    course.widgets.base.BadValue: n is 0; expected a whole number from 1 to 512, as n=1.
    """

    figure = "receptive_field"
    _esm = compose(
        *("receptive_field.js", "shared.css", "pixels.css", "receptive_field.css"),
        NETWORKS=IN_PAGE,
        NOTES=NOTES,
    )

    layers = Checked(stack, LAYERS)
    n = Checked(whole(1, 512), INPUTS)
    view = Checked(one_of("1d", "2d"), "1d")
    controls = Checked(or_none(some_of("networks", "view", "layers")), None)
    rule = Checked(yes_or_no, True)
    scale = Checked(real(0.5, 4), 1.0)
    selection = Checked(or_none(whole_or_pair(0, 600)), None)

    def __init__(self, layers=LAYERS, n=None, **settings):
        if isinstance(layers, str):
            if layers not in NETWORKS:
                names = ", ".join(map(repr, NETWORKS))
                raise BadValue(f"layers is {layers!r}; expected {names}, or a list of layers.")
            layers, own, _ = NETWORKS[layers]
            n = own if n is None else n
        super().__init__(layers=layers, n=INPUTS if n is None else n, **settings)

    @traitlets.validate("layers", "n", "selection")
    def _check_together(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if not self._from_page:
            rows = self._rows({**self.state(), name: value})
            if name == "selection" and value is not None and max(pair(value)) not in rows[-1]:
                raise BadValue(
                    f"selection is {value}; the outputs are 0 to {len(rows[-1]) - 1}. "
                    f"Choose one, or None."
                )
        return value

    @traitlets.observe("layers", "n", "selection")
    def _keep_selection_inside(self, _):
        try:
            last = self._rows(self.state())[-1][-1]
        except BadValue:  # on the way, in the page, to settings that fit again
            return
        if self.selection is not None and max(pair(self.selection)) > last:
            inside = tuple(min(at, last) for at in pair(self.selection))
            self.selection = inside if isinstance(self.selection, tuple) else inside[0]

    def _rows(self, state):
        """Return the cells of every row, the input first, as ranges."""
        rows = [range(state["n"])]
        for at, (kernel, stride, padding, dilation) in enumerate(state["layers"]):
            room, reach = len(rows[-1]) + 2 * padding, dilation * (kernel - 1)
            if reach >= room:
                raise BadValue(
                    f"layers[{at}] spans {reach + 1} cells ({kernel} entries, dilation {dilation}) "
                    f"and the row before it has {room} ({len(rows[-1])} cells, padding {padding}), "
                    f"so no window fits; use a larger n, more padding, or a smaller kernel."
                )
            rows.append(range(len(range(0, room - reach, stride))))
        return rows

    def _read_by(self, cells, layer):
        """Return the cells that one layer's windows read, those in its padding too."""
        kernel, stride, padding, dilation = layer
        taps = range(-padding, dilation * kernel - padding, dilation)
        return sorted({cell * stride + tap for cell in cells for tap in taps})

    def tables(self):
        """Return the layers, and what the kept output reads in every row, as HTML tables."""
        rows = self._rows(self.state())
        columns = ["layer", *PARTS, "cells"]
        settings = [("input", ["", "", "", "", str(self.n)])]
        for at, layer in enumerate(self.layers):
            settings.append((str(at + 1), map(str, [*layer, len(rows[at + 1])])))
        tables = [table("The layers, from the input on", settings, columns)]
        if self.selection is not None:
            row, column = pair(self.selection)
            axes = {"": column}
            if self.view == "2d":
                axes = {" in its rows": row, " in its columns": column}
            tables += [self._reads(rows, output, axis) for axis, output in axes.items()]
        return "\n".join(tables)

    def _reads(self, rows, output, axis):
        """Return what one output reads of every row of cells, as a table."""
        cells, reads = [output], []
        for at in reversed(range(len(self.layers))):
            cells = self._read_by(cells, self.layers[at])
            within = [cell for cell in cells if cell in rows[at]]
            name = f"layer {at}" if at else "input x"
            count = len(within)
            reads.append((name, [in_words(within), str(count), str(len(cells) - count)]))
            cells = within  # the padding is 0: nothing leads on from there
        caption = f"What output {output} of layer {len(self.layers)} reads{axis}, layer by layer"
        return table(caption, reads, ["layer", "cells", "how many", "padding cells"])


def in_words(cells):
    """Write whole numbers in order, runs of them shortened.

    Examples
    --------
    >>> in_words([0, 1, 2, 5, 7, 8])
    '0 to 2, 5, 7 to 8'
    """
    runs = []
    for cell in cells:
        if runs and runs[-1][1] == cell - 1:
            runs[-1][1] = cell
        else:
            runs.append([cell, cell])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in runs) or "none"
