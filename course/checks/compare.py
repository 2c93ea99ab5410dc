"""Compare a computed value with the expected one: type first, then shape, then values."""

import inspect
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.checks.cases import Raised
from course.checks.sealed import Sealed
from course.checks.words import SMALL, brief, describe, describe_type, literal, maps, pair

TOLERANCE = 1e-10
NO_RETURN = "Is the line with `return` missing?"
TOLERANCE_FLOAT32 = 1e-4


@dataclass(frozen=True)
class Difference:
    """How a computed value differs.

    Attributes
    ----------
    kind : "type", "shape", "values", "nan" or "precision"; of a call also "error",
        "missing error", "changed" or "view"
    what : one sentence without any of the numbers
    numbers : the same with indices and numbers
    """

    kind: str
    what: str
    numbers: tuple[str, ...] = ()


def tolerance(args: tuple) -> float:
    """Return the relative tolerance for a call with these arguments.

    Examples
    --------
    >>> tolerance((np.zeros(3, np.float32), 2))
    0.0001
    """
    for arg in args:
        if isinstance(arg, np.ndarray) and arg.dtype == np.float32:
            return TOLERANCE_FLOAT32
        inner = list(arg.values()) if isinstance(arg, dict) else arg
        if isinstance(inner, (list, tuple)) and tolerance(tuple(inner)) == TOLERANCE_FLOAT32:
            return TOLERANCE_FLOAT32
    return TOLERANCE


def compare(computed: Any, expected: Any, rtol: float = TOLERANCE) -> Difference | None:
    """Say how `computed` differs from `expected`, or return None where it does not.

    Parameters
    ----------
    computed : anything that a learner's answer may give
    expected : array, int, float, bool, None, list, tuple or dict of these, or a `Sealed`
    rtol : largest difference allowed, relative to the largest expected magnitude

    Examples
    --------
    >>> compare(np.array([10.0, 16.0]), np.array([14.0, 20.0])).numbers[0]
    'First difference at index [0]: computed 10, expected 14.'
    >>> compare(np.zeros(5), np.zeros(3)).what
    'The shape is not the expected one.'
    """
    if isinstance(expected, Sealed):
        return _compare_sealed(computed, expected)
    if isinstance(expected, np.ndarray):
        return _compare_arrays(computed, expected, rtol)
    if isinstance(expected, list):
        return _compare_lists(computed, expected, rtol)
    if isinstance(expected, tuple):
        return _compare_tuples(computed, expected, rtol)
    if isinstance(expected, dict):
        return _compare_dicts(computed, expected, rtol)
    return _compare_scalars(computed, expected, rtol)


def same(computed: Any, expected: Any, rtol: float = TOLERANCE) -> bool:
    """Tell whether two outcomes, `Raised` ones included, are the same.

    Examples
    --------
    >>> same(Raised("ValueError"), Raised("ValueError")), same(Raised("ValueError"), 0)
    (True, False)
    """
    # Most pairs are arrays, alone or in tuples and dicts: no words are needed of how they differ.
    if type(computed) is np.ndarray is type(expected) and _numbers(computed, expected):
        alike = computed.shape == expected.shape
        return alike and not differing(computed, expected, rtol)[0].any()
    if isinstance(computed, Raised) or isinstance(expected, Raised):
        return type(computed) is type(expected) and computed == expected
    if type(computed) is type(expected) and isinstance(expected, (bool, int)):
        return computed == expected
    if isinstance(expected, tuple) and isinstance(computed, (tuple, list)):
        return len(computed) == len(expected) and all(
            same(*pair, rtol) for pair in zip(computed, expected, strict=True)
        )
    if isinstance(expected, dict) and isinstance(computed, dict):
        keys = computed.keys() == expected.keys()
        return keys and all(same(computed[key], want, rtol) for key, want in expected.items())
    return compare(computed, expected, rtol) is None


def _wrong_type(computed: Any, wanted: str, advice: str = "") -> Difference:
    text = f"Your answer gives {describe_type(computed)}; {wanted} is expected."
    if computed is None:
        advice = NO_RETURN
    elif isinstance(computed, tuple) and len(computed) == 1:
        advice = "A comma at the end of a line makes a tuple of one."
    elif inspect.isgenerator(computed):
        advice = "`yield` makes a generator; collect the values and return them."
    floats = (float, np.floating)  # 3.0 has to read as the float that it is
    text_of_it = literal(computed) if isinstance(computed, floats) else describe(computed)
    known = callable(computed) or text_of_it in (describe_type(computed), "None")
    shown = () if known else (f"It is {text_of_it}.",)
    return Difference("type", f"{text} {advice}".strip(), shown)


def _compare_arrays(computed: Any, expected: np.ndarray, rtol: float) -> Difference | None:
    wanted = "a numpy array"
    if isinstance(computed, (list, tuple)):
        arrays = any(isinstance(item, np.ndarray) for item in computed)
        advice = "Which one of them is asked for?" if arrays else "`np.array(...)` makes one."
        return _wrong_type(computed, wanted, advice)
    if not isinstance(computed, np.ndarray):
        if expected.ndim or not isinstance(computed, (int, float, np.number)):
            return _wrong_type(computed, wanted)
        computed = np.asarray(computed)
    computed = np.asarray(computed)  # a masked array or a matrix counts by its numbers
    kind = computed.dtype.kind
    if expected.dtype.kind == "b":
        if kind != "b":
            text = f"an array of dtype {computed.dtype}"
            return Difference("type", f"Your answer gives {text}; one of bools is expected.")
    elif kind not in "iuf":
        if kind == "b":
            text = "Your answer gives an array of bools; one of numbers is expected."
            return Difference("type", text)
        return _wrong_type(computed, "an array of real numbers")
    if computed.shape != expected.shape:
        numbers = (f"Shape: computed {computed.shape}, expected {expected.shape}.",)
        return Difference("shape", "The shape is not the expected one.", numbers)
    return _compare_values(computed, expected, rtol)


def _compare_values(computed: np.ndarray, expected: np.ndarray, rtol: float) -> Difference | None:
    if np.array_equal(computed, expected):  # most often, and quick
        return None
    off = ""
    if expected.dtype.kind == "b":
        differs = computed != expected
    else:
        differs, off = differing(computed, expected, rtol)
    if not differs.any():
        return None
    a, e = computed.astype(np.float64), expected.astype(np.float64)
    index = tuple(int(i) for i in np.argwhere(differs)[0])
    got, want = computed[index], expected[index]
    place = f"index {list(index)}" if index else "the number"
    texts = pair(got, want)
    lines = [f"First difference at {place}: computed {texts[0]}, expected {texts[1]}."]
    kind, what = "values", "The shape is right, the values are not."
    if np.isnan(a).any() and not np.isnan(e).any():
        kind = "nan"
        what = "Some values are nan, not a number: something was divided by 0, or never set."
    elif off and off < 1e-5 and computed.dtype.kind == "f":
        kind = "precision"
        what = "The values are close, but less exact than float64 computes them."
    if off and computed.dtype != expected.dtype and expected.dtype.kind == "f":
        lines.append(f"The computed array has dtype {computed.dtype}.")
    if expected.ndim <= 2 and expected.size <= SMALL:
        lines += [f"Computed: {brief(computed)}", f"Expected: {brief(expected)}"]
    elif expected.ndim in (3, 4) and expected.size <= SMALL:
        lines += maps(computed, expected, differs)
    return Difference(kind, what, tuple(lines))


def _numbers(one: np.ndarray, other: np.ndarray) -> bool:
    return one.dtype.kind in "iuf" and other.dtype.kind in "iuf"


def differing(computed: np.ndarray, expected: np.ndarray, rtol: float) -> tuple[np.ndarray, float]:
    """Say where two arrays of numbers differ, and by how much of the largest expected one."""
    a, e = computed.astype(np.float64, copy=False), expected.astype(np.float64, copy=False)
    with np.errstate(invalid="ignore"):
        apart = np.abs(a - e)
        largest = apart.max(initial=0.0)
        if math.isfinite(largest):  # then all numbers are
            scale = np.abs(e).max(initial=0.0) or 1.0
            return apart > rtol * scale, largest / scale
        scale = np.abs(e[np.isfinite(e)]).max(initial=0.0) or 1.0
        differs = ~((apart <= rtol * scale) | (np.isnan(a) & np.isnan(e)) | (a == e))
        return differs, largest / scale


def _compare_lists(computed: Any, expected: list, rtol: float) -> Difference | None:
    if isinstance(computed, np.ndarray):
        computed = computed.tolist()
    if not isinstance(computed, (list, tuple)):
        return _wrong_type(computed, f"a list of {len(expected)} numbers")
    if len(computed) != len(expected):
        numbers = (f"Length: yours {len(computed)}, expected {len(expected)}.",)
        return Difference("shape", "The length is not the expected one.", numbers)
    for place, (got, want) in enumerate(zip(computed, expected, strict=True)):
        if compare(got, want, rtol):
            # The expected number stays unsaid: a prediction may be tried again.
            numbers = (f"First difference at index [{place}]: yours is {describe(got)}.",)
            return Difference("values", "The length is right, the values are not.", numbers)
    return None


def _compare_tuples(computed: Any, expected: tuple, rtol: float) -> Difference | None:
    if not isinstance(computed, (tuple, list)):
        return _wrong_type(computed, f"a tuple of {_entries(expected)}")
    if len(computed) != len(expected):
        numbers = (f"Length: computed {len(computed)}, expected {len(expected)}.",)
        return Difference("shape", "The tuple does not have the expected length.", numbers)
    for place, (got, want) in enumerate(zip(computed, expected, strict=True)):
        if found := compare(got, want, rtol):
            where = f"At place {place} of the tuple" if len(expected) > 1 else "In the tuple"
            return _inside(where, got, found)
    return None


def _compare_dicts(computed: Any, expected: dict, rtol: float) -> Difference | None:
    if not isinstance(computed, dict):
        return _wrong_type(computed, "a dict")
    if set(computed) != set(expected):
        numbers = (f"Keys: computed {sorted(map(str, computed))}, expected {sorted(expected)}.",)
        return Difference("shape", "The keys are not the expected ones.", numbers)
    for key, want in expected.items():
        if found := compare(computed[key], want, rtol):
            if want is True and computed[key] is False:
                return Difference("values", f"This has to hold, and does not: {key}.")
            return _inside(f"At {key!r}", computed[key], found)
    return None


def _inside(where: str, computed: Any, found: Difference) -> Difference:
    """Say once where in a tuple or dict a difference lies."""
    if computed is None:
        return Difference("type", f"{where} stands None. Was it never set, or not returned?")
    return Difference(found.kind, f"{where}: {_lower(found.what)}", found.numbers)


def _entries(items: tuple) -> str:
    return "1 entry" if len(items) == 1 else f"{len(items)} entries"


def _compare_scalars(computed: Any, expected: Any, rtol: float) -> Difference | None:
    if isinstance(computed, np.ndarray) and computed.ndim == 0:
        computed = computed[()]
    numbers = (f"Computed {_shown(computed, expected)}, expected {_shown(expected, computed)}.",)
    different = Difference("values", "The result is not the expected one.", numbers)
    if expected is None:
        return None if computed is None else different
    if isinstance(expected, (bool, np.bool_)):
        if not isinstance(computed, (bool, np.bool_)):
            if isinstance(computed, np.ndarray):
                advice = "`np.all(...)` makes one answer of many."
            else:
                advice = "`bool(...)` makes one of a number."
            return _wrong_type(computed, "True or False", advice)
        return None if bool(computed) == bool(expected) else different
    if not _is_number(computed):
        return _wrong_type(computed, "a number")
    if isinstance(expected, (int, np.integer)):
        if isinstance(computed, (float, np.floating)):
            return _wrong_type(computed, "a whole number (an int)", "`//` and `int(...)` give one.")
        return None if int(computed) == int(expected) else different
    if isinstance(computed, int) and abs(computed) > 10**300:  # too large for a float
        return different
    got, want = (
        float(computed),
        float(expected),
    )  # numpy would round the second
    close = got == want or abs(got - want) <= rtol * (abs(want) or 1.0)
    return None if close or (math.isnan(got) and math.isnan(want)) else different


def _compare_sealed(computed: Any, expected: Sealed) -> Difference | None:
    if isinstance(computed, Sealed):  # what a misconception gives
        right = computed == expected
    elif expected.kind == "word":
        if not isinstance(computed, str):
            return _wrong_type(computed, "a word in quotes")
        right = expected.holds(computed)
    elif not _is_number(computed):
        return _wrong_type(computed, "a number")
    else:
        right = expected.holds(computed)
    return None if right else Difference("values", "The result is not the expected one.")


def _is_number(value: Any) -> bool:
    numbers = (int, float, np.integer, np.floating)
    return isinstance(value, numbers) and not isinstance(value, (bool, np.bool_))


def _shown(value: Any, other: Any) -> str:
    floats = (float, np.floating)
    return (
        pair(value, other)[0]
        if isinstance(value, floats) and isinstance(other, floats)
        else (describe(value))
    )


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
