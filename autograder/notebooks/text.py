"""Read a lesson's text (py:percent) and hold it to its canonical form."""

import ast
import copy
import functools
import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from autograder import CommandError

# Magics stay as they are written, so that reading never turns a comment into code.
FORMAT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
# No pairing and no header: the text holds cells and their roles, nothing else.
FILTERS = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "all"}

LOOKS_LIKE_HEADER = re.compile(r"\s*#\s*%%")
HEADER = re.compile(r"# %%( \[markdown\])?( \w+=.+)?")
MAGIC = re.compile(r"\s*#?\s*(%{1,2}|!|\?)[A-Za-z]")


@dataclass
class LessonText:
    """A lesson's cells and where each one starts in its text.

    Attributes
    ----------
    name : the lesson's name, ``01_sliding_window``
    notebook : the cells as jupytext reads them; roles are in each cell's metadata
    headers : for each cell, the line number of its header in the text, from 1
    built : the cells that the build wrote, whose lines do not stand in the text
    """

    name: str
    notebook: NotebookNode
    headers: list[int]
    built: frozenset[int] = frozenset()

    def error(self, message: str, cell: int | None = None, line: int = -1) -> CommandError:
        """Return an error that names lesson, cell and line.

        `cell` counts from 0; `line` counts from 0 within the cell, and -1 is the cell's header.
        """
        if cell is None:
            return CommandError(f"source/{self.name}.py: {message}")
        line = -1 if cell in self.built else line
        return error_at(self.name, self.headers[cell] + 1 + line, message, cell)


def error_at(name: str, line: int, message: str, cell: int | None = None) -> CommandError:
    """Return an error at a line of a lesson's text; `line` counts from 1, `cell` from 0."""
    where = f"source/{name}.py:{line}"
    if cell is not None:
        where += f" (cell {cell + 1})"
    return CommandError(f"{where}: {message}")


def without_notes(lesson: LessonText) -> LessonText:
    """Return a lesson without the lecturer's notes, which no notebook holds."""
    kept = [
        number
        for number, cell in enumerate(lesson.notebook.cells)
        if cell.metadata.get("role") != "notes"
    ]
    cells = [lesson.notebook.cells[number] for number in kept]
    built = frozenset(at for at, number in enumerate(kept) if number in lesson.built)
    notebook = NotebookNode({**lesson.notebook, "cells": cells})
    return LessonText(lesson.name, notebook, [lesson.headers[number] for number in kept], built)


def read_lesson(path: Path) -> LessonText:
    """Read a lesson's text and refuse what would not survive the way to a notebook.

    Raises
    ------
    CommandError
        If a line is taken for a cell header by mistake, a cell holds a magic or is no Python, or
        the text is not canonical; the message names the line.
    """
    return copy.deepcopy(_lesson_of(path.stem, path.read_bytes().decode("utf-8")))


@functools.lru_cache(maxsize=32)  # later lessons take functions out of the texts before them
def _lesson_of(name: str, text: str) -> LessonText:
    headers = _headers(name, text)
    notebook = jupytext.reads(text, FORMAT)
    if len(notebook.cells) != len(headers):
        raise CommandError(
            f"source/{name}.py: {len(headers)} lines are cell headers, but the text has "
            f"{len(notebook.cells)} cells. A header stands inside a string, or text stands before "
            "the first header: move it."
        )
    lesson = LessonText(name, notebook, headers)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            _check_code(lesson, number)
    _check_canonical(name, text, copy.deepcopy(notebook))
    return lesson


def canonical(text: str) -> str:
    """Return a lesson's text as jupytext writes it.

    Examples
    --------
    >>> canonical("# %%  role='setup'\\nx = 1")
    '# %% role="setup"\\nx = 1\\n'
    """
    return _written(jupytext.reads(text.replace("\r\n", "\n"), FORMAT))


def _written(notebook: NotebookNode) -> str:
    notebook.metadata = NotebookNode(jupytext=FILTERS)
    return jupytext.writes(notebook, FORMAT)


def tidy(path: Path) -> bool:
    """Rewrite a lesson's text in canonical form; return whether anything changed."""
    text = path.read_bytes().decode("utf-8")
    mended = canonical(text)
    if mended != text:
        path.write_bytes(mended.encode("utf-8"))
    return mended != text


def _headers(name: str, text: str) -> list[int]:
    """Return the line numbers of the cell headers; refuse a comment that would split a cell."""
    headers = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not LOOKS_LIKE_HEADER.match(line):
            continue
        if not HEADER.fullmatch(line.rstrip("\r")):
            raise error_at(
                name,
                number,
                f"{line.strip()!r} splits the cell or is lost on the way to a notebook. A header "
                'reads `# %%`, `# %% [markdown]` or `# %% role="..."`; reword any other comment.',
            )
        headers.append(number)
    return headers


def _check_code(lesson: LessonText, number: int) -> None:
    """Refuse magics, which the text keeps as comments, and cells that are no Python."""
    source = lesson.notebook.cells[number].source
    advice = "Magics do not survive the text format: write plain Python."
    try:
        ast.parse(source)
    except SyntaxError as error:
        line = (error.lineno or 1) - 1
        if MAGIC.match(source.split("\n")[line]):
            raise lesson.error(f"a magic. {advice}", number, line) from None
        raise lesson.error(f"the cell is no Python: {error.msg}.", number, line) from None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        alone = token.line.lstrip().startswith("#")
        if token.type == tokenize.COMMENT and alone and MAGIC.match(token.string):
            line = token.start[0] - 1
            raise lesson.error(f"a magic in a comment. {advice}", number, line)


def _check_canonical(name: str, text: str, notebook: NotebookNode) -> None:
    """Refuse a text that reading and writing would change."""
    mended = _written(notebook)
    if mended == text:
        return
    ours, theirs = text.split("\n"), mended.split("\n")
    pairs = zip(ours, theirs, strict=False)
    first = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))
    found = repr(ours[first]) if first < len(ours) else "the end of the file"
    wanted = repr(theirs[first]) if first < len(theirs) else "the end of the file"
    raise error_at(
        name,
        first + 1,
        f"the text is not in canonical form: found {found}, expected {wanted}. "
        f"Run `python -m autograder build --tidy {name}`, which mends it.",
    )
