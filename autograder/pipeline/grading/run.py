"""Grade every submission of one lesson: through the workers into the gradebook."""

import contextlib
import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from filelock import FileLock, Timeout
from traitlets.config import Config

from autograder import CommandError
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.people import read_people
from autograder.pipeline.gradebook.results import Result
from autograder.pipeline.gradebook.structure import enter
from autograder.pipeline.gradebook.writer import Writer
from autograder.pipeline.grading.groups import groups_of, share
from autograder.pipeline.grading.pool import Pool
from autograder.pipeline.grading.progress import progress
from autograder.pipeline.inbox.folders import from_folder, from_tree
from autograder.pipeline.inbox.found import Inbox
from autograder.pipeline.inbox.kinds import NAMED
from autograder.pipeline.inbox.reader import cause
from autograder.pipeline.inbox.submitted import inbox
from autograder.pipeline.jobs import jobs_for
from autograder.pipeline.keys import files_digest, is_of_files
from autograder.pipeline.names import composed
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.records import (
    UNREADABLE,
    GradingOutcome,
    Handed,
    Record,
    Setup,
    Work,
)
from autograder.words import shown

if TYPE_CHECKING:
    from autograder.pipeline.grading.cluster import Cluster

BATCH = 50  # submissions in one transaction at most
SECONDS = 0.5  # that a finished grade waits for others at most


def open_course(root: Path, *, require_sandbox: bool = False) -> NbgraderCourse:
    """Open the course at `root` for grading."""
    settings = Config()
    settings.JudgeExecutor.require_sandbox = require_sandbox
    return NbgraderCourse(root, settings)


def grade_lesson(
    course: NbgraderCourse,
    lesson: str,
    *,
    submitted: Path | None = None,
    students: Iterable[str] = (),
    force: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    out: TextIO | None = None,
) -> tuple[list[Result], set[str]]:
    """Grade every learner's submission of `lesson`.

    One that cannot be graded gets a status that says so, and never stops the others.

    Parameters
    ----------
    submitted : see `inbox.submitted.inbox`; None for the course's own submitted/
    students : only these learners; all that handed in or stand in the gradebook when empty
    force : grade again where neither the submission nor the tests have changed
    jobs : how many at a time; None for one a processor
    scheduler : address of a Dask cluster that grades; None for this machine
    out : where to show the progress; nowhere when None

    Returns
    -------
    (rows, unchanged) : every learner's result, sorted by name, and whose grade stood already

    Raises
    ------
    CommandError : when nobody can be graded; the message says why
    """
    with only_one(course.root):
        place = submitted or Path(course.root, course.coursedir.submitted_directory)
        names = [composed(name) for name in students]
        for name in names:
            if name.strip() in ("", ".", "..") or "/" in name:
                raise CommandError(f"--student is {shown(name)!r}. Expected a learner's name.")
        there = handed_in(course, lesson, submitted, *names[:1])
        jobs = jobs_for(jobs, len(names or there))
        setup = setup_of(course, lesson)
        with (
            workers(setup, jobs, scheduler) as pool,
            registered(course, lesson) as writer,
        ):
            if place.is_file() and NAMED.search(place.name):
                names = list(there)
            names = names or sorted({*there, *writer.students()})
            writer.keep_accounts(there)
            show = progress(len(names), out) if out else Quiet()
            grading = Grading(lesson, setup.tests, writer, pool, show)
            with show:
                try:
                    for name in names:
                        read = there.get(name) or partial(
                            from_folder, name, place / name / lesson, lesson
                        )
                        grading.add(handed_by(name, read), force=force)
                    grading.finish()
                finally:
                    grading.keep_done()  # whatever stopped the rest
            return list(writer.results(names).values()), grading.unchanged


def handed_in(
    course: NbgraderCourse, lesson: str, submitted: Path | None, student: str = ""
) -> Inbox:
    """Return who handed in, as the gradebook knows them.

    Parameters
    ----------
    submitted : see `inbox.submitted.inbox`; None for the course's own submitted/
    student : whose a single notebook is
    """
    if submitted is None:
        there = from_tree(Path(course.root, course.coursedir.submitted_directory), lesson)
    else:
        there = inbox(submitted, lesson, student, read_people(course.coursedir.db_url, lesson))
    share(there, groups_of(course, lesson))
    return there


def handed_by(student: str, read: Callable[[], Handed]) -> Handed:
    """Return what somebody handed in; whatever is wrong with it, the next one's turn comes."""
    try:
        return read()
    except Exception as error:
        reason = f"it cannot be read: {cause(error)}"
        return Handed(student, status=UNREADABLE, reason=reason)


def workers(setup: Setup, jobs: int, scheduler: str | None) -> "Pool | Cluster":
    """Return who grades: `jobs` processes of this machine, or the cluster at an address."""
    if scheduler is None:
        return Pool(setup, jobs)
    from autograder.pipeline.grading.cluster import Cluster

    return Cluster(setup, scheduler)


@contextlib.contextmanager
def registered(course: NbgraderCourse, lesson: str) -> Iterator[Writer]:
    """Enter the lesson into the gradebook and open that for writing."""
    enter(course, lesson)
    with Writer(course, lesson) as writer:
        yield writer


@contextlib.contextmanager
def only_one(root: Path) -> Iterator[None]:
    """Keep a second grader out: the lock ends with its process, however that ends."""
    path = Path(root) / ".autograder" / "grading.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise CommandError(
            f"Another program is grading this course and holds {path}. "
            "Wait for it, or stop it: what it has graded is kept."
        ) from None
    try:
        yield
    finally:
        lock.release()


class Quiet:
    """Shows nothing."""

    def __enter__(self) -> "Quiet":
        return self

    def __exit__(self, *exception) -> None:
        pass

    def graded(self, row: Result) -> None:
        """Show nothing."""

    def unchanged(self, count: int) -> None:
        """Show nothing."""


class Grading:
    """Submissions of one lesson on their way through the workers into the gradebook.

    Parameters
    ----------
    tests : digest of what a grade depends on beside the submission, see `keys.tests_digest`
    pool : started with the first submission that has to be graded

    Attributes
    ----------
    unchanged : learners whose earlier grade stands
    pending : how many submissions the workers have
    """

    def __init__(self, lesson: str, tests: str, writer: Writer, pool: "Pool | Cluster", show):
        self.lesson, self.writer, self._pool, self._show = lesson, writer, pool, show
        self._tests = tests
        self._is_ready = False
        self.unchanged: set[str] = set()
        self.pending = 0
        self._keys = writer.keys()
        self._done: queue.SimpleQueue = queue.SimpleQueue()
        self._batch: list[GradingOutcome] = []
        self._oldest = 0.0

    def add(self, handed: Handed, *, force: bool = False) -> None:
        """Send one submission to the workers; wait where they have enough to do."""
        if handed.content is None:
            self._keep(GradingOutcome(handed.student, Record(handed.status, handed.reason)))
        else:
            known = "" if force else self._keys.get(handed.student, "")
            if is_of_files(known, files_digest(handed, self._tests)):
                self._keep(GradingOutcome(handed.student, None, timestamp=handed.timestamp))
                return
            if not self._is_ready:
                self._pool.wait()
                self._is_ready = True
            self._pool.submit(Work(handed, known)).add_done_callback(self._done.put)
            self.pending += 1
        while self.pending >= 2 * self._pool.jobs:
            self.take()

    def take(self) -> None:
        """Wait for one submission to be graded; write what is due."""
        self._count(self._done.get())
        self._flush_due()

    def take_done(self) -> None:
        """Take what is graded by now, and wait for nothing; write what is due."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._count(self._done.get_nowait())
        self._flush_due()

    def finish(self) -> None:
        """Wait for everything that was added, and write it."""
        while self.pending:
            self.take()
        self.flush()

    def keep_done(self) -> None:
        """Write what is graded by now, and wait for nothing."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._batch.append(self._done.get_nowait().result())
        self.flush()

    def flush(self) -> None:
        """Write what is graded into the gradebook, then show it."""
        outcomes, self._batch = self._batch, []
        if not outcomes:
            return
        try:
            outcomes = self.writer.write(outcomes)
        except BaseException:
            self._batch = outcomes + self._batch
            raise
        for outcome in outcomes:
            if outcome.record is not None and outcome.record.is_graded:
                self._keys[outcome.student] = outcome.record.key
        new = [outcome.student for outcome in outcomes if outcome.record is not None]
        self.unchanged |= {outcome.student for outcome in outcomes} - set(new)
        self._show.unchanged(len(outcomes) - len(new))
        rows = self.writer.results(new)
        for student in new:
            self._show.graded(rows[student])

    def _count(self, done: "Future[GradingOutcome]") -> None:
        self.pending -= 1
        self._keep(done.result())

    def _flush_due(self) -> None:
        if self._batch and (self.pending == 0 or monotonic() - self._oldest > SECONDS):
            self.flush()

    def _keep(self, outcome: GradingOutcome) -> None:
        if not self._batch:
            self._oldest = monotonic()
        self._batch.append(outcome)
        if len(self._batch) >= BATCH:
            self.flush()
