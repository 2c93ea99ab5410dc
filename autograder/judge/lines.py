"""Which line of a wrong answer has to change: asked of a process that runs the answer alone.

Only numbers and words of fixed lists come back.  The process runs the cells that the answer needs
and no other, so that the same text has the same line whoever handed it in, and is asked once.
"""

import ast
import hashlib
import json
import os
import tempfile
import time
import weakref

from autograder.judge.code import bound, mentioned, parsed, python_lines
from autograder.judge.launch import Zygote
from autograder.judge.limits import Limits
from autograder.judge.process import Lost, Process
from course.checks import cases
from course.checks.slips.places import is_place
from course.protocol import Repair

SECONDS = 5.0  # of wall time; the search itself has less processor time


class Found:
    """What was found before, in a file without a name: every fork of this process shares it."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile("a+b") as file:
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)

    def get(self, key: str) -> dict | None:
        """Return what was found for a key, or None where nobody has looked."""
        size = os.fstat(self._file).st_size
        for line in os.pread(self._file, size, 0).splitlines():
            entry = json.loads(line)
            if entry["key"] == key:
                return entry
        return None

    def add(self, key: str, entry: dict) -> None:
        """Note what was found; one write, so that two forks do not mix their lines."""
        os.write(self._file, json.dumps({"key": key, **entry}).encode() + b"\n")


class LineSearch:
    """Looks for the lines of one submission.

    Parameters
    ----------
    cells : the code of every cell that ran, in order
    found : what other submissions have shown
    """

    def __init__(self, zygote: Zygote, limits: Limits, cells: tuple[str, ...], found: Found):
        self._zygote, self._limits, self._cells, self._found = zygote, limits, cells, found

    def repair(self, exercise: str, cell: str, deadline: float) -> Repair | None:
        """Return the line of an answer's cell that has to change, where one is found in time."""
        needed = needed_cells(self._cells, cell)
        same = [_without_comments(code) for code in needed]
        key = hashlib.sha256(json.dumps([exercise, same]).encode()).hexdigest()
        entry = self._found.get(key)
        if entry is None:
            deadline = min(time.monotonic() + SECONDS, deadline)
            entry = read(self._asked(exercise, cell, needed, deadline), exercise, cell)
            self._found.add(key, entry)
        if not entry["line"]:
            return None
        number = entry["line"]
        text = cell.split("\n")[number - 1].strip()
        return Repair(number, text, entry["place"], entry["misconception"])

    def _asked(self, exercise: str, cell: str, needed: list[str], deadline: float) -> dict:
        process = None
        try:
            process = Process.fresh(self._zygote, self._limits)
            for code in needed:
                process.ask("run", {"code": code, "without_pictures": True}, deadline)
            return process.ask("locate", {"name": exercise, "cell": cell}, deadline)
        except Lost:
            return {}
        finally:
            if process is not None:
                process.close()


def read(reply: dict, exercise: str, cell: str) -> dict:
    """Return what a learner's process said, or a line 0 where any of it is not as it must be."""
    line, place, mistake = (reply.get(key) for key in ("line", "place", "misconception"))
    lines = cell.split("\n")
    known = type(line) is int and 0 < line <= len(lines) and bool(lines[line - 1].strip())
    known = known and is_place(place, cell) and isinstance(mistake, str)
    if not known or (mistake and mistake not in cases.spec(exercise).misconceptions):
        return {"line": 0}
    return {"line": line, "place": place, "misconception": mistake}


def _without_comments(code: str) -> str:
    """Return what two cells share that do the same on the same lines."""
    return code if python_lines(code) != code else ast.dump(parsed(code), include_attributes=True)


def needed_cells(cells: tuple[str, ...], answer: str) -> list[str]:
    """Return the cells that bind a name which the answer's cell mentions, and so on, with it."""
    wanted, chosen = set(mentioned(answer)), {answer}
    while True:
        more = {code for code in cells if code not in chosen and bound(code) & wanted}
        if not more:
            return [code for code in cells if code in chosen]
        chosen |= more
        wanted = wanted.union(*map(mentioned, more))
