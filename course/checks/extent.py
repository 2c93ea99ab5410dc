"""Say how far a fault extends: which part of every wrong result is wrong, and in what way.

These are facts about the results, told where neither a name, a line nor a setting is found.
"""

from typing import Any

import numpy as np

from course.checks.cases import Case, Raised, Spec
from course.checks.compare import same, tolerance
from course.checks.parts import Wrong, listed, told
from course.checks.run import Outcome
from course.checks.setting import CHANNELS_LAST

AXES = {1: ("entry",), 2: ("row", "column"), 3: ("map", "row", "column")}
WEIGHTS = ("second of three", "grad_weight", "w1", "w2")  # ways and keys that give weights


def extent(spec: Spec, failed: list[tuple[Case, Outcome]]) -> str:
    """Return a sentence that holds for every failed case, or "".

    Examples
    --------
    "Wrong in the last column only.", "Right in image 0, wrong in other images.", "Every wrong
    number is too large by 1.", "Wrong at grad_weight; right at dx, grad_bias."
    """
    refused = [case for case, _ in failed if isinstance(case.expected, Raised)]
    if refused:
        some = "Every failed case has" if len(refused) == len(failed) else "Some failed cases have"
        return f"{some} to be refused with {_article(refused[0].expected.type_name)}."
    ended = [outcome for _, outcome in failed if outcome.error is not None]
    if len(ended) == len(failed):
        return f"Every failed case ends {_end(ended)}."
    pairs = [_wrong(spec, c.how, o.value, c.expected, tolerance(c.args)) for c, o in failed]
    pairs = [pair for pair in pairs if not isinstance(pair.computed, Raised)]
    opened, inner = _opened(spec, pairs)
    sentence = f"{opened} {told(inner)}".strip()
    if ended and sentence:
        end = "ends" if len(ended) == 1 else "end"
        some = f"Of {len(failed)} failed cases {len(ended)} {end} {_end(ended)}"
        return f"{some}; of the others: {sentence[0].lower()}{sentence[1:]}"
    return sentence


def _end(ended: list[Outcome]) -> str:
    """Say how cases end, and at which line where it is one and the same."""
    kinds = {type(outcome.error).__name__ for outcome in ended}
    lines = {outcome.line.partition(":")[0] for outcome in ended}
    what = f"in {_article(kinds.pop())}" if len(kinds) == 1 else "in an exception"
    line = lines.pop()
    return f"at {line}, {what}" if line and not lines else what


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'AEIOU' else 'a'} {word}"


def _wrong(spec: Spec, how: str, computed: Any, expected: Any, rtol: float) -> Wrong:
    """Set a result beside the expected one, with the names of its axes."""
    ndim = expected.ndim if isinstance(expected, np.ndarray) else 0
    axes = AXES.get(ndim, ())
    if ndim == 4:
        first = "filter" if how in WEIGHTS else "image"
        last = spec.name in CHANNELS_LAST
        axes = (first, "row", "column", "channel") if last else (first, "channel", "row", "column")
    return Wrong(computed, expected, rtol, axes)


def _opened(spec: Spec, pairs: list[Wrong]) -> tuple[str, list[Wrong]]:
    """Open tuples and dicts: say which entries are wrong, in all cases or in some; return those."""
    kinds = {type(pair.expected) for pair in pairs}
    if kinds not in ({tuple}, {dict}) or any(type(p.computed) not in kinds for p in pairs):
        return "", pairs
    inner, wrong = [], []
    for pair in pairs:
        got, want = pair.computed, pair.expected
        keys = _keys(want)
        if len(got) != len(want) or (isinstance(want, dict) and set(got) != set(want)):
            return "", pairs
        wrong.append({key for key in keys if not same(got[key], want[key], pair.rtol)})
        inner += [_wrong(spec, str(k), got[k], want[k], pair.rtol) for k in keys if k in wrong[-1]]
    always, ever = set.intersection(*wrong), set.union(*wrong)
    keys = {key for pair in pairs for key in _keys(pair.expected)}
    if not ever or not keys - ever:
        return "", inner
    word = "" if kinds == {dict} else "place "
    places = [f"at {word}{listed(always)}"] if always else []
    places += [f"in some cases at {word}{listed(ever - always)}"] if ever - always else []
    return f"Wrong {'; '.join(places)}; right at {word}{listed(keys - ever)}.", inner


def _keys(value: tuple | dict) -> list:
    return list(value) if isinstance(value, dict) else list(range(len(value)))
