"""Tests of autograder.notebooks.expand: the cells that a text only names."""

import pytest

from autograder import CommandError
from autograder.exercises import Exercise, Part
from autograder.notebooks.expand import CHECK, TEST, expanded
from autograder.notebooks.text import read_lesson

OWN = "assert double(np.zeros(3)).shape == (3,)"


def named_once(author, *starts):
    """Put one line of tests in the place of the fixture's own test cells."""
    text = author.path.read_text("utf-8")
    for start in starts:
        begin = text.index(start)
        text = text[:begin] + text[text.index("# %%", begin + 1) :]
    author.path.write_text(text, "utf-8")
    author.edit("# %%\n# Half", '# %% role="tests" exercise="double"\n\n# %%\n# Half')


VALUES = '# %% role="test" exercise="double" part="values"'
SHAPE = '# %% role="test" exercise="double" part="shape"'


def test_an_exercise_gets_a_test_cell_for_each_part(author):
    """Does one line give the cells that were written by hand, with ids, points and marks?"""
    named_once(author, VALUES, SHAPE)
    author.check()
    _, notebook = author.source()
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["double-values"].source == TEST.format(name="double", part="values")
    assert cells["double-values"].metadata.nbgrader.points == 2
    assert cells["double-shape"].metadata.nbgrader.points == 1
    assert [cell.id for cell in notebook.cells][7:9] == ["double-values", "double-shape"]


def test_a_test_written_by_hand_stays_and_is_not_doubled(author):
    """Can an instructor write the test of one part and leave the others to the build?"""
    named_once(author, VALUES)
    author.check()
    _, notebook = author.source()
    sources = {cell.id: cell.source for cell in notebook.cells}
    assert sources["double-shape"].startswith(OWN)
    assert sources["double-values"] == TEST.format(name="double", part="values")


def test_a_prediction_without_points_gets_a_check(author):
    """Is its check one ungraded cell?"""
    author.edit('role="check"', 'role="tests"')
    author.edit("if guess is not None:\n    assert guess == 42\n", "")
    author.check()
    _, notebook = author.source()
    (made,) = [cell for cell in notebook.cells if cell.source == CHECK.format(name="guess")]
    assert "nbgrader" not in made.metadata
    assert made.metadata.tags == ["raises-exception"]


def test_a_prediction_with_points_gets_a_test(author):
    """Do points decide, not the kind?"""
    graded = Exercise("01", "guess", "prediction", (Part("value", 1, "your value"),))
    author.exercises = (graded, *author.exercises[1:])
    author.edit('role="check"', 'role="tests"')
    author.edit("if guess is not None:\n    assert guess == 42\n", "")
    _, notebook = author.source()
    (made,) = [cell for cell in notebook.cells if cell.id == "guess-value"]
    assert made.source == TEST.format(name="guess", part="value")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ('role="tests" exercise="treble"', "'treble' is no exercise of this lesson"),
        ('role="tests" exercise="why"', "is for a function or class or prediction"),
        ('role="tests"', "names its exercise"),
        ('role="tests" exercise="double" part="shape"', "takes no part"),
    ],
)
def test_a_header_that_does_not_fit_the_registry_is_refused(author, header, words):
    """Is a slip in the line told at its cell, as in any other header?"""
    author.edit("# %%\n# Half", f"# %% {header}\n\n# %%\n# Half")
    with pytest.raises(CommandError, match=rf"source/01_doubling.py:\d+ \(cell \d+\).*{words}"):
        author.check()


def test_code_in_a_cell_that_is_to_be_filled_is_refused(author):
    """Is a test that an instructor wrote in the wrong place not lost?"""
    author.edit(
        "# %%\n# Half", '# %% role="tests" exercise="double"\nassert double(1) == 2\n\n# %%\n# Half'
    )
    with pytest.raises(CommandError, match=r"cell 10.*is empty.*role=\"test\""):
        author.check()


def halving(author, header, code=""):
    """Write a second lesson, which is given what `header` names, and return its path."""
    path = author.course.text_path("02_halving")
    path.write_text(f'# %% [markdown]\n# # Halve\n\n# %% role="given" {header}\n{code}', "utf-8")
    return path


def test_a_given_function_is_filled_from_the_answer_of_its_lesson(author):
    """Is the solved function there, before what the cell holds of its own?"""
    path = halving(author, 'from="doubling.double"', "def half(x):\n    return x / 2\n")
    (_, made) = expanded(read_lesson(path), author.course).notebook.cells
    space = {}
    exec(made.source, space)
    assert (space["double"](4), space["half"](4)) == (8, 2)
    assert "SOLUTION" not in made.source
    assert "from" not in made.metadata


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ('from="tripling.triple"', "'tripling' is no lesson.*earlier lesson: doubling"),
        ('from="double"', "'double' is no lesson.*reads \"topic.name\""),
        ('from="halving.half"', "'halving' is a later lesson or this one"),
        ('from="doubling.double, doubling.treble"', "defines no 'treble'.*It defines: double"),
    ],
)
def test_a_name_that_cannot_be_given_is_refused(author, header, words):
    """Does the message say which names there are, and is no answer given before its lesson?"""
    path = halving(author, header)
    with pytest.raises(CommandError, match=rf"source/02_halving.py:4 \(cell 2\).*{words}"):
        expanded(read_lesson(path), author.course)


def test_from_belongs_to_given_cells(author):
    """Is a `from` on another role not passed over in silence?"""
    author.edit('role="setup"', 'role="setup" from="doubling.double"')
    with pytest.raises(CommandError, match='from belongs to a cell with role="given"'):
        author.check()


def test_an_error_in_a_cell_that_the_build_wrote_names_its_header(author):
    """Does a line number stand in the text, where the cell has no lines?"""
    named_once(author, VALUES, SHAPE)
    text, _ = author.source()
    line = text.headers[7]
    assert author.path.read_text("utf-8").split("\n")[line - 1].startswith('# %% role="tests"')
    assert f"01_doubling.py:{line} (cell 8)" in str(text.error("it fails", 7, 3))
