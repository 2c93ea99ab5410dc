"""Warm judges that this process keeps for the next submissions of the same lesson.

nbgrader's own `autograde` and Formgrader's button ask for one submission at a time.  What is slow
is done once: imports, the lesson, the withheld cases, a learner's process that stands ready.  While
nbgrader writes down what came of one learner's work, the next ones' is judged.  The judges are let
go when nobody has asked them for `IDLE_SECONDS`, and end with this process.
"""

import atexit
import json
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from itertools import islice
from pathlib import Path
from typing import Any

import course
from autograder.judge import cores
from autograder.judge.api import judged
from autograder.judge.host import ROOT
from autograder.judge.limits import Limits
from autograder.judge.verdict import Verdict
from autograder.judge.warm_pool import WarmPool, WarmSeat
from autograder.judge.warm_process import WarmProcess

IDLE_SECONDS = 60.0


class KeptJudges:
    """Keeps warm judges of the lesson that was asked for last.

    There is one, and as many as there are processors once it is told what will be asked next.
    Threads may share them; they are served one after the other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple = ()
        self._judges: _Judges | None = None
        self._timer: threading.Timer | None = None

    def judge(
        self,
        source: Any,
        submission: Any,
        *,
        blank: Any,
        lesson: str,
        secret: bytes,
        limits: Limits | None = None,
        require_sandbox: bool = False,
        ahead: Iterable[Any] = (),
    ) -> Verdict:
        """Do what `autograder.judge.judge_notebook` does, with the judges that are kept.

        Parameters
        ----------
        blank : the lesson as it was given out; a new judge warms up on it
        ahead : what will be asked next; it is judged already, and only as far as it is needed read

        Raises
        ------
        CommandError
            If the sandbox is required and missing, the source's own cells do not run, or the
            submission ended two judges.
        """
        limits = limits or Limits()
        given = (json.dumps(source).encode(), json.dumps(blank).encode())
        key = (*given, lesson, secret, repr(limits.as_dict()), require_sandbox, code_stamp())

        def start() -> WarmProcess:
            first = {"lesson": lesson, "limits": limits.as_dict()}
            first["require_sandbox"] = require_sandbox
            return WarmProcess(
                "autograder.judge.serve", first, [secret, *given], limits, require_sandbox
            )

        with self._lock:
            self._stop_timer()
            try:
                if key != self._key:
                    self._let_go()
                if self._judges is None:
                    first = WarmSeat(start)
                    first.wait()  # closes it before it raises
                    self._judges, self._key = _Judges(first), key
                found = self._judges.found(
                    json.dumps(submission).encode(),
                    (json.dumps(other).encode() for other in ahead),
                    lambda: WarmSeat(start),
                )
            finally:
                self._start_timer()
        return judged(json.loads(found))

    def close(self) -> None:
        """Let the judges go; the next submission starts others."""
        with self._lock:
            self._stop_timer()
            self._let_go()

    def _let_go(self) -> None:
        if self._judges is not None:
            self._judges.close()
        self._judges, self._key = None, ()

    def _start_timer(self) -> None:
        self._timer = threading.Timer(IDLE_SECONDS, self._idle, [self._judges])
        self._timer.daemon = True
        self._timer.start()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _idle(self, judges: "_Judges | None") -> None:
        """Let the judges go, unless somebody has asked them since the timer began."""
        timer = threading.current_thread()
        with self._lock:
            if self._timer is timer and self._judges is judges:
                self._let_go()


class _Judges:
    """Warm judges of one lesson, and what they are asked and have not been asked for again."""

    def __init__(self, first: WarmSeat):
        self._pool = WarmPool()
        self._pool.add(first)
        # Submissions that are judged ahead, in the order in which they are expected.
        self._asked: list[tuple[bytes, Future[bytes]]] = []

    @property
    def pids(self) -> list[int]:
        """The judges' processes."""
        return [seat.pid for seat in self._pool.seats]

    def found(self, text: bytes, ahead: Iterable[bytes], seat: Callable[[], WarmSeat]) -> bytes:
        """Return what is found of one submission; begin with those that come next.

        Parameters
        ----------
        seat : makes a place for one more judge
        """
        most = cores.usable()
        expected = list(islice(ahead, most))
        while self._asked and self._asked[0][0] != text:
            self._asked.pop(0)  # it does not come after all
        answer = self._asked.pop(0)[1] if self._asked else self._ask(text)
        for place, other in enumerate(expected):
            if [asked for asked, _ in self._asked[place : place + 1]] != [other]:
                self._asked[place:] = [(other, self._ask(other))]
            if len(self._pool.seats) < most:
                self._pool.add(seat())
        return answer.result()

    def _ask(self, text: bytes) -> "Future[bytes]":
        return self._pool.submit(lambda seat: seat.ask({}, [text], lambda _, blobs: blobs[0]))

    def close(self) -> None:
        """End them."""
        self._pool.close()


def code_stamp() -> tuple[int, ...]:
    """Return what tells that the judge's or the tests' files have changed since it started."""
    return tuple(
        os.stat(os.path.join(place, name)).st_mtime_ns
        for package in (ROOT / "autograder", Path(course.__file__).parent)
        for place, _, names in sorted(os.walk(package))
        if not place.endswith("__pycache__")
        for name in sorted(names)
        if name.endswith((".py", ".json", ".npz"))
    )


_kept = KeptJudges()
atexit.register(_kept.close)
judge_kept = _kept.judge
