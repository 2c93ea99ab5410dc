"""One zip archive of a whole class, as learning management systems give it out.

Nothing is unpacked: each notebook is read into memory when its turn comes, so that no name in the
archive can lead anywhere.  Names that try are refused, and so are files that unpack to more than
the caps.
"""

import zipfile
from functools import partial
from pathlib import Path

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.inbox.choose import Piece, chosen
from autograder.pipeline.inbox.folders import Inbox
from autograder.pipeline.inbox.kinds import NAMED
from autograder.pipeline.inbox.owners import (
    ArchiveEntry,
    clash,
    folders_around,
    leads_out,
    owner,
    told_apart,
)
from autograder.pipeline.inbox.reader import Unreadable
from autograder.pipeline.inbox.timestamps import (
    TIMESTAMP,
    checked_timestamp,
    composed,
    is_student,
    known_as,
)
from autograder.pipeline.inbox.unpack import files_in, is_hidden, unpacked
from autograder.pipeline.records import Handed
from autograder.words import shown

ENTRIES_MAX = 100_000
TOTAL_MAX = 32 * 2**30  # bytes, unpacked: 5,000 learners with 6 MiB each


def from_archive(path: Path, lesson: str) -> Inbox:
    """Return what lies in an archive of Moodle, of Canvas, or of nbgrader's own tree.

    Whose a file is, is told by the entry at the top of the archive alone: what lies in it, a
    learner has named.  What of a learner's files counts, see `choose`.  Two people whom the system
    calls alike are told apart by its numbers; where it gives none, neither is graded.  Who handed
    in something else is unreadable and never left out.

    Raises
    ------
    CommandError : when it is no zip archive, is larger than the caps, or holds no notebook
    """
    archive = _opened(path)
    infos = files_in(archive)
    if len(infos) > ENTRIES_MAX:
        raise CommandError(f"{path} has {len(infos)} files; at most {ENTRIES_MAX} are read.")
    if sum(info.file_size for info in infos) > TOTAL_MAX:
        raise CommandError(f"{path} unpacks to more than {TOTAL_MAX >> 30} GiB, and is refused.")
    infos = [info for info in infos if not is_hidden(info.filename)]
    # A file at the top that no system has named, such as a README, is nobody's.
    notebooks = [info for info in infos if NAMED.search(info.filename)]
    refused = {info.filename: why for info in notebooks if (why := leads_out(info))}
    if refused:
        # Whoever made such a name is not told by it, so that no status could be given to anyone.
        name, why = next(iter(refused.items()))
        raise CommandError(
            f"{path} is refused: {why}: {shown(name)!r}"
            + (f", and {len(refused) - 1} more" if len(refused) > 1 else "")
            + ". Take that file out of the archive and grade again."
        )
    around = folders_around(path, notebooks or infos, lesson)
    entries = [owner(info, lesson, around) for info in infos if not leads_out(info)]
    entries = [
        e
        for e in entries
        if e.number or len(_parts(e.info, around)) > 1 or NAMED.search(e.info.filename)
    ]
    if not (notebooks or any(e.number or e.info.filename.endswith(".zip") for e in entries)):
        raise CommandError(f"{path} holds no notebook. Expected one file .ipynb for each learner.")
    by_student: dict[str, list[ArchiveEntry]] = {}
    for entry in told_apart(entries):
        by_student.setdefault(entry.student, []).append(entry)
    return {
        known_as(student): clash(student, theirs)
        or partial(_handed, archive, theirs, lesson, around)
        for student, theirs in sorted(by_student.items())
    }


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except Exception as error:  # whatever is in its table of contents
        raise CommandError(
            f"{path} is neither a notebook nor a zip archive that can be read: {error}"
        ) from error


def _handed(
    archive: zipfile.ZipFile, entries: list[ArchiveEntry], lesson: str, around: int
) -> Handed:
    """Read one learner's files out of the archive."""
    student = entries[0].student
    if not is_student(student):
        reason = f"{entries[0].info.filename!r} names no learner"
        return Handed(known_as(student), status=records.UNREADABLE, reason=reason)
    # In nbgrader's tree the other lessons' folders lie beside this one's.
    entries = [e for e in entries if lesson in _parts(e.info, around)[1:-1]] or entries
    times = [e for e in entries if _parts(e.info, around)[-1] == TIMESTAMP]
    timestamp, wrong = _timestamp(archive, times[0].info) if times else ("", "")
    newest = max(entries, key=lambda entry: entry.newest)
    pieces = []
    for entry in entries:
        top, *inner = _parts(entry.info, around)
        read = partial(unpacked, archive, entry.info)
        pieces.append(Piece("/".join(inner) or top, read, entry.newest, entry.named))
    note = "; ".join(filter(None, ("late" if newest.late else "", wrong)))
    handed = chosen(student, pieces, lesson, note=note, timestamp=timestamp)
    return handed or Handed(student, status=records.MISSING, reason="no notebook handed in")


def _parts(info: zipfile.ZipInfo, around: int) -> list[str]:
    """Return a file's name in parts, from the entry at the top that it is or lies in."""
    return composed(info.filename).split("/")[around:]


def _timestamp(archive: zipfile.ZipFile, time: zipfile.ZipInfo) -> tuple[str, str]:
    try:
        return checked_timestamp(unpacked(archive, time, 1024).decode("utf-8", "replace"))
    except Unreadable as error:
        return "", str(error)
