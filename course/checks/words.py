"""Print numbers, arrays and types the way a learner writes and names them."""

import inspect
from typing import Any

import numpy as np

from course.checks.functions import FUNCTIONS, Seed, as_lambda

SMALL = 36  # entries of an array that is printed in full
WHOLE = 1e15  # whole numbers below are printed with all their digits
BLOCKS = 3  # of an array with many axes, that are printed at most


def number(value: Any, digits: int = 6) -> str:
    """Print one number briefly.

    Examples
    --------
    >>> number(26.0), number(np.float32(0.1)), number(1 / 3), number(True), number(84736251.0)
    ('26', '0.1', '0.333333', 'True', '84736251')
    >>> number(np.float16(2048))
    '2048'
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return _whole(int(value))
    if 10**6 <= abs(float(value)) < WHOLE and float(value).is_integer():
        return str(int(value))
    return f"{value:.{digits}g}"


def _whole(value: int) -> str:
    digits = value.bit_length() * 0.30103
    return str(value) if digits < 30 else f"a whole number of about {digits:.0f} digits"


def pair(computed: Any, expected: Any) -> tuple[str, str]:
    """Print two numbers that differ with as many digits as it takes to see it.

    Examples
    --------
    >>> pair(0.7000000001, 0.7), pair(10, 14)
    (('0.7000000001', '0.7'), ('10', '14'))
    """
    for digits in (6, 9, 12, 17):
        texts = number(computed, digits), number(expected, digits)
        if texts[0] != texts[1]:
            break
    return texts


def literal(value: Any, most: int = SMALL + 1) -> str:
    """Print an argument so that it can be pasted into a cell; no array of `most` entries or more.

    Examples
    --------
    >>> literal(np.array([1, 2, 3])), literal(np.array([0.5], np.float32))
    ('np.array([1, 2, 3])', 'np.array([0.5], dtype=np.float32)')
    >>> literal(np.array([1e-12, -250.0])), literal(1e-9)
    ('np.array([1e-12, -250.0])', '1e-09')
    """
    if isinstance(value, np.ndarray):
        if value.size >= most or value.dtype.kind not in "iufb":
            return f"<array of shape {value.shape}, dtype {value.dtype}>"
        kind = "" if value.dtype.name in ("int64", "float64", "bool") else value.dtype.name
        return f"np.array({_exact(value)}{f', dtype=np.{kind}' if kind else ''})"
    if isinstance(value, (float, np.floating)):
        return _exact(np.asarray(value))
    if isinstance(value, (list, tuple)):
        inside = ", ".join(literal(item, most) for item in value)
        if isinstance(value, tuple):
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        return f"[{inside}]"
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{key!r}: {literal(item, most)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, Seed):
        return f"np.random.default_rng({value.number})"
    if inspect.isfunction(value) and FUNCTIONS.get(value.__name__) is value:
        return as_lambda(value)
    return describe(value)


def _exact(array: np.ndarray) -> str:
    if array.ndim:
        return "[" + ", ".join(_exact(row) for row in array) + "]"
    if array.dtype.kind == "f":
        if not np.isfinite(array):
            return str(array[()]).replace("nan", "np.nan").replace("inf", "np.inf")
        if "e" in (short := str(array[()])):  # 1e-12, which has too many zeros to be counted
            return short
        return np.format_float_positional(array[()], trim="0").removesuffix(".")
    return str(array[()])


def brief(array: np.ndarray) -> str:
    """Print a small array on one line; a mask as a picture.

    Examples
    --------
    >>> brief(np.array([[1.0, 2.5], [3.0, 4.0]]))
    '[[1, 2.5], [3, 4]]'
    >>> brief(np.array([True, False, True]))
    '#.# (# is True)'
    """
    if array.ndim == 0:
        return number(array[()])
    if array.ndim == 1 and array.dtype.kind == "b":
        return "".join("#" if seen else "." for seen in array) + " (# is True)"
    return "[" + ", ".join(brief(row) for row in array) + "]"


def maps(computed: np.ndarray, expected: np.ndarray, differs: np.ndarray) -> list[str]:
    """Print small arrays of three or four axes as maps, computed and expected side by side.

    Examples
    --------
    >>> one, two = np.array([[[1, 2], [3, 4]]]), np.array([[[1, 2], [3, 5]]])
    >>> print("\\n".join(maps(one, two, one != two)))
    At [0]: computed, then expected
      1 2    1 2
      3 4    3 5
    """
    lines = []
    wrong = [place for place in np.ndindex(*expected.shape[:-2]) if differs[place].any()]
    for place in wrong[:BLOCKS]:
        lines.append(f"At {list(place)}: computed, then expected")
        blocks = [[[number(v) for v in row] for row in a[place]] for a in (computed, expected)]
        width = max(len(text) for block in blocks for row in block for text in row)
        for rows in zip(*blocks, strict=True):
            halves = (" ".join(text.rjust(width) for text in row) for row in rows)
            lines.append(f"  {'    '.join(halves)}")
    if len(wrong) > BLOCKS:
        lines.append(f"... and {len(wrong) - BLOCKS} more that differ")
    return lines


def describe(value: Any) -> str:
    """Print a value of any kind on one line, shortened where it is long."""
    if isinstance(value, np.ndarray):
        if value.size <= SMALL and value.dtype.kind in "iufb":
            return brief(np.asarray(value))
        return f"array of shape {value.shape}, dtype {value.dtype}"
    if isinstance(value, (bool, int, float, np.number, np.bool_)):
        return number(value)
    if isinstance(value, (list, tuple)):
        inside = ", ".join(describe(item) for item in value[:SMALL])
        if len(inside) > 200:
            inside = inside[:200] + "..."
        if isinstance(value, tuple):
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        return f"[{inside}]"
    if value is None or isinstance(value, str):
        return repr(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {describe(item)}" for key, item in value.items()) + "}"
    if inspect.isfunction(value):
        return value.__name__
    return describe_type(value)


def describe_type(value: Any) -> str:
    """Name what came back, in a learner's words and without its numbers.

    Examples
    --------
    >>> describe_type(None), describe_type([1]), describe_type(np.zeros((2, 3)))
    ('None', 'a list', 'an array of shape (2, 3)')
    """
    if value is None:
        return "None"
    if foreign := getattr(value, "description", None):  # a value that the judge could not carry
        return str(foreign)
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            return "an array of objects (dtype=object)"
        if value.dtype.kind == "c":
            return "an array of complex numbers"
        if value.dtype.kind in "US":
            return "an array of strings"
        return f"an array of shape {value.shape}"
    if isinstance(value, (bool, np.bool_)):
        return "a bool"
    if isinstance(value, (int, np.integer)):
        return "a whole number"
    if isinstance(value, (float, np.floating)):
        return "a float"
    name = {"str": "string"}.get(type(value).__name__, type(value).__name__)
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
