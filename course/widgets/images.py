"""Checks of images and kernels, and where a kernel's windows lie over an image."""

from itertools import product
from math import isfinite

from course.widgets.base import BadValue
from course.widgets.checking import LARGEST


def array(axes, most):
    """Make the check for nested numbers with named axes, each of a limited length.

    Parameters
    ----------
    axes : tuple of str
        Names of all axes, as ``("image", "channel", "row", "column")``. An array with fewer axes
        gets the first ones with length 1.
    most : tuple of int
        The greatest length of each axis.
    """

    def check(name, value):
        value = value.tolist() if hasattr(value, "tolist") else value
        depth = depth_of(value)
        wanted = " or ".join(str(n) for n in range(2, len(axes) + 1))
        if not 2 <= depth <= len(axes):
            raise BadValue(
                f"{name} has {depth} axes; expected {wanted}, the last two rows and columns, as "
                f"[[1, 2], [3, 4]]."
            )
        for _ in range(len(axes) - depth):
            value = [value]
        return nested(name, value, tuple(zip(axes, most, strict=True)), "")

    return check


def depth_of(value):
    """Count how deep the first entry of nested lists lies."""
    depth = 0
    while isinstance(value, list | tuple):
        depth += 1
        value = value[0] if value else None
    return depth


def nested(name, value, axes, place):
    """Check one axis of nested lists, and those inside it."""
    if not axes:
        return entry(f"{name}{place}", value)
    (axis, most), *inner = axes
    if not isinstance(value, list | tuple):
        raise BadValue(f"{name}{place} is {value!r}; expected a list, the {axis}s of {name}.")
    if not 1 <= len(value) <= most:
        raise BadValue(
            f"{name}{place} has {len(value)} {axis}s; this figure draws 1 to {most}. "
            f"Pass a smaller piece."
        )
    rows = tuple(nested(name, one, inner, f"{place}[{at}]") for at, one in enumerate(value))
    if inner and len({len(row) for row in rows}) > 1:
        lengths = ", ".join(str(len(row)) for row in rows)
        raise BadValue(
            f"{name}{place} has {inner[0][0]}s of lengths {lengths}; expected all equal."
        )
    return rows


def entry(name, value):
    """Check one number of an array."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValue(f"{name} is {value!r}; expected a real number.")
    if not isfinite(value) or abs(value) > LARGEST:
        raise BadValue(f"{name} is {value!r}; expected a finite number, at most {LARGEST} in size.")
    return value


def lengths(*names, most):
    """Make the check for a few whole numbers, one for each name."""

    def check(name, value):
        value = value.tolist() if hasattr(value, "tolist") else value
        whole = isinstance(value, list | tuple) and all(
            isinstance(one, int) and not isinstance(one, bool) for one in value
        )
        if not whole or len(value) != len(names):
            raise BadValue(f"{name} is {value!r}; expected ({', '.join(names)}), whole numbers.")
        for axis, one, limit in zip(names, value, most, strict=True):
            if not 1 <= one <= limit:
                raise BadValue(
                    f"{name} is {value!r}; {axis} goes from 1 to {limit} in this figure."
                )
        return tuple(value)

    return check


def shape_of(value):
    """Return the lengths of all axes of nested tuples."""
    shape = []
    while isinstance(value, tuple):
        shape.append(len(value))
        value = value[0]
    return tuple(shape)


def pair(value):
    """Return a setting's numbers for rows and columns: one number stands for both."""
    return value if isinstance(value, tuple) else (value, value)


class WindowTable:
    """Where a kernel's windows lie over an image: for the static tables, in plain loops.

    Parameters
    ----------
    image, kernel : (rows, columns)
    stride, padding, dilation : int or (rows, columns)

    Raises
    ------
    ValueError
        If no window fits.

    Examples
    --------
    >>> windows = WindowTable((4, 4), (2, 2), stride=2, padding=0, dilation=1)
    >>> windows.outputs
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    >>> windows.pixels((1, 0))
    [(2, 0), (2, 1), (3, 0), (3, 1)]
    """

    def __init__(self, image, kernel, stride, padding, dilation):
        self.image, self.kernel = image, kernel
        self.starts, self.gaps = [], []
        settings = zip(pair(stride), pair(padding), pair(dilation), strict=True)
        axes = zip(image, kernel, ("rows", "columns"), settings, strict=True)
        for n, k, word, (stride, padding, dilation) in axes:
            room, gaps = n + 2 * padding, range(0, dilation * k, dilation)
            if gaps[-1] >= room:
                raise BadValue(
                    f"the kernel spans {gaps[-1] + 1} {word} ({k} entries, dilation {dilation}) "
                    f"and the image has {room} ({n}, padding {padding}), so no window fits; use "
                    f"a larger image, more padding, or a smaller kernel."
                )
            self.starts.append(range(-padding, room - padding - gaps[-1], stride))
            self.gaps.append(gaps)

    def __len__(self):
        """Count the output positions."""
        return len(self.starts[0]) * len(self.starts[1])

    @property
    def outputs(self):
        """Every output position, row by row."""
        return list(product(*(range(len(starts)) for starts in self.starts)))

    def pixels(self, output):
        """Return the pixels under one window; in the padding an index is outside the image."""
        corner = [starts[at] for starts, at in zip(self.starts, output, strict=True)]
        return [(corner[0] + i, corner[1] + j) for i, j in product(*self.gaps)]

    def inside(self, pixel):
        """Say whether a pixel is in the image, not in the padding."""
        return all(0 <= at < n for at, n in zip(pixel, self.image, strict=True))
