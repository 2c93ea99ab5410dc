"""One zip archive of a whole class, as learning management systems give it out.

Nothing is unpacked: each notebook is read into memory when its turn comes, so that no name in the
archive can lead anywhere.  Names that try are refused, and so is what unfolds beyond the caps.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.inbox.folders import Inbox
from autograder.pipeline.inbox.reader import BYTES_MAX, too_large
from autograder.pipeline.inbox.timestamps import TIMESTAMP, checked_timestamp, is_student
from autograder.pipeline.records import Handed

ENTRIES_MAX = 100_000
TOTAL_MAX = 32 * 2**30  # bytes, unpacked: 5,000 learners with 6 MiB each
RATIO_MAX = 200  # unpacked over packed; a notebook's text packs to a fifth, its pictures hardly
CHUNK = 1 << 20

# "Ada Lovelace_31337_assignsubmission_file_" as a folder, or before the file's own name.
MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?")
# "lovelaceada_LATE_7001_900123_01_sliding_window-1.ipynb"; the second number grows with time.
CANVAS = re.compile(r"(?P<name>[^/_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<number>\d+)_.+")


@dataclass(frozen=True)
class _Entry:
    """One file of the archive: whose it is, and what tells it from others of the same."""

    student: str
    number: str  # the system's number of the person, "" where it gives none
    newest: tuple
    info: zipfile.ZipInfo
    named: bool  # whether the file has the lesson's name
    late: bool = False  # whether the system says so


def from_archive(path: Path, lesson: str) -> Inbox:
    """Return what lies in an archive of Moodle, of Canvas, or of nbgrader's own tree.

    Of several notebooks of one learner the one that is named as the lesson counts, else the last.
    Two people whom the system calls alike are told apart by its numbers.  Who handed in something
    else, to a system that names its people, is unreadable and never left out.

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
    wanted = [info for info in infos if _is_notebook(info) and not _hidden(info)]
    refused = {info.filename: why for info in wanted if (why := _refusal(info))}
    if refused:
        # Whoever made such a name is not told by it, so that no status could be given to anyone.
        name, why = next(iter(refused.items()))
        raise CommandError(
            f"{path} is refused: {why}: {name!r}"
            + (f", and {len(refused) - 1} more" if len(refused) > 1 else "")
            + ". Take that file out of the archive and grade again."
        )
    entries = [_owner(info, lesson) for info in wanted]
    if not entries:
        raise CommandError(f"{path} holds no notebook. Expected one file .ipynb for each learner.")
    by_student: dict[str, list[_Entry]] = {}
    if any(entry.number for entry in entries):
        others = (_owner(i, lesson) for i in infos if not (_is_notebook(i) or _hidden(i)))
        entries += [entry for entry in others if entry.number]
    for entry in _told_apart(entries):
        by_student.setdefault(entry.student, []).append(entry)
    times = {info.filename: info for info in infos if info.filename.endswith(f"/{TIMESTAMP}")}
    return {
        student: _reader(archive, max(theirs, key=_weight), times)
        for student, theirs in sorted(by_student.items())
    }


def _is_notebook(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(".ipynb")


def _weight(entry: _Entry) -> tuple:
    """Order one learner's files: any notebook before anything else, then the newest."""
    return (_is_notebook(entry.info), *entry.newest)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise CommandError(
            f"{path} is neither a notebook nor a zip archive that can be read: {error}"
        ) from error


def _hidden(info: zipfile.ZipInfo) -> bool:
    """Whether it is a checkpoint or what a Mac adds, which no one means to hand in."""
    parts = info.filename.split("/")
    return any(part == "__MACOSX" or re.match(r"\.[^.]", part) for part in parts)


def _refusal(info: zipfile.ZipInfo) -> str:
    """Say why no honest archive has such an entry, or return ""."""
    name = info.orig_filename
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        return "a name in it leads out of the archive"
    if not name.isprintable():
        return "a name in it holds control characters"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a file in it is a link"
    return ""


def _owner(info: zipfile.ZipInfo, lesson: str) -> _Entry:
    """Return whose notebook it is, told from its name in the archive."""
    *folders, name = info.filename.split("/")
    named = name == f"{lesson}.ipynb"
    for part in (*folders, name):
        if found := MOODLE.match(part):
            newest = (named, info.date_time, info.filename)
            return _Entry(found["name"].strip(), found["number"], newest, info, named)
    if lesson in folders[1:]:
        student = folders[folders.index(lesson, 1) - 1]
        return _Entry(student, "", (named, info.date_time, info.filename), info, named)
    if found := CANVAS.fullmatch(name):
        # The numbers of files grow: the last one is what the learner handed in last.
        named = re.search(rf"_{re.escape(lesson)}(-\d+)?\.ipynb$", name) is not None
        newest, late = (int(found["number"]), name), found["late"] is not None
        return _Entry(found["name"], found["user"], newest, info, named, late)
    student = folders[-1] if folders else name.removesuffix(".ipynb")
    return _Entry(student, "", (named, info.date_time, info.filename), info, named)


def _told_apart(entries: list[_Entry]) -> list[_Entry]:
    """Add the system's number to names that several people have."""
    numbers: dict[str, set[str]] = {}
    for entry in entries:
        numbers.setdefault(entry.student, set()).add(entry.number)
    return [
        replace(e, student=f"{e.student}_{e.number}")
        if len(numbers[e.student]) > 1 and e.number
        else e
        for e in entries
    ]


def _reader(
    archive: zipfile.ZipFile, entry: _Entry, times: dict[str, zipfile.ZipInfo]
) -> Callable[[], Handed]:
    beside = "/".join([*entry.info.filename.split("/")[:-1], TIMESTAMP])
    return partial(_handed, archive, entry, times.get(beside))


def _handed(archive: zipfile.ZipFile, entry: _Entry, time: zipfile.ZipInfo | None) -> Handed:
    """Read one learner's notebook out of the archive."""
    name = entry.info.filename.split("/")[-1]
    if not is_student(entry.student):
        reason = f"{entry.info.filename!r} names no learner"
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
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        return None, f"{name} is damaged in the archive: {error}"
    return bytes(content), ""
