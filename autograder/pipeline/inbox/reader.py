"""Read what a learner handed in, whatever an editor or a browser made of it."""

import json
import os
import re
import stat
import warnings
from pathlib import Path

import nbformat
from nbformat import NotebookNode

BYTES_MAX = 20 * 2**20
FILES_MAX = 1000  # in one learner's folder


class Unreadable(Exception):
    """A file that cannot be taken as a notebook; the message says why, for the learner to mend."""


def read_file(path: Path, most: int = BYTES_MAX) -> bytes:
    """Return the bytes of an ordinary file.

    Parameters
    ----------
    most : bytes that are read at most

    Raises
    ------
    Unreadable : when the file is a link, too large or cannot be opened
    """
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            # A link could point at another learner's work or at the gradebook.
            raise Unreadable(f"{path.name} is a link to another file, not a notebook")
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{path.name} is not an ordinary file")
        if status.st_size > most:
            raise Unreadable(too_large(path.name, status.st_size, most))
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror}") from error


def too_large(name: str, size: int, most: int = BYTES_MAX) -> str:
    """Say that a file of `size` bytes is more than is read."""
    return f"{name} has {size / 2**20:.0f} MiB; at most {most / 2**20:.0f} are read"


def parse_notebook(content: bytes, name: str) -> NotebookNode:
    """Read a notebook in any encoding, any line ends and any nbformat, as nbformat 4.

    Parameters
    ----------
    name : the file's, for the message

    Raises
    ------
    Unreadable : when it is empty, cut short or no notebook
    """
    return _as_version_4(_parse(_decode(content), name), name)


def find_notebook(folder: Path, lesson: str) -> Path | None:
    """Return the notebook of `lesson` in a submission's folder, or None.

    A browser's ``01_sliding_window (1).ipynb``, another name, or a folder in the folder will do.
    The right name comes first, then names that begin with it, then the newest file.
    """
    found = [path for path in _files(folder) if path.suffix == ".ipynb"]

    def preference(path: Path):
        return (
            path.stem == lesson,
            path.stem.startswith(lesson),
            -len(path.relative_to(folder).parts),
            path.lstat().st_mtime,
            path.name,
        )

    return max(found, key=preference, default=None)


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder and of the folders in it; links and hidden ones stay out.

    Raises
    ------
    Unreadable : when there are more than anybody hands in
    """
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in names if not name.startswith(".")]
        if len(found) + len(folders) > FILES_MAX:
            raise Unreadable(f"{folder.name}/ holds more than {FILES_MAX} files")
    return found


def _decode(content: bytes) -> str:
    """Decode UTF-8 with or without a byte order mark, UTF-16 with one, else Latin-1."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _parse(text: str, name: str) -> dict:
    """Parse JSON; raise `Unreadable` with the place where it breaks."""
    if not text.strip():
        raise Unreadable(f"{name} is empty")
    try:
        data = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        short = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        where = "it ends too early" if short else f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"{name} is not valid JSON: {where}") from error
    except RecursionError as error:
        raise Unreadable(f"{name} is nested too deeply to be a notebook") from error
    if not isinstance(data, dict) or not ({"cells", "worksheets"} & set(data)):
        raise Unreadable(f"{name} is JSON, but not a notebook: it has no cells")
    return data


def _as_version_4(data: dict, name: str) -> NotebookNode:
    """Convert any version of the format to nbformat 4 with one string as each cell's source."""
    try:
        if "worksheets" in data:
            data = {"nbformat_minor": 0, "metadata": {}, **data, "nbformat": 3}
            with warnings.catch_warnings():
                # nbformat warns of each thing that it mends on the way from an old version.
                warnings.simplefilter("ignore")
                nb = nbformat.convert(nbformat.reader.reads(json.dumps(data)), 4)
        else:
            nb = nbformat.from_dict(data)
        cells = [cell for cell in nb["cells"] if isinstance(cell, dict)]
    except Exception as error:
        raise Unreadable(f"{name} has a notebook's outline but not its form: {error}") from error
    for cell in cells:
        source = cell.get("source", "")
        text = "".join(map(str, source)) if isinstance(source, list) else str(source)
        cell.source = re.sub(r"\r\n?", "\n", text)
        if not isinstance(cell.get("metadata"), dict):
            cell.metadata = NotebookNode()
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=cells)
