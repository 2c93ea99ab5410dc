"""col2im: columns written back to their windows, added up where windows overlap."""

from itertools import product

import traitlets

from course.widgets.base import BadValue, Checked, compose
from course.widgets.checking import one_of, or_none, some_of, yes_or_no
from course.widgets.figure2d import STYLES, Figure2d, shortened
from course.widgets.flip_and_slide import place_values
from course.widgets.images import array, lengths, shape_of
from course.widgets.tables import number, table

AXES = ("images", "channels", "rows", "columns")
MOST = (3, 4, 16, 16)


def image_size(name, value):
    """Check the shape of images: (H, W), (C, H, W) or (N, C, H, W), kept with four axes."""
    size = len(value) if isinstance(value, list | tuple) and 2 <= len(value) <= 4 else 4
    checked = lengths(*AXES[4 - size :], most=MOST[4 - size :])(name, value)
    return (1,) * (4 - size) + checked


def kernel_pair(name, value):
    """Check a kernel's size, one whole number or (rows, columns)."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return lengths("rows", "columns", most=(5, 5))(name, (value, value) if whole else value)


class Col2Im(Figure2d):
    """Show columns going back to their windows, and what becomes of a pixel under several.

    Point at a pixel to see which entries of the columns add to it; step to write one column
    after the other. A switch compares ``+=`` with ``=``, which keeps the last window's entry,
    and with ``x[k, i, j] += dX_col``, which keeps the last one in the matrix.

    Parameters
    ----------
    image_shape : (H, W), (C, H, W) or (N, C, H, W)
        At most 3 images, 4 channels, 16×16. Kept as (N, C, H, W).
    kernel_size : int or (KH, KW)
        At most 5×5.
    cols : array_like of float, shape (C*KH*KW, OH*OW*N), or None
        The columns, ordered as `im2col` orders them. None: column 0 is all 1, column 1 all 10, …
        for up to six columns, so that digits tell windows; else all ones, which counts them.
    write : {"+=", "=", "fancy +="}
        How columns are written into the image.
    stride, padding, dilation : int or (rows, columns)
        As in every lesson, in pixels.
    controls : sequence of {"write", "stride", "padding", "dilation"}, or None
        Which settings can be changed in the figure; ``()``: none. None: all.
    rule : bool
        Whether the rule for the number of outputs is printed.
    editable : bool
        Whether the numbers of `cols` can be typed in the figure; it follows.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : int or None
        The column that is kept: the image shows what it and the columns before it have written.
        None: all columns.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, or no window fits.

    Examples
    --------
    >>> figure = Col2Im((4, 4), 3, write="=")
    >>> figure.selection = 4
    Traceback (most recent call last):
    course.widgets.base.BadValue: selection is 4; the outputs are 0 to 3. Choose one, or None.
    """

    figure = "col2im"
    _esm = compose("col2im.js", *STYLES)

    image_shape = Checked(image_size, (1, 1, 4, 4))
    kernel_size = Checked(kernel_pair, (3, 3))
    cols = Checked(or_none(array(("row", "column"), (100, 1200))), None)
    editable = Checked(yes_or_no, False)
    write = Checked(one_of("+=", "=", "fancy +="), "+=")
    controls = Checked(or_none(some_of("write", "stride", "padding", "dilation")), None)

    def __init__(self, image_shape=(4, 4), kernel_size=3, cols=None, **settings):
        super().__init__(image_shape=image_shape, kernel_size=kernel_size, cols=cols, **settings)

    @traitlets.validate("image_shape", "kernel_size", "cols")
    def _check_arrays(self, proposal):
        value = self._check_together(proposal)
        if proposal["trait"].name == "cols" and value is not None and not self._from_page:
            taps = self.image_shape[1] * self.kernel_size[0] * self.kernel_size[1]
            expected = (taps, self._places())
            if shape_of(value) != expected:
                raise BadValue(
                    f"cols has shape {shape_of(value)}; expected {expected}, a row for each "
                    f"kernel entry and a column for each window, or None."
                )
        return value

    @traitlets.observe("image_shape", "kernel_size")
    def _follow_arrays(self, change):
        self._keep_selection_inside(change)

    def _sizes(self, state):
        return state["image_shape"][2:], state["kernel_size"], state["image_shape"][0]

    def tables(self):
        """Return columns, coverage and what is written to every pixel as HTML tables."""
        windows = self._windows()
        images, channels, height, width = self.image_shape
        taps = list(product(range(channels), *map(range, self.kernel_size)))
        places = [(output, n) for output in windows.outputs for n in range(images)]
        cols = self.cols
        if cols is None or shape_of(cols) != (len(taps), len(places)):
            row = place_values(len(places)) if len(places) <= 6 else (1,) * len(places)
            cols = (row,) * len(taps)
        entries = {}
        for col, (output, n) in enumerate(places):
            under = windows.pixels(output) * channels
            for tap, ((c, *_), pixel) in enumerate(zip(taps, under, strict=True)):
                entries.setdefault((n, c, *pixel), []).append((tap, col, cols[tap][col]))

        def written():
            for n, c, i, j in product(*map(range, self.image_shape)):
                found = entries.get((n, c, i, j), [])
                terms = " + ".join(number(value) for *_, value in found)
                heading = f"dx[{n}, {c}, {i}, {j}]" if images * channels > 1 else f"dx[{i}, {j}]"
                yield heading, [terms or "no window is over it", str(len(found)), self._kept(found)]

        rows, cut = shortened(written())
        columns, cut_columns = shortened(
            (f"column {col}: output {output}, image {n}", [number(row[col]) for row in cols])
            for col, (output, n) in enumerate(places)
        )
        heads = ["pixel", "entries written", "coverage", f"value with {self.write}"]
        return "\n".join(
            [
                table(f"dX_col, each column written as a line{cut_columns}", columns),
                table(f"Every pixel{cut}", rows, heads),
            ]
        )

    def _kept(self, found):
        """Write what is left in a pixel of the entries (tap, column, value) for it."""
        if not found:
            return "0"
        if self.write == "+=":
            return number(sum(value for *_, value in found))
        # Found window by window; "fancy +=" goes through the matrix row by row.
        return number((max(found) if self.write == "fancy +=" else found[-1])[2])
