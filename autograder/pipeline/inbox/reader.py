"""Read a learner's file, also where an editor or a browser has changed it."""

import json
import os
import re
import stat
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.judge.outputs import SIGNATURES

BYTES_MAX = 20 * 2**20
FILES_MAX = 1000  # in one learner's folder
# A lesson has about 60 cells and 30 KiB of code; reading code takes a hundred times its size.
CELLS_MAX = 1000
CODE_MAX = 128 * 2**10
TEXT_MAX = 256 * 2**10  # of all other cells; pictures are not text
# A picture that an editor, such as Colab's, has pasted into the text itself.
PASTED = re.compile(r"data:(image/[\w.+-]{1,40});base64,([A-Za-z0-9+/=]+)")
SHORT = 20_000  # letters of a picture of another kind than is attached, that stay in the text
TOO_DEEP = "is nested too deeply to be a notebook"
CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


class Unreadable(Exception):
    """A file that cannot be taken as a notebook; the message says why, for the learner to mend."""


def cause(error: Exception) -> str:
    """Return what an error says, without the instructor's path and the system's number."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def changed_at(path: Path) -> float:
    """Return when a file was changed; 0 where nothing can be told of it, as far below as it is."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


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
            raise Unreadable(f"{path.name} is a link to another place, not a notebook")
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


def files_of(folder: Path) -> list[Path]:
    """Return the files of a folder and of the folders in it, those nearest to its top first.

    Hidden ones stay out.  No link is followed, and a folder that cannot be opened is returned
    itself: `read_file` says of both what they are.  Of more than `FILES_MAX`, one more is returned.

    Raises
    ------
    Unreadable : when the folder cannot be opened
    """
    found: list[Path] = []
    waiting = [folder] if folder.is_dir() else []
    for place in waiting:
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError as error:
            if place == folder:
                raise Unreadable(f"{place.name}/ cannot be opened: {error.strerror}") from error
            found.append(place)
            continue
        for entry in entries:
            if not entry.name.startswith(".") and entry.name != "__MACOSX":
                is_folder = entry.is_dir(follow_symlinks=False)
                (waiting if is_folder else found).append(Path(entry.path))
        if len(found) > FILES_MAX or len(waiting) > FILES_MAX:
            return found[: FILES_MAX + 1]
    return found


def _decode(content: bytes) -> str:
    """Decode UTF-8, UTF-16 or UTF-32, with or without a byte order mark, else Latin-1.

    What a disk adds to a file whose saving was interrupted, zeros at its end, is left out.
    """
    encoding = json.detect_encoding(content)
    if not encoding.startswith("utf-8"):
        return content.decode(encoding, errors="replace").rstrip("\0")
    try:
        return content.decode("utf-8-sig").rstrip("\0")
    except UnicodeDecodeError:
        return content.decode("latin-1").rstrip("\0")


def _parse(text: str, name: str) -> dict:
    """Parse JSON; raise `Unreadable` with the place where it breaks."""
    if not text.strip():
        raise Unreadable(f"{name} is empty")
    try:
        data = json.loads(text, strict=False, parse_int=_whole, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{name} is not valid JSON: {_why(error, text)}") from error
    except RecursionError as error:
        raise Unreadable(f"{name} {TOO_DEEP}") from error
    if not isinstance(data, dict) or not ({"cells", "worksheets"} & set(data)):
        raise Unreadable(f"{name} is JSON, but not a notebook: it has no cells")
    return data


def _why(error: json.JSONDecodeError, text: str) -> str:
    if CONFLICT.search(text):
        return "it holds both sides of a merge conflict of git; keep one of them"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return "it ends too early"
    if text.lstrip()[:1] not in ("{", "["):
        return "it is another text, such as a script, under a notebook's name"
    where = f"line {error.lineno}, column {error.colno}"
    return f"something follows its end, {where}" if error.msg == "Extra data" else where


def _whole(digits: str) -> int:
    """Return a number of a notebook, 0 for one that is longer than any that means something."""
    return int(digits) if len(digits) < 20 else 0


def _whole_letters(value: Any) -> Any:
    """Put a question mark in the place of each half of a character, which no file can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole_letters(item) for item in value]
    if isinstance(value, dict):
        return {_whole_letters(key): _whole_letters(item) for key, item in value.items()}
    return value


def _as_version_4(data: dict, name: str) -> NotebookNode:
    """Convert any version of the format to nbformat 4 with one string as each cell's source."""
    try:
        if data.get("worksheets") and not data.get("cells"):
            data = {"nbformat_minor": 0, "metadata": {}, **data, "nbformat": 3}
            with warnings.catch_warnings():
                # nbformat warns of each thing that it mends on the way from an old version.
                warnings.simplefilter("ignore")
                data = nbformat.convert(nbformat.reader.reads(json.dumps(data)), 4)
        cells = data.get("cells")
        if not isinstance(cells, list):
            raise TypeError("no cells")
        # Of whatever else is in it nothing is looked at.
        plain = [_whole_letters(_plain(cell)) for cell in cells if isinstance(cell, dict)]
        found = [nbformat.from_dict(cell) for cell in plain]
    except RecursionError as error:
        raise Unreadable(f"{name} {TOO_DEEP}") from error
    except Exception as error:  # whatever it has in the place of cells; no word of Python's is told
        raise Unreadable(f"{name} has a notebook's outline but not its form") from error
    _refuse_too_much(found, name)
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=found)


def _plain(cell: dict) -> NotebookNode:
    """Return a cell with its text and what it is found again by, each of the kind it has to be."""
    source = cell.get("source", "")
    text = _joined(source) if isinstance(source, list) else str(source)
    given = cell.get("metadata")
    given = given if isinstance(given, dict) else {}
    tags, mark = given.get("tags"), given.get("nbgrader")
    metadata = NotebookNode()
    if isinstance(tags, list):
        metadata.tags = [tag for tag in tags if isinstance(tag, str)]
    if isinstance(mark, dict) and isinstance(mark.get("grade_id"), str):
        metadata.nbgrader = NotebookNode(grade_id=mark["grade_id"])
    made = NotebookNode(
        cell_type=str(cell.get("cell_type")),
        source=re.sub(r"\r\n?", "\n", text),
        metadata=metadata,
    )
    if isinstance(cell.get("id"), str):
        made.id = cell["id"]
    if isinstance(cell.get("attachments"), dict):
        bundles = {k: v for k, v in cell["attachments"].items() if isinstance(v, dict)}
        made.attachments = {
            name: {kind: data for kind, data in bundle.items() if isinstance(data, str)}
            for name, bundle in bundles.items()
        }
    if made.cell_type == "markdown":
        _attach_pasted(made)
    return made


def _joined(source: list) -> str:
    """Return a text from its lines; some programs leave out the marks at their ends."""
    lines = list(map(str, source))
    ends = any(line.endswith(("\n", "\r")) for line in lines)
    is_lines = any(len(line) > 1 for line in lines)  # and no letters
    return ("\n" if is_lines and not ends else "").join(lines)


def _attach_pasted(cell: NotebookNode) -> None:
    """Attach the pictures that stand in a text as letters: they are no text."""
    pictures: dict[str, NotebookNode] = {}

    def attached(match: re.Match) -> str:
        kind = match[1].replace("/jpg", "/jpeg")
        if kind not in SIGNATURES and len(match[2]) < SHORT:
            return match[0]
        name = f"pasted-{len(pictures) + 1}"
        pictures[name] = NotebookNode({kind: match[2]})
        return f"attachment:{name}"

    cell.source = PASTED.sub(attached, cell.source)
    if pictures:
        cell.attachments = NotebookNode({**cell.get("attachments", {}), **pictures})


def _refuse_too_much(cells: list[NotebookNode], name: str) -> None:
    """Raise `Unreadable` for more cells, code or text than grading can take in its time."""
    if len(cells) > CELLS_MAX:
        raise Unreadable(f"{name} has {len(cells)} cells; at most {CELLS_MAX} are read")
    for kind, most in (("code", CODE_MAX), ("other", TEXT_MAX)):
        sizes = {
            at: len(cell.source)
            for at, cell in enumerate(cells, 1)
            if (cell.cell_type == "code") == (kind == "code")
        }
        if (size := sum(sizes.values())) > most:
            what = "code" if kind == "code" else "text"
            longest = max(sizes, key=sizes.get)
            kib, most, inside = (n / 2**10 for n in (size, most, sizes[longest]))
            raise Unreadable(
                f"{name} has {kib:.0f} KiB of {what}; at most {most:.0f} are read. "
                f"The longest is cell {longest}, with {inside:.0f} KiB"
            )
