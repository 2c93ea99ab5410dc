"""One zip archive of a whole class, as learning management systems give it out.

Nothing is unpacked: each notebook is read into memory when its turn comes, so that no name in the
archive can lead anywhere.  Names that try are refused, and so are files that unpack to more than
the caps.
"""

import re
import stat
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.inbox.folders import Inbox
from autograder.pipeline.inbox.owners import (
    Entry,
    clash,
    folders_around,
    leads_out,
    owner,
    told_apart,
)
from autograder.pipeline.inbox.reader import BYTES_MAX, too_large
from autograder.pipeline.inbox.timestamps import (
    TIMESTAMP,
    checked_timestamp,
    is_student,
)
from autograder.pipeline.records import Handed
from autograder.words import shown

ENTRIES_MAX = 100_000
TOTAL_MAX = 32 * 2**30  # bytes, unpacked: 5,000 learners with 6 MiB each
RATIO_MAX = 200  # unpacked over packed; a notebook's text packs to a fifth, its pictures hardly
CHUNK = 1 << 20


def from_archive(path: Path, lesson: str) -> Inbox:
    """Return what lies in an archive of Moodle, of Canvas, or of nbgrader's own tree.

    Whose a file is, is told by the entry at the top of the archive alone: what lies in it, a
    learner has named.  Of several notebooks of one learner the one that is named as the lesson
    counts, else the last.  Two people whom the system calls alike are told apart by its numbers;
    where it gives none, neither is graded.  Who handed in something else, to a system that names
    its people, is unreadable and never left out.

    Raises
    ------
    CommandError : when it is no zip archive, is larger than the caps, or holds no notebook
    """
    archive = _opened(path)
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > ENTRIES_MAX:
        raise CommandError(f"{path} has {len(infos)} files; at most {ENTRIES_MAX} are read.")
    if sum(info.file_size for info in infos) > TOTAL_MAX:
        raise CommandError(f"{path} unpacks to more than {TOTAL_MAX >> 30} GiB, and is refused.")
    infos = [info for info in infos if not _hidden(info)]
    notebooks = [info for info in infos if _is_notebook(info)]
    refused = {info.filename: why for info in notebooks if (why := leads_out(info))}
    if refused:
        # Whoever made such a name is not told by it, so that no status could be given to anyone.
        name, why = next(iter(refused.items()))
        raise CommandError(
            f"{path} is refused: {why}: {shown(name)!r}"
            + (f", and {len(refused) - 1} more" if len(refused) > 1 else "")
            + ". Take that file out of the archive and grade again."
        )
    around = folders_around(path, notebooks, lesson)
    entries = [owner(info, lesson, around) for info in notebooks]
    if not entries:
        raise CommandError(f"{path} holds no notebook. Expected one file .ipynb for each learner.")
    if any(entry.number for entry in entries):
        others = (owner(i, lesson, around) for i in infos if not _is_notebook(i))
        entries += [entry for entry in others if entry.number]
    by_student: dict[str, list[Entry]] = {}
    for entry in told_apart(entries):
        by_student.setdefault(entry.student, []).append(entry)
    times = {info.filename: info for info in infos if info.filename.endswith(f"/{TIMESTAMP}")}
    return {
        student: clash(student, theirs) or _reader(archive, max(theirs, key=_weight), times)
        for student, theirs in sorted(by_student.items())
    }


def _is_notebook(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(".ipynb")


def _weight(entry: Entry) -> tuple:
    """Order one learner's files: any notebook before anything else, then the newest."""
    return (_is_notebook(entry.info), *entry.newest)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except Exception as error:  # whatever is in its table of contents
        raise CommandError(
            f"{path} is neither a notebook nor a zip archive that can be read: {error}"
        ) from error


def _hidden(info: zipfile.ZipInfo) -> bool:
    """Whether it is a checkpoint or what a Mac adds, which no one means to hand in."""
    parts = info.filename.split("/")
    return any(part == "__MACOSX" or re.match(r"\.[^.]", part) for part in parts)


def _reader(
    archive: zipfile.ZipFile, entry: Entry, times: dict[str, zipfile.ZipInfo]
) -> Callable[[], Handed]:
    beside = "/".join([*entry.info.filename.split("/")[:-1], TIMESTAMP])
    return partial(_handed, archive, entry, times.get(beside))


def _handed(archive: zipfile.ZipFile, entry: Entry, time: zipfile.ZipInfo | None) -> Handed:
    """Read one learner's notebook out of the archive."""
    name = entry.info.filename.split("/")[-1]
    if not is_student(entry.student):
        reason = f"{entry.info.filename!r} names no learner"
        return Handed(shown(entry.student, 100), status=records.UNREADABLE, reason=reason)
    if stat.S_ISLNK(entry.info.external_attr >> 16):
        # It could show another learner's work or the gradebook.
        reason = f"{name} is a link to another file, not a notebook"
        return Handed(entry.student, status=records.UNREADABLE, reason=reason)
    if not _is_notebook(entry.info):
        reason = f"{name} is no notebook; expected a file .ipynb"
        return Handed(entry.student, status=records.UNREADABLE, reason=reason)
    content, why = _unpacked(archive, entry.info, BYTES_MAX)
    if content is None:
        return Handed(entry.student, status=records.UNREADABLE, reason=why)
    stamp, _ = _unpacked(archive, time, 1024) if time else (None, "")
    timestamp, note = checked_timestamp((stamp or b"").decode("utf-8", "replace"))
    notes = ("late" if entry.late else "", "" if entry.named else f"read from {name}", note)
    note = "; ".join(filter(None, notes))
    return Handed(entry.student, name, content, note=note, timestamp=timestamp)


def _unpacked(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int
) -> tuple[bytes | None, str]:
    """Return a file's bytes, or None and why it is not read.

    What an archive says of its sizes may be a lie: as much is unpacked as is allowed, no more.
    """
    name = info.filename.split("/")[-1]
    if info.flag_bits & 1:
        return None, f"{name} is encrypted"
    content = bytearray()
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                content += chunk
                if len(content) > most:
                    return None, too_large(name, max(len(content), info.file_size), most)
                if len(content) > CHUNK and len(content) > RATIO_MAX * max(info.compress_size, 1):
                    return None, f"{name} unpacks to more than {RATIO_MAX} times its size"
    except Exception as error:  # each way of packing has errors of its own
        return None, f"{name} is damaged in the archive: {error}"
    return bytes(content), ""
