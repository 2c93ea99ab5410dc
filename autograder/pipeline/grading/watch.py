"""Grade what arrives: ``python -m autograder grade LESSON --watch``."""

import os
import sys
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from pathlib import Path
from typing import TextIO

import watchfiles

from autograder import CommandError
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.groups import groups_of, share, sharing_with
from autograder.pipeline.grading.progress import progress
from autograder.pipeline.grading.run import Grading, handed_by, only_one, registered, workers
from autograder.pipeline.inbox.folders import from_folder, from_tree, is_learners
from autograder.pipeline.inbox.reader import Unreadable, files_of, parse_notebook
from autograder.pipeline.jobs import jobs_for
from autograder.pipeline.names import composed
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.records import Handed

TICK = 20  # milliseconds between two questions whether a grade is ready
STEP = 5  # milliseconds without a change that end a group of changes
GROUP = 100  # milliseconds that a group of changes lasts at most
LOOK = 1.0  # seconds between two looks into the folders where no change is reported
PATIENCE = 5.0  # seconds after which a file that does not parse is what was meant

# What tells whether a learner's files are as they were: name, size and time of each.
State = tuple


class Folders:
    """What has arrived in ``submitted/STUDENT/LESSON``.

    Parameters
    ----------
    students : only these learners; everyone when empty
    """

    def __init__(self, submitted: Path, lesson: str, students: Iterable[str] = ()):
        self.submitted, self.lesson, self.students = submitted, lesson, set(students)
        self._seen: dict[str, State] = {}
        self._taken: dict[str, State] = {}
        self._since: dict[str, float] = {}

    def arrived(self) -> list[tuple[str, bool]]:
        """Return whose files have changed, and whether they have been like that for long.

        Each state of someone's files is told when it is first seen and, unless it was taken, when
        it has stayed for `PATIENCE`.
        """
        now, found = time.monotonic(), []
        for student in self._names():
            state = self._state(student)
            if not state or state == self._taken.get(student):
                continue
            if state != self._seen.get(student):
                self._seen[student], self._since[student] = state, now
                found.append((student, PATIENCE <= 0))
            elif now - self._since[student] >= PATIENCE:
                found.append((student, True))
        return found

    def taken(self, student: str) -> None:
        """Do not tell of these files again."""
        self._taken[student] = self._seen[student]

    def _names(self) -> list[str]:
        try:
            names = os.listdir(self.submitted)
        except OSError:
            return []
        return sorted(
            name
            for name in names
            if is_learners(self.submitted / name / self.lesson)
            and (not self.students or name in self.students)
        )

    def _state(self, student: str) -> State:
        folder = self.submitted / student / self.lesson
        try:
            files = files_of(folder)
        except Unreadable:
            return ()
        return tuple(sorted(map(_state_of, files)))


def _state_of(path: Path) -> tuple[str, int, int]:
    try:
        info = path.lstat()
    except OSError:  # it has gone, or lies too far below
        return str(path), 0, 0
    return str(path), info.st_size, info.st_mtime_ns


def watch_lesson(
    course: NbgraderCourse,
    lesson: str,
    *,
    submitted: Path | None = None,
    students: Iterable[str] = (),
    jobs: int | None = None,
    scheduler: str | None = None,
    out: TextIO | None = None,
    until: Callable[[], bool] = lambda: False,
) -> None:
    """Grade what lies in the folder and then each submission as it arrives, until stopped.

    Parameters
    ----------
    submitted, students, jobs, scheduler : see `autograder.pipeline.grading.run.grade_lesson`
    out : where a line goes for each grade; standard output when None
    until : asked every `TICK` whether to stop

    Notes
    -----
    The operating system reports changes.  It does not report what another machine writes to a
    network file system, so the folders are also looked into every `LOOK` seconds.

    A file is taken as soon as it can be read as a notebook.  One that cannot is given some seconds
    in which it does not change, since an upload may have paused in the middle of it.

    Raises
    ------
    CommandError : when there is no such folder, or nobody can be graded
    """
    place = submitted or Path(course.root, course.coursedir.submitted_directory)
    if submitted is not None and not submitted.is_dir():
        raise CommandError(f"--watch needs a folder with STUDENT/{lesson}/ in it; got {submitted}.")
    place.mkdir(parents=True, exist_ok=True)
    out = out or sys.stdout
    folders = Folders(place, lesson, students)
    setup = setup_of(course, lesson)
    with (
        only_one(course.root),
        workers(setup, jobs_for(jobs, sys.maxsize), scheduler) as pool,
        registered(course, lesson) as writer,
        closing(_changes(place)) as changes,
    ):
        pool.wait()
        print(f"Watching {place} for {lesson}; Ctrl-C stops.", file=out, flush=True)
        grading = Grading(lesson, setup.tests, writer, pool, progress(None, out))
        groups = groups_of(course, lesson)
        looked = float("-inf")
        try:
            for changed in changes:
                if until():
                    break
                if changed or time.monotonic() - looked >= LOOK:
                    for student, settled in folders.arrived():
                        _take(grading, folders, groups, student, settled)
                    looked = time.monotonic()
                grading.take_done()
        finally:
            grading.keep_done()


def _changes(place: Path) -> Generator[bool, None, None]:
    """Yield whether anything in a folder has changed: at once when it has, else every `TICK`."""
    try:
        for changes in watchfiles.watch(
            place,
            watch_filter=None,
            debounce=GROUP,
            step=STEP,
            rust_timeout=TICK,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield bool(changes)
    except (OSError, RuntimeError) as error:
        raise CommandError(
            f"The system does not report changes in {place}: {error}. With "
            "WATCHFILES_FORCE_POLLING=1 in the environment the folder is polled instead."
        ) from error


def _take(
    grading: Grading, folders: Folders, groups: dict[str, list[str]], student: str, settled: bool
) -> None:
    """Send a learner's notebook to the workers, unless it may still be on its way here.

    Where it is a group's, every member's is sent: it may be theirs, too.
    """
    folder = folders.submitted / student / folders.lesson
    handed = from_folder(composed(student), folder, folders.lesson)
    if not settled and not _is_whole(handed):
        return
    folders.taken(student)
    members = sharing_with(handed.student, groups)
    if not members:
        grading.add(handed)
        return
    there = from_tree(folders.submitted, folders.lesson)
    share(there, groups)
    for name in members:
        if name in there and (not folders.students or name in folders.students):
            grading.add(handed_by(name, there[name]))


def _is_whole(handed: Handed) -> bool:
    """Whether all of a notebook has arrived: no beginning of one can be read as one."""
    if handed.content is None:
        return False
    try:
        parse_notebook(handed.content, handed.name)
    except Unreadable:
        return False
    return True
