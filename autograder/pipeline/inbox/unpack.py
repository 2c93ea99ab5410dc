"""Read a file out of a zip archive into memory, within limits and never onto the disk."""

import re
import stat
import zipfile

from autograder.pipeline.inbox.reader import BYTES_MAX, Unreadable, too_large

RATIO_MAX = 200  # unpacked over packed; a notebook's text packs to a fifth, its pictures hardly
CHUNK = 1 << 20
SYSTEMS = re.compile(
    r"__MACOSX|\.[_~].*|\.(?:DS_Store|ipynb_checkpoints|git|venv|Trash.*|Trashes|Spotlight.*"
    r"|fseventsd|TemporaryItems)"
)
DOS = 0  # the system of an archive that Windows made


def is_hidden(name: str) -> bool:
    """Whether a learner's file is hidden, or lies in a hidden folder: a checkpoint, a setting."""
    return is_systems(name) or any(re.match(r"\.[^.]", part) for part in name.split("/"))


def is_systems(name: str) -> bool:
    """Whether it is what a program has made by itself, wherever it lies.

    A name at the top may begin with a dot and be somebody's, as `.net Kim`.
    """
    return any(map(SYSTEMS.fullmatch, name.split("/")))


def files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of an archive, their names in one spelling.

    Windows may put backslashes between folders, other programs a dot or nothing.
    """
    infos = [info for info in archive.infolist() if info.filename and not info.is_dir()]
    for info in infos:
        name = info.filename.replace("\\", "/") if info.create_system == DOS else info.filename
        first, *parts = name.split("/")
        kept = [part for part in parts if part not in ("", ".")]
        info.filename = "/".join(kept if first == "." else [first, *kept])
    return infos


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int | None = None) -> bytes:
    """Return a file's bytes.

    What an archive says of its sizes may be a lie: as much is unpacked as is allowed, no more.

    Parameters
    ----------
    most : bytes that are unpacked at most; as many as a notebook may have when None

    Raises
    ------
    Unreadable : when it is a link, encrypted, damaged, or more than `most`; says which
    """
    name, most = info.filename.split("/")[-1], BYTES_MAX if most is None else most
    if stat.S_ISLNK(info.external_attr >> 16):
        # It could show another learner's work or the gradebook.
        raise Unreadable(f"{name} is a link to another file, not a notebook")
    if info.flag_bits & 1:
        raise Unreadable(f"{name} is encrypted; pack it without a password")
    content = bytearray()
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                content += chunk
                if len(content) > most:
                    raise Unreadable(too_large(name, max(len(content), info.file_size), most))
                if len(content) > CHUNK and len(content) > RATIO_MAX * max(info.compress_size, 1):
                    raise Unreadable(f"{name} unpacks to more than {RATIO_MAX} times its size")
    except Unreadable:
        raise
    except Exception as error:  # each way of packing has errors of its own
        raise Unreadable(f"{name} is damaged in the archive: {error}") from error
    return bytes(content)
