"""One zip archive of a whole class, as learning management systems give it out.

Nothing is unpacked: each notebook is read into memory when its turn comes, so that no name in the
archive can lead anywhere.  Names that try are refused, and so are files that unpack to more than
the caps.
"""

import contextlib
import re
import zipfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from autograder import CommandError
from autograder.pipeline.inbox.collected import collected
from autograder.pipeline.inbox.found import File, Inbox
from autograder.pipeline.inbox.kinds import NAMED
from autograder.pipeline.inbox.unpack import files_in, is_systems, unpacked
from autograder.pipeline.who import Person
from autograder.words import shown

ENTRIES_MAX = 100_000
TOTAL_MAX = 32 * 2**30  # bytes, unpacked: 5,000 learners with 6 MiB each
UTF8 = 0x800  # the flag of a name in UTF-8


def from_archive(path: Path, lesson: str, people: Iterable[Person] = ()) -> Inbox:
    """Return what lies in an archive of a platform, or of nbgrader's own tree.

    Parameters
    ----------
    people : who is in the gradebook

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
    infos = [info for info in infos if not is_systems(info.filename)]
    refused = {info.filename: why for info in infos if (why := leads_out(info))}
    notebooks = [name for name in refused if NAMED.search(name)]
    if notebooks:
        # Whoever made such a name is not told by it, so that no status could be given to anyone.
        raise CommandError(
            f"{path} is refused: {refused[notebooks[0]]}: {shown(notebooks[0])!r}"
            + (f", and {len(notebooks) - 1} more" if len(notebooks) > 1 else "")
            + ". Take that file out of the archive and grade again."
        )
    files = [
        File(_name(info), info.date_time, partial(unpacked, archive, info))
        for info in infos
        if info.filename not in refused
    ]
    return collected(path, files, lesson, people)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except Exception as error:  # whatever is in its table of contents
        raise CommandError(
            f"{path} is neither a notebook nor a zip archive that can be read: {error}"
        ) from error


def _name(info: zipfile.ZipInfo) -> str:
    """Return a file's name; a Mac and others write UTF-8 and do not say it."""
    if not info.flag_bits & UTF8:
        with contextlib.suppress(UnicodeError):
            return info.filename.encode("cp437").decode("utf-8")
    return info.filename


def leads_out(info: zipfile.ZipInfo) -> str:
    """Say why no honest archive has such a name, or return "".

    Backslashes within a folder are letters that a learner may have put into a file's name.
    """
    for name in (info.orig_filename, _name(info)):
        parts = {*name.split("/"), re.split(r"[/\\]", name)[0]}
        if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
            return "a name in it leads out of the archive"
    return ""
