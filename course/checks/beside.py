"""Tell whether an answer shows a mistake before the change that leaves this mistake alone.

Many changes of an answer that has nothing to do with a mistake make that mistake.  Two things speak
for one that stood there from the start: most numbers that it makes wrong were wrong in this very
way before, and no number was right before that is wrong with it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from course.checks.compare import differing, same

ALIKE = 1e-6  # of the largest number: less exact numbers have another fault, and count as right


def shows(tried: list[tuple[Any, Any, Any]]) -> bool:
    """Tell it by (result before the change, result with the mistake alone, expected) of each case.

    Examples
    --------
    The mistake reverses; before, one entry was missing, too:

    >>> a, b = np.array([3, 2, 1]), np.array([1, 2, 3])
    >>> shows([(a[:2], a, b)]), shows([(b[:2], a, b)])
    (True, False)
    """
    places = [place for case in tried for triple in _opened(*case) for place in _wrong(*triple)]
    if any(was_right for was_right, _ in places):
        return False
    return bool(places) and 2 * sum(was_so for _, was_so in places) >= len(places)


def _opened(before: Any, after: Any, expected: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Open tuples and dicts of the same entries."""
    three = before, after, expected
    if all(isinstance(item, dict) and set(item) == set(expected) for item in three):
        three = [[item[key] for key in expected] for item in three]
    if all(isinstance(item, (tuple, list)) and len(item) == len(three[0]) for item in three):
        for inner in zip(*three, strict=True):
            yield from _opened(*inner)
    else:
        yield before, after, expected


def _wrong(before: Any, after: Any, expected: Any) -> list[tuple[bool, bool]]:
    """Say of every place that the mistake makes wrong: was it right before, was it so before?

    Arrays are compared where they overlap, since one may be too short beside the mistake.
    """
    arrays = [a for a in (before, after, expected) if isinstance(a, np.ndarray)]
    numbers = len(arrays) == 3 and all(a.dtype.kind in "biuf" for a in arrays)
    if not numbers or before.ndim != after.ndim or after.shape != expected.shape:
        if same(after, expected, ALIKE):
            return []
        return [(same(before, expected, ALIKE), same(before, after, ALIKE))]
    overlap = tuple(slice(min(pair)) for pair in zip(before.shape, after.shape, strict=True))
    before, after, expected = before[overlap], after[overlap], expected[overlap]
    wrong = differing(after, expected, ALIKE)[0]
    was_right = ~differing(before, expected, ALIKE)[0][wrong]
    was_so = ~differing(before, after, ALIKE)[0][wrong]
    return list(zip(was_right.tolist(), was_so.tolist(), strict=True))
