"""Warm processes of this machine that grade, and the queue before them."""

import contextlib
import os
import pickle
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import Future

from autograder import CommandError
from autograder.judge.api import python_path
from autograder.judge.host import ROOT
from autograder.judge.inside.channel import Channel, ChannelError
from autograder.pipeline.grading.worker import FRAME_BYTES, outcome_of, sent_work
from autograder.pipeline.records import GradingOutcome, Setup, Work, failed

START_SECONDS = 120.0
TRIES = 2  # a submission that ends its worker is tried once more, in a new one


class Worker:
    """One warm process.  It grades one submission at a time.

    Raises
    ------
    CommandError : when it cannot grade anybody: no sandbox where one is required, or a lesson
        whose own cells do not run
    """

    def __init__(self, setup: Setup):
        self._limits = setup.limits
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours, FRAME_BYTES)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed in `close`)
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        # Never from the caller's folder: numpy.py may lie there.
        command = [
            sys.executable,
            "-P",
            "-m",
            "autograder.pipeline.grading.worker",
            str(theirs.fileno()),
        ]
        with theirs:
            self.process = subprocess.Popen(
                command,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                cwd=ROOT,
                env={**os.environ, **single, "PYTHONPATH": python_path()},
                start_new_session=True,  # Ctrl-C is the caller's to handle
            )
        self._setup = setup
        first = {"lesson": setup.lesson, "limits": setup.limits.as_dict()}
        with contextlib.suppress(ChannelError):  # it has ended already: `wait` says why
            self._channel.send(first, [setup.secret, pickle.dumps(setup)])

    def wait(self) -> None:
        """Return when it is warm."""
        try:
            message, _ = self._channel.receive(time.monotonic() + START_SECONDS)
        except ChannelError as error:
            why = self.last_words() or str(error)
            self.close()
            raise CommandError(f"A worker did not start: {why}") from None
        if "broken" in message:
            self.close()
            raise CommandError(message["broken"])
        if self._setup.require_sandbox and not message["sandboxed"]:
            self.close()
            raise CommandError(
                f"A sandbox is required, and this machine has none: {message['sandbox']}. "
                "`python -m autograder doctor` says what is missing."
            )

    def grade(self, work: Work) -> GradingOutcome:
        """Grade one submission.

        Raises
        ------
        ChannelError : when the worker has ended or says nothing; it is of no more use then
        """
        # Cells and tests have their own time; beyond twice that, something is broken.
        deadline = time.monotonic() + START_SECONDS + 4 * self._limits.submission_seconds
        message, blobs = sent_work(work)
        self._channel.send(message, blobs, deadline)
        return outcome_of(*self._channel.receive(deadline))

    def last_words(self) -> str:
        """Return the last line that it wrote to its log."""
        self.process.kill()
        self.process.wait()
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def close(self) -> None:
        """End it, with the learner's side and all that runs there."""
        self.process.kill()
        self.process.wait()
        self._channel.close()
        self._log.close()


class Seat:
    """A place for one worker, which is replaced when it ends.

    A submission that ends two workers gets a status that says so.
    """

    def __init__(self, setup: Setup):
        self._setup = setup
        self._closed = False
        self._worker = Worker(setup)

    def wait(self) -> None:
        """Return when the worker is warm; see `Worker` for what it may raise."""
        self._worker.wait()

    def grade(self, work: Work) -> GradingOutcome:
        """Grade one submission.  Never raises."""
        why = ""
        for _ in range(TRIES):
            try:
                return self._worker.grade(work)
            except (ChannelError, OSError, ValueError, KeyError, TypeError) as error:
                if self._closed:
                    break
                why = self._worker.last_words() or str(error)
                if problem := self._replace():
                    return failed(work.handed.student, problem)
        return failed(work.handed.student, f"its worker ended: {why}")

    def close(self) -> None:
        """End the worker."""
        self._closed = True
        self._worker.close()

    def _replace(self) -> str:
        """Start a new worker in the place of one that ended; return why not, or ""."""
        with contextlib.suppress(OSError):
            self._worker.close()
        try:
            self._worker = Worker(self._setup)
            if self._closed:
                self._worker.close()
                return "grading was stopped"
            self._worker.wait()
        except (CommandError, OSError, ValueError) as error:
            return str(error)
        return ""


class Pool:
    """`jobs` warm workers, which start at once.  Use it as a context manager.

    Each has a thread here that waits for it.

    Raises
    ------
    CommandError : see `Worker`
    """

    def __init__(self, setup: Setup, jobs: int):
        self.jobs = jobs
        self._queue: queue.SimpleQueue = queue.SimpleQueue()
        self._closed = False
        self._seats = [Seat(setup) for _ in range(jobs)]

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def wait(self) -> None:
        """Return when all workers are warm."""
        for seat in self._seats:
            seat.wait()
        for seat in self._seats:
            threading.Thread(target=self._serve, args=(seat,), daemon=True).start()

    def submit(self, work: Work) -> "Future[GradingOutcome]":
        """Queue one submission; the future never holds an exception."""
        future: Future[GradingOutcome] = Future()
        self._queue.put((work, future))
        return future

    def close(self) -> None:
        """End all workers at once; what they are at is lost, and graded in the next run."""
        self._closed = True
        for _ in self._seats:
            self._queue.put(None)
        for seat in self._seats:
            seat.close()

    def _serve(self, seat: Seat) -> None:
        while (item := self._queue.get()) is not None and not self._closed:
            work, future = item
            outcome = seat.grade(work)
            if not self._closed:
                future.set_result(outcome)
