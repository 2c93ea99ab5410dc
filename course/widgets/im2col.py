"""im2col: every window written out as a column, and the layer as one matrix product."""

import traitlets

from course.widgets.base import BadValue, Checked, compose
from course.widgets.checking import numbers, or_none
from course.widgets.figure2d import STYLES, ImageFigure, picture, shortened, sum_text
from course.widgets.images import array, shape_of
from course.widgets.tables import number, table

IMAGE = tuple(tuple(range(4 * i, 4 * i + 4)) for i in range(4))
KERNEL = ((1, 2), (3, 4))


class Im2Col(ImageFigure):
    """Show each window of an image as a column, and each output as a row times a column.

    Point at an output to see its window, its column of ``X_col`` and the product in numbers; at
    a column to see its window; at a pixel to see every place it is copied to.

    Parameters
    ----------
    image : array_like of float, shape (H, W), (C, H, W) or (N, C, H, W)
        At most 3 images, 4 channels, 16×16. Kept as (N, C, H, W).
    kernel : array_like of float, shape (KH, KW), (C, KH, KW) or (F, C, KH, KW)
        At most 8 filters, 5×5. Kept as (F, C, KH, KW).
    bias : sequence of float, one for each filter, or None
        What every output's sum has added. None: nothing.
    padding, stride, dilation : int or (rows, columns)
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
        The column of ``X_col`` that is kept: output positions row by row, the image index
        fastest. Reads what the learner chose; can be set.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, channels differ, or no window fits.

    Examples
    --------
    >>> figure = Im2Col()
    >>> figure.selection = 24
    >>> figure.kernel = [[[1, 2]], [[3, 4]]]
    Traceback (most recent call last):
    course.widgets.base.BadValue: image has 1 channels and kernel has 2; give both the same number.
    """

    figure = "im2col"
    _esm = compose("im2col.js", *STYLES)

    image = Checked(array(("image", "channel", "row", "column"), (3, 4, 16, 16)), ((IMAGE,),))
    kernel = Checked(array(("filter", "channel", "row", "column"), (8, 4, 5, 5)), ((KERNEL,),))
    bias = Checked(or_none(numbers(most=8)), None)

    def __init__(self, image=IMAGE, kernel=KERNEL, padding=1, stride=1, **settings):
        super().__init__(image=image, kernel=kernel, padding=padding, stride=stride, **settings)

    def _sizes(self, state):
        image, kernel = shape_of(state["image"]), shape_of(state["kernel"])
        if image[1] != kernel[1]:
            raise BadValue(
                f"image has {image[1]} channels and kernel has {kernel[1]}; give both the same "
                f"number."
            )
        if state["bias"] is not None and len(state["bias"]) != kernel[0]:
            raise BadValue(
                f"bias has {len(state['bias'])} values and kernel {kernel[0]} filters; give one "
                f"for each, or None."
            )
        return image[2:], kernel[2:], image[0]

    @traitlets.validate("bias")
    def _check_bias(self, proposal):
        return self._check_together(proposal)

    def tables(self):
        """Return images, filters, columns and every product as HTML tables."""
        windows = self._windows()
        filters = [flat(one) for one in self.kernel]
        columns = [
            (output, n, flat(self._patch(windows, output, images)))
            for output in windows.outputs
            for n, images in enumerate(self.image)
        ]

        def products():
            for output, n, patch in columns:
                for f, weights in enumerate(filters):
                    name = f"y[{n}, {f}, {output[0]}, {output[1]}]"
                    bias = self.bias[f] if self.bias else 0
                    yield name, sum_text(list(zip(weights, patch, strict=True)), bias)

        written, cut = shortened(
            (f"column {at}: output {output}, image {n}", map(number, patch))
            for at, (output, n, patch) in enumerate(columns)
        )
        rows, cut_rows = shortened(products())
        pictures = [
            table(f"x, image {n}, channel {c}{self._padded()}", picture(plane, self.padding))
            for n, image in enumerate(self.image)
            for c, plane in enumerate(image)
        ]
        return "\n".join(
            [
                *pictures,
                table(
                    "W_row", [(f"filter {f}", map(number, one)) for f, one in enumerate(filters)]
                ),
                table(f"X_col, each column written as a line{cut}", written),
                table(f"Every output{cut_rows}", rows, ["output", "W_row times column", "value"]),
            ]
        )

    def _patch(self, windows, output, image):
        """Return the values under one window, a row for each channel; the padding reads 0."""
        pixels = [(i, j, windows.inside((i, j))) for i, j in windows.pixels(output)]
        return [[plane[i][j] if real else 0 for i, j, real in pixels] for plane in image]


def flat(nested):
    """Return the numbers of nested tuples in a row, the last axis fastest."""
    if not isinstance(nested, list | tuple):
        return [nested]
    return [one for inner in nested for one in flat(inner)]
