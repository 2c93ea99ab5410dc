"""Name the mistake where exactly one explanation fits every case, and none otherwise."""

import numpy as np

from course.checks.cases import Case, Raised
from course.checks.compare import compare, same, tolerance
from course.checks.run import Outcome


def misconception(cases: list[Case], outcomes: list[Outcome]) -> str | None:
    """Return the id of the one misconception that gives every outcome, or None.

    A misconception fits when one of its spellings gives the computed outcome on every case, the
    passed ones included, and at least one of the failed outcomes is a value, or an error that the
    learner's own `raise` line raises beside cases that pass: an exception that numpy or Python
    raises names nothing, since many mistakes end in the same one.
    """
    tried = []
    for case, outcome in zip(cases, outcomes, strict=True):
        rtol = tolerance(case.args)
        tried.append((case, outcome, rtol, same(outcome.value, case.expected, rtol)))
    # The failed cases first: most misconceptions part from the outcome there.
    tried.sort(key=lambda one: one[-1])
    spellings = {
        (key, spelling)
        for case in cases
        for key, given in case.wrong.items()
        for spelling in range(len(given))
    }
    fitting = {key for key, spelling in spellings if _spelling_fits(key, spelling, tried)}
    return fitting.pop() if len(fitting) == 1 else None


def _spelling_fits(key: str, spelling: int, tried: list[tuple[Case, Outcome, float, bool]]) -> bool:
    telling = False
    for case, outcome, rtol, right in tried:
        if key not in case.wrong:  # the misconception gives the expected outcome here
            if not right:
                return False
            continue
        given = case.wrong[key][spelling]
        if not same(outcome.value, given, rtol):
            return False
        if same(given, case.expected, rtol):
            continue
        on_purpose = ": raise " in outcome.line and _passes(tried)
        telling = telling or on_purpose or not isinstance(given, Raised)
    return telling


def _passes(tried: list[tuple[Case, Outcome, float, bool]]) -> bool:
    return any(right and not isinstance(case.expected, Raised) for case, _, _, right in tried)


def pattern(cases: list[Case], outcomes: list[Outcome]) -> str | None:
    """Describe in one sentence how every failed array follows from the expected one, or None.

    These are facts about the numbers (reversed, a constant multiple, shifted), not guesses about
    the code.
    """
    failed = [
        (outcome.value, case.expected, tolerance(case.args))
        for case, outcome in zip(cases, outcomes, strict=True)
        if not same(outcome.value, case.expected, tolerance(case.args))
    ]
    if not failed or not all(_comparable(got, want) for got, want, _ in failed):
        return None
    found = [text for text, test in PATTERNS if all(test(*triple) for triple in failed)]
    return found[0] if len(found) == 1 else None


def _comparable(got, want) -> bool:
    return (
        isinstance(got, np.ndarray)
        and isinstance(want, np.ndarray)
        and got.shape == want.shape
        and got.dtype.kind in "iuf"
        and want.dtype.kind in "iuf"
        and want.size > 1
        and bool(np.isfinite(got).all() and np.isfinite(want).all())
    )


def _reversed(axis):
    return lambda got, want, rtol: got.ndim >= -axis and _equal(got, np.flip(want, axis), rtol)


def _turned(got, want, rtol):
    return got.ndim >= 2 and _equal(got, want[..., ::-1, ::-1], rtol)


def _transposed(got, want, rtol):
    return (
        got.ndim >= 2
        and want.shape[-1] == want.shape[-2]
        and _equal(got, np.swapaxes(want, -1, -2), rtol)
    )


def _negative(got, want, rtol):
    return _equal(got, -want, rtol)


def _zeros(got, want, rtol):
    return not np.any(got)


def _multiple(got, want, rtol):
    if not np.any(got) or not np.all(want):
        return False
    ratio = np.ravel(got)[0] / np.ravel(want)[0]
    return (
        not np.isclose(ratio, -1)
        and not np.isclose(ratio, 1, 1e-3)
        and _equal(got, ratio * want, rtol)
    )


def _offset(got, want, rtol):
    return _equal(got - np.ravel(got)[0], want - np.ravel(want)[0], rtol)


def _equal(got, want, rtol):
    return compare(np.asarray(got, float), np.asarray(want, float), rtol) is None


PATTERNS = (
    ("Your array is the expected one read backwards along its last axis.", _reversed(-1)),
    ("Your array is the expected one read backwards along its second-to-last axis.", _reversed(-2)),
    ("Your array is the expected one turned by 180 degrees.", _turned),
    ("Your array is the expected one with its last two axes exchanged.", _transposed),
    ("Your array is the expected one with the sign changed.", _negative),
    ("Every value in your array is 0.", _zeros),
    ("Every value is the expected one times one and the same factor.", _multiple),
    ("Every value differs from the expected one by the same amount.", _offset),
)
