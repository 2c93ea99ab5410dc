"""What the figures of windows over images share: settings, their checks, sums as text."""

import traitlets

from course.widgets.base import BadValue, Checked, Figure
from course.widgets.checking import or_none, real, some_of, whole, whole_or_pair, yes_or_no
from course.widgets.images import WindowTable, pair, shape_of
from course.widgets.tables import factor, number

STYLES = ("shared.css", "sheets.css")
LONGEST = 64  # rows of a static table; the live figure shows all


class Figure2d(Figure):
    """A figure of windows over images; subclasses say how large image and kernel are.

    Subclasses define `_sizes`, and the methods of `Figure`.
    """

    stride = Checked(whole_or_pair(1, 16), 1)
    padding = Checked(whole_or_pair(0, 16), 0)
    dilation = Checked(whole_or_pair(1, 16), 1)
    controls = Checked(or_none(some_of("stride", "padding", "dilation")), None)
    rule = Checked(yes_or_no, True)
    scale = Checked(real(0.5, 4), 1.0)
    selection = Checked(or_none(whole(0, 100_000)), None)

    def _sizes(self, state):
        """Return (image rows, columns), (kernel rows, columns), images in the batch."""
        raise NotImplementedError

    def _windows(self, state=None):
        state = state or self.state()
        image, kernel, _ = self._sizes(state)
        return WindowTable(image, kernel, state["stride"], state["padding"], state["dilation"])

    def _places(self, state=None):
        """Count what `selection` can choose from."""
        state = state or self.state()
        return len(self._windows(state)) * self._sizes(state)[2]

    def _check_all(self, state):
        """Check settings that only fit together; a figure adds its own."""
        places = self._places(state)
        if state["selection"] is not None and state["selection"] >= places:
            raise BadValue(
                f"selection is {state['selection']}; the outputs are 0 to {places - 1}. "
                f"Choose one, or None."
            )

    @traitlets.validate("stride", "padding", "dilation", "selection")
    def _check_together(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if not self._from_page:
            after = {**self.state(), name: value}
            if name != "selection":
                # Fewer outputs move the selection, they do not forbid a setting.
                after["selection"] = None
            self._check_all(after)
        return value

    @traitlets.observe("stride", "padding", "dilation", "selection")
    def _keep_selection_inside(self, _):
        try:
            places = self._places()
        except BadValue:  # on the way, in the page, to settings that fit again
            return
        if self.selection is not None and self.selection >= places:
            self.selection = places - 1


class ImageFigure(Figure2d):
    """A figure of an image and a kernel; subclasses define these two traits."""

    editable = Checked(yes_or_no, False)

    @traitlets.validate("image", "kernel")
    def _check_arrays(self, proposal):
        return self._check_together(proposal)

    @traitlets.observe("image", "kernel")
    def _follow_arrays(self, change):
        self._keep_selection_inside(change)

    def _sizes(self, state):
        return shape_of(state["image"]), shape_of(state["kernel"]), 1

    def _padded(self):
        """Say how the image is padded, for a table's caption."""
        rows, columns = pair(self.padding)
        if rows == columns:
            return f", padding {rows} on each side" if rows else ""
        return f", padding {rows} above and below, {columns} left and right"


def sum_text(pairs, bias=0):
    """Write a sum of products, and a bias that is not 0, and its value: two cells of a table.

    Examples
    --------
    >>> sum_text([(1, 2), (3, -4)]) == ["1·2 + 3·(\\N{MINUS SIGN}4)", "\\N{MINUS SIGN}10"]
    True
    """
    terms = [f"{factor(a)}·{factor(b)}" for a, b in pairs] + ([factor(bias)] if bias else [])
    return [" + ".join(terms), number(sum(a * b for a, b in pairs) + bias)]


def picture(values, padding=0):
    """Write rows of numbers as rows of a table, inside their padding."""
    above, left = pair(padding)
    width = len(values[0]) + 2 * left
    border = [("padding", ["0"] * width)] * above
    zeros = ["0"] * left
    rows = [(f"row {i}", [*zeros, *map(number, row), *zeros]) for i, row in enumerate(values)]
    return [*border, *rows, *border]


def shortened(rows):
    """Return the first rows of a long table, and the words to add to its caption."""
    rows = list(rows)
    if len(rows) <= LONGEST:
        return rows, ""
    return rows[:LONGEST], f", the first {LONGEST} of {len(rows)}"
