"""Show a failed case in a figure, the answer's values beside the expected ones."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from course.checks import drive
from course.checks.cases import Case, PartCases, Raised, Spec
from course.checks.compare import differing, tolerance
from course.checks.drawn import FIGURES, Drawn
from course.checks.faults import call_text, fault, told_first
from course.checks.run import Outcome
from course.checks.words import pair

if TYPE_CHECKING:  # widgets are imported when a case is shown: a check alone needs none
    from course.widgets.base import Figure
    from course.widgets.folded import WrongEntry

PLACES = {
    **{"first of two": 0, "second of two": 1},
    **{"first of three": 0, "second of three": 1, "third of three": 2},
}
# Of what a figure can show: kinds of `Difference`.
SHOWN = ("values", "nan", "shape", "changed", "error")


def failed_case(spec: Spec, parts: Sequence[PartCases], outcomes: dict[int, Outcome]) -> str:
    """Return the failed case that a check tells in a figure, folded away, as HTML.

    Where no figure fits that case, it is the next failed one that fits a figure; "" where none
    does.

    Parameters
    ----------
    spec : the exercise
    parts : the parts that were tried
    outcomes : what came of their cases, by their `id`
    """
    tried = [case for part in parts for case in part.cases if id(case) in outcomes]
    faults = [fault(spec, case, outcomes[id(case)]) for case in tried]
    failed = [i for i, found in enumerate(faults) if found]
    if not failed:
        return ""
    first = told_first(failed, faults)
    for i in [first, *failed]:
        case = tried[i]
        found = drawn_case(spec, case, outcomes[id(case)]) if faults[i].kind in SHOWN else None
        if found:
            return _folded(spec, case, found, told=i == first)
    return ""


class DrawnCase(NamedTuple):
    """A case in a figure, what is to be said above it, and the entries that are wrong."""

    figure: "Figure"
    words: list[str]
    wrong: list["WrongEntry"]


def drawn_case(spec: Spec, case: Case, outcome: Outcome) -> DrawnCase | None:
    """Draw a case that failed; None where no figure does, or it has no room, or nothing to mark."""
    drawn = _drawn(spec, case)
    if drawn is None:
        return None
    figure = _figure(drawn)
    if figure is None:
        return None
    wrong = [] if outcome.error else _wrong_entries(case, outcome.value, drawn)
    if wrong is None:
        return None
    words = [f"The exercise gives no {drawn.zeros}: the figure takes zeros."] if drawn.zeros else []
    if not wrong:
        words.append("The figure shows the expected result.")
    return DrawnCase(figure, words, wrong)


def _drawn(spec: Spec, case: Case) -> Drawn | None:
    """Return what draws a case, or None; a call that is to be refused has no picture."""
    draw = FIGURES.get(f"{spec.name}, {case.how}") or FIGURES.get(spec.name)
    if draw is None or isinstance(case.expected, Raised):
        return None
    names = drive.parameters(case.how, spec.parameters)
    return draw(**dict(zip(names, case.args, strict=False)))


def _figure(drawn: Drawn) -> "Figure | None":
    """Make the figure; None where the case is too large for it, or holds no real numbers."""
    from course import widgets
    from course.widgets.base import BadValue

    try:
        return getattr(widgets, drawn.figure)(**drawn.settings, controls=())
    except BadValue:
        return None


def _wrong_entries(case: Case, computed: Any, drawn: Drawn) -> list["WrongEntry"] | None:
    """List the entries that differ, [] where shapes do; None where there is nothing to mark."""
    from course.widgets.folded import WrongEntry

    rows = list(drawn.rows.items())
    if case.how in PLACES:
        rows = [rows[PLACES[case.how]]] if len(rows) > 1 else rows
    pairs = list(zip(_results(computed), _results(case.expected), strict=False))
    if any(got.shape != want.shape for got, want in pairs) or len(pairs) < len(rows):
        return []
    entries = []
    for (row, margin), (got, want) in zip(rows, pairs, strict=True):
        differs = differing(got, want, tolerance(case.args))[0]
        around = [(0, 0)] * (want.ndim - 2) + [(pixels, pixels) for pixels in margin]
        cells = np.pad(differs, around) if any(margin) else differs
        for cell, index in zip(np.flatnonzero(cells), np.argwhere(differs), strict=True):
            texts = _texts(got[tuple(index)], want[tuple(index)])
            name = f"{row if len(rows) > 1 else ''}{index.tolist()}"
            entries.append(WrongEntry(row, int(cell), name, *texts))
    return entries or None


def _results(value: Any) -> list[np.ndarray]:
    """List the arrays of a result, those of other things than numbers as empty ones."""
    items = list(value.values()) if isinstance(value, dict) else value
    items = items if isinstance(items, (tuple, list)) else [items]
    arrays = [np.asarray(item) if isinstance(item, np.ndarray) else np.empty(0) for item in items]
    return [array if array.dtype.kind in "iufb" else np.empty(0) for array in arrays]


def _texts(computed: Any, expected: Any) -> tuple[str, str]:
    """Print two values as the figure does, with more digits where it takes them to differ."""
    from course.widgets.checking import LARGEST
    from course.widgets.tables import number

    values = (computed, expected)
    if not isinstance(expected, np.bool_) and all(_fits(value, LARGEST) for value in values):
        texts = number(computed.item()), number(expected.item())
        if texts[0] != texts[1]:
            return texts
    return tuple(text.replace("-", "\N{MINUS SIGN}") for text in pair(computed, expected))


def _fits(value: Any, most: float) -> bool:
    return math.isfinite(value) and abs(value) <= most


def _folded(spec: Spec, case: Case, shown: DrawnCase, told: bool) -> str:
    from course.widgets.folded import folded

    summary, words = "Show this case in the figure", shown.words
    if not told:
        summary = "Show another failed case in a figure"
        words = [call_text(spec, case), *words]
    return folded(shown.figure, summary, words, shown.wrong)
