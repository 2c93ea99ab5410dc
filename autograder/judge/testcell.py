"""Run one test cell as the instructor's source has it, in the judge's own process."""

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
from typing import Any

import numpy as np

from autograder.judge.find import mentioned, parsed
from autograder.judge.limits import duration
from autograder.judge.standin import AnswerStopped
from autograder.marks import hidden_lines
from course.protocol import Line, collected, line_of

MAX_TEXT = 20_000
STATUSES = ("right", "wrong", "not written", "barred", "stopped")


class SetupFailed(Exception):
    """A trusted cell of the source does not run: the lesson's fault, not the learner's."""


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


def run_test(
    code: str,
    namespace: dict[str, Any],
    standins: dict[str, Any],
    *,
    key: str,
    points: float,
    secret: bytes,
    seconds: float,
) -> CellResult:
    """Run a test cell and score it.

    Parameters
    ----------
    code : the source's text, hidden tests included
    namespace : what the setup cells define; its data is copied, so that no test can spoil it
    standins : the exercises' names
    key : the cell's grade id; with `secret` it seeds numpy's and Python's global generators
    points : the most the cell is worth
    seconds : after which the cell is stopped
    """
    used = mentioned(code)
    fresh = {name: _fresh(value) for name, value in namespace.items() if name in used}
    names = namespace | fresh | standins
    digest = hmac.new(secret, key.encode(), hashlib.sha256).digest()
    seed = int.from_bytes(digest[:4], "big")
    random.seed(seed)
    np.random.seed(seed)
    printed = io.StringIO()
    value, error = None, None
    with collected() as reports:
        try:
            with contextlib.redirect_stdout(printed), _alarm(seconds):
                value = _execute(code, names, key)
        except (AnswerStopped, Exception, SystemExit) as failure:
            error = failure
    result = _scored(value, error, reports, points)
    result.reports = [report.as_dict() for report in reports]
    result.outputs = _outputs(result, reports, printed.getvalue(), value, error, code, key)
    return result


def _execute(code: str, names: dict[str, Any], key: str) -> Any:
    """Run a cell; return the value of a last line that is an expression."""
    body, last = _compiled(code, key)
    exec(body, names)
    return None if last is None else eval(last, names)


@functools.lru_cache(maxsize=256)  # a lesson's tests
def _compiled(code: str, key: str) -> tuple[CodeType, CodeType | None]:
    """Compile a cell's lines, and apart from them a last one that is an expression."""
    tree, last = parsed(code), None
    if not tree.body and code.strip():
        ast.parse(code)  # raises the SyntaxError, if that is why nothing is there
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
        value = ast.Expression(tree.body.pop().value)
        last = compile(value, f"<{key}>", "eval")
    return compile(tree, f"<{key}>", "exec"), last


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


def _outputs(
    result: CellResult,
    reports: list,
    printed: str,
    value: Any,
    error: BaseException | None,
    code: str,
    key: str,
) -> list[dict]:
    """Return the cell's outputs, from which nbgrader's own rule gives the same score."""
    made: list[dict] = []
    if printed:
        made.append({"output_type": "stream", "name": "stdout", "text": printed[:MAX_TEXT]})
    for report in reports:
        data = {"text/plain": report.text(), "text/html": report.html()}
        made.append({"output_type": "display_data", "data": data, "metadata": {}})
    if error is not None:
        made.append(_error_output(error, code, key))
    elif _credit(value) is not None:
        data = {"text/plain": repr(result.score)}
        rest = {"metadata": {}, "execution_count": None}
        made.append({"output_type": "execute_result", "data": data, **rest})
    return made


def _error_output(error: BaseException, code: str, key: str) -> dict:
    if isinstance(error, AnswerStopped):
        name, text = "Stopped", str(error)
    else:
        name, text = type(error).__name__, str(error)[:MAX_TEXT]
    if hasattr(error, "report"):  # a card above says it all
        text = f"{error.report.title}: {error.report.status}"
        return {"output_type": "error", "ename": name, "evalue": text, "traceback": [text]}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == f"<{key}>"]
    number = frames[-1].lineno if frames else None
    raised_at = line_of(error)
    where, source = raised_at or Line(0, "")
    lines = []
    if number in hidden_lines(code):
        lines.append("in a withheld test")
        if raised_at:
            # What the learner's code says here may quote what was withheld.
            where, text = 0, "raised in a withheld test"
    elif number:
        lines.append(f"line {number}: {code.split(chr(10))[number - 1].strip()}")
    if where:
        lines.append(f"in your cell, line {where}: {source.strip()}")
    lines.append(f"{name}: {text}")
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": lines}


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
