"""Does a table keep every byte but those of the cells that are replaced?"""

import csv
import io

import pytest

from autograder import CommandError
from autograder.pipeline.reports.text_table import TextTable

TEXTS = [
    'Name,Points\r\n"O""Neil, Zoë",\r\nBo,"1,5"\r\n',
    'Name;Points\n"two\nlines";3\n\nBo;\n',
    '"Name"\t"Points"\r"Zoë"\t""\r',
    "Name,Points\nBo,1",
    'Name,Points\n"never closed,1\nBo,2\n',
]
CODES = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_what_is_not_replaced_stays(text, code):
    """Does a table without a change come out as it went in, whatever its letters and quotes?"""
    content = text.encode(code)
    table = TextTable(content, "table")
    assert table.content() == content
    assert table.rows[0] == ["Name", "Points"]


@pytest.mark.parametrize("text", TEXTS[:2])
def test_cells_are_those_that_a_spreadsheet_sees(text):
    """Are quotes, commas and lines within cells read as Python's own reader does?"""
    table = TextTable(text.encode(), "table")
    delimiter = max(",;", key=text.split("\n")[0].count)
    seen = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert [row for row in table.rows if row != [""]] == [row for row in seen if row]


def test_replaced_cells_keep_their_quotes():
    """Is a new value quoted where the old one was, or where it must be, and no other touched?"""
    content = '"a","b"\r\n"x",""\r\ny,\r\nz,7\r\n'.encode("utf-16")
    table = TextTable(content, "table")
    for row, value in ((3, ""), (1, "18"), (2, "18,5")):
        table.replace(row, 1, value)
    assert table.content() == '"a","b"\r\n"x","18"\r\ny,"18,5"\r\nz,\r\n'.encode("utf-16")


def test_what_is_no_text_is_told():
    """Does a spreadsheet's own file end in a sentence?"""
    with pytest.raises(CommandError, match="grades.xlsx is no table"):
        TextTable(b"PK\x03\x04\x81\x8d\x8f", "grades.xlsx")
