"""Layout: where each element of an image lies in memory, channels first or last."""

import traitlets

from course.widgets.base import Checked, compose
from course.widgets.checking import one_of, or_none, some_of, whole
from course.widgets.figure2d import STYLES, Figure2d
from course.widgets.images import lengths
from course.widgets.tables import table


class Layout(Figure2d):
    """Show where each element of an image lies in memory, and which places a patch reads.

    Point at an element to see its place in the strip of memory, at a place to see its element,
    at a patch to see the flat indices that it reads. The image stands for one of a batch: the
    next one follows after its last element.

    Parameters
    ----------
    shape : (H, W, C)
        Rows, columns and channels, at most 32, 32 and 4.
    kernel_size : (KH, KW)
        Size of a patch, at most 7×7.
    order : {"NHWC", "NCHW"}
        Channels last, or first.
    stride, dilation : int or (rows, columns)
        As in every lesson, in pixels. Padding is part of the image here.
    controls : sequence of {"order", "stride", "dilation"}, or None
        Which settings can be changed in the figure; ``()``: none. None: all.
    rule : bool
        Whether the rules for an element's place in memory and for the number of patches are
        printed.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : int or None
        The patch that is kept, counted row by row. Reads what the learner chose; can be set.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, or no patch fits.

    Examples
    --------
    >>> figure = Layout((30, 30, 3), (3, 3))
    >>> figure.selection = 27
    >>> figure.order = "CHWN"
    Traceback (most recent call last):
    course.widgets.base.BadValue: order is 'CHWN'; expected 'NHWC' or 'NCHW'.
    """

    figure = "layout"
    _esm = compose("layout.js", *STYLES, "layout.css")

    shape = Checked(lengths("rows", "columns", "channels", most=(32, 32, 4)), (4, 5, 2))
    kernel_size = Checked(lengths("rows", "columns", most=(7, 7)), (2, 3))
    order = Checked(one_of("NHWC", "NCHW"), "NHWC")
    padding = Checked(whole(0, 0), 0)
    controls = Checked(or_none(some_of("order", "stride", "dilation")), None)

    def __init__(self, shape=(4, 5, 2), kernel_size=(2, 3), order="NHWC", **settings):
        super().__init__(shape=shape, kernel_size=kernel_size, order=order, **settings)

    @traitlets.validate("shape", "kernel_size")
    def _check_sizes(self, proposal):
        return self._check_together(proposal)

    @traitlets.observe("shape", "kernel_size")
    def _follow_sizes(self, change):
        self._keep_selection_inside(change)

    def _sizes(self, state):
        return state["shape"][:2], state["kernel_size"], 1

    def _memory(self):
        """Return the elements (row, column, channel) in the order in which they lie."""
        rows, columns, channels = map(range, self.shape)
        if self.order == "NCHW":
            return [(i, j, c) for c in channels for i in rows for j in columns]
        return [(i, j, c) for i in rows for j in columns for c in channels]

    def tables(self):
        """Return every element's place in memory, and those of one patch, as HTML tables."""
        place = {element: str(at) for at, element in enumerate(self._memory())}
        rows, columns, channels = self.shape
        parts = []
        for c in range(channels):
            lines = [(f"row {i}", [place[i, j, c] for j in range(columns)]) for i in range(rows)]
            heads = ["", *map(str, range(columns))]
            parts.append(table(f"Channel {c}: places in memory ({self.order})", lines, heads))
        windows = self._windows()
        output = windows.outputs[self.selection or 0]
        pixels = windows.pixels(output)
        patch = [(f"channel {c}", [place[i, j, c] for i, j in pixels]) for c in range(channels)]
        taps = [
            f"w[{u}, {v}]" for u in range(self.kernel_size[0]) for v in range(self.kernel_size[1])
        ]
        caption = f"What the patch at {output} reads, as flat indices"
        return "\n".join([*parts, table(caption, patch, ["", *taps])])
