"""Flip and slide: a kernel that slides along a signal, every sum in numbers."""

import traitlets

from course.widgets.base import BadValue, Checked, Figure, compose
from course.widgets.checking import numbers, one_of, or_none, real, some_of, whole, yes_or_no
from course.widgets.tables import factor, number, table

DEFAULTS = {"x": (1, 2, 3, 4, 5), "w": (1, 2, 3), "mode": "correlation"}


class FlipAndSlide(Figure):
    """Show a kernel sliding along a signal, and the sum that makes each output.

    Point at an output to see its window, at a signal cell to see which outputs it reaches;
    click, or use the arrow keys, to keep one. Stride, padding and dilation can be changed in the
    figure. In the backward view the same picture shows which upstream gradients reach one x.

    Parameters
    ----------
    x : sequence of float, shape (n,)
        The signal, 1 to 40 values.
    w : sequence of float, shape (k,)
        The kernel, 1 to 12 values.
    mode : {"correlation", "convolution"}
        Whether the kernel slides as it is, or flipped.
    stride, padding, dilation : int
        As in every lesson, in cells.
    dy : sequence of float, one for each output, or None
        The upstream gradient. None: 1, 10, 100, …, whose digits tell where they went.
    show : {"forward", "backward"}
        Which direction to show.
    controls : sequence of {"show", "mode", "stride", "padding", "dilation"}, or None
        Which settings can be changed in the figure; ``()``: none. None: all, but for "show", which
        appears where `dy` is given or the view is backward.
    rule : bool
        Whether the rule for the number of outputs is printed.
    editable : bool
        Whether the numbers of `x`, `w` and `dy` can be typed in the figure; all follow.
    scale : float
        Size of the figure, 1 is that of the notebook's text.
    selection : int or None
        The output that is kept, None: no output. Reads what the learner chose, and can be set.

    Raises
    ------
    ValueError
        If a setting cannot be drawn, or no window fits.

    Examples
    --------
    >>> figure = FlipAndSlide(x=[0, 0, 1, 0, 0], w=[1, 2, 3], mode="convolution")
    >>> figure.selection = 2
    >>> figure.stride = 0
    Traceback (most recent call last):
    course.widgets.base.BadValue: stride is 0; expected a whole number from 1 to 40, as stride=1.
    """

    figure = "flip_and_slide"
    _esm = compose("flip_and_slide.js", "shared.css", "flip_and_slide.css")

    x = Checked(numbers(most=40), DEFAULTS["x"])
    w = Checked(numbers(most=12), DEFAULTS["w"])
    mode = Checked(one_of("correlation", "convolution"), DEFAULTS["mode"])
    stride = Checked(whole(1, 40), 1)
    padding = Checked(whole(0, 40), 0)
    dilation = Checked(whole(1, 40), 1)
    dy = Checked(or_none(numbers(most=120)), None)
    show = Checked(one_of("forward", "backward"), "forward")
    controls = Checked(or_none(some_of("show", "mode", "stride", "padding", "dilation")), None)
    rule = Checked(yes_or_no, True)
    editable = Checked(yes_or_no, False)
    scale = Checked(real(0.5, 4), 1.0)
    selection = Checked(or_none(whole(0, 120)), None)

    def __init__(self, x=DEFAULTS["x"], w=DEFAULTS["w"], mode=DEFAULTS["mode"], **settings):
        super().__init__(x=x, w=w, mode=mode, **settings)

    @traitlets.validate("x", "w", "stride", "padding", "dilation", "dy", "selection")
    def _check_together(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if self._from_page:
            return value
        after = {**self.state(), name: value}
        span = after["dilation"] * (len(after["w"]) - 1) + 1
        room = len(after["x"]) + 2 * after["padding"]
        if span > room:
            raise BadValue(
                f"the kernel spans {span} cells ({len(after['w'])} entries, dilation "
                f"{after['dilation']}) and the signal has {room} ({len(after['x'])} values, "
                f"padding {after['padding']}), so no window fits; use a longer x, more padding, "
                f"or a shorter kernel."
            )
        outputs = len(range(0, room - span + 1, after["stride"]))
        if name == "dy" and value is not None and len(value) != outputs:
            raise BadValue(
                f"dy has {len(value)} values and there are {outputs} outputs; give one for each, "
                f"or None."
            )
        if name == "selection" and value is not None and value >= outputs:
            raise BadValue(
                f"selection is {value}; the outputs are 0 to {outputs - 1}. Choose one, or None."
            )
        return value

    @traitlets.observe("x", "w", "stride", "padding", "dilation", "selection")
    def _keep_selection_inside(self, _):
        # As the page does: fewer outputs move the selection to the last one.
        last = max((output for output, *_ in self._meetings()), default=None)
        if None not in (self.selection, last) and self.selection > last:
            self.selection = last

    def _meetings(self):
        """Every product that is made, as (output, place in the signal, kernel entry)."""
        k = len(self.w)
        places = range(-self.padding, len(self.x) + self.padding)
        for output, first in enumerate(places[:: self.stride]):
            window = range(first, first + self.dilation * k, self.dilation)
            if window[-1] in places:
                entries = range(k) if self.mode == "correlation" else reversed(range(k))
                yield from ((output, *pair) for pair in zip(window, entries, strict=True))

    def _sums(self, name, group, left, right):
        """Rows of text: each entry of `name` with its sum in numbers and the result."""
        rows = {}
        for meeting in self._meetings():
            rows.setdefault(meeting[group], []).append((left(*meeting), right(*meeting)))
        for entry, pairs in sorted(rows.items()):
            terms = " + ".join(f"{factor(a)}·{factor(b)}" for a, b in pairs)
            yield f"{name}[{entry}]", [terms, number(sum(a * b for a, b in pairs))]

    def tables(self):
        """Return signal, kernel and every sum as HTML tables."""
        outside = [""] * self.padding
        zeros = ["0"] * self.padding
        values = [*zeros, *map(number, self.x), *zeros]
        places = [*outside, *map(str, range(len(self.x))), *outside]
        padded = f", padding {self.padding} on each side" if self.padding else ""
        flipped = self.mode == "convolution"
        used = self.w[::-1] if flipped else self.w
        settings = f"stride {self.stride}, padding {self.padding}, dilation {self.dilation}"

        def signal(_, place, __):
            return self.x[place] if 0 <= place < len(self.x) else 0

        def kernel(_, __, entry):
            return self.w[entry]

        parts = [
            table(f"Signal x{padded}", [("x", values)], ["index", *places]),
            table(
                "Kernel w",
                [
                    ("as given", map(number, self.w)),
                    ("as used, flipped" if flipped else "as used", map(number, used)),
                ],
            ),
            table(
                f"Every output of the {self.mode} ({settings})",
                self._sums("y", 0, signal, kernel),
                ["output", "sum", "value"],
            ),
        ]
        if self.show == "backward" or self.dy is not None:
            parts += self._gradient_tables(signal, kernel)
        return "\n".join(parts)

    def _gradient_tables(self, signal, kernel):
        outputs = 1 + max(output for output, *_ in self._meetings())
        dy = self.dy if self.dy and len(self.dy) == outputs else place_values(outputs)

        def upstream(output, *_):
            return dy[output]

        columns = ["entry", "sum", "value"]
        inside = [f"dx[{place}]" for place in range(len(self.x))]
        dx = dict(self._sums("dx", 1, upstream, kernel))
        rows = [(entry, dx.get(entry, ["no window reaches it", "0"])) for entry in inside]
        return [
            table("Upstream gradient dy", [("dy", map(number, dy))]),
            table("Gradient of x", rows, columns),
            table("Gradient of w", self._sums("dw", 2, upstream, signal), columns),
        ]


def place_values(outputs):
    """Return upstream gradients whose digits tell where they went: 1, 10, 100, …

    Examples
    --------
    >>> place_values(3)
    (1, 10, 100)
    """
    return tuple(10**o if outputs <= 6 else o + 1 for o in range(outputs))
