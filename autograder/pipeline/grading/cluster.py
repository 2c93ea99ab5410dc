"""Grade on a Dask cluster: ``grade LESSON --scheduler tcp://HOST:8786``.

Each thread of a Dask worker keeps one of our warm workers, with a sandbox of its own.  Dask sends
the submissions out, again where a machine was lost; the one writer stays where `grade` runs.

``python -m autograder.pipeline.grading.cluster`` starts a small cluster on this machine.
"""

import argparse
import pickle
import sys
import threading
import zlib
from concurrent.futures import Future
from typing import Any

from autograder import CommandError
from autograder.pipeline.grading.pool import Seat
from autograder.pipeline.keys import code_digest, versions
from autograder.pipeline.records import GradingOutcome, Setup, Work, failed
from autograder.startup import skip_address_grammars

CONNECT_SECONDS = 20
_seats = threading.local()  # on a Dask worker: the seat of each of its threads


def distributed() -> Any:
    """Return the module of that name.

    Raises
    ------
    CommandError : when it is not installed
    """
    try:
        import distributed
    except ImportError:
        raise CommandError(
            "--scheduler needs Dask, which is not installed. "
            "`pip install --editable '.[cluster]'` installs it."
        ) from None
    return distributed


class Cluster:
    """The workers of a Dask cluster, used as `autograder.pipeline.grading.pool.Pool` is.

    Parameters
    ----------
    address : of the scheduler, as ``tcp://HOST:8786``

    Notes
    -----
    The lesson with its hidden tests and the course's secret go to the workers: over a network that
    is not the instructor's own, use Dask's ``tls://``.

    Raises
    ------
    CommandError : when Dask is not installed or nobody answers at the address
    """

    def __init__(self, setup: Setup, address: str):
        module = distributed()
        try:
            self._client = module.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise CommandError(
                f"No Dask scheduler answers at {address}: {error}. `make cluster` starts one on "
                "this machine and says its address."
            ) from error
        self._executor = self._client.get_executor(pure=False)
        self._setup = zlib.compress(pickle.dumps(setup))
        self._here = environment()

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    @property
    def jobs(self) -> int:
        """How many submissions the cluster grades at a time, as of now."""
        return max(1, sum(self._client.nthreads().values()))

    def wait(self) -> None:
        """Return when there is a worker."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise CommandError(f"The cluster has no workers: {error}") from error

    def submit(self, work: Work) -> "Future[GradingOutcome]":
        """Send one submission; the future never holds an exception."""
        future: Future[GradingOutcome] = Future()

        def done(there: Future) -> None:
            if there.cancelled():
                outcome = failed(work.handed.student, "the cluster gave it up")
            elif error := there.exception():  # Dask has tried it on several workers
                outcome = failed(work.handed.student, f"{type(error).__name__}: {error}")
            else:
                outcome = there.result()
            future.set_result(outcome)

        self._executor.submit(grade_there, self._setup, self._here, work).add_done_callback(done)
        return future

    def close(self) -> None:
        """Leave the cluster; what it is at is lost, and graded in the next run."""
        self._executor.shutdown(wait=False)
        self._client.close()


def environment() -> str:
    """Return what has to be the same on all machines: our code and what answers run on."""
    from autograder.judge.host import ROOT

    return f"{versions()}\ncode {code_digest([ROOT / 'autograder', ROOT / 'course'])}"


def grade_there(packed: bytes, expected: str, work: Work) -> GradingOutcome:
    """Grade one submission in this thread of a Dask worker."""
    try:
        return _seat(packed, expected).grade(work)
    except CommandError as error:
        return failed(work.handed.student, str(error))


def _seat(packed: bytes, expected: str) -> Seat:
    """Return this thread's seat for a lesson; the seat of another lesson is given up."""
    if getattr(_seats, "packed", None) == packed:
        return _seats.seat
    if hasattr(_seats, "seat"):
        _seats.seat.close()
        del _seats.seat, _seats.packed
    if (here := environment()) != expected:
        other = sorted(set(here.splitlines()) ^ set(expected.splitlines()))
        raise CommandError(f"a worker of the cluster has other versions: {'; '.join(other)}")
    skip_address_grammars()
    seat = Seat(pickle.loads(zlib.decompress(packed)))
    seat.wait()
    _seats.seat, _seats.packed = seat, packed
    return seat


def main(argv: list[str] | None = None) -> int:
    """Start a scheduler and workers on this machine, and keep them until stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder.pipeline.grading.cluster",
        description="Start a Dask cluster of several worker processes on this machine.",
    )
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="default: 2")
    parser.add_argument("--port", type=int, default=8786, help="default: 8786")
    args = parser.parse_args(argv)
    try:
        cluster = distributed().LocalCluster(
            n_workers=args.workers,
            threads_per_worker=1,
            scheduler_port=args.port,
            dashboard_address=None,
            memory_limit=None,
        )
    except CommandError as error:
        print(error, file=sys.stderr)
        return 2
    with cluster:
        print(
            f"{args.workers} workers at {cluster.scheduler_address}; Ctrl-C stops them. Elsewhere: "
            f"python -m autograder grade LESSON --scheduler {cluster.scheduler_address}",
            flush=True,
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    # Under its own name, so that a worker of the cluster and this process mean the same module.
    from autograder.pipeline.grading.cluster import main as run

    sys.exit(run())
