"""Search the changes of a wrong answer for one that makes every visible case pass."""

import ast
import contextlib
import copy
import dis
import time
import warnings
from collections.abc import Iterator
from typing import Any, TextIO

import numpy as np

from course.checks import beside, diagnose, steady
from course.checks.cases import Case, Raised, Spec
from course.checks.compare import same, tolerance
from course.checks.faults import fault
from course.checks.report import Notice
from course.checks.run import Outcome, run
from course.checks.slips import KINDS_OF_REPAIR, Slip, changes
from course.checks.source import OutOfFuel, Source
from course.protocol import Repair

SECONDS = 1.3  # of processor time, over all changes; the cases themselves take some before it
MORE = 2.6  # that there are once a line is found, to see whether it is the only one
SLOW = 0.5  # seconds after which a word appears on the screen
REPEATED = 4  # times that a repair has to pass where the answer may draw numbers at random
SEEN = "__seen__"
RAISE = dis.opmap["RAISE_VARARGS"]


class Search:
    """One search: its clock, its source, and the cases in the order in which they are tried."""

    def __init__(self, spec: Spec, source: Source, cases: list[Case], screen: TextIO):
        self._spec, self._source, self._cases = spec, source, cases
        self._screen, self._notice = screen, None
        self._started = time.monotonic()
        self._until = time.process_time() + SECONDS
        self._rounds: dict[int, int] = {}
        self._draws = "random" in steady.names(source.node)
        self._mistakes: set[Any] = set()  # what catalogued mistakes give on the first failed case
        self._besides: list[Slip] = []  # changes that give such a thing
        self._before: dict[int, Any] = {}  # what the unchanged answer gives, by the case's `id`

    def line(self, outcomes: dict[int, Outcome]) -> Repair | None:
        """Return the line, and leave nothing on the screen."""
        try:
            return self._line_of(outcomes)
        finally:
            if self._notice is not None:
                with contextlib.redirect_stdout(self._screen):
                    self._notice.clear()

    def _line_of(self, outcomes: dict[int, Outcome]) -> Repair | None:
        try:
            failed = self._failed(outcomes)
            reached = self._reached(failed[0]) if failed else set()
        except Exception:  # a class's body may raise when it is run again
            return None
        if not failed:
            return None
        tried = {id(case) for case in failed}
        self._cases = [*failed, *(case for case in self._cases if id(case) not in tried)]
        wrong = failed[0].wrong.values()
        self._mistakes = {digest(value) for values in wrong for value in values} - {None}
        for kinds in KINDS_OF_REPAIR:
            found: dict[int, list[str]] = {}
            for slip in self._in_order(kinds, reached):
                if time.process_time() > self._until:
                    return None  # with more time, another line might be found
                if self._repairs(slip):
                    if not found:
                        self._until += MORE
                    found.setdefault(slip.line, []).append(slip.place)
                if len(found) > 1:
                    return None
            for number, places in found.items():
                return self._line(number, places)
        return self._beside_a_mistake()

    def _line(self, number: int, places: list[str], misconception: str = "") -> Repair:
        kinds_of_place = " or ".join(list(dict.fromkeys(places))[:2])
        return Repair(number, self._source.line(number), kinds_of_place, misconception)

    def _beside_a_mistake(self) -> Repair | None:
        """Return the one line whose change leaves one catalogued mistake, the same wherever.

        The unchanged answer has to show this mistake: many a change makes one.
        """
        found: dict[tuple[int, str], list[str]] = {}
        for slip in self._besides:
            if time.process_time() > self._until:
                return None
            if key := self._left_by(slip):
                found.setdefault((slip.line, key), []).append(slip.place)
        if len(found) != 1:
            return None
        ((number, key), places) = found.popitem()
        return self._line(number, places, key)

    def _left_by(self, slip: Slip) -> str | None:
        with slip.made():
            answer = self._source.make()
        outcomes = []
        for case in self._cases:
            self._source.tank.fill(self._rounds[id(case)], self._until)
            try:
                outcomes.append(_quietly(answer, case))
            except (OutOfFuel, MemoryError):
                return None
        tried = zip(self._cases, outcomes, strict=True)
        results = [(self._before[id(case)], o.value, case.expected) for case, o in tried]
        key = diagnose.misconception(self._cases, outcomes)
        return key if key and beside.shows(results) else None

    def _failed(self, outcomes: dict[int, Outcome]) -> list[Case]:
        """Return the failing cases in the order in which changes are tried on them.

        First come those with the fewest rounds of loops, and of these the ones in which most
        catalogued mistakes show. The clock has no say: what is told would be another thing each
        time. There is none where the remade answer differs or draws from numpy's generator.
        """
        answer, failed, state = self._source.make(), [], np.random.get_state()
        for case in self._cases:
            rounds = 1_000_000
            self._source.tank.fill(rounds, self._until)
            outcome = _quietly(answer, case)
            self._before[id(case)] = outcome.value
            self._rounds[id(case)] = 20 * (rounds - self._source.tank.left) + 1000
            noted = outcomes.get(id(case))
            if noted and not same(outcome.value, noted.value, tolerance(case.args)):
                return []
            if fault(self._spec, case, outcome):
                failed.append(case)
        if steady.moved(state):
            return []
        return sorted(failed, key=lambda case: (self._rounds[id(case)], -len(case.wrong)))

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
        if self._notice is None and time.monotonic() - self._started > SLOW:
            with contextlib.redirect_stdout(self._screen):
                self._notice = Notice("Looking for the line ...")
        with slip.made():
            try:
                answer = self._source.make()
            except Exception:
                return False
        times = REPEATED if self._draws else 1
        return all(self._passes(answer, case, slip) for case in times * self._cases)

    def _passes(self, answer: Any, case: Case, slip: Slip) -> bool:
        self._source.tank.fill(self._rounds[id(case)], self._until)
        try:
            outcome = _quietly(answer, case)
            passes = not fault(self._spec, case, outcome)
            if passes and isinstance(case.expected, Raised):
                before = self._before.get(id(case))
                passes = same(before, case.expected) or raised(outcome.error)
            if not passes and case is self._cases[0] and digest(outcome.value) in self._mistakes:
                self._besides.append(slip)
        except (OutOfFuel, MemoryError):  # which comparing a large result may ask for, too
            return False
        return passes


def raised(error: BaseException) -> bool:
    """Tell whether an exception comes from a statement `raise` outside numpy and Python."""
    step = error.__traceback__
    while step.tb_next:
        step = step.tb_next
    code = step.tb_frame.f_code
    theirs = "site-packages" in code.co_filename or "/lib/python" in code.co_filename
    return code.co_code[step.tb_lasti] == RAISE and not theirs


def digest(value: Any) -> Any:
    """Return something by which two results of one kind are told apart fast, None for an error."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        weights = np.arange(1, value.size + 1)
        return value.shape, f"{float(np.ravel(value) @ weights):.8g}"
    if isinstance(value, (tuple, list)):
        return tuple(digest(item) for item in value)
    if isinstance(value, dict):
        return tuple((key, digest(item)) for key, item in value.items())
    return f"{value:.8g}" if isinstance(value, (int, float, np.number)) else None


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
