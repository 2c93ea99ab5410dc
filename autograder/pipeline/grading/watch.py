"""Grade what arrives: ``python -m autograder grade LESSON --watch``."""

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from autograder import CommandError
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.progress import progress
from autograder.pipeline.grading.run import Grading, only_one, registered, workers
from autograder.pipeline.inbox.folders import from_folder
from autograder.pipeline.inbox.reader import Unreadable, parse_notebook
from autograder.pipeline.jobs import jobs_for
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.records import Handed

LOOK = 0.02  # seconds between two looks into the folders
SHARE = 4  # looking takes at most one part in so many of a processor
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
            if not name.startswith(".") and (not self.students or name in self.students)
        )

    def _state(self, student: str) -> State:
        folder = os.path.join(self.submitted, student, self.lesson)
        try:
            with os.scandir(folder) as entries:
                files = [
                    (
                        entry.name,
                        (info := entry.stat(follow_symlinks=False)).st_size,
                        info.st_mtime_ns,
                    )
                    for entry in entries
                    if entry.name.endswith((".ipynb", ".txt"))
                ]
        except OSError:
            return ()
        return tuple(sorted(files))


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
    until : asked now and then whether to stop

    Notes
    -----
    A file is taken as soon as it can be read as a notebook.  One that cannot is given some seconds
    in which it does not change, since an upload may have paused in the middle of it.

    Raises
    ------
    CommandError : when there is no such folder, or nobody can be graded
    """
    place = submitted or Path(course.root, course.coursedir.submitted_directory)
    if submitted is not None and not submitted.is_dir():
        raise CommandError(f"--watch needs a folder with STUDENT/{lesson}/ in it; got {submitted}.")
    out = out or sys.stdout
    folders = Folders(place, lesson, students)
    with (
        only_one(course.root),
        workers(setup_of(course, lesson), jobs_for(jobs, sys.maxsize), scheduler) as pool,
        registered(course, lesson) as writer,
    ):
        pool.wait()
        print(f"Watching {place} for {lesson}; Ctrl-C stops.", file=out, flush=True)
        grading = Grading(lesson, writer, pool, progress(None, out))
        try:
            while not until():
                started = time.monotonic()
                for student, settled in folders.arrived():
                    _take(grading, folders, student, settled)
                pause = max(LOOK, SHARE * (time.monotonic() - started))
                if grading.pending:
                    grading.take(pause)
                else:
                    grading.flush()
                    time.sleep(pause)
        finally:
            grading.keep_done()


def _take(grading: Grading, folders: Folders, student: str, settled: bool) -> None:
    """Send a learner's notebook to the workers, unless it may still be on its way here."""
    handed = from_folder(student, folders.submitted / student / folders.lesson, folders.lesson)
    if not settled and not _is_whole(handed):
        return
    folders.taken(student)
    grading.add(handed)


def _is_whole(handed: Handed) -> bool:
    """Whether all of a notebook has arrived: no beginning of one can be read as one."""
    if handed.content is None:
        return False
    try:
        parse_notebook(handed.content, handed.name)
    except Unreadable:
        return False
    return True
