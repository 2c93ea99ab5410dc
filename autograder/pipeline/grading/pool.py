"""Warm processes of this machine that grade, and the queue before them."""

import contextlib
import pickle
import queue
import threading
from concurrent.futures import Future

from autograder import CommandError
from autograder.judge.inside.channel import ChannelError
from autograder.judge.warm_process import WarmProcess
from autograder.pipeline.grading.worker import outcome_of, sent_work
from autograder.pipeline.records import GradingOutcome, Setup, Work, failed

TRIES = 2  # a submission that ends its worker is tried once more, in a new one


class Worker(WarmProcess):
    """One warm process.  It grades one submission at a time."""

    def __init__(self, setup: Setup):
        super().__init__(
            "autograder.pipeline.grading.worker",
            {"lesson": setup.lesson, "limits": setup.limits.as_dict()},
            [setup.secret, pickle.dumps(setup)],
            setup.limits,
            setup.require_sandbox,
        )

    def grade(self, work: Work) -> GradingOutcome:
        """Grade one submission.

        Raises
        ------
        ChannelError : when the worker has ended or says nothing; it is of no more use then
        """
        return outcome_of(*self.ask(*sent_work(work)))


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
