"""What learners handed in: found in nbgrader's folders or given as one file, and read into memory.

Nothing here raises for what is in a learner's folder: whatever cannot be graded gets a status.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.inbox.reader import Unreadable, find_notebook, read_file
from autograder.pipeline.inbox.timestamps import (
    TIMESTAMP,
    checked_timestamp,
    composed,
    is_student,
)
from autograder.pipeline.records import Handed
from autograder.words import shown

# Who handed in, in order, and a function that reads it: a class may not fit into memory.
Inbox = dict[str, Callable[[], Handed]]


def from_tree(submitted: Path, lesson: str) -> Inbox:
    """Return what lies in nbgrader's layout ``submitted/STUDENT/LESSON``.

    Learners without the lesson's folder are included: theirs is missing.
    """
    if not submitted.is_dir():
        return {}
    students = sorted(path.name for path in submitted.iterdir() if path.is_dir())
    return {
        shown(name): partial(from_folder, name, submitted / name / lesson, lesson)
        for name in students
        if not name.startswith(".")
    }


def from_folder(student: str, folder: Path, lesson: str) -> Handed:
    """Read one learner's folder of one lesson.  Never raises for what lies in it."""
    student, name = shown(student), student
    if not is_student(composed(name)):
        reason = "no learner can be called as this folder is; give it the learner's name"
        return Handed(student[:128], status=records.UNREADABLE, reason=reason)
    try:
        return _from_folder(student, folder, lesson)
    except (Unreadable, OSError) as error:
        return Handed(student, status=records.UNREADABLE, reason=str(error))


def _from_folder(student: str, folder: Path, lesson: str) -> Handed:
    for place in (folder.parent, folder):
        if place.is_symlink():
            # A link could point at another learner's work, who would be graded twice.
            raise Unreadable(
                f"{place.name}/ is a link to another folder; expected the folder itself"
            )
    path = find_notebook(folder, lesson) if folder.is_dir() else None
    if path is None:
        reason = "no notebook handed in" + _astray(folder)
        return Handed(student, status=records.MISSING, reason=reason)
    content = read_file(path)
    note = "" if path == folder / f"{lesson}.ipynb" else f"read from {path.relative_to(folder)}"
    timestamp, wrong = _timestamp(folder / TIMESTAMP)
    note = "; ".join(filter(None, (note, wrong)))
    return Handed(student, path.name, content, note=note, timestamp=timestamp)


def _astray(folder: Path) -> str:
    """Say where a notebook lies that was meant for `folder`, a learner's of one lesson, or ""."""
    wanted = f"{folder.parent.name}/{folder.name}"
    beside = sorted(folder.parent.glob("*.ipynb"))
    if beside and not folder.exists():
        return f"; {beside[0].parent.name}/{beside[0].name} lies outside {wanted}/: move it there"
    for other in sorted(folder.parent.glob("*/")):
        if other.name != folder.name and other.name.lower() == folder.name.lower():
            return f"; {other.parent.name}/{other.name}/ should be called {wanted}/"
    return ""


def from_notebook(path: Path, lesson: str, student: str = "") -> Inbox:
    """Return a single notebook, of the learner who is named or whose folder it lies in.

    ``.../STUDENT/LESSON/any.ipynb`` is STUDENT's, any other ``NAME.ipynb`` is NAME's.

    Raises
    ------
    CommandError : when no learner can be called like that
    """
    folder = path.resolve().parent
    name = student or (folder.parent.name if folder.name == lesson else path.stem)
    if not is_student(name):
        raise CommandError(f"{name!r} is no learner's name. Name the learner with --student.")

    def read() -> Handed:
        timestamp, note = _timestamp(folder / TIMESTAMP) if folder.name == lesson else ("", "")
        try:
            return Handed(name, path.name, read_file(path), note=note, timestamp=timestamp)
        except Unreadable as error:
            return Handed(name, status=records.UNREADABLE, reason=str(error))

    return {name: read}


def _timestamp(path: Path) -> tuple[str, str]:
    if not path.exists() and not path.is_symlink():
        return "", ""
    try:
        return checked_timestamp(read_file(path, most=1024).decode("utf-8", "replace"))
    except Unreadable as error:
        return "", str(error)
