"""Find the line: try single changes of a wrong answer until every visible case passes.

The learner's own function is the best model of what they meant.  It is changed in memory, in one
place at a time; what is said is the line and the kind of place, never the mended code.  Where no
change makes every case pass, one may leave a mistake that the catalogue knows, and no other.
"""

import ast
import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from course.checks import cases
from course.checks.cases import Spec
from course.checks.run import Outcome, run
from course.checks.search import Search
from course.checks.source import OutOfFuel, Source, source_of
from course.protocol import Repair, text_of

MEMORY = 2**28  # bytes that the changed answers may take
# Answers that use these are not run again and again: they read, write, draw or ask, or may end the
# process where one of their numbers is changed.
NOT_TRIED = frozenset(
    ("open", "input", "exec", "eval", "compile", "exit", "quit", "breakpoint", "display", "plt")
    + ("pyplot", "savefig", "save", "savetxt", "tofile", "write", "system", "subprocess", "os")
    + ("as_strided", "ndarray", "ctypes", "frombuffer", "setrecursionlimit")
    + ("shutil", "threading", "multiprocessing", "socket", "requests", "sleep")
    + (A_HELPERS_AT := "at in a helper",)  # `Source` looks after the answer's own `np.add.at` alone
)


def locate(
    spec: Spec,
    answer: Any,
    outcomes: dict[int, Outcome],
) -> Repair | None:
    """Return the one line whose change in one place makes every visible case pass, or None.

    Parameters
    ----------
    spec : the exercise, with all its visible cases
    answer : the learner's function or class
    outcomes : what the answer gave, by the case's `id`
    """
    if text := text_of(answer):
        return text.repair()
    source = source_of(answer)
    if source is None or not may_be_tried(source):
        return None
    tried = [case for part in spec.parts for case in part.cases]
    random, screen = np.random.get_state(), sys.stdout
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            _bounded_memory(),
        ):
            return Search(spec, source, tried, screen).line(outcomes)
    except (KeyboardInterrupt, OutOfFuel):
        return None
    finally:
        np.random.set_state(random)


def locate_anew(exercise: str, answer: Any, cell: str) -> Repair | None:
    """Do what `locate` does for an answer of which nothing is known but the cell that defines it.

    A grader calls this beside the answer, in the process that runs a learner's code.
    """
    spec, source = cases.spec(exercise), source_of(answer)
    if source is None or [line.rstrip("\n") for line in source.lines] != cell.split("\n"):
        return None
    outcomes = {id(case): run(answer, case) for part in spec.parts for case in part.cases}
    return locate(spec, answer, outcomes)


def may_be_tried(source: Source) -> bool:
    """Tell whether an answer may be run again and again."""
    return not _names(source) & NOT_TRIED


def _names(source: Source) -> set[str]:
    """Return every name that the answer speaks of, or a function of the notebook that it calls."""
    tree = ast.walk(source.node)
    found = {getattr(node, "id", getattr(node, "attr", "")) for node in tree}
    waiting = list(found)
    while waiting:
        held = source.outside.get(waiting.pop())
        if isinstance(held, FunctionType) and held.__globals__ is source.outside:
            new = set(held.__code__.co_names) - found
            new |= {A_HELPERS_AT} if "at" in held.__code__.co_names else set()
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
