"""Tests of autograder.notebooks.text."""

import re

import jupytext
import pytest

from autograder import CommandError
from autograder.notebooks.text import canonical, read_lesson, tidy, without_notes

NOTE = '# %% [markdown] role="notes"\n# Two minutes.\n\n'


def refusal(author):
    """Return the message with which the author's text is refused."""
    with pytest.raises(CommandError) as caught:
        read_lesson(author.path)
    return str(caught.value)


def line_of(author, passage):
    """Return the number of the first line that holds `passage`, from 1."""
    lines = author.path.read_text("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if passage in line)


def test_reading_gives_cells_and_their_headers(author):
    """Do the header lines point at the cells that jupytext finds?"""
    lesson = read_lesson(author.path)
    text = author.path.read_text("utf-8").split("\n")
    assert len(lesson.headers) == len(lesson.notebook.cells) == 11
    for line, cell in zip(lesson.headers, lesson.notebook.cells, strict=True):
        assert text[line - 1].startswith("# %%")
        first = cell.source.split("\n")[0]
        assert text[line] in (first, f"# {first}")


def test_what_one_reader_changes_no_other_sees(author):
    """Is a text that was read before given as it stands in the file now?"""
    read_lesson(author.path).notebook.cells[0].source = "changed"
    assert read_lesson(author.path).notebook.cells[0].source != "changed"
    author.edit("np.arange(3)", "np.arange(4)")
    assert any("np.arange(4)" in cell.source for cell in read_lesson(author.path).notebook.cells)


def test_canonical_text_is_a_fixed_point(author):
    """Does writing what was read leave a canonical text as it is?"""
    text = author.path.read_text("utf-8")
    assert canonical(text) == text
    odd = text.replace("# %%", "#  %%").replace("\n", "\r\n")
    assert canonical(canonical(odd)) == canonical(odd)


@pytest.mark.parametrize(
    ("old", "new", "passage"),
    [
        ('# %% role="setup"', "# %% role='setup'", "role='setup'"),
        ("# You will double", "#You will double", "#You will"),
        ("x + x\n", "x + x\r\n", "x + x\r"),
    ],
)
def test_text_out_of_form_is_refused_and_mended(author, old, new, passage):
    """Is the first line that differs named, and does tidy mend it for good?"""
    before = author.path.read_text("utf-8")
    author.path.write_bytes(before.replace(old, new, 1).encode())
    raw = author.path.read_bytes().decode().split("\n")
    line = next(number for number, text in enumerate(raw, 1) if passage in text)
    message = refusal(author)
    assert message.startswith(f"source/01_doubling.py:{line}")
    assert "build --tidy 01_doubling" in message
    assert tidy(author.path)
    assert author.path.read_text("utf-8") == before
    assert not tidy(author.path)


def test_a_missing_last_newline_is_out_of_form(author):
    """Does the last character count too?"""
    author.path.write_text(author.path.read_text("utf-8").rstrip("\n"), "utf-8")
    assert "end of the file" in refusal(author)


@pytest.mark.parametrize(
    "comment", ["# %% then we add", "    # %% inside", "# %%time", '#%% role="setup"']
)
def test_a_comment_that_splits_a_cell_is_refused(author, comment):
    """Would the rest of the cell silently become another cell?"""
    author.edit("    doubled_signal = x + x\n", f"    doubled_signal = x + x\n{comment}\n")
    line = line_of(author, comment)
    assert re.match(rf"source/01_doubling\.py:{line}: .*splits the cell", refusal(author))


def test_jupytext_does_split_at_such_a_comment():
    """Is the trap still there?  If not, the rule can go."""
    notebook = jupytext.reads("# %%\nx = 1\n# %% then we add\ny = 2\n", "py:percent")
    assert len(notebook.cells) == 2


@pytest.mark.parametrize("magic", ["%timeit double(3)", "# %matplotlib inline", "# !ls", "?double"])
def test_magics_are_refused(author, magic):
    """Would a magic arrive as a comment, or a comment as a magic?"""
    author.edit("print(np.arange(3))", magic)
    message = refusal(author)
    assert f":{line_of(author, magic)} (cell 6)" in message
    assert "magic" in message


def test_comments_that_look_like_magics_stay(author):
    """Is a comment about percents or cats, or a format string, left in peace?"""
    code = 'print("%d" % 3)  # 50 % of it\n# % of what?\n# cat the numbers'
    author.edit("print(np.arange(3))", code)
    assert read_lesson(author.path).notebook.cells[5].source.startswith(code)


def test_a_cell_that_is_no_python_is_refused(author):
    """Is the line of the syntax error named?"""
    author.edit("plt.plot([1, 2, 3])", "plt.plot([1, 2, 3]")
    assert f":{line_of(author, 'plt.plot')} (cell 6)" in refusal(author)


def test_text_before_the_first_header_is_refused(author):
    """Would a file header become a cell of its own?"""
    author.path.write_text("x = 1\n\n" + author.path.read_text("utf-8"), "utf-8")
    assert "cells" in refusal(author)


def test_a_lecturers_notes_are_in_no_notebook(author):
    """Are the other cells and their lines as they would be without the notes?"""
    before = read_lesson(author.path)
    author.edit("# %%\nprint(np.arange(3))", NOTE + "# %%\nprint(np.arange(3))")
    author.check()
    told = read_lesson(author.path)
    kept = without_notes(told)
    assert [c.source for c in kept.notebook.cells] == [c.source for c in before.notebook.cells]
    assert len(told.notebook.cells) == len(kept.notebook.cells) + 1
    lines = author.path.read_text("utf-8").split("\n")
    assert all(lines[number - 1].startswith("# %%") for number in kept.headers)
    assert kept.headers[-1] == before.headers[-1] + NOTE.count("\n")


def test_notes_are_prose_and_belong_to_no_exercise(author):
    """Is a cell of code with this role refused, and one that names an exercise?"""
    for header, message in (
        ('# %% role="notes"', "for markdown cells"),
        ('# %% [markdown] role="notes" exercise="double"', "takes no exercise"),
    ):
        author.edit(
            "# %%\nprint(np.arange(3))", f"{header}\n# Two minutes.\n\n# %%\nprint(np.arange(3))"
        )
        with pytest.raises(CommandError, match=message):
            author.check()
        author.edit(f"{header}\n# Two minutes.\n\n", "")
