"""Tell which learner a file of an archive belongs to, by the names that the platform gave."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.inbox.kinds import NAMED
from autograder.pipeline.inbox.timestamps import composed, known_as
from autograder.pipeline.records import Handed
from autograder.words import shown

# "Ada Lovelace_31337_assignsubmission_file_" as a folder, or before the file's own name.
MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?")
# "lovelaceada_LATE_7001_900123_01_sliding_window-1.ipynb"; the second number grows with time.
CANVAS = re.compile(r"(?P<name>[^/_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<number>\d+)_.+")


# Folders around all learners' entries; the archive's own name and the lesson's are others.
AROUND = ("submitted", "submissions")


@dataclass(frozen=True)
class ArchiveEntry:
    """One file of the archive: whose it is, and what tells it from others of the same.

    Attributes
    ----------
    place : the entry at the top of the archive that it is or lies in; the system that made the
        archive named it, and no learner
    number : the system's number of the person, "" where it gives none
    named : whether the file has the lesson's name
    late : whether the system says so
    """

    student: str
    place: str
    number: str
    newest: tuple
    info: zipfile.ZipInfo
    named: bool
    late: bool = False


def folders_around(path: Path, infos: list[zipfile.ZipInfo], lesson: str) -> int:
    """Return how many folders lie around the learners' entries.

    Raises
    ------
    CommandError : where one folder holds all, and it cannot be told whether it is a learner's
    """
    trees = [info.filename.split("/")[:-1] for info in infos]
    depth = 0
    while trees and all(len(tree) > depth and tree[depth] == trees[0][depth] for tree in trees):
        if trees[0][depth] not in (*AROUND, path.stem, lesson):
            break
        depth += 1
    tops = {tree[depth] if len(tree) > depth else "" for tree in trees}
    inner = {tree[depth + 1] for tree in trees if lesson in tree[depth + 2 :]}
    if len(tops) == 1 and inner and not MOODLE.match(top := tops.pop()):
        raise CommandError(
            f"{path} holds one folder, {shown(top)}/, with {len(inner)} others in it that hold "
            f"{lesson}/: whose they are cannot be told. Call the folder at the top `submitted`, "
            "or put the learners' folders at the top."
        )
    return depth


def clash(student: str, entries: list[ArchiveEntry]) -> Callable[[], Handed] | None:
    """Return a status for a name that two entries of the archive have, where no number helps."""
    places = sorted({entry.place for entry in entries if not entry.number})
    if len(places) < 2 and not (places and len({entry.place for entry in entries}) > 1):
        return None
    reason = (
        f"{len({e.place for e in entries})} entries of the archive are this learner's by their "
        f"names, such as {places[0]!r}; nobody's grade is written on a guess. Rename them."
    )
    return partial(Handed, known_as(student), status=records.UNREADABLE, reason=reason)


def leads_out(info: zipfile.ZipInfo) -> str:
    """Say why no honest archive has such a name, or return "".

    Backslashes within a folder are letters that a learner may have put into a file's name.
    """
    name = info.orig_filename
    parts = {*name.split("/"), re.split(r"[/\\]", name)[0]}
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        return "a name in it leads out of the archive"
    return ""


def owner(info: zipfile.ZipInfo, lesson: str, around: int) -> ArchiveEntry:
    """Return whose file it is, told from the entry at the top that it is or lies in."""
    top, *inner = composed(info.filename).split("/")[around:]
    name = inner[-1] if inner else top
    named = name == f"{lesson}.ipynb"
    newest = (named, lesson in inner[:-1], info.date_time, info.filename)
    if not inner and (found := CANVAS.fullmatch(top)):
        # The numbers of files grow: the last one is what the learner handed in last.
        named = re.search(rf"_{re.escape(lesson)}(-\d+)?\.ipynb$", top) is not None
        newest, late = (int(found["number"]), top), found["late"] is not None
        return ArchiveEntry(found["name"], top, found["user"], newest, info, named, late)
    if found := MOODLE.match(top):
        return ArchiveEntry(found["name"].strip(), top, found["number"], newest, info, named)
    return ArchiveEntry(top if inner else NAMED.sub("", top), top, "", newest, info, named)


def told_apart(entries: list[ArchiveEntry]) -> list[ArchiveEntry]:
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
