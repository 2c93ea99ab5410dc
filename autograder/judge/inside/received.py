"""The arguments of a call: which were changed in place, and what lies in their memory."""

from typing import Any

import numpy as np


class Received:
    """The mutable arguments of one call, by the judge's numbers, and how they came in."""

    def __init__(self) -> None:
        self.held: dict[int, Any] = {}
        self.before: dict[int, Any] = {}
        self.aliased: set[int] = set()

    def hold(self, number: int, value: Any, aliased: bool) -> None:
        self.held[number] = value
        if aliased:
            self.aliased.add(number)

    def remember(self) -> None:
        """Note how everything is now."""
        self.before = {number: _snapshot(value) for number, value in self.held.items()}

    def changes(self) -> list[int]:
        """Return the numbers of what has changed since."""
        return [k for k, value in self.held.items() if not _same(_snapshot(value), self.before[k])]

    def number_of(self, value: Any) -> int | None:
        """Return the number of this very object."""
        return next((k for k, held in self.held.items() if held is value), None)

    def view_of(self, value: np.ndarray) -> dict | None:
        """Describe an array that lies in the memory of an argument."""
        if value.size == 0:
            return None
        low, high = np.lib.array_utils.byte_bounds(value)
        for number in self.aliased:
            base = self.held[number]
            start, end = np.lib.array_utils.byte_bounds(base)
            if start <= low and high <= end:
                offset = value.__array_interface__["data"][0] - start
                layout = {"o": offset, "st": list(value.strides), "s": list(value.shape)}
                return {"t": "view", "k": number, "d": value.dtype.str, **layout}
        return None


def _snapshot(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, value.tobytes())
    return [*value.keys(), *value.values()] if isinstance(value, dict) else list(value)


def _same(now: Any, before: Any) -> bool:
    if isinstance(now, tuple):
        return now == before
    # Entries are compared by identity: what is inside an entry has a number of its own.
    return len(now) == len(before) and all(x is y for x, y in zip(now, before, strict=True))
