"""Make calls again: of an answer that gives something else each time, nothing more is told."""

import ast
import contextlib
import inspect
import io
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from course.checks.cases import Case, Raised
from course.checks.compare import same, tolerance
from course.checks.run import Outcome, run
from course.checks.source import OutOfFuel, Source, definition_of
from course.protocol import text_of

TIMES = 8  # that a call is made again where the answer draws numbers: two draws may be alike
HOLDERS = (list, dict, set, np.ndarray)
NUMBERS = (int, float, np.integer, np.floating, np.bool_, Raised)
KNOWN = (*NUMBERS, np.ndarray, list, tuple, dict, str, type(None))
SECONDS = 1.5  # after which no call is made a third time
LONG = ("training", "accuracy")  # ways to call that take seconds
AT_RANDOM = "Does your code draw numbers at random?"
KEPT = "Does your code keep something from one call to the next?"
AGAIN = "One of these calls gave another result when it was made again."
DRAWS = "Your code draws numbers from numpy's own generator: its result may change from run to run."
STAYS = (
    "A list, dict or array that is a default value, or stands in the class, is changed by a call "
    "and stays so for the next: it is made once."
)
ALONE = "The first failed call gives another result when no other call is made before it."


def unsteady(
    answer: Any,
    failed: list[tuple[Case, Outcome]],
    passed: list[tuple[Case, Outcome]],
    fresh: Source | None,
    before: Sequence[Case] = (),
) -> str:
    """Return sentences where a call gives something else in another run, or "".

    Parameters
    ----------
    answer : the learner's function or class
    failed, passed : the cases, and what came of them; the passed ones are tried again only where
        the answer draws numbers
    fresh : the answer taken apart, to make it anew; None where its text is not to be had
    before : the cases that were tried before the first failed one
    """
    failed = [(case, outcome) for case, outcome in failed if case.how not in LONG]
    state = np.random.get_state()
    spoken = _names(answer)
    draws, until = "random" in spoken, time.monotonic() + SECONDS
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            kept = _kept(answer)
            for case, outcome in failed:
                for again in range(TIMES if draws else 1):
                    if again and time.monotonic() > until:
                        break
                    alike = _comes_again(answer, case, outcome)
                    draws = draws or moved(state)
                    if kept != _kept(answer):
                        return STAYS
                    if not alike:
                        return f"{AGAIN} {AT_RANDOM if draws else KEPT}"
            for case, outcome in TIMES * passed if draws else ():
                if time.monotonic() > until:
                    break
                if case.how not in LONG and not _comes_again(answer, case, outcome):
                    return f"{AGAIN} {AT_RANDOM}"
            if failed and moved(state) and "seed" not in spoken:
                return DRAWS
            if failed and fresh and not draws and _needs(fresh, before, *failed[0]):
                return f"{ALONE} {KEPT}"
    except KeyboardInterrupt:  # the plain message stands
        pass
    finally:
        np.random.set_state(state)
    return ""


def _comes_again(answer: Any, case: Case, outcome: Outcome) -> bool:
    return _alike(run(answer, case).value, outcome.value, tolerance(case.args))


def _kept(answer: Any) -> str:
    """Write down what the defaults of a function, or a class and its methods, hold that changes."""
    inside = vars(answer).values() if inspect.isclass(answer) else [answer]
    held = [value for value in inside if isinstance(value, HOLDERS)]
    for function in filter(inspect.isfunction, inside):
        defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
        held += [value for value in defaults if isinstance(value, HOLDERS)]
    return repr(held)


def _names(answer: Any) -> set[str]:
    """Return the names of which the answer speaks, or a whole cell where only this is known."""
    text = text_of(answer)
    try:
        tree = ast.parse(text.cell) if text else definition_of(answer)
    except (SyntaxError, ValueError):
        return set()
    return set() if tree is None else names(tree)


def names(tree: ast.AST) -> set[str]:
    """Return the names, attributes and modules in a tree.

    Examples
    --------
    >>> sorted(names(ast.parse("from random import seed; np.random.rand()")))
    ['np', 'rand', 'random', 'seed']
    """
    fields = ("id", "attr", "module", "name")
    found = {getattr(node, field, None) for node in ast.walk(tree) for field in fields}
    return {name for name in found if isinstance(name, str)}


def moved(state: tuple) -> bool:
    """Tell whether numbers were drawn from numpy's generator since it had this state."""
    now = np.random.get_state()
    return now[2] != state[2] or not np.array_equal(now[1], state[1])


def _needs(fresh: Source, before: Sequence[Case], case: Case, outcome: Outcome) -> bool:
    """Tell whether the answer, made anew, gives this after the calls before, and not without."""
    alike = []
    for calls in (before, ()):
        fresh.tank.fill(10_000_000)
        try:
            answer = fresh.make()
            for one in calls:
                run(answer, one)
            alike.append(_comes_again(answer, case, outcome))
        except (Exception, OutOfFuel):  # a class's body may raise when it is run again
            return False
    return alike == [True, False]


def _alike(one: Any, other: Any, rtol: float) -> bool:
    """Tell whether two results are alike, of whatever types.

    Of objects that are neither numbers nor hold them nothing is known: each may have its own class.
    """
    if type(one) is not type(other):
        return not (isinstance(one, KNOWN) and isinstance(other, KNOWN))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(one[k], other[k], rtol) for k in one)
    if isinstance(one, (tuple, list)):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_alike(*pair, rtol) for pair in pairs)
    if isinstance(one, np.ndarray):
        kinds = one.dtype.kind + other.dtype.kind
        return not set(kinds) <= set("biuf") or same(one, other, rtol)
    return not isinstance(one, NUMBERS) or same(one, other, rtol)
