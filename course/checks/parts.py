"""Say which numbers of all wrong results are wrong: where they lie, and how they are off."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

MOST = 10**300  # beyond, a whole number is no float


class Wrong(NamedTuple):
    """A wrong result beside the expected one, the tolerance, and the names of its axes."""

    computed: Any
    expected: Any
    rtol: float
    axes: tuple[str, ...]


def told(pairs: list[Wrong]) -> str:
    """Return the first sentence that holds for all these results, or ""."""
    if not pairs:
        return ""
    sentences = (tell(pairs) for tell in (_places, _shapes, _amounts, _shares, _types))
    return next(filter(None, sentences), "")


def listed(keys: set) -> str:
    """Write keys or numbers one after the other, clauses in quotes.

    Examples
    --------
    >>> listed({"dx", "k is odd"}), listed({2, 1})
    ('dx, "k is odd"', '1, 2')
    """
    return ", ".join(f'"{key}"' if " " in str(key) else str(key) for key in sorted(keys))


def _types(pairs: list[Wrong]) -> str:
    """Say of what type every wrong result is."""
    found = {(type(got).__name__, type(want).__name__) for got, want, *_ in pairs}
    if len(found) > 1:
        return ""
    got, want = found.pop()
    return f"Every failed case gives {got}, where {want} is asked for." if got != want else ""


def _arrays(pairs: list[Wrong]) -> bool:
    return bool(pairs) and all(
        isinstance(got, np.ndarray) and isinstance(want, np.ndarray) for got, want, *_ in pairs
    )


def _masks(pairs: list[Wrong]) -> list[tuple[np.ndarray, tuple[str, ...]]] | None:
    """Return for each case where its numbers are wrong; None where they cannot be compared."""
    if not _arrays(pairs):
        return None
    masks = []
    for got, want, rtol, axes in pairs:
        if got.shape != want.shape or got.dtype.kind not in "biuf":
            return None
        a, e = got.astype(float), want.astype(float)
        scale = np.abs(e).max(initial=0.0) or 1.0
        with np.errstate(invalid="ignore"):
            mask = ~((np.abs(a - e) <= rtol * scale) | (a == e))
        if not mask.any():  # the numbers are right, and something else is wrong
            return None
        masks.append((mask, axes))
    return masks


def _places(pairs: list[Wrong]) -> str:
    """Say in which rows, columns, channels or images every wrong number lies."""
    masks = _masks(pairs)
    if not masks or len({axes for _, axes in masks}) > 1:
        return ""
    axes = masks[0][1]
    found = [sentence for place in range(len(axes)) for sentence in _along(masks, place, axes)]
    if found:
        return " ".join(found[:2])
    if len(axes) >= 2:
        rows, columns = axes.index("row"), axes.index("column")
        if all(not _inside(mask, rows, columns).any() for mask, _ in masks) and any(
            _inside(mask, rows, columns).size for mask, _ in masks
        ):
            return "Wrong at the border only."
    return ""


def _inside(mask: np.ndarray, rows: int, columns: int) -> np.ndarray:
    cut = [slice(None)] * mask.ndim
    cut[rows] = cut[columns] = slice(1, -1)
    return mask[tuple(cut)]


def _along(masks: list, place: int, axes: tuple[str, ...]) -> Iterator[str]:
    """Say what holds along one axis in every case, where some case has more than one index."""
    others = tuple(i for i in range(len(axes)) if i != place)
    lines = [mask.any(axis=others) for mask, _ in masks]
    long = [line for line in lines if len(line) > 1]
    if not long:
        return
    name = axes[place]
    several = {"entry": "entries"}.get(name, f"{name}s")
    if all(not line[:-1].any() for line in lines):
        yield f"Wrong in the last {name} only."
    elif all(not line[1:].any() for line in lines):
        yield f"Wrong in {name} 0 only."
    elif all(not line[0] for line in lines):
        yield f"Right in {name} 0, wrong in other {several}."
    elif all(not line[-1] for line in long) and len(long) == len(lines):
        yield f"Right in the last {name}, wrong in other {several}."


def _shapes(pairs: list[Wrong]) -> str:
    """Say by how much the shape is off, where it is the same in every case."""
    if not _arrays(pairs):
        return ""
    shapes = [(got.shape, want.shape) for got, want, *_ in pairs]
    if any(len(got) != len(want) for got, want in shapes):
        ranks = {(len(got), len(want)) for got, want in shapes}
        got, want = next(iter(ranks))
        return (
            f"It has {got} axes in every failed case, and {want} are asked for."
            if len(ranks) == 1
            else ""
        )
    if all(got == want for got, want in shapes):
        return ""
    axes = {i for got, want in shapes for i in range(len(got)) if got[i] != want[i]}
    if len(axes) != 1:
        return f"The shape is wrong on axes {listed(axes)}; the others are right."
    (axis,) = axes
    offs = {got[axis] - want[axis] for got, want in shapes if got[axis] != want[axis]}
    return f"The shape is wrong on axis {axis} alone: {_off(offs)}."


def _off(offs: set) -> str:
    if len(offs) == 1:
        (off,) = offs
        return f"{abs(off)} too {'many' if off > 0 else 'few'}"
    if all(off > 0 for off in offs):
        return "too many"
    return "too few" if all(off < 0 for off in offs) else "sometimes too many, sometimes too few"


def _numbers(pairs: list[Wrong]) -> list[tuple[float, float]] | None:
    """Pair every wrong number with the expected one; None where they cannot be compared."""
    numbers = []
    for got, want, rtol, _ in pairs:
        if not (_numeric(got) and _numeric(want)) or np.shape(got) != np.shape(want):
            return None
        a, e = np.ravel(np.asarray(got, float)), np.ravel(np.asarray(want, float))
        scale = np.abs(e).max(initial=0.0) or 1.0
        with np.errstate(invalid="ignore"):
            wrong = ~((np.abs(a - e) <= rtol * scale) | (a == e))
        numbers += list(zip(a[wrong].tolist(), e[wrong].tolist(), strict=True))
    return numbers


def _numeric(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iuf"
    number = isinstance(value, (int, float, np.integer, np.floating))
    return number and not isinstance(value, bool) and abs(value) < MOST


def _amounts(pairs: list[Wrong]) -> str:
    """Say in what way all wrong numbers are wrong."""
    numbers = _numbers(pairs)
    if not numbers:
        return ""
    for sentence, holds in AMOUNTS:
        if all(holds(a, e) for a, e in numbers):
            return sentence
    return ""


AMOUNTS: tuple[tuple[str, Callable[[float, float], bool]], ...] = (
    ("Every wrong number is nan.", lambda a, e: a != a),
    ("Every wrong number is 0.", lambda a, e: a == 0),
    ("Every wrong number has the wrong sign.", lambda a, e: a == -e),
    ("Every wrong number is too large by 1.", lambda a, e: a == e + 1),
    ("Every wrong number is too small by 1.", lambda a, e: a == e - 1),
    ("Every wrong number is twice the expected one.", lambda a, e: abs(a - 2 * e) < 1e-9 * abs(e)),
    ("Every wrong number is half the expected one.", lambda a, e: abs(2 * a - e) < 1e-9 * abs(e)),
    ("Every wrong number is too large.", lambda a, e: a > e),
    ("Every wrong number is too small.", lambda a, e: a < e),
)


def _shares(pairs: list[Wrong]) -> str:
    """Say how many of the numbers are wrong, from the first failed case on."""
    masks = _masks(pairs)
    if not masks:
        return ""
    wrong, of = sum(int(mask.sum()) for mask, _ in masks), sum(mask.size for mask, _ in masks)
    return "Every number is wrong." if wrong == of else f"{wrong} of {of} numbers are wrong."
