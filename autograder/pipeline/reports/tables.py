"""CSV that spreadsheets and learning platforms read: UTF-8, and no cell that runs as a formula."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.files import write_whole
from autograder.words import shown

# What a spreadsheet takes for the beginning of a formula, in either width of the letters.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def inert(value: Any) -> Any:
    """Return a cell that no spreadsheet runs: a text like a formula gets an apostrophe before it.

    Examples
    --------
    >>> inert("=HYPERLINK(A1)")
    "'=HYPERLINK(A1)"
    >>> inert(-0.5), inert("Ada")
    (-0.5, 'Ada')
    """
    if isinstance(value, str):
        value = shown(value, 10_000)
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value


def write_table(
    path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]], code: str = "utf-8-sig"
) -> None:
    """Write a table in one step: a reader sees the old file or the whole new one.

    None becomes an empty cell, and a number is written without an empty fraction.

    Parameters
    ----------
    code : how letters are written; Excel takes UTF-8 for something else without a mark before it
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow([inert(name) for name in header])
    table.writerows([_cell(value) for value in row] for row in rows)
    write_whole(path, text.getvalue().encode(code))


def _cell(value: Any) -> Any:
    return f"{value:.10g}" if isinstance(value, float) else inert(value)
