"""Warm processes of this machine that grade a class."""

import pickle
from concurrent.futures import Future

from autograder import CommandError
from autograder.judge.warm_pool import WarmPool, WarmSeat
from autograder.judge.warm_process import WarmProcess
from autograder.pipeline.grading.worker import outcome_of, sent_work
from autograder.pipeline.records import GradingOutcome, Setup, Work, failed


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


class Seat(WarmSeat):
    """A place for one worker.  A submission that ends two workers gets a status that says so."""

    def __init__(self, setup: Setup):
        super().__init__(lambda: Worker(setup))

    def grade(self, work: Work) -> GradingOutcome:
        """Grade one submission.  Never raises."""
        try:
            return self.ask(*sent_work(work), outcome_of)
        except CommandError as error:
            return failed(work.handed.student, str(error))


class Pool:
    """`jobs` warm workers, which start when they are waited for.  Use it as a context manager."""

    def __init__(self, setup: Setup, jobs: int):
        self.jobs = jobs
        self._setup = setup
        self._seats: list[Seat] = []
        self._pool = WarmPool()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def wait(self) -> None:
        """Return when all workers are warm; at once where they are.

        Raises
        ------
        CommandError : see `Worker`
        """
        if self._seats:
            return
        self._seats = [Seat(self._setup) for _ in range(self.jobs)]
        for seat in self._seats:
            seat.wait()
        for seat in self._seats:
            self._pool.add(seat)

    def submit(self, work: Work) -> "Future[GradingOutcome]":
        """Queue one submission; the future never holds an exception."""
        return self._pool.submit(lambda seat: seat.grade(work))

    def close(self) -> None:
        """End all workers at once; what they are at is lost, and graded in the next run."""
        self._pool.close()
        for seat in self._seats:  # some may not have been warm yet
            seat.close()
