"""Kernel lab: a picture, a kernel whose weights one changes, and the output at once."""

from html import escape

import numpy as np
import traitlets

from course.widgets.base import BadValue, Checked, compose
from course.widgets.checking import one_of, or_none, some_of, yes_or_no
from course.widgets.figure2d import STYLES, Figure2d, sum_text
from course.widgets.figure2d import picture as number_rows
from course.widgets.images import array, pair, shape_of
from course.widgets.pictures import LONGEST, bundled, pixels, png, values_of
from course.widgets.tables import number, table

PICTURES = bundled()
SHARPEN = ((0, -1, 0), (-1, 5, -1), (0, -1, 0))
CONTROLS = ("picture", "channels", "kernels", "size", "flip", "stride", "padding", "dilation")


class KernelLab(Figure2d):
    """Show what a kernel makes of a picture, while its weights are typed, dragged or chosen.

    Point at the picture or the output to see a window enlarged, and its sum in numbers; click, or
    use the arrow keys, to keep one. A picture can also be dropped on the figure; it is reduced
    to 256 pixels a side, and goes to no other program than the page and its kernel.

    Parameters
    ----------
    image : {"photograph", "digit", "pattern", "impulse"} or array_like, shape (H, W) or (3, H, W)
        At most 256 rows and columns; brightness, shown from 0 (black) to 255 (white). Reads the
        array that the kernel meets: (H, W) where channels are averaged.
    kernel : array_like of float, shape (KH, KW)
        At most 7×7. Reads what the learner made of it, as an array; can be set.
    channels : {"grey", "colour"}
        Average the channels first, or correlate each with the kernel by itself. An array (3, H, W)
        starts with "colour".
    flip : bool
        Turn the kernel by 180° first: convolution, not cross-correlation.
    stride, padding, dilation : int or (rows, columns)
        As in every lesson, in pixels.
    controls : sequence of {"picture", "channels", "kernels", "size", "flip", "stride", "padding", \
"dilation"}, or None
        What can be changed in the figure besides the weights; ``()``: nothing. None: all.
    rule : bool
        Whether the rule for the number of outputs is printed.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : int or None
        The output that is kept, counted row by row. Reads what the learner chose; can be set.

    Attributes
    ----------
    output : (OH, OW) or (3, OH, OW) float64
        What the figure computes. Set it to an answer of one's own, and the figure shows where the
        two differ, until picture, kernel or a setting changes; None takes it back.
    difference : as `output`
        The output that was set less the figure's own; 0 where none was set.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, no window fits, or an output has another shape.

    Examples
    --------
    >>> lab = KernelLab([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]])
    >>> lab.output.tolist()
    [[37.0, 47.0], [67.0, 77.0]]
    >>> lab.output = [[37, 47], [67, 78]]
    >>> lab.difference.tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """

    figure = "kernel_lab"
    _esm = compose("kernel_lab.js", *STYLES, "pixels.css", "kernel_lab.css", PICTURES=PICTURES)

    picture = Checked(pixels((1, 3), names=tuple(PICTURES)), "photograph")
    weights = Checked(array(("row", "column"), (7, 7)), SHARPEN)
    channels = Checked(one_of("grey", "colour"), "grey")
    flip = Checked(yes_or_no, False)
    # An output of the learner's own, beside which the figure shows its own.
    given = Checked(or_none(pixels((1, 3), LONGEST + 4 * 16)), None)
    controls = Checked(or_none(some_of(*CONTROLS)), None)

    def __init__(self, image="photograph", kernel=SHARPEN, **settings):
        given = self._check_image(image)
        if not isinstance(given, str) and given["shape"][0] == 3:
            settings.setdefault("channels", "colour")
        weights = type(self).weights.check("kernel", kernel)
        super().__init__(picture=given, weights=weights, **settings)

    def _check_image(self, image):
        return type(self).picture.check("image", image)

    @property
    def image(self):
        """The array that the kernel meets, (H, W) or (3, H, W) float64; can be set."""
        return _met(self.state())

    @image.setter
    def image(self, image):
        given = self._check_image(image)
        self.picture = given
        if not isinstance(given, str):
            self.channels = "colour" if given["shape"][0] == 3 else "grey"

    @property
    def kernel(self):
        """The weights, (KH, KW) float64; can be set."""
        return np.array(self.weights, float)

    @kernel.setter
    def kernel(self, kernel):
        self.weights = type(self).weights.check("kernel", kernel)

    @property
    def output(self):
        """What the figure shows: its own output, or the one it was given; can be set."""
        if self.given is None:
            return self._own_output()
        return values_of(self.given).reshape(self._own_output().shape)

    @output.setter
    def output(self, output):
        if output is not None:
            output = type(self).given.check("output", output)
            own = self._own_output().shape
            if output["shape"] != (1,) * (3 - len(own)) + own:
                came = output["shape"] if output["shape"][0] > 1 else output["shape"][1:]
                raise BadValue(
                    f"output has shape {came}; expected {own}, that of this figure's output with "
                    f"an image {self.image.shape}, a kernel {self.kernel.shape}, stride "
                    f"{self.stride}, padding {self.padding} and dilation {self.dilation}."
                )
        self.given = output

    @property
    def difference(self):
        """The output that was set less the figure's own."""
        return self.output - self._own_output()

    def _own_output(self):
        (sh, sw), (ph, pw), (dh, dw) = map(pair, (self.stride, self.padding, self.dilation))
        x = self.image
        x = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(ph, ph), (pw, pw)])
        w = self.kernel[::-1, ::-1] if self.flip else self.kernel
        OH, OW = map(len, self._windows().starts)
        y = np.zeros((*x.shape[:-2], OH, OW))
        for (u, v), weight in np.ndenumerate(w):
            rows = slice(u * dh, u * dh + (OH - 1) * sh + 1, sh)
            columns = slice(v * dw, v * dw + (OW - 1) * sw + 1, sw)
            y += weight * x[..., rows, columns]
        return y

    def _sizes(self, state):
        return _met(state).shape[-2:], shape_of(state["weights"]), 1

    @traitlets.validate("picture", "weights")
    def _check_arrays(self, proposal):
        return self._check_together(proposal)

    @traitlets.observe("picture", "weights", "channels", "flip", "stride", "padding", "dilation")
    def _drop_given(self, _):
        self.given = None
        self._keep_selection_inside(None)

    def tables(self):
        """Return picture and output as images; kernel and the kept window's sum as tables."""
        windows = self._windows()
        width = len(windows.starts[1])
        at = divmod(self.selection or 0, width)
        y, x, w = self._own_output(), self.image, self.kernel
        used = w[::-1, ::-1] if self.flip else w
        window = [
            x[..., i, j] if windows.inside((i, j)) else np.zeros(x.shape[:-2])
            for i, j in windows.pixels(at)
        ]
        names = ["red", "green", "blue"] if x.ndim == 3 else [""]
        sums = [
            (
                f"y[{at[0]}, {at[1]}] {name}".strip(),
                sum_text(list(zip(values.tolist(), used.ravel().tolist(), strict=True))),
            )
            for name, values in zip(names, np.reshape(window, (used.size, -1)).T, strict=True)
        ]
        turned = ", turned by 180° before it is laid on" if self.flip else ""
        settings = f"stride {self.stride}, padding {self.padding}, dilation {self.dilation}"
        return "\n".join(
            [
                _image(f"Picture x, {_size(x)}", shades(x)),
                _image(f"Output y, {_size(y)}", shades(y, w.sum())),
                table(f"Kernel w{turned}", number_rows(self.weights)),
                table(f"One output ({settings})", sums, ["output", "sum", "value"]),
            ]
        )

    def __repr__(self):
        image = repr(self.picture)
        if not isinstance(self.picture, str):
            image = f"<{' × '.join(map(str, self.image.shape))} numbers>"
        left_out = ("picture", "weights", "given")
        settings = {"image": image, "kernel": repr(self.weights)}
        settings |= {k: repr(v) for k, v in self.state().items() if k not in left_out}
        return f"KernelLab({', '.join(f'{name}={value}' for name, value in settings.items())})"


def _met(state):
    """Return the pixels that the kernel meets, (H, W) or (3, H, W)."""
    carried = state["picture"]
    values = values_of(PICTURES[carried] if isinstance(carried, str) else carried)
    if len(values) == 3 and state["channels"] == "colour":
        return values
    return values.sum(axis=0) / len(values)


def shades(values, total=1):
    """Return numbers as a picture in greys, or in colours.

    Parameters
    ----------
    values : (H, W) or (3, H, W) float64
    total : float
        The sum of the weights. Below 0.5 values are differences, and the middle of the greys is 0;
        above 1.5 the brightest is white, and between the two 255.

    Returns
    -------
    (H, W) or (H, W, 3) uint8
    """
    full = np.quantile(np.abs(values), 0.98) or np.abs(values).max() or 1
    if total < 0.5:
        values = 127.5 + 127.5 * values / full
    elif total > 1.5:
        values = 255 * values / full
    pixels = np.clip(np.floor(values + 0.5), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(pixels if pixels.ndim == 2 else pixels.transpose(1, 2, 0))


def _size(values):
    return " × ".join(map(str, values.shape))


def _image(caption, pixels):
    width = min(256, max(96, 2 * pixels.shape[1]))
    return (
        f"<figure><figcaption>{escape(caption)}</figcaption>"
        f'<img alt="{escape(caption)}" width="{number(width)}" src="{png(pixels)}"></figure>'
    )
