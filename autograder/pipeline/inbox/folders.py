"""What learners handed in: found in nbgrader's folders or given as one file, and read into memory.

Nothing here raises for what is in a learner's folder: whatever cannot be graded gets a status.
"""

import re
from functools import partial
from pathlib import Path

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.inbox.choose import Piece, chosen
from autograder.pipeline.inbox.found import Inbox
from autograder.pipeline.inbox.kinds import NAMED
from autograder.pipeline.inbox.reader import (
    FILES_MAX,
    Unreadable,
    cause,
    changed_at,
    files_of,
    read_file,
)
from autograder.pipeline.inbox.timestamps import (
    TIMESTAMP,
    checked_timestamp,
    is_student,
    known_as,
)
from autograder.pipeline.inbox.unpack import is_systems
from autograder.pipeline.names import composed
from autograder.pipeline.records import Handed
from autograder.words import shown

LESSON_FOLDER = re.compile(r"\d\d_[^/]*/")


def from_tree(submitted: Path, lesson: str) -> Inbox:
    """Return what lies in nbgrader's layout ``submitted/STUDENT/LESSON``.

    Learners without the lesson's folder are included: theirs is missing.
    """
    if not submitted.is_dir():
        return Inbox()
    students = sorted(path.name for path in submitted.iterdir() if path.is_dir())
    inbox = Inbox()
    for name in students:
        # Two folders whose names differ in the spelling of an accent are two all the same.
        student = name if composed(name) in students else composed(name)
        place = submitted / name / lesson
        if is_learners(place):
            inbox[known_as(student)] = partial(from_folder, student, place, lesson)
    inbox.left = sorted(shown(p.name) for p in submitted.iterdir() if NAMED.search(p.name))
    return inbox


def is_learners(place: Path) -> bool:
    """Whether ``submitted/STUDENT/LESSON`` can be somebody's: hidden ones may be a program's."""
    name = place.parent.name
    return not name.startswith(".") or (place.exists() and not is_systems(name))


def from_folder(student: str, folder: Path, lesson: str) -> Handed:
    """Read one learner's folder of one lesson.  Never raises for what lies in it."""
    if not is_student(student):
        reason = "no learner can be called as this folder is; give it the learner's name"
        return Handed(known_as(student), status=records.UNREADABLE, reason=reason)
    try:
        return _from_folder(student, folder, lesson)
    except (Unreadable, OSError) as error:
        return Handed(student, status=records.UNREADABLE, reason=cause(error))


def _from_folder(student: str, folder: Path, lesson: str) -> Handed:
    for place in (folder.parent, folder):
        if place.is_symlink():
            # A link could point at another learner's work, who would be graded twice.
            raise Unreadable(
                f"{place.name}/ is a link to another folder; expected the folder itself"
            )
    timestamp, wrong = _timestamp(folder / TIMESTAMP)
    files = files_of(folder)
    pieces = [_piece(path, folder, lesson) for path in files[:FILES_MAX]]
    many = f"there are more than {FILES_MAX} files; those nearest to the top are looked into"
    note = "; ".join(filter(None, (wrong, many if len(files) > FILES_MAX else "")))
    handed = chosen(student, pieces, lesson, note=note, timestamp=timestamp)
    if handed is None:
        reason = "no notebook handed in" + (_hidden(folder) or _astray(folder))
        return Handed(student, status=records.MISSING, reason=reason)
    return handed


def _piece(path: Path, folder: Path, lesson: str) -> Piece:
    name = path.relative_to(folder).as_posix()
    order = (changed_at(path),)
    return Piece(name, partial(read_file, path), order, path.name == f"{lesson}.ipynb")


def _hidden(folder: Path) -> str:
    """Say which hidden notebook lies in a folder, such as what Jupyter saves by itself, or ""."""
    for path in sorted([*folder.glob(".*"), *folder.glob(".ipynb_checkpoints/*")]):
        if NAMED.search(path.name) and not path.name.startswith("._"):
            name = path.relative_to(folder).as_posix()
            return f"; {name} is hidden: hand in the notebook itself"
    return ""


def _astray(folder: Path) -> str:
    """Say where a notebook lies that was meant for `folder`, a learner's of one lesson, or ""."""
    wanted = f"{folder.parent.name}/{folder.name}"
    for other in sorted(folder.parent.glob("*/")):
        if other.name != folder.name and other.name.lower() == folder.name.lower():
            return f"; {other.parent.name}/{other.name}/ should be called {wanted}/"
    if folder.exists() or not folder.parent.is_dir():
        return ""
    places = [path for path in files_of(folder.parent) if NAMED.search(path.name)]
    names = sorted(path.relative_to(folder.parent).as_posix() for path in places)
    # A folder of another lesson holds what was handed in for that one.
    names = [name for name in names if not LESSON_FOLDER.match(name)]
    if not names:
        return ""
    return f"; {folder.parent.name}/{names[0]} lies outside {wanted}/: move it there"


def from_notebook(path: Path, lesson: str, student: str = "") -> Inbox:
    """Return a single notebook, of the learner who is named or whose folder it lies in.

    ``.../STUDENT/LESSON/any.ipynb`` is STUDENT's, any other ``NAME.ipynb`` is NAME's.

    Raises
    ------
    CommandError : when no learner can be called like that
    """
    folder = path.resolve().parent
    name = student or (folder.parent.name if folder.name == lesson else NAMED.sub("", path.name))
    if not is_student(name):
        raise CommandError(f"{name!r} is no learner's name. Name the learner with --student.")

    def read() -> Handed:
        timestamp, note = _timestamp(folder / TIMESTAMP) if folder.name == lesson else ("", "")
        piece = Piece(path.name, partial(read_file, path), named=True)
        handed = chosen(name, [piece], lesson, note=note, timestamp=timestamp)
        return handed or Handed(name, status=records.MISSING, reason="no notebook handed in")

    return Inbox({name: read})


def _timestamp(path: Path) -> tuple[str, str]:
    if not path.exists() and not path.is_symlink():
        return "", ""
    try:
        return checked_timestamp(read_file(path, most=1024).decode("utf-8", "replace"))
    except Unreadable as error:
        return "", str(error)
