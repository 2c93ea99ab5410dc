"""Is a notebook read whatever an editor, a browser or an old version made of it?"""

import base64
import json
import time

import nbformat
import pytest
from tiny_course import RIGHT, solved

from autograder.judge.outputs import attachments
from autograder.pipeline.html.sanitize import markdown_to_html
from autograder.pipeline.inbox.reader import Unreadable, parse_notebook, read_file

TEXT = "Größe: " + "x²"


@pytest.fixture
def text(blank):
    """Return a submission's file, with letters outside ASCII in the written answer."""
    return nbformat.writes(solved(blank, **(RIGHT | {"why_square": TEXT})), ensure_ascii=False)


def read_notebook(path):
    """Read a file as the grader does."""
    return parse_notebook(read_file(path), path.name)


def sources(notebook):
    """Return the text of every cell."""
    return [cell.source for cell in notebook.cells]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-32"]
)
def test_every_usual_encoding_is_read(tmp_path, text, encoding):
    """Do a byte order mark, Latin-1, UTF-16 or UTF-32 cost a learner the lesson?"""
    path = tmp_path / "lesson.ipynb"
    path.write_bytes(text.encode(encoding))
    assert TEXT in sources(read_notebook(path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_zeros_at_the_end_are_no_part_of_a_notebook(text, encoding):
    """Is a notebook read that a disk has filled up with zeros?"""
    content = text.encode(encoding) + b"\0" * 4096
    assert TEXT in sources(parse_notebook(content, "lesson.ipynb"))


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("<<<<<<< HEAD\n", "\n=======\n{}\n>>>>>>> theirs\n", "both sides of a merge conflict"),
        ("", "\n>>>>>>> theirs\n", "both sides of a merge conflict"),
        ("", "\n}", "something follows its end, line "),
    ],
)
def test_what_is_round_a_notebook_is_named(text, before, after, why):
    """Does the reason say what of it is no notebook?"""
    with pytest.raises(Unreadable, match=why):
        parse_notebook(f"{before}{text}{after}".encode(), "lesson.ipynb")


def test_windows_line_ends_are_read(tmp_path, text):
    """Do carriage returns, in the file and in the cells, stay out of the sources?"""
    path = tmp_path / "lesson.ipynb"
    path.write_bytes(text.replace("\\n", "\\r\\n").replace("\n", "\r\n").encode())
    assert not any("\r" in source for source in sources(read_notebook(path)))
    assert RIGHT["double"] in sources(read_notebook(path))


def test_version_3_is_read(tmp_path):
    """Is a notebook of nbformat 3, with its worksheets and headings, taken as version 4?"""
    cells = [
        {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Double"]},
        {
            "cell_type": "code", "collapsed": False, "language": "python", "metadata": {},
            "outputs": [], "input": ["def double(x):\n", "    return x + x"],
        },
    ]  # fmt: skip
    data = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    path = tmp_path / "lesson.ipynb"
    path.write_text(json.dumps(data | {"worksheets": [{"cells": cells, "metadata": {}}]}))
    assert sources(read_notebook(path)) == ["## Double", RIGHT["double"]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b'{"cells": [', "ends too early"),
        (b'{"cells": [}', "line 1, column 12"),
        (b"[1, 2]", "not a notebook"),
        (b'{"title": "x"}', "it has no cells"),
        (b'{"cells": 5}', "not its form"),
        (b"PK\x03\x04 a zip archive", "not valid JSON"),
        (b"[" * 200_000, "not"),
    ],
)
def test_a_file_that_is_no_notebook_says_why(tmp_path, content, why):
    """Does the learner read what is wrong with the file?"""
    path = tmp_path / "lesson.ipynb"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=why):
        read_notebook(path)


def test_a_link_is_not_followed(tmp_path, text):
    """Can a learner hand in a link to someone else's notebook?"""
    (tmp_path / "theirs.ipynb").write_text(text)
    (tmp_path / "mine.ipynb").symlink_to(tmp_path / "theirs.ipynb")
    with pytest.raises(Unreadable, match="link"):
        read_notebook(tmp_path / "mine.ipynb")


def test_odd_cells_are_read(tmp_path):
    """Do cells without metadata, with numbers for text or of no form at all stop the reader?"""
    cells = [{"cell_type": "code", "source": 5}, {"metadata": []}, "cell", None]
    path = tmp_path / "lesson.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    assert sources(read_notebook(path)) == ["5", ""]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([{"cell_type": "code", "source": ""}] * 20_000, "20000 cells; at most 1000"),
        (
            [
                {"cell_type": "code", "source": text}
                for text in ("", "x = [" + "1, " * 330_000 + "]")
            ],
            "967 KiB of code; at most 128 are read. The longest is cell 2, with 967 KiB",
        ),
        ([{"cell_type": "markdown", "source": "<a " * 400_000}], "KiB of text"),
    ],
    ids=["cells", "code", "text"],
)
def test_more_than_grading_has_time_for_is_refused_at_once(cells, says):
    """Does a megabyte of anything cost no more than a sentence?"""
    content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()
    started = time.monotonic()
    with pytest.raises(Unreadable, match=says):
        parse_notebook(content, "x.ipynb")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("depth", [300, 450, 600, 900])
@pytest.mark.parametrize("beside", ["", r', "y": "\ud800"'])
def test_what_is_nested_deeply_is_read_or_told(text, depth, beside):
    """Is it no error of the grader's, and in no words of Python's?"""
    deep = "[" * depth + "]" * depth
    cell = f'{{"cell_type": "markdown", "source": "a", "attachments": {{"x": {{"y": {deep}}}}}}}'
    for content in (f'{text.rstrip()[:-1]}, "x": {deep}{beside}}}', f'{{"cells": [{cell}]}}'):
        said = ""
        try:
            json.dumps(parse_notebook(content.encode(), "x.ipynb"))
        except Unreadable as error:
            said = str(error)
        assert said in ("", "x.ipynb is nested too deeply to be a notebook")


@pytest.mark.parametrize("worksheets", ["[]", "null", "3", '[{"cells": []}]'])
def test_cells_count_before_what_stands_in_their_place_in_version_3(text, worksheets):
    """Is a notebook read that has the key of another version as well?"""
    content = f'{text.rstrip()[:-1]}, "worksheets": {worksheets}}}'.encode()
    assert len(parse_notebook(content, "x.ipynb").cells) == len(json.loads(text)["cells"])


@pytest.mark.parametrize("form", ['"worksheets": null', '"worksheets": 3', '"cells": {"a": 1}'])
def test_what_has_no_cells_is_told_in_a_sentence(form):
    """Does no word of Python's reach a learner?"""
    with pytest.raises(Unreadable, match="but not its form$"):
        parse_notebook(f"{{{form}}}".encode(), "x.ipynb")


@pytest.mark.parametrize("source", [["a = 1", "b = 2"], ["a = 1\n", "b = 2"], list("a = 1\nb = 2")])
def test_lines_are_joined_with_and_without_their_ends(source):
    """Is a text read whose lines have lost their ends, and one in single letters?"""
    cells = [{"cell_type": "code", "source": source}, {"cell_type": "code", "source": list("a=1")}]
    made = parse_notebook(json.dumps({"cells": cells}).encode(), "x.ipynb")
    assert sources(made) == ["a = 1\nb = 2", "a=1"]


@pytest.mark.parametrize("shown", ["![a plot]({})", '<img src="{}">', "![p][1]\n\n[1]: {}"])
@pytest.mark.parametrize("kind", ["png", "jpeg", "jpg", "gif"])
def test_a_picture_in_a_text_is_attached(shown, kind):
    """Is a picture of 300 KiB that Colab has pasted no text, and is it shown?"""
    start = {"png": b"\x89PNG\r\n\x1a\n", "gif": b"GIF89a"}.get(kind, b"\xff\xd8\xff")
    picture = base64.b64encode(start + bytes(300_000)).decode()
    text = f"Before. {shown.format(f'data:image/{kind};base64,{picture}')}"
    cells = [{"cell_type": "markdown", "source": text}]
    cell = parse_notebook(json.dumps({"cells": cells}).encode(), "x.ipynb").cells[0]
    assert cell.source == f"Before. {shown.format('attachment:pasted-1')}"
    page = markdown_to_html(cell.source, attachments(cell.attachments, 2**20))
    assert (picture in page) == (kind != "gif")


@pytest.mark.parametrize(
    "text",
    [r'"\ud83d"', '"' + "1" * 10 + '"', "1" * 5000, "-" + "9" * 4301, "NaN", "Infinity", "1e999"],
)
def test_odd_json_beside_the_cells_is_no_hindrance(text):
    """Is a notebook read whose metadata holds half a character or a number without end?"""
    cell = '{"cell_type": "code", "source": ["x = 1 # ' + r'\ud83d"' + f'], "metadata": {text}}}'
    content = f'{{"cells": [{cell}], "metadata": {{"x": {text}}}, "nbformat": 4}}'
    made = parse_notebook(content.encode(), "x.ipynb")
    assert made.cells[0].source == "x = 1 # ?"
    json.dumps(made, ensure_ascii=False).encode()
