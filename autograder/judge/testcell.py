"""Run a test cell as the instructor's source has it, in the judge's own process."""

import ast
import contextlib
import copy
import functools
import hashlib
import hmac
import io
import random
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from autograder.judge.code import mentioned, parsed
from autograder.judge.limits import duration
from autograder.judge.notebook import SetupFailed
from autograder.judge.standin import AnswerStopped
from autograder.marks import hidden_lines
from course.checks.withheld import in_our_words
from course.protocol import CellLine, collected, line_of

MAX_TEXT = 20_000
STATUSES = ("right", "wrong", "not written", "barred", "stopped")


@dataclass
class CellResult:
    """What came of one test cell."""

    outcome: str
    score: float
    reports: list[dict] = field(default_factory=list)
    outputs: list[dict] = field(default_factory=list)


def setup_namespace(cells: list[str], mentioned: set[str]) -> dict[str, Any]:
    """Run the source's setup cells and return the names they define.

    Parameters
    ----------
    cells : their code, in order
    mentioned : names that test cells use; an import of nothing that is used is left out, which
        saves the time that plotting and widgets take to import
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    trees = [parsed(code) for code in cells]
    used = mentioned | {n.id for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Name)}
    for number, tree in enumerate(trees, start=1):
        tree.body = [node for node in tree.body if _is_used(node, used)]
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(tree, f"<setup cell {number}>", "exec"), namespace)
        except Exception as error:
            kind = type(error).__name__
            raise SetupFailed(
                f"setup cell {number} of the source raised {kind}: {error}"
            ) from error
    return namespace


def _is_used(node: ast.stmt, used: set[str]) -> bool:
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    bound = {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return "*" in bound or bool(bound & used)


class TestCell:
    """One test cell: its visible lines, and those from the first withheld one on.

    They run apart, so that a session can run every test's visible lines before any withheld one:
    nothing that an answer is shown to give was made after it had seen a withheld input.  Of the
    withheld lines no word of the answer's is kept.

    Parameters
    ----------
    code : the source's text, hidden tests included
    namespace : what the setup cells define; its data is copied, so that no test can spoil it
    key : the cell's grade id; with `secret` it seeds numpy's and Python's global generators
    points : the most the cell is worth

    Attributes
    ----------
    waits : whether the visible lines have passed and withheld ones are to run
    seconds : what it has taken so far
    """

    def __init__(
        self, code: str, namespace: dict[str, Any], *, key: str, points: float, secret: bytes
    ):
        self.code, self.key, self.points = code, key, points
        self._namespace, self._secret = namespace, secret
        self._names: dict[str, Any] = {}
        self._generators: tuple = ()
        self._visible: CellResult | None = None
        self.waits = False
        self.seconds = 0.0

    def run(self, standins: dict[str, Any], seconds: float) -> CellResult:
        """Run the visible lines.

        Parameters
        ----------
        standins : the exercises' names
        seconds : after which they are stopped
        """
        used = mentioned(self.code)
        fresh = {name: _fresh(value) for name, value in self._namespace.items() if name in used}
        self._names = self._namespace | fresh | standins
        digest = hmac.new(self._secret, self.key.encode(), hashlib.sha256).digest()
        seed = int.from_bytes(digest[:4], "big")
        random.seed(seed)
        np.random.seed(seed)
        printed = io.StringIO()
        value, error, reports = self._execute(withheld=False, seconds=seconds, out=printed)
        result = _scored(value, error, reports, self.points)
        result.reports = [report.as_dict() for report in reports]
        result.outputs = _outputs(reports, printed.getvalue())
        self.waits = error is None and _compiled(self.code, self.key).withheld is not None
        if error is not None:
            result.outputs.append(_error_output(error, self.code, self.key))
        elif not self.waits:
            result.outputs += _credit_output(value, result)
        # Lines that run once more, since their process was lost, have been shown already.
        self._visible = self._visible or result
        self._generators = random.getstate(), np.random.get_state()
        return result

    def run_withheld(self, seconds: float) -> CellResult:
        """Run the withheld lines of a cell whose visible ones have passed.

        What they print is left out, as is all that an answer can have made up.
        """
        random.setstate(self._generators[0])
        np.random.set_state(self._generators[1])
        value, error, reports = self._execute(withheld=True, seconds=seconds, out=io.StringIO())
        result = _scored(value, error, reports, self.points)
        reports = [in_our_words(report) for report in reports]
        result.reports = self._visible.reports + [report.as_dict() for report in reports]
        result.outputs = self._visible.outputs + _outputs(reports, "")
        if error is not None:
            result.outputs.append(_withheld_error(error, self.code))
        else:
            result.outputs += _credit_output(value, result)
        return result

    def stopped(self, why: str) -> CellResult:
        """Return the result where no answer can be asked; `why` is not said of withheld lines."""
        if self._visible is None:
            return CellResult("stopped", 0.0, [], [_error("Stopped", [why])])
        shown = [*self._visible.outputs, _withheld_error(AnswerStopped(why), self.code)]
        return CellResult("stopped", 0.0, self._visible.reports, shown)

    def _execute(self, *, withheld: bool, seconds: float, out: io.StringIO) -> tuple:
        """Run some of the lines; return a last line's value, the error, and the checks' reports."""
        value, error, started = None, None, time.monotonic()
        with collected() as reports:
            try:
                with contextlib.redirect_stdout(out), _alarm(seconds):
                    lines = _compiled(self.code, self.key)
                    exec(lines.withheld if withheld else lines.visible, self._names)
                    if lines.last is not None and withheld == (lines.withheld is not None):
                        value = eval(lines.last, self._names)
            except (AnswerStopped, Exception, SystemExit) as failure:
                error = failure
        self.seconds += time.monotonic() - started
        return value, error, reports


class _Lines(NamedTuple):
    """A test's code: `withheld` from the first withheld statement on, `last` an expression."""

    visible: CodeType
    withheld: CodeType | None
    last: CodeType | None


@functools.lru_cache(maxsize=256)  # a lesson's tests
def _compiled(code: str, key: str) -> _Lines:
    """Compile a cell's visible and withheld lines, and a last line that is an expression."""
    tree, last = parsed(code), None
    if not tree.body and code.strip():
        ast.parse(code)  # raises the SyntaxError, if that is why nothing is there
    hidden = hidden_lines(code)
    first = next(
        (i for i, node in enumerate(tree.body) if hidden & set(_lines_of(node))), len(tree.body)
    )
    visible = ast.Module(tree.body[:first], [])
    rest = ast.Module(tree.body[first:], [])
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
        end = rest if rest.body else visible
        last = compile(ast.Expression(end.body.pop().value), f"<{key}>", "eval")
    made = compile(rest, f"<{key}>", "exec") if first < len(tree.body) else None
    return _Lines(compile(visible, f"<{key}>", "exec"), made, last)


def _lines_of(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _scored(value: Any, error: BaseException | None, reports: list, points: float) -> CellResult:
    if error is None:
        credit = _credit(value)
        if credit is None:
            return CellResult("right", points)
        score = min(max(credit, 0.0), points) if credit == credit else 0.0
        return CellResult("right" if score >= points else "wrong", score)
    if isinstance(error, AnswerStopped):
        return CellResult("stopped", 0.0)
    if isinstance(error, NotImplementedError):
        return CellResult("not written", 0.0)
    told = [report.status for report in reports if report.status != "right"]
    outcome = told[-1] if told and told[-1] in STATUSES else "wrong"
    return CellResult(outcome, 0.0)


def _credit(value: Any) -> float | None:
    """Return the partial credit that a last line stands for, as nbgrader reads it."""
    if value is None or isinstance(value, (bool, np.bool_)):
        return None
    if isinstance(value, (int, float, np.integer, np.floating)):
        return float(value)
    return None


def _outputs(reports: list, printed: str) -> list[dict]:
    """Return what a cell printed and what its checks said as a notebook's outputs."""
    made: list[dict] = []
    if printed:
        made.append({"output_type": "stream", "name": "stdout", "text": printed[:MAX_TEXT]})
    for report in reports:
        data = {"text/plain": report.text(), "text/html": report.html()}
        made.append({"output_type": "display_data", "data": data, "metadata": {}})
    return made


def _credit_output(value: Any, result: CellResult) -> list[dict]:
    """Return the output from which nbgrader's own rule reads partial credit."""
    if _credit(value) is None:
        return []
    data = {"text/plain": repr(result.score)}
    return [
        {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
    ]


def _error(name: str, lines: list[str]) -> dict:
    """Return an error's output, the last of whose lines is the message."""
    text = lines[-1].removeprefix(f"{name}: ")
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": lines}


def _error_output(error: BaseException, code: str, key: str) -> dict:
    """Return the output of an error in a visible line."""
    if hasattr(error, "report"):  # a card above says it all
        return _error(type(error).__name__, [f"{error.report.title}: {error.report.status}"])
    if isinstance(error, AnswerStopped):
        name, text = "Stopped", str(error)
    else:
        name, text = type(error).__name__, str(error)[:MAX_TEXT]
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == f"<{key}>"]
    lines = []
    if frames:
        number = frames[-1].lineno
        lines.append(f"line {number}: {code.split(chr(10))[number - 1].strip()}")
    where = line_of(error) or CellLine(0, "")
    if where.number:
        lines.append(f"in your cell, line {where.number}: {where.text.strip()}")
    return _error(name, [*lines, f"{name}: {text}"])


def _withheld_error(error: BaseException, code: str) -> dict:
    """Return the output of an error in a withheld line, in words of the test's own or of ours.

    A message is shown where the test says it word for word; one that is put together may quote
    what an answer gave, and what an answer raised may quote its input.
    """
    if hasattr(error, "report"):
        return _error("CheckFailed", [f"{error.report.title}: {error.report.status}"])
    if isinstance(error, AnswerStopped):
        text = "a withheld test got no answer: it took too long, or its process came to its end"
        return _error("Stopped", [f"Stopped: {text}"])
    said = {
        node.value
        for node in ast.walk(parsed(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    text = str(error)
    if isinstance(error, AssertionError) and text in said:
        return _error("AssertionError", ["in a withheld test", f"AssertionError: {text}"])
    return _error("WithheldTest", ["WithheldTest: a withheld test did not pass"])


def _fresh(value: Any) -> Any:
    return copy.deepcopy(value) if isinstance(value, (np.ndarray, list, dict, set)) else value


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Stop the judge's own code too: comparing what a learner gave can take long."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_unused: Any) -> None:
        raise AnswerStopped(f"the test took longer than {duration(seconds)} and was stopped")

    before = signal.signal(signal.SIGALRM, ring)
    # A little after the calls' own deadline, which can say more.
    left, _ = signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01) + 1.0)
    started = time.monotonic()
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)
        # Whoever had set an alarm before still gets it.
        rest = max(left - (time.monotonic() - started), 0.01) if left else 0.0
        signal.setitimer(signal.ITIMER_REAL, rest)
