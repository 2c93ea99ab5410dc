"""Visible cases as data: inputs, expected outcomes, and what each misconception would give.

The files in ``cases/`` are built, one a lesson; they hold numbers and sentences, no code.
"""

import builtins
import functools
import itertools
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from course.checks.functions import FUNCTIONS, Seed
from course.checks.layers import Layers
from course.checks.sealed import Sealed

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Raised:
    """The outcome of a call that ends in an exception of this type."""

    type_name: str

    def fits(self, error: BaseException) -> bool:
        """Return whether an exception is of this builtin type, or of one derived from it.

        Examples
        --------
        >>> Raised("LookupError").fits(IndexError()), Raised("IndexError").fits(LookupError())
        (True, False)
        """
        return isinstance(error, getattr(builtins, self.type_name))


@dataclass(frozen=True)
class Case:
    """One call to try.

    Attributes
    ----------
    args : the positional arguments
    expected : the right result, or a `Raised`; of a prediction a `Sealed`, or a list of them
    wrong : for each misconception's id, what each of its spellings gives on this case
    how : the name in `course.checks.drive` of the way to call the answer
    """

    args: tuple
    expected: Any
    wrong: dict[str, tuple] = field(default_factory=dict)
    how: str = "call"


@dataclass(frozen=True)
class PartCases:
    """One part of an exercise: what it tries, its points, its cases."""

    name: str
    points: int
    tries: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Spec:
    """An exercise as a check needs it, with the misconceptions that its cases mention."""

    name: str
    kind: str
    signature: str
    barred: tuple[str, ...]
    fresh: bool
    parts: tuple[PartCases, ...]
    misconceptions: dict[str, tuple[str, str]]  # id -> (name, hint)

    @property
    def parameters(self) -> list[str]:
        """The parameters' names, in order."""
        inside = self.signature.strip("()")
        return [p.split("=")[0].strip() for p in inside.split(",") if p.strip()]


def encode(value: Any) -> Any:
    """Write a value so that JSON can hold it; `decode` reads it back.

    Examples
    --------
    >>> encode((1, np.array([1.5, 2.0])))
    {'tuple': [1, {'array': [1.5, 2.0], 'dtype': 'float64'}]}
    """
    if isinstance(value, Raised):
        return {"raises": value.type_name}
    if isinstance(value, Sealed):
        return {"sealed": [value.kind, value.salt, value.digest]}
    if isinstance(value, Seed):
        return {"seed": value.number}
    if isinstance(value, Layers):
        return {"layers": [list(call) for call in value.calls]}
    if callable(value) and FUNCTIONS.get(getattr(value, "__name__", "")) is value:
        return {"function": value.__name__}
    if isinstance(value, np.ndarray):
        numbers = value.tolist()
        is_finite = value.dtype.kind in "biu" or np.isfinite(value).all()
        coded = {"array": numbers if is_finite else _finite(numbers), "dtype": str(value.dtype)}
        if value.size == 0:
            coded["shape"] = list(value.shape)
        return coded
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, tuple):
        return {"tuple": [encode(item) for item in value]}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {"dict": {key: encode(item) for key, item in value.items()}}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"a case cannot hold a {type(value).__name__}: {value!r}")


def _finite(value: Any) -> Any:
    """Write nan and inf as words: JSON has no numbers for them."""
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def decode(coded: Any) -> Any:
    """Read a value that `encode` wrote.

    Examples
    --------
    >>> decode({"array": [[1, 2, 3]], "dtype": "int64"}).shape
    (1, 3)
    """
    if isinstance(coded, list):
        return [decode(item) for item in coded]
    if not isinstance(coded, dict):
        return coded
    if "raises" in coded:
        return Raised(coded["raises"])
    if "function" in coded:
        return FUNCTIONS[coded["function"]]
    if "sealed" in coded:
        return Sealed(*coded["sealed"])
    if "seed" in coded:
        return Seed(coded["seed"])
    if "layers" in coded:
        return Layers(tuple(tuple(call) for call in coded["layers"]))
    if "float" in coded:
        return float(coded["float"])
    if "array" in coded:
        array = np.array(coded["array"], dtype=coded["dtype"])
        return array.reshape(coded["shape"]) if "shape" in coded else array
    if "tuple" in coded:
        return tuple(decode(item) for item in coded["tuple"])
    return {key: decode(item) for key, item in coded["dict"].items()}


AS_EXPECTED = {"as": "expected"}


def encode_wrong(value: Any, expected: Any) -> Any:
    """Write what a wrong variant gives, to 12 digits.

    What equals the expected outcome is not written again.

    Examples
    --------
    >>> encode_wrong((1, 2 / 3), (1, 2))
    {'tuple': [{'as': 'expected'}, 0.666666666667]}
    """
    coded = encode(value)
    # As texts: 3.0 is not 3 here, nor True 1.
    if json.dumps(coded) == json.dumps(encode(expected)):
        return AS_EXPECTED
    if isinstance(value, tuple) and isinstance(expected, tuple) and len(value) == len(expected):
        return {"tuple": [encode_wrong(*pair) for pair in zip(value, expected, strict=True)]}
    if isinstance(value, dict) and isinstance(expected, dict) and value.keys() == expected.keys():
        return {"dict": {key: encode_wrong(item, expected[key]) for key, item in value.items()}}
    return _rounded(coded)


def _rounded(coded: Any) -> Any:
    """Keep the digits that a check compares, and two more."""
    if isinstance(coded, list):
        return [_rounded(item) for item in coded]
    if isinstance(coded, dict):
        return {key: _rounded(item) for key, item in coded.items()}
    return float(f"{coded:.12g}") if isinstance(coded, float) else coded


def decode_wrong(coded: Any, expected: Any) -> Any:
    """Read what `encode_wrong` wrote."""
    if coded == AS_EXPECTED:
        return expected
    if isinstance(coded, dict) and "tuple" in coded:
        known = expected if isinstance(expected, tuple) else ()
        places = itertools.zip_longest(coded["tuple"], known[: len(coded["tuple"])])
        return tuple(decode_wrong(item, right) for item, right in places)
    if isinstance(coded, dict) and "dict" in coded:
        known = expected if isinstance(expected, dict) else {}
        return {key: decode_wrong(item, known.get(key)) for key, item in coded["dict"].items()}
    return decode(coded)


def _decode_case(coded: dict) -> Case:
    expected = decode(coded["expected"])
    return Case(
        args=tuple(decode(arg) for arg in coded["args"]),
        expected=expected,
        wrong={
            key: tuple(decode_wrong(v, expected) for v in given)
            for key, given in coded["wrong"].items()
        },
        how=coded.get("how", "call"),
    )


@functools.cache
def _exercises() -> dict[str, tuple[Path, dict]]:
    """Find every exercise in the case files: name -> (file, its entry)."""
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        lesson = json.loads(path.read_text(encoding="utf-8"))
        for name, entry in lesson["exercises"].items():
            found[name] = (lesson, entry)
    return found


def names() -> list[str]:
    """List the exercises that have visible cases."""
    return list(_exercises())


@functools.cache
def spec(exercise: str) -> Spec:
    """Return the visible cases of an exercise.

    Raises
    ------
    KeyError
        If no case file holds the exercise.
    """
    lesson, entry = _exercises()[exercise]
    parts = tuple(
        PartCases(
            name=name,
            points=part["points"],
            tries=part["tries"],
            cases=tuple(_decode_case(case) for case in part["cases"]),
        )
        for name, part in entry["parts"].items()
    )
    mentioned = {key for part in parts for case in part.cases for key in case.wrong}
    return Spec(
        name=exercise,
        kind=entry["kind"],
        signature=entry["signature"],
        barred=tuple(entry["barred"]),
        fresh=entry["fresh"],
        parts=parts,
        misconceptions={key: tuple(lesson["misconceptions"][key]) for key in sorted(mentioned)},
    )
