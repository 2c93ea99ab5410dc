"""What learners handed in: found in nbgrader's folders or given as one file, and read into memory.

Nothing here raises for what is in a learner's folder: whatever cannot be graded gets a status.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.reader import Unreadable, find_notebook, read_file

TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Handed:
    """What one learner handed in for one lesson.

    Attributes
    ----------
    name : the file's name
    content : the file's bytes, None where there is nothing to grade
    status, reason : one of `records`' statuses and why, "" where there is something to grade
    note : what is worth telling about a file that can be graded, such as an unusual name
    timestamp : when it was handed in, as nbgrader's timestamp.txt has it; "" when unknown
    """

    student: str
    name: str = ""
    content: bytes | None = None
    status: str = ""
    reason: str = ""
    note: str = ""
    timestamp: str = ""


# Who handed in, in order, and a function that reads it: a class may not fit into memory.
Inbox = dict[str, Callable[[], Handed]]


def inbox(submitted: Path, lesson: str, student: str = "") -> Inbox:
    """Return what lies in a folder, a zip archive or a single notebook.

    Parameters
    ----------
    submitted : nbgrader's tree ``STUDENT/LESSON/``, an archive from a learning management
        system, or one notebook
    student : whose the single notebook is; told from its path when ""

    Raises
    ------
    CommandError : when it is none of these
    """
    from autograder.pipeline.archive import from_archive

    if submitted.is_dir():
        return from_tree(submitted, lesson)
    if submitted.suffix == ".ipynb" and submitted.is_file():
        return from_notebook(submitted, lesson, student)
    if submitted.is_file():
        return from_archive(submitted, lesson)
    raise CommandError(
        f"There is no {submitted}. Expected a folder with STUDENT/{lesson}/ in it, a zip archive "
        "from a learning management system, or one notebook."
    )


def from_tree(submitted: Path, lesson: str) -> Inbox:
    """Return what lies in nbgrader's layout ``submitted/STUDENT/LESSON``.

    Learners without the lesson's folder are included: theirs is missing.
    """
    if not submitted.is_dir():
        return {}
    students = sorted(path.name for path in submitted.iterdir() if path.is_dir())
    return {
        name: partial(from_folder, name, submitted / name / lesson, lesson)
        for name in students
        if not name.startswith(".")
    }


def overlooked(submitted: Path, lesson: str) -> str:
    """Say which notebooks lie in `submitted` itself, where nobody's are looked for, or ""."""
    loose = sorted(path.name for path in submitted.glob("*.ipynb")) if submitted.is_dir() else []
    if not loose:
        return ""
    lie = "lies" if len(loose) == 1 else f"and {len(loose) - 1} more lie"
    place = f"{submitted.name}/{Path(loose[0]).stem}/{lesson}/"
    return f"Not read: {loose[0]} {lie} in {submitted.name}/ itself. Expected in {place}"


def from_folder(student: str, folder: Path, lesson: str) -> Handed:
    """Read one learner's folder of one lesson."""
    try:
        path = find_notebook(folder, lesson) if folder.is_dir() else None
        if path is None:
            reason = "no notebook handed in" + _astray(folder)
            return Handed(student, status=records.MISSING, reason=reason)
        content = read_file(path)
    except (Unreadable, OSError) as error:
        return Handed(student, status=records.UNREADABLE, reason=str(error))
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


def is_student(name: str) -> bool:
    """Return whether a learner can be called `name`: it becomes a folder and a database's key."""
    return bool(
        0 < len(name) <= 128
        and name == name.strip()
        and not name.startswith(".")
        and name.isprintable()
        and not {"/", "\\"} & set(name)
    )


def checked_timestamp(text: str) -> tuple[str, str]:
    """Return a timestamp as it was given, or "" and what is wrong with it."""
    try:
        if text.strip():
            parse_utc(text.strip())
            return text, ""
    except (ValueError, OverflowError):
        return "", f"{TIMESTAMP} is no time: {text.strip()[:40]!r}"
    return "", ""


def _timestamp(path: Path) -> tuple[str, str]:
    if not path.exists():
        return "", ""
    try:
        return checked_timestamp(read_file(path, most=1024).decode("utf-8", "replace"))
    except Unreadable as error:
        return "", str(error)
