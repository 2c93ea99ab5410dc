"""Tests of autograder.notebooks.expand: the cells that a text only names."""

import pytest

from autograder import CommandError
from autograder.exercises import Exercise, Part
from autograder.notebooks.expand import CHECK, TEST
from tests.autograder.notebooks.conftest import EXERCISES

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


def test_a_prediction_with_points_gets_a_test(author, monkeypatch):
    """Do points decide, not the kind?"""
    graded = Exercise("01", "guess", "prediction", (Part("value", 1, "your value"),))
    exercises = "tests.autograder.notebooks.conftest.EXERCISES"
    monkeypatch.setattr(exercises, (graded, *EXERCISES[1:]))
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
