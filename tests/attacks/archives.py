"""Zip archives of a class as learning management systems make them, and hostile ones."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder import CommandError
from autograder.pipeline.inbox.archive import from_archive

LESSON = "01_sliding_window"
HONEST = b"an honest notebook"


def archive(path, entries):
    """Write a zip archive: name -> bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 12, 0, 0)), content)
    return path


def with_link(path, name, target):
    """Write an archive with a symbolic link."""
    with zipfile.ZipFile(path, "w") as made:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(info, target)
    return path


def bomb(path, name, size):
    """Write an archive with `size` bytes of blanks, packed into a thousandth."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:  # noqa: SIM117
        with made.open(name, "w", force_zip64=True) as stream:
            for _ in range(size >> 20):
                stream.write(b" " * (1 << 20))
    return path


def lying_bomb(path, name, size):
    """Write a bomb that says it is small: its sizes are overwritten with 100 bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, b" " * size)
    content = bytearray(buffer.getvalue())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(signature) + place
        content[at : at + 4] = struct.pack("<I", 100)
    path.write_bytes(content)
    return path


@dataclass(frozen=True)
class HostileArchive:
    """An archive that a class's submissions might come in.

    Attributes
    ----------
    make : writes it to a path
    says : part of what is told about it
    """

    name: str
    make: Callable[[Path], Path]
    says: str


def _slip(name: str) -> Callable[[Path], Path]:
    return lambda path: archive(path, {name: b"{}"})


ATTACKS = [
    HostileArchive("zip slip: a name that leads up", _slip("../../gradebook.ipynb"), "leads out"),
    HostileArchive("zip slip: an absolute name", _slip("/etc/cron.d/x.ipynb"), "leads out"),
    HostileArchive("zip slip: backslashes", _slip("..\\..\\x.ipynb"), "leads out"),
    HostileArchive(
        "a link in a zip archive",
        lambda path: with_link(path, f"eve/{LESSON}.ipynb", "/etc/passwd"),
        "is a link",
    ),
    HostileArchive(
        "zip bomb: 256 MiB in 256 KiB",
        lambda path: bomb(path, f"eve/{LESSON}.ipynb", 256 << 20),
        "at most 20 are read",
    ),
    HostileArchive(
        "zip bomb that says it is small",
        lambda path: lying_bomb(path, f"eve/{LESSON}.ipynb", 64 << 20),
        "damaged",
    ),
]


def tried(attack: HostileArchive, folder: Path) -> tuple[str, str, bool]:
    """Read an archive with the attack and an honest notebook in it.

    Returns
    -------
    (status, reason, unharmed) : "refused" or the attacker's status; what was told; whether the
        honest notebook is read, or none of the archive is, and nothing was written anywhere
    """
    path = attack.make(folder / "class.zip")
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(f"bob/{LESSON}.ipynb", HONEST)
    try:
        found = {name: read() for name, read in from_archive(path, LESSON).items()}
    except CommandError as refused:
        status, reason, unharmed = "refused", str(refused), True
    else:
        status, reason = found["eve"].status, found["eve"].reason
        unharmed = found["bob"].content == HONEST and found["eve"].content is None
    written = [other for other in folder.rglob("*") if other != path]
    path.unlink()
    return status, reason, unharmed and not written
