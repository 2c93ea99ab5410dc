"""Matrix view: the layer as one sparse matrix whose rows are windows."""

from course.widgets.base import Checked, compose
from course.widgets.figure2d import STYLES, ImageFigure, picture, shortened
from course.widgets.images import array
from course.widgets.tables import number, table

IMAGE = ((1, 2, 3), (4, 5, 6), (7, 8, 9))
KERNEL = ((1, 2), (3, 4))


class MatrixView(ImageFigure):
    """Show the layer as one matrix: a row for each output, a column for each pixel.

    Point at an output to see its row and its window, at a pixel to see its column and the outputs
    that it reaches, at a weight to see all its copies, which stay equal because they are one.

    Parameters
    ----------
    image : array_like of float, shape (H, W)
        At most 6×6.
    kernel : array_like of float, shape (KH, KW)
        At most 4×4.
    stride, padding, dilation : int or (rows, columns)
        As in every lesson, in pixels. The padding is 0 and has no column.
    controls : sequence of {"stride", "padding", "dilation"}, or None
        Which settings can be changed in the figure; ``()``: none. None: all.
    rule : bool
        Whether the matrix's size, and the rule for the number of outputs, are printed.
    editable : bool
        Whether the numbers of `image` and `kernel` can be typed in the figure; both follow.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : int or None
        The output that is kept: a row of the matrix. Reads what the learner chose; can be set.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, or no window fits.

    Examples
    --------
    >>> figure = MatrixView([[1, 2, 3], [4, 5, 6]], [[1, -1]])
    >>> figure.selection = 3
    >>> figure.selection = 4
    Traceback (most recent call last):
    course.widgets.base.BadValue: selection is 4; the outputs are 0 to 3. Choose one, or None.
    """

    figure = "matrix_view"
    _esm = compose("matrix_view.js", *STYLES)

    image = Checked(array(("row", "column"), (6, 6)), IMAGE)
    kernel = Checked(array(("row", "column"), (4, 4)), KERNEL)

    def __init__(self, image=IMAGE, kernel=KERNEL, **settings):
        super().__init__(image=image, kernel=kernel, **settings)

    def tables(self):
        """Return image, kernel, matrix and outputs as HTML tables."""
        windows = self._windows()
        weights = [one for row in self.kernel for one in row]
        pixels = {(i, j): value for i, row in enumerate(self.image) for j, value in enumerate(row)}
        rows, outputs = [], []
        for output in windows.outputs:
            name = f"y[{output[0]}, {output[1]}]"
            read = dict(zip(windows.pixels(output), weights, strict=True))
            rows.append((name, [number(read[at]) if at in read else "0" for at in pixels]))
            total = sum(weight * pixels[at] for at, weight in read.items() if at in pixels)
            outputs.append((name, [number(total)]))
        rows, cut = shortened(rows)
        outputs, cut_outputs = shortened(outputs)
        heads = ["output", *(f"x[{i}, {j}]" for i, j in pixels)]
        return "\n".join(
            [
                table("Image x", picture(self.image)),
                table("Kernel w", picture(self.kernel)),
                table(f"The matrix, a row for each output{cut}", rows, heads),
                table(f"The matrix times x{cut_outputs}", outputs),
            ]
        )
