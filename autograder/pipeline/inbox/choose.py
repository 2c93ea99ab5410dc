"""Choose what is graded among a learner's files: one rule for folders and archives.

A file counts by its content: a notebook under any name, and the notebooks in an archive.  Which of
several notebooks is graded, the grader decides, who can tell the worked one; everything else is
named with what it is.
"""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from autograder.exercises import LESSONS
from autograder.pipeline import records
from autograder.pipeline.inbox.kinds import (
    BESIDE,
    NAMED,
    NOTEBOOK,
    PICTURE,
    ZIP,
    kind_of,
    what_to_do,
)
from autograder.pipeline.inbox.reader import BYTES_MAX, FILES_MAX, Unreadable
from autograder.pipeline.inbox.timestamps import TIMESTAMP
from autograder.pipeline.inbox.unpack import files_in, is_hidden, unpacked
from autograder.pipeline.records import Handed

TOTAL_MAX = 3 * BYTES_MAX  # of all files of one learner that are looked into
NOTEBOOKS_MAX, PICTURES_MAX, PICTURE_BYTES = 8, 12, 4 << 20
DEPTH_MAX = 2  # archives in archives
NAMES_MAX = 4  # in a sentence


@dataclass(frozen=True)
class Piece:
    """One file of a learner.

    Attributes
    ----------
    name : below the learner's own place, with folders
    read : returns its bytes; raises `Unreadable` with the reason
    order : of two files that are alike otherwise, the one with the larger order comes first
    named : whether it has the lesson's name
    """

    name: str
    read: Callable[[], bytes]
    order: tuple = ()
    named: bool = False


@dataclass
class _Found:
    notebooks: list[tuple[tuple, str, bytes]] = field(default_factory=list)
    pictures: list[tuple[str, bytes]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)  # what is said alone, and beside
    silent: list[tuple[str, str]] = field(default_factory=list)  # what nobody expects to be graded
    left: int = TOTAL_MAX


def chosen(
    student: str, pieces: Iterable[Piece], lesson: str, *, note: str = "", timestamp: str = ""
) -> Handed | None:
    """Return what a learner handed in; None where there is no file.

    Parameters
    ----------
    note, timestamp : see `Handed`
    """
    found = _Found()
    # Whatever is called a notebook is looked at first.
    for piece in sorted(pieces, key=lambda piece: NAMED.search(piece.name) is None):
        name = piece.name.split("/")[-1]
        if name != TIMESTAMP:
            _look_into(piece, lesson, found, DEPTH_MAX)
    if not found.notebooks:
        lie_there = found.others or found.silent
        if not lie_there:
            return None
        sentences = [*_shortened([alone for alone, _ in lie_there]), note]
        reason = "; ".join(filter(None, sentences))
        return Handed(student, status=records.UNREADABLE, reason=reason, timestamp=timestamp)
    found.notebooks.sort(key=lambda entry: entry[0], reverse=True)
    (first, name, content), *rest = _distinct_first(found.notebooks)
    read_from = "" if first[0] or rest else f"read from {name}"
    beyond = [name for _, name, _ in rest[NOTEBOOKS_MAX - 1 :]]
    beside = _shortened([*(beside for _, beside in found.others), *beyond])
    told = [note, read_from, f"not graded: {', '.join(beside)}" if beside else ""]
    return Handed(
        student,
        name,
        content,
        note="; ".join(filter(None, told)),
        timestamp=timestamp,
        named=first[0],
        others=tuple((name, content) for _, name, content in rest[: NOTEBOOKS_MAX - 1]),
        pictures=tuple(found.pictures),
    )


def _distinct_first(
    notebooks: list[tuple[tuple, str, bytes]],
) -> list[tuple[tuple, str, bytes]]:
    """Put notebooks that are a copy of another to the end, since not all can be looked into."""
    seen: set[bytes] = set()
    distinct, copies = [], []
    for entry in notebooks:
        (copies if entry[2] in seen else distinct).append(entry)
        seen.add(entry[2])
    return distinct + copies


def _shortened(sentences: list[str]) -> list[str]:
    more = len(sentences) - NAMES_MAX
    return [*sentences[:NAMES_MAX], *([f"and {more} more files"] if more > 0 else [])]


def _look_into(piece: Piece, lesson: str, found: _Found, depth: int) -> None:
    """Sort one file, and those in it where it is an archive, into what was found."""
    try:
        content = piece.read() if found.left > 0 else b""
    except Unreadable as error:
        found.others.append((str(error), str(error)))
        return
    found.left -= len(content)
    if found.left <= 0:
        why = f"{piece.name} is not read: there is more than is looked into"
        found.others.append((why, piece.name))
        return
    kind = kind_of(piece.name, content)
    if kind == NOTEBOOK:
        found.notebooks.append((_preference(piece, lesson), piece.name, content))
    elif kind == ZIP and depth:
        _look_into_archive(piece, content, lesson, found, depth)
    else:
        said = _no_notebook(piece.name, kind)
        (found.silent if kind in BESIDE else found.others).append(said)
        fits = len(content) <= PICTURE_BYTES and len(found.pictures) < PICTURES_MAX
        if kind == PICTURE and fits:
            found.pictures.append((piece.name, content))


def _look_into_archive(
    piece: Piece, content: bytes, lesson: str, found: _Found, depth: int
) -> None:
    before = len(found.notebooks), len(found.others)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = files_in(archive)
    except Exception as error:  # whatever is in its table of contents
        why = f"{piece.name} is a damaged zip archive: {error}"
        found.others.append((why, f"{piece.name} (a damaged zip archive)"))
        return
    infos.sort(key=lambda info: info.filename.count("/"))
    if len(infos) > FILES_MAX:
        why = f"{piece.name} holds more than {FILES_MAX} files; those nearest to its top are read"
        found.others.append((why, why))
    for info in infos[:FILES_MAX]:
        if not is_hidden(info.filename):
            name = f"{piece.name}/{info.filename}"
            named = info.filename.split("/")[-1] == f"{lesson}.ipynb"
            inner = Piece(name, _reader(archive, info), (*piece.order, info.date_time), named)
            _look_into(inner, lesson, found, depth - 1)
    if (len(found.notebooks), len(found.others)) == before:
        why = f"{piece.name} is {ZIP} without a notebook"
        found.others.append((f"{why}; {what_to_do(NOTEBOOK)}", f"{piece.name} ({ZIP})"))


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    return lambda: unpacked(archive, info)


def _no_notebook(name: str, kind: str) -> tuple[str, str]:
    what = kind if "not the" in kind or "notebook" in kind else f"{kind}, not the notebook"
    return f"{name} is {what}; {what_to_do(kind)}", f"{name} ({kind.split(',')[0]})"


def _preference(piece: Piece, lesson: str) -> tuple:
    """Order notebooks: the lesson's name, its beginning, not another lesson's, the newest."""
    stem = piece.name.split("/")[-1]
    begins = stem.startswith(lesson)
    other = not begins and any(stem.startswith(known.name) for known in LESSONS)
    return (piece.named, begins, not other, -piece.name.count("/"), piece.order, piece.name)
