"""Padding and stride: a window that goes over the padded image, every sum in numbers."""

from course.widgets.base import Checked, compose
from course.widgets.checking import LARGEST, real
from course.widgets.figure2d import STYLES, ImageFigure, picture, shortened, sum_text
from course.widgets.images import array
from course.widgets.tables import table

IMAGE = ((3, 1, 4, 1, 5), (9, 2, 6, 5, 3), (5, 8, 9, 7, 9), (3, 2, 3, 8, 4))
KERNEL = ((1, 0, -1), (2, 0, -2), (1, 0, -1))


class PaddingAndStride(ImageFigure):
    """Show a window going over a padded image, and what stride, padding, dilation change.

    Point at an output to see its window and its sum in numbers, at a pixel to see which outputs
    it reaches; click, or use the arrow keys, to keep one. Settings for which no window fits
    cannot be reached in the figure, and the reason is printed.

    Parameters
    ----------
    image : array_like of float, shape (H, W)
        At most 16×16.
    kernel : array_like of float, shape (KH, KW)
        At most 7×7.
    bias : float
        What every output's sum has added.
    stride, padding, dilation : int or (rows, columns)
        As in every lesson, in pixels.
    controls : sequence of {"stride", "padding", "dilation"}, or None
        Which settings can be changed in the figure; ``()``: none. None: all.
    rule : bool
        Whether the rule for the number of outputs is printed.
    editable : bool
        Whether the numbers of `image` and `kernel` can be typed in the figure; both follow.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : int or None
        The output that is kept, counted row by row. Reads what the learner chose; can be set.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, or no window fits.

    Examples
    --------
    >>> figure = PaddingAndStride([[1, 2, 3], [4, 5, 6]], [[1, -1]], padding=1)
    >>> figure.selection = 3
    >>> figure.padding = -1
    Traceback (most recent call last):
    course.widgets.base.BadValue: padding is -1; expected a whole number from 0 to 16, as padding=0.
    """

    figure = "padding_and_stride"
    _esm = compose("padding_and_stride.js", *STYLES)

    image = Checked(array(("row", "column"), (16, 16)), IMAGE)
    kernel = Checked(array(("row", "column"), (7, 7)), KERNEL)
    bias = Checked(real(-LARGEST, LARGEST), 0.0)

    def __init__(self, image=IMAGE, kernel=KERNEL, **settings):
        super().__init__(image=image, kernel=kernel, **settings)

    def tables(self):
        """Return image, kernel and every sum as HTML tables."""
        windows = self._windows()
        weights = [one for row in self.kernel for one in row]

        def sums():
            for output in windows.outputs:
                inside = map(windows.inside, windows.pixels(output))
                pixels = zip(windows.pixels(output), inside, strict=True)
                values = [self.image[i][j] if real else 0 for (i, j), real in pixels]
                yield f"y[{output[0]}, {output[1]}]", sum_text(zip_list(values, weights), self.bias)

        rows, cut = shortened(sums())
        settings = f"stride {self.stride}, padding {self.padding}, dilation {self.dilation}"
        return "\n".join(
            [
                table(f"Image x{self._padded()}", picture(self.image, padding=self.padding)),
                table("Kernel w", picture(self.kernel)),
                table(f"Every output ({settings}){cut}", rows, ["output", "sum", "value"]),
            ]
        )


def zip_list(left, right):
    """Return the pairs of two lists of one length."""
    return list(zip(left, right, strict=True))
