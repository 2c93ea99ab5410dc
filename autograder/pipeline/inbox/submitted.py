"""What was handed in, from a folder, a zip archive or one notebook."""

import os
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from autograder import CommandError
from autograder.pipeline.inbox.archive import ENTRIES_MAX, from_archive
from autograder.pipeline.inbox.around import AROUND
from autograder.pipeline.inbox.collected import collected
from autograder.pipeline.inbox.folders import from_notebook, from_tree
from autograder.pipeline.inbox.found import File, Inbox
from autograder.pipeline.inbox.kinds import NAMED
from autograder.pipeline.inbox.reader import Unreadable, changed_at, read_file
from autograder.pipeline.inbox.unpack import is_hidden, is_systems
from autograder.pipeline.who import Person
from autograder.words import shown


def inbox(submitted: Path, lesson: str, student: str = "", people: Iterable[Person] = ()) -> Inbox:
    """Return what lies in a folder, a zip archive or a single notebook.

    Parameters
    ----------
    submitted : nbgrader's tree ``STUDENT/LESSON/``, an archive from a learning management
        system or a folder into which one was unpacked, a folder of notebooks, or one notebook
    student : whose the single notebook is; told from its path when ""
    people : who is in the gradebook

    Raises
    ------
    CommandError : when it is none of these
    """
    if submitted.is_dir():
        if is_tree(submitted, lesson):
            return from_tree(submitted, lesson)
        return collected(submitted, _files(submitted), lesson, people)
    if NAMED.search(submitted.name) and submitted.is_file():
        return from_notebook(submitted, lesson, student)
    if submitted.is_file():
        return from_archive(submitted, lesson, people)
    raise CommandError(
        f"There is no {submitted}. Expected a folder with STUDENT/{lesson}/ in it, a zip archive "
        "from a learning management system, or one notebook."
    )


def is_tree(folder: Path, lesson: str) -> bool:
    """Whether learners have folders with one for the lesson in each, or nobody has anything."""
    if any(place.is_dir() for place in folder.glob(f"*/{lesson}")):
        return True
    return not any(NAMED.search(file.name) for file in _files(folder))


def _files(folder: Path) -> list[File]:
    """Return all files below a folder, links and what systems add left out.

    A folder that cannot be opened is one of them, which says so when it is read.
    """
    found: list[File] = []
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        # A learner's own hidden folders are not walked through: an environment has many files.
        is_top = Path(place) == folder or AROUND.fullmatch(Path(place).name)
        hidden = is_systems if is_top else is_hidden
        folders[:] = sorted(n for n in folders if not hidden(n))
        for name in sorted(names):
            path = Path(place, name)
            if is_systems(name) or os.path.islink(path):
                continue
            when = time.localtime(changed_at(path))[:6]
            inside = path.relative_to(folder).as_posix()
            found.append(File(shown(inside, 5000), when, partial(read_file, path)))
            if len(found) > ENTRIES_MAX:
                raise CommandError(f"{folder} has more files than are read: {ENTRIES_MAX}.")
    for error in closed:
        inside = Path(error.filename).relative_to(folder).as_posix()
        found.append(File(shown(f"{inside}/", 5000), (0,), partial(_refuse_closed, error)))
    return found


def _refuse_closed(error: OSError, most: int | None = None) -> bytes:
    name = Path(error.filename).name
    raise Unreadable(f"{name}/ cannot be opened: {error.strerror}")


def overlooked(submitted: Path, lesson: str) -> str:
    """Say which notebooks lie in `submitted` itself, where nobody's are looked for, or ""."""
    if not submitted.is_dir():
        return ""
    loose = sorted(path.name for path in submitted.iterdir() if NAMED.search(path.name))
    if not loose:
        return ""
    lie = "lies" if len(loose) == 1 else f"and {len(loose) - 1} more lie"
    place = f"{submitted.name}/{shown(NAMED.sub('', loose[0]))}/{lesson}/"
    return f"Not read: {shown(loose[0])} {lie} in {submitted.name}/ itself. Expected in {place}"
