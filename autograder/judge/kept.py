"""A warm judge that this process keeps for the next submission of the same lesson.

nbgrader's own `autograde` and Formgrader's button judge one submission at a time.  What is slow is
done once: imports, the lesson, the withheld cases, a learner's process that stands ready.  The
judge is let go when nobody has asked it for `IDLE_SECONDS`, and ends with this process.
"""

import atexit
import json
import os
import threading
from pathlib import Path
from typing import Any

import course
from autograder import CommandError
from autograder.judge.api import judged
from autograder.judge.host import ROOT
from autograder.judge.inside.channel import ChannelError
from autograder.judge.limits import Limits
from autograder.judge.verdict import Verdict
from autograder.judge.warm_process import WarmProcess

IDLE_SECONDS = 60.0
TRIES = 2  # a submission that ends the judge is tried once more, in a new one


class KeptJudge:
    """Keeps at most one warm judge, of the lesson that was asked for last.

    Threads may share it; they are served one after the other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple = ()
        self._process: WarmProcess | None = None
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
    ) -> Verdict:
        """Do what `autograder.judge.judge_notebook` does, with the judge that is kept.

        Parameters
        ----------
        blank : the lesson as it was given out; a new judge warms up on it

        Raises
        ------
        CommandError
            If the sandbox is required and missing, the source's own cells do not run, or the
            submission ended two judges.
        """
        limits = limits or Limits()
        lesson_text = json.dumps(source).encode()
        given = (lesson_text, json.dumps(blank).encode())
        key = (*given, lesson, secret, repr(limits.as_dict()), require_sandbox, code_stamp())
        with self._lock:
            self._stop_timer()
            try:
                for attempt in range(TRIES):
                    try:
                        process = self._warm(key, given, lesson, secret, limits, require_sandbox)
                        _, (found,) = process.ask({}, [json.dumps(submission).encode()])
                        break
                    except (ChannelError, OSError) as error:
                        why = self._process.last_words() if self._process else ""
                        self._let_go()
                        if attempt + 1 == TRIES:
                            raise CommandError(f"The judge failed: {why or error}") from None
            finally:
                self._start_timer()
        return judged(json.loads(found))

    def close(self) -> None:
        """Let the judge go; the next submission starts another."""
        with self._lock:
            self._stop_timer()
            self._let_go()

    def _warm(
        self, key: tuple, given: tuple, lesson: str, secret: bytes, limits: Limits, require: bool
    ) -> WarmProcess:
        """Return a process for this key, a new one where the last has another or has ended."""
        ended = self._process is not None and self._process.process.poll() is not None
        if self._process is not None and (ended or key != self._key):
            self._let_go()
        if self._process is None:
            first = {"lesson": lesson, "limits": limits.as_dict(), "require_sandbox": require}
            module = "autograder.judge.serve"
            process = WarmProcess(module, first, [secret, *given], limits, require)
            process.wait()  # closes it before it raises
            self._process, self._key = process, key
        return self._process

    def _let_go(self) -> None:
        if self._process is not None:
            self._process.close()
        self._process, self._key = None, ()

    def _start_timer(self) -> None:
        self._timer = threading.Timer(IDLE_SECONDS, self._idle, [self._process])
        self._timer.daemon = True
        self._timer.start()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _idle(self, process: WarmProcess | None) -> None:
        """Let the judge go, unless somebody has asked it since the timer began."""
        timer = threading.current_thread()
        with self._lock:
            if self._timer is timer and self._process is process:
                self._let_go()


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


_kept = KeptJudge()
atexit.register(_kept.close)
judge_kept = _kept.judge
