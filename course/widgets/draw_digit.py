"""Draw a digit: the learner's own picture on its way through lesson 13's network."""

import numpy as np
import traitlets

from course.data import network
from course.data.digits import digits_apart
from course.data.network import network_says
from course.widgets.base import BadValue, Checked, Figure, compose
from course.widgets.checking import or_none, real, some_of, yes_or_no
from course.widgets.figure2d import STYLES, picture
from course.widgets.parameters import packed, unpacked
from course.widgets.tables import table

SIDE, MOST = 8, 16  # pixels on each axis, and the ink of one
SHOWN = 100  # digits of the test set that the page carries

IMAGES, LABELS = (array[:SHOWN] for array in digits_apart()["test"])
IN_PAGE = {
    # One letter for the ink of each pixel, 0 to 9 and a to g.
    "ink": ["".join("0123456789abcdefg"[ink] for ink in image.flat) for image in IMAGES],
    "labels": LABELS.tolist(),
}


def ink(name, value):
    """Check a picture of 8 by 8, or the number of a test digit, which stands for its picture."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value < SHOWN:
            raise BadValue(
                f"{name} is {value}; the test digits are 0 to {SHOWN - 1}. Choose one, or pass "
                f"8 rows of 8."
            )
        value = IMAGES[value].tolist()
    array = np.array(value, dtype=object)
    if array.shape == (1, SIDE, SIDE):
        array = array[0]
    if array.shape != (SIDE, SIDE):
        raise BadValue(
            f"{name} has shape {array.shape}; expected (8, 8), as digits()[0][0], or the number "
            f"of a test digit."
        )
    for at, one in np.ndenumerate(array):
        is_real = isinstance(one, int | float) and not isinstance(one, bool)
        if not is_real or one not in range(MOST + 1):
            raise BadValue(
                f"{name}[{at[0]}][{at[1]}] is {one!r}; expected ink in whole numbers from 0 "
                f"to {MOST}, as digits() gives it. Multiply an image from 0 to 1 by {MOST}."
            )
    return tuple(tuple(int(one) for one in row) for row in array)


def place(name, value):
    """Check a selection: the name of a layer, and the number's place in it."""
    lengths = {"x": 3, "a1": 4, "a2": 4, "a3": 4, "p": 2}
    value = tuple(value) if isinstance(value, list | tuple) else value
    legal = isinstance(value, tuple) and value and lengths.get(value[0]) == len(value)
    if not legal or not all(type(one) is int and one >= 0 for one in value[1:]):
        raise BadValue(
            f"{name} is {value!r}; expected ('x', row, column), ('a1', filter, row, column), the "
            f"same with 'a2' or 'a3', or ('p', digit)."
        )
    return value


class DrawDigit(Figure):
    """Draw a digit, and follow it through a network: maps, pooled numbers, probabilities.

    Strokes of mouse, finger or keys become a bitmap of 32 by 32, as large, as centred and as black
    as those of the digits' data; a pixel of the picture counts the black ones of 4 by 4. Point at
    a number of any layer to see its kernel, its window, and what it sees of the drawing.

    Parameters
    ----------
    params : dict of w1, b1, w2, b2, w3, b3, or None
        The network of lesson 13, shaped (F1, 1, 3, 3), (F1,), (F2, F1, 3, 3), (F2,), (10, 4 F2)
        and (10,), at most 64 filters each; what `train` returns. None: the bundled one.
    image : array_like of int, shape (8, 8), or int
        Ink from 0 to 16, as `digits` gives it; or the number of a test digit, 0 to 99. Reads what
        the learner drew; can be set.
    fit : bool
        Whether a drawing is centred and stretched as the data are, or taken as it is drawn.
    controls : sequence of {"fit", "test"}, or None
        What can be changed in the figure: "fit" chooses how a drawing is placed, "test" shows
        digits of the test set; ``()``: nothing but the drawing. None: both.
    rule : bool
        Whether the rule for each layer's size is printed.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : tuple or None
        What is kept: ``("x", row, column)``, ``("a1", filter, row, column)``, the same with
        ``"a2"`` or ``"a3"``, ``("p", digit)``; None: nothing. Reads what the learner chose; can
        be set.

    Raises
    ------
    ValueError
        If the parameters' shapes do not belong together, or a setting cannot be drawn.

    Examples
    --------
    >>> figure = DrawDigit(image=0)
    >>> figure.params["w2"].shape
    (32, 16, 3, 3)
    >>> np.array(figure.image).shape
    (8, 8)
    """

    figure = "draw_digit"
    _esm = compose(
        "draw_digit.js",
        *STYLES,
        "draw_digit.css",
        TEST_DIGITS=IN_PAGE,
        BUNDLED=packed("params", network())["numbers"][:64],
    )

    network = Checked(packed, None)
    image = Checked(ink, ((0,) * SIDE,) * SIDE)
    fit = Checked(yes_or_no, True)
    controls = Checked(or_none(some_of("fit", "test")), None)
    rule = Checked(yes_or_no, True)
    scale = Checked(real(0.5, 4), 1.0)
    selection = Checked(or_none(place), None)

    def __init__(self, params=None, **settings):
        super().__init__(network=network() if params is None else params, **settings)

    @property
    def params(self):
        """The parameters, a dict of arrays in float32's precision; can be set."""
        return unpacked(self.network)

    @params.setter
    def params(self, value):
        self.network = value

    def _extents(self):
        """Return the lengths of every layer's axes."""
        first, second = self.network["filters"]
        pictures = {"a1": (first, 4, 4), "a2": (second, 4, 4), "a3": (second, 2, 2)}
        return {"x": (SIDE, SIDE), **pictures, "p": (10,)}

    @traitlets.validate("selection")
    def _check_selection(self, proposal):
        value = proposal["value"]
        if value is not None and not self._from_page:
            extent = self._extents()[value[0]]
            if any(at >= length for at, length in zip(value[1:], extent, strict=True)):
                raise BadValue(
                    f"selection is {value}, and {value[0]} has shape {extent}; count from 0."
                )
        return value

    @traitlets.observe("network")
    def _keep_selection_inside(self, _):
        if self.selection:
            name, *at = self.selection
            extent = self._extents()[name]
            self.selection = (name, *(min(a, n - 1) for a, n in zip(at, extent, strict=True)))

    def tables(self):
        """Return the picture as an HTML table, and what is known of it without computing.

        The page computes all layers; here stand the bundled network's probabilities of a test
        digit, so that the course holds no forward pass in Python.
        """
        caption = f"The picture x, 8 by 8: how many of 16 pixels are black{self._told()}"
        shown = [table(caption, picture(self.image))]
        at = self._test_digit()
        if at is not None and self.network == packed("network", network()):
            percent = [
                (str(digit), [f"{100 * share:.1f} %"])
                for digit, share in enumerate(network_says()[at])
            ]
            shown.append(table("What the network says", percent, ["digit", "probability"]))
        return "\n".join(shown)

    def _test_digit(self):
        """Return which digit of the test set the picture is, or None."""
        same = (np.array(self.image) == IMAGES).all(axis=(1, 2))
        return int(same.argmax()) if same.any() else None

    def _told(self):
        """Say which digit a picture of the test set shows."""
        at = self._test_digit()
        return "" if at is None else f"; a test digit: it is {LABELS[at]}"

    def __repr__(self):
        settings = {name: value for name, value in self.state().items() if name != "network"}
        words = ", ".join(f"{name}={value!r}" for name, value in settings.items())
        return f"DrawDigit(params of {self.network['filters']} filters, {words})"
