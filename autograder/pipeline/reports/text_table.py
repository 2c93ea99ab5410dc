"""A table as text, of which cells are replaced and every other byte stays as it was."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from autograder import CommandError

# Marks at the beginning of a file, and how the rest is written.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_MARK = ("utf-8", "cp1252")
DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True)
class _Cell:
    """One cell: what it says, and where it stands in the file's text."""

    value: str
    start: int
    end: int
    quoted: bool


class TextTable:
    """The rows of a table, each a list of what its cells say.

    Raises
    ------
    CommandError : when the file's letters are in none of the ways that platforms write
    """

    def __init__(self, content: bytes, name: str):
        self._mark, self._code = next(
            (found for found in _MARKS if content.startswith(found[0])), (b"", "")
        )
        self._text = self._decoded(content, name)
        first = re.split(r"[\r\n]", self._text, maxsplit=1)[0]
        self._delimiter = max(DELIMITERS, key=first.count)
        self._cells = self._parsed()
        self.rows = [[cell.value for cell in row] for row in self._cells]
        self._new: dict[tuple[int, int], str] = {}

    def replace(self, row: int, column: int, value: str) -> None:
        """Let a cell say something else."""
        self._new[row, column] = value

    def content(self) -> bytes:
        """Return the whole file with the new cells."""
        parts, at = [], 0
        for row, column in sorted(self._new):
            cell, value = self._cells[row][column], self._new[row, column]
            if cell.quoted or any(sign in value for sign in (self._delimiter, '"', "\n", "\r")):
                value = '"' + value.replace('"', '""') + '"'
            parts += [self._text[at : cell.start], value]
            at = cell.end
        return self._mark + "".join([*parts, self._text[at:]]).encode(self._code)

    def _decoded(self, content: bytes, name: str) -> str:
        for code in (self._code,) if self._code else _WITHOUT_MARK:
            try:
                text = content[len(self._mark) :].decode(code)
            except UnicodeDecodeError:
                continue
            self._code = code
            return text
        raise CommandError(
            f"{name} is no table in UTF-8, UTF-16 or Windows's letters. Expected the file as the "
            "platform exported it."
        )

    def _parsed(self) -> list[list[_Cell]]:
        cell = re.compile(
            rf'(?P<quoted>"(?:[^"]|"")*+")?(?P<bare>[^{self._delimiter}\r\n]*)'
            rf"(?P<end>{self._delimiter}|\r\n|\r|\n|\Z)"
        )
        rows: list[list[_Cell]] = [[]]
        at = 0
        while True:
            found = cell.match(self._text, at)
            quoted, bare = found["quoted"], found["bare"]
            value = (quoted[1:-1].replace('""', '"') if quoted else "") + bare
            rows[-1].append(_Cell(value, at, found.start("end"), bool(quoted)))
            at = found.end()
            if found["end"] == "":
                return rows
            if found["end"] != self._delimiter:
                rows.append([])


def table_of(path: Path) -> TextTable:
    """Read a table from its file.

    Raises
    ------
    CommandError : when it cannot be read, or is no text
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    return TextTable(content, str(path))
