"""Pictures for figures: those that come with the course, and how numbers travel to the page."""

import base64
import io
from math import prod

import numpy as np
from PIL import Image

from course.data import digits, photograph
from course.widgets.base import BadValue
from course.widgets.checking import LARGEST

LONGEST = 256  # pixels of a side
KINDS = ("uint8", "float64")  # of the numbers that travel, little-endian


def bundled():
    """Return the pictures that a learner can choose by name, as `plain` values.

    Returns
    -------
    dict
        "photograph": (3, 128, 128), "digit": (1, 8, 8), "pattern": (1, 96, 96) and "impulse":
        (1, 15, 15), brightness from 0 to 255.
    """
    digit = digits()[0][3].astype(np.uint8) * 15  # ink from 0 to 16
    impulse = np.zeros((15, 15), np.uint8)
    impulse[7, 7] = 255
    shown = {"photograph": photograph(), "digit": digit, "pattern": pattern(), "impulse": impulse}
    return {name: plain(image) for name, image in shown.items()}


def pattern():
    """Return upright, level and slanted bars, and a disc before a ramp: (96, 96) uint8."""
    i, j = np.indices((96, 96))
    bars = [(place // 4 % 2) * 200 + 30 for place in (j, i, i + j)]
    disc = np.where((i - 72) ** 2 + (j - 72) ** 2 < 17**2, 230, 20 + 4 * (j - 48))
    top = np.where(j < 48, bars[0], bars[1])
    return np.where(i < 48, top, np.where(j < 48, bars[2], disc)).astype(np.uint8)


def plain(values):
    """Return numbers as what JSON can carry.

    Parameters
    ----------
    values : array of float, shape (H, W) or (C, H, W)

    Returns
    -------
    dict
        ``shape`` (C, H, W), ``kind`` ("uint8" where nothing is lost, else "float64") and ``data``,
        the bytes in base64.

    Examples
    --------
    >>> plain(np.array([[0, 255]]))
    {'shape': (1, 1, 2), 'kind': 'uint8', 'data': 'AP8='}
    """
    values = np.asarray(values, np.float64)
    values = values.reshape((1,) * (3 - values.ndim) + values.shape)
    bytewise = values.size > 0 and bool(np.all(values == np.clip(np.rint(values), 0, 255)))
    kind = KINDS[0] if bytewise else KINDS[1]
    data = values.astype(np.dtype(kind).newbyteorder("<")).tobytes()
    return {
        "shape": tuple(values.shape),
        "kind": kind,
        "data": base64.b64encode(data).decode("ascii"),
    }


def values_of(carried):
    """Return the numbers that `plain` has packed, (C, H, W) float64."""
    kind = np.dtype(carried["kind"]).newbyteorder("<")
    flat = np.frombuffer(base64.b64decode(carried["data"]), kind)
    return flat.reshape(carried["shape"]).astype(np.float64)


def is_plain(value):
    """Tell whether a value is what `plain` returns, from Python or back from the page."""
    if not isinstance(value, dict) or set(value) != {"shape", "kind", "data"}:
        return False
    shape, kind = value["shape"], value["kind"]
    if kind not in KINDS or len(shape) != 3:
        return False
    try:
        numbers = values_of(value)
    except ValueError:
        return False
    return numbers.size == prod(shape) and bool(np.all(np.abs(numbers) <= LARGEST))


def pixels(channels, longest=LONGEST, names=()):
    """Make the check for a picture: a name, an array, or what has been packed from one.

    Parameters
    ----------
    channels : tuple of int
        How many channels a picture may have.
    longest : int
        The greatest number of rows and of columns.
    names : tuple of str
        Pictures that can be given by name.
    """
    some = " or ".join(f"({count}, H, W)" for count in channels if count > 1)
    expected = f"(H, W) or {some}" if some else "(H, W)"
    by_name = f"one of {', '.join(map(repr, names))}, or " if names else ""

    def check(name, value):
        if isinstance(value, str):
            if value not in names:
                raise BadValue(f"{name} is {value!r}; expected {by_name}an array {expected}.")
            return value
        if is_plain(value):
            return {**value, "shape": tuple(value["shape"])}
        try:
            numbers = np.asarray(value)
        except ValueError as error:
            raise BadValue(
                f"{name} has rows of different lengths; expected an array {expected}."
            ) from error
        if numbers.dtype.kind not in "uif":
            raise BadValue(
                f"{name} is {_short(value)}; expected {by_name}an array of real numbers {expected}."
            )
        shape = numbers.shape
        if len(shape) not in (2, 3) or (len(shape) == 3 and shape[0] not in channels):
            last = len(shape) == 3 and shape[2] in channels
            turn = f" Channels come first: {name}.transpose(2, 0, 1)." if last else ""
            raise BadValue(f"{name} has shape {shape}; expected {expected}.{turn}")
        if min(shape[-2:]) < 1 or max(shape[-2:]) > longest:
            raise BadValue(
                f"{name} has {shape[-2]} rows and {shape[-1]} columns; this figure draws 1 to "
                f"{longest} of each. Pass a smaller piece, as {name}[..., :{longest}, :{longest}]."
            )
        if not np.all(np.abs(numbers) <= LARGEST):  # not a number, or too large
            place = tuple(int(at) for at in np.argwhere(~(np.abs(numbers) <= LARGEST))[0])
            raise BadValue(
                f"{name}{list(place)} is {numbers[place]}; expected a finite number, at most "
                f"{LARGEST} in size."
            )
        return plain(numbers)

    return check


def _short(value):
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…, a {type(value).__name__}"


def png(shades):
    """Return a picture as the address of a PNG that holds it.

    Parameters
    ----------
    shades : array of uint8, shape (H, W) or (H, W, 3)
    """
    file = io.BytesIO()
    Image.fromarray(shades).save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
