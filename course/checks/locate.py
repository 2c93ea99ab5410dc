"""Find the line: try single changes of a wrong answer until every visible case passes.

The learner's own function is the best model of what they meant.  It is changed in memory, in one
place at a time; what is said is the line and the kind of place, never the mended code.
"""

import ast
import contextlib
import copy
import io
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any, TextIO

import numpy as np

from course.checks.cases import Case, Spec
from course.checks.compare import same, tolerance
from course.checks.faults import fault
from course.checks.run import Outcome, run
from course.checks.slips import KINDS_OF_REPAIR, Slip, changes
from course.checks.source import OutOfFuel, Source, source_of

SECONDS = 1.5  # of processor time, over all changes
SLOW = 0.5  # seconds after which a word appears on the screen
MEMORY = 2**28  # bytes that the changed answers may take
SEEN = "__seen__"
# Answers that use these are not run again and again: they read, write, draw or ask, or may end the
# process where one of their numbers is changed.
NOT_TRIED = frozenset(
    ("open", "input", "exec", "eval", "compile", "exit", "quit", "breakpoint", "display", "plt")
    + ("pyplot", "savefig", "save", "savetxt", "tofile", "write", "system", "subprocess", "os")
    + ("as_strided", "ndarray", "ctypes", "frombuffer", "setrecursionlimit")
    + ("shutil", "threading", "multiprocessing", "socket", "requests", "sleep")
)


@dataclass(frozen=True)
class Line:
    """A line whose change in one place makes every case pass.

    Attributes
    ----------
    number : as the learner's cell counts
    text : the line as it stands
    place : the kind of place, such as "an index"; several kinds are joined by "or"
    """

    number: int
    text: str
    place: str


def locate(
    spec: Spec,
    answer: Any,
    outcomes: dict[int, Outcome],
) -> Line | None:
    """Return the one line whose change in one place makes every visible case pass, or None.

    Parameters
    ----------
    spec : the exercise, with all its visible cases
    answer : the learner's function or class
    outcomes : what the answer gave, by the case's `id`
    """
    source = source_of(answer)
    if source is None or _names(source) & NOT_TRIED:
        return None
    cases = [case for part in spec.parts for case in part.cases]
    random, screen = np.random.get_state(), sys.stdout
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            _bounded_memory(),
        ):
            return _Search(spec, source, cases, screen).line(outcomes)
    except (KeyboardInterrupt, OutOfFuel):
        return None
    finally:
        np.random.set_state(random)


def _names(source: Source) -> set[str]:
    """Return every name that the answer speaks of, or a function of the notebook that it calls."""
    tree = ast.walk(source.node)
    found = {getattr(node, "id", getattr(node, "attr", "")) for node in tree}
    waiting = list(found)
    while waiting:
        held = source.outside.get(waiting.pop())
        if isinstance(held, FunctionType) and held.__globals__ is source.outside:
            new = set(held.__code__.co_names) - found
            found |= new
            waiting += new
    return found


@contextlib.contextmanager
def _bounded_memory() -> Iterator[None]:
    """Let no change of a shape take more than `MEMORY` bytes, where the system can tell."""
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        old = resource.getrlimit(resource.RLIMIT_AS)
    except (ImportError, OSError, ValueError):
        yield
        return
    limits = [v for v in (used + MEMORY, *old) if v != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, old)


class _Search:
    """One search: its clock, its source, and the cases in the order in which they are tried."""

    def __init__(self, spec: Spec, source: Source, cases: list[Case], screen: TextIO):
        self._spec, self._source, self._cases = spec, source, cases
        self._screen, self._said = screen, False
        self._started = time.monotonic()
        self._until = time.process_time() + SECONDS
        self._rounds: dict[int, int] = {}

    def line(self, outcomes: dict[int, Outcome]) -> Line | None:
        try:
            failed = self._failed(outcomes)
            reached = self._reached(failed[0]) if failed else set()
        except Exception:  # a class's body may raise when it is run again
            return None
        if not failed:
            return None
        tried = {id(case) for case in failed}
        self._cases = [*failed, *(case for case in self._cases if id(case) not in tried)]
        for kinds in KINDS_OF_REPAIR:
            found: dict[int, list[str]] = {}
            for slip in self._in_order(kinds, reached):
                if time.process_time() > self._until:
                    break
                if self._repairs(slip):
                    found.setdefault(slip.line, []).append(slip.place)
                if len(found) > 1:
                    return None
            for number, places in found.items():
                kinds_of_place = " or ".join(list(dict.fromkeys(places))[:2])
                return Line(number, self._source.line(number), kinds_of_place)
        return None

    def _failed(self, outcomes: dict[int, Outcome]) -> list[Case]:
        """Return the failing cases, the quickest first; none where the remade answer differs."""
        answer, failed = self._source.make(), []
        for case in self._cases:
            rounds = 1_000_000
            self._source.tank.fill(rounds, self._until)
            started = time.perf_counter()
            outcome = _quietly(answer, case)
            took = time.perf_counter() - started
            self._rounds[id(case)] = 20 * (rounds - self._source.tank.left) + 1000
            noted = outcomes.get(id(case))
            if noted and not same(outcome.value, noted.value, tolerance(case.args)):
                return []
            if fault(self._spec, case, outcome):
                failed.append((took, len(failed), case))
        return [case for _, _, case in sorted(failed, key=lambda entry: entry[:2])]

    def _reached(self, case: Case) -> set[int]:
        """Return the first lines of the statements that run on a case."""
        seen: set[int] = set()
        probe = Source(
            _with_marks(self._source.node),
            self._source.lines,
            self._source.outside | {SEEN: seen.add},
            self._source.closure,
        )
        probe.tank.fill(1_000_000, self._until)
        _quietly(probe.make(), case)
        return seen

    def _in_order(self, kinds, reached: set[int]) -> Iterator[Slip]:
        for slip in changes(self._source.node, kinds):
            line = getattr(slip.statement, "lineno", slip.line)
            definition = isinstance(slip.statement, (ast.FunctionDef, ast.ClassDef, ast.Lambda))
            if line in reached or definition:
                yield slip

    def _repairs(self, slip: Slip) -> bool:
        if not self._said and time.monotonic() - self._started > SLOW:
            self._said = True
            print("Looking for the line ...", file=self._screen, flush=True)
        with slip.made():
            try:
                answer = self._source.make()
            except Exception:
                return False
        return all(self._passes(answer, case) for case in self._cases)

    def _passes(self, answer: Any, case: Case) -> bool:
        self._source.tank.fill(self._rounds[id(case)], self._until)
        try:
            return not fault(self._spec, case, _quietly(answer, case))
        except (OutOfFuel, MemoryError):
            return False


def _quietly(answer: Any, case: Case) -> Outcome:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return run(answer, case)


def _with_marks(node: ast.AST) -> ast.AST:
    """Copy a tree in which every statement first notes its line."""
    node = copy.deepcopy(node)
    for owner in list(ast.walk(node)):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(owner, field, None)
            if not isinstance(body, list) or isinstance(owner, ast.ClassDef):
                continue
            marked = []
            for statement in body:
                number = ast.Constant(statement.lineno)
                call = ast.Call(ast.Name(SEEN, ast.Load()), [number], [])
                marked += [ast.copy_location(ast.Expr(call), statement), statement]
            setattr(owner, field, marked)
    if isinstance(node, ast.Lambda):
        number = ast.Constant(node.lineno)
        call = ast.Call(ast.Name(SEEN, ast.Load()), [number], [])
        node.body = ast.IfExp(ast.BoolOp(ast.Or(), [call, ast.Constant(True)]), node.body, number)
    return ast.fix_missing_locations(node)
