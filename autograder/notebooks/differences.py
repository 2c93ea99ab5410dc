"""Say where a committed file differs from a build of its text, on whatever processor that ran.

Processors round the last digits of sums, powers and exponentials differently.  So the numbers that
a case file computes are compared by the check's own tolerance; everything else in it, and every
other file, is compared exactly.
"""

import io
import json
import math
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image

from autograder.notebooks.serialize import compact_json
from course.checks.cases import decode, decode_wrong, encode
from course.checks.compare import tolerance

EMBEDDED = re.compile(r"data:image/[\w+.-]+;base64,[A-Za-z0-9+/=\s]+")
LEVELS = 8  # of 256, by which a pixel may differ between processors


def difference(path: str, found: bytes, built: bytes) -> str:
    """Return where a committed file differs from the built one, in words; "" if it fits.

    Parameters
    ----------
    path : the file's path in the course, which tells what it is
    found : the committed file
    built : the file as a build on this machine gives it
    """
    if path.startswith("solutions/"):
        return _notebook_difference(comparable(found), comparable(built))
    if found == built:
        return ""
    ours, theirs = _loaded(found), _loaded(built)
    if path.endswith(".json"):
        return _cases_difference(ours, theirs) or _layout_difference(found, ours)
    return _notebook_difference(ours, theirs) or "differs in its layout"


def same_pictures(found: bytes, built: bytes) -> bool:
    """Tell whether two solutions show the same pictures, up to a few levels of each pixel.

    Examples
    --------
    >>> same_pictures(b'{"cells": []}', b'{"cells": []}')
    True
    """
    ours, theirs = _pictures(found), _pictures(built)
    return len(ours) == len(theirs) and all(map(_alike_pictures, ours, theirs))


def comparable(content: bytes):
    """Return a solution without what differs between machines: the bytes of its pictures."""
    notebook = _loaded(content)
    if not isinstance(notebook, dict):
        return notebook
    for data in _data_of(notebook):
        for kind, value in data.items():
            if kind.startswith("image/"):
                data[kind] = "a picture"
            elif kind.startswith("text/"):
                data[kind] = EMBEDDED.sub("a picture", _joined(value))
    return notebook


def _notebook_difference(found, wanted) -> str:
    if found == wanted:
        return ""
    if not isinstance(found, dict) or not isinstance(wanted, dict):
        return "cannot be read"
    ours, theirs = found.get("cells", []), wanted["cells"]
    for number, (a, b) in enumerate(zip(ours, theirs, strict=False), start=1):
        if a != b:
            parts = ("source", "outputs", "metadata", "id", "cell_type", "execution_count")
            part = next((key for key in parts if a.get(key) != b.get(key)), "content")
            return f"cell {number} differs in its {part}"
    if len(ours) != len(theirs):
        return f"has {len(ours)} cells, expected {len(theirs)}"
    return "the notebook's metadata differ"


def _cases_difference(found: Any, wanted: Any) -> str:
    """Return the first place where two case files differ, in words; "" if they say the same."""
    if not isinstance(found, dict) or not isinstance(wanted, dict):
        return "cannot be read"
    ours, theirs = found.get("exercises"), wanted.get("exercises")
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return "" if found == wanted else "differs"
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours or name not in theirs:
            return f"{name} stands in only one of the two"
        if place := _exercise_difference(ours[name], theirs[name]):
            return f"{name}{place}"
    rest = [
        key for key in sorted(found.keys() | wanted.keys()) if found.get(key) != wanted.get(key)
    ]
    rest = [key for key in rest if key != "exercises"]
    if list(ours) != list(theirs):
        return "differs in the order of its exercises"
    return f"differs in its {rest[0]}" if rest else ""


def _exercise_difference(found: Any, wanted: Any) -> str:
    if not isinstance(found, dict) or not isinstance(wanted, dict) or "parts" not in wanted:
        return "" if found == wanted else " differs"
    for key in sorted(found.keys() | wanted.keys()):
        if key != "parts" and found.get(key) != wanted.get(key):
            return f" differs in its {key}"
    ours, theirs = found.get("parts", {}), wanted["parts"]
    if list(ours) != list(theirs):
        return " differs in its parts"
    for part in theirs:
        for key in sorted(ours[part].keys() | theirs[part].keys()):
            if key != "cases" and ours[part].get(key) != theirs[part].get(key):
                return f", {part} differs in its {key}"
        if len(ours[part]["cases"]) != len(theirs[part]["cases"]):
            return f", {part} has {len(ours[part]['cases'])} cases"
        pairs = zip(ours[part]["cases"], theirs[part]["cases"], strict=True)
        for number, (a, b) in enumerate(pairs, start=1):
            if what := _case_difference(a, b):
                return f", {part}, case {number} differs in its {what}"
    return ""


def _case_difference(found: dict, wanted: dict) -> str:
    """Return what of a case differs; arguments exactly, outcomes by the check's tolerance."""
    for key in ("args", "how"):
        if found.get(key) != wanted.get(key):
            return key
    rtol = tolerance(tuple(decode(arg) for arg in wanted["args"]))
    if not _close(found["expected"], wanted["expected"], rtol):
        return "expected outcome"
    if list(found["wrong"]) != list(wanted["wrong"]):
        return "mistakes"
    for key in wanted["wrong"]:
        ours, theirs = (_written_out(case, key) for case in (found, wanted))
        if not _close(ours, theirs, rtol):
            return f"outcome of {key}"
    return ""


def _written_out(case: dict, key: str) -> list:
    """Return a mistake's outcomes with what equals the expected outcome written out."""
    expected = decode(case["expected"])
    return [encode(decode_wrong(outcome, expected)) for outcome in case["wrong"][key]]


def _close(found: Any, wanted: Any, rtol: float) -> bool:
    """Compare two coded outcomes: floats by `rtol`, everything else exactly."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict) or list(found) != list(wanted):
            return False
        if "array" in wanted:
            if {**found, "array": 0} != {**wanted, "array": 0}:
                return False
            ours, theirs = np.array(found["array"]), np.array(wanted["array"])
            if ours.shape != theirs.shape:
                return False
            if not wanted["dtype"].startswith("float"):
                return bool((ours == theirs).all())
            ours, theirs = ours.astype(float), theirs.astype(float)
            scale = np.abs(theirs[np.isfinite(theirs)]).max(initial=0.0) or 1.0
            return np.allclose(ours, theirs, rtol=0.0, atol=rtol * scale, equal_nan=True)
        return all(_close(found[key], wanted[key], rtol) for key in wanted)
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(_close(a, b, rtol) for a, b in zip(found, wanted, strict=True))
        )
    if isinstance(wanted, float) and isinstance(found, float):
        return math.isclose(found, wanted, rel_tol=0.0, abs_tol=rtol * (abs(wanted) or 1.0))
    return type(found) is type(wanted) and found == wanted


def _layout_difference(found: bytes, data: Any) -> str:
    return "" if found == (compact_json(data) + "\n").encode() else "differs in its layout"


def _pictures(content: bytes) -> list[bytes]:
    """Return every picture of a solution, those inside pages too, as the files that they are."""
    notebook = _loaded(content)
    found = []
    for data in _data_of(notebook) if isinstance(notebook, dict) else ():
        for kind, value in sorted(data.items()):
            if kind.startswith("image/"):
                found.append(_joined(value))
            elif kind.startswith("text/"):
                found += [text.partition(",")[2] for text in EMBEDDED.findall(_joined(value))]
    return [b64decode(text) if not text.startswith("<") else text.encode() for text in found]


def _alike_pictures(a: bytes, b: bytes) -> bool:
    if a == b:
        return True
    try:
        ours, theirs = (np.asarray(Image.open(io.BytesIO(p)).convert("RGBA"), int) for p in (a, b))
    except (OSError, ValueError):
        return False
    return ours.shape == theirs.shape and int(np.abs(ours - theirs).max()) <= LEVELS


def _data_of(notebook: dict) -> Iterator[dict]:
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            if "data" in output:
                yield output["data"]


def _joined(value) -> str:
    return value if isinstance(value, str) else "".join(value)


def _loaded(content: bytes):
    try:
        return json.loads(content)
    except ValueError:
        return None
