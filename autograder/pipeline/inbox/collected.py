"""The files of a whole class, as platforms give them out: whose each one is, and what counts."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.inbox.around import folders_around
from autograder.pipeline.inbox.choose import Piece, chosen
from autograder.pipeline.inbox.found import File, Inbox
from autograder.pipeline.inbox.kinds import NAMED
from autograder.pipeline.inbox.owners import HandedFile, clash, entries_of, last_attempt
from autograder.pipeline.inbox.reader import Unreadable
from autograder.pipeline.inbox.timestamps import (
    TIMESTAMP,
    checked_timestamp,
    is_student,
    known_as,
)
from autograder.pipeline.inbox.unpack import is_hidden
from autograder.pipeline.records import Handed
from autograder.pipeline.who import Person, students_of


def collected(path: Path, files: list[File], lesson: str, people: Iterable[Person]) -> Inbox:
    """Return who handed in.

    Whose a file is, is told by the entry at the top alone: what lies in it, a learner has named.
    What of a learner's files counts, see `choose`.  Where two entries have one name and no number,
    neither is graded.  Who handed in something else is unreadable and never left out.

    Parameters
    ----------
    path : where the files lie
    people : who is in the gradebook

    Raises
    ------
    CommandError : where nothing that is there can be graded
    """
    names = [file.name for file in files]
    visible = [name for name in names if not is_hidden(name)]
    names = visible if any(map(NAMED.search, visible)) else names
    notebooks = [name for name in names if NAMED.search(name)]
    around, assignment = folders_around(path, names, notebooks, lesson)
    entries, left = entries_of(files, lesson, around, assignment)
    if not (notebooks or any(e.account.number or e.inner.endswith(".zip") for e in entries)):
        raise CommandError(f"{path} holds no notebook. Expected one file .ipynb for each learner.")
    students = students_of((entry.account for entry in entries), people)
    by_student: dict[str, list[HandedFile]] = {}
    for entry in entries:
        by_student.setdefault(students[entry.account], []).append(entry)
    for student, theirs in by_student.items():
        by_student[student] = [entry for entry in theirs if not entry.is_hidden] or theirs
    inbox = Inbox(
        (known_as(student), clash(student, theirs) or partial(_handed, student, theirs, lesson))
        for student, theirs in sorted(by_student.items())
    )
    inbox.left = sorted(left)
    inbox.accounts = {
        known_as(student): tuple(sorted({e.account for e in theirs if e.account.number}, key=str))
        for student, theirs in by_student.items()
    }
    return inbox


def _handed(student: str, entries: list[HandedFile], lesson: str) -> Handed:
    """Read one learner's files."""
    if not is_student(student):
        reason = f"{entries[0].parts[0]!r} names no learner"
        return Handed(known_as(student), status=records.UNREADABLE, reason=reason)
    if entries[0].is_hidden:
        reason = f"{entries[0].inner} is hidden: hand in the notebook itself"
        return Handed(student, status=records.MISSING, reason=f"no notebook handed in; {reason}")
    entries, attempts = last_attempt(entries)
    # In nbgrader's tree, and in the whole package, other lessons' folders lie beside this one's.
    entries = [e for e in entries if lesson in e.parts[1:-1]] or entries
    times = [entry for entry in entries if entry.parts[-1] == TIMESTAMP]
    timestamp, wrong = _timestamp(times[0].file) if times else ("", "")
    newest = max(entries, key=lambda entry: entry.newest)
    note = "; ".join(filter(None, ("late" if newest.said.late else "", attempts, wrong)))
    pieces = [Piece(e.inner, e.file.read, e.newest, e.named) for e in entries]
    handed = chosen(student, pieces, lesson, note=note, timestamp=timestamp)
    return handed or Handed(student, status=records.MISSING, reason="no notebook handed in")


def _timestamp(file: File) -> tuple[str, str]:
    try:
        return checked_timestamp(file.read(most=1024).decode("utf-8", "replace"))
    except Unreadable as error:
        return "", str(error)
