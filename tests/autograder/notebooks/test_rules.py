"""Tests of autograder.notebooks.rules: each slip of an author is refused, at its place."""

import pytest

from autograder import CommandError

TEST = '# %% role="test" exercise="double" part="values"'
SHAPE = '# %% role="test" exercise="double" part="shape"'


def refusal(author):
    """Return the message with which the author's text is refused."""
    with pytest.raises(CommandError) as caught:
        author.check()
    return str(caught.value)


def test_the_lesson_as_it_is_fits(author):
    """Is the fixture itself accepted?"""
    author.check()


@pytest.mark.parametrize(
    ("old", "new", "cell", "words"),
    [
        ('role="setup"', 'role="setpu"', 2, "unknown role 'setpu'"),
        ('role="setup"', 'role="setup" points=3', 2, "points stand in the registry"),
        ('role="setup"', 'role="setup" colour="red"', 2, "colour='red'"),
        ('role="setup"', "role=setup", 2, "cannot be read from 'role=setup' on"),
        ('role="setup"', 'role="setup" slideshow={"slide_type": "slid"}', 2, "no kind of slide"),
        ('role="setup"', 'role="setup" tags=["raises-exception"]', 2, "unknown tag"),
        ('role="setup"', 'role="setup" exercise="double"', 2, "takes no exercise"),
        ('# %% role="setup"', '# %% exercise="double"', 2, "without a role"),
        ("# %% [markdown]\n# A number", '# %% [markdown] role="setup"\n# A number', 3, "for code"),
        (' exercise="guess"', "", 4, "names its exercise"),
        ('role="answer" exercise="double"', 'role="answer" exercise="treble"', 7, "no exercise"),
        ('role="answer" exercise="double"', 'role="answer" exercise="guess"', 7, "is a prediction"),
        (TEST, TEST.replace("values", "colour"), 8, "no part 'colour'"),
        (TEST, TEST.replace(' part="values"', ""), 8, "names its part"),
        (SHAPE, TEST, 9, "'double_values' is used twice, first in cell 8"),
        ("    ### BEGIN SOLUTION\n", "", 7, "has no partner"),
        ("print(np.arange(3))", "### BEGIN SOLUTION\n### END SOLUTION", 6, "does not take"),
        ("double\n\n# %% [m", "import autograder\n\n# %% [m", 10, "would reach the students"),
        ("# A number twice", "# The autograder", 3, "would reach the students"),
        ("5 points", "6 points", 1, "the registry adds up to 5"),
    ],
)
def test_a_slip_is_refused_at_its_cell(author, old, new, cell, words):
    """Does the message name the cell and say what is wrong?"""
    author.edit(old, new)
    message = refusal(author)
    assert message.startswith("source/01_doubling.py:")
    assert f"(cell {cell})" in message
    assert words in message


NUMBER = "# A number twice is the number and itself."


@pytest.mark.parametrize("points", ["(3 points)", "of 7 points", "(not 7 points)"])
def test_a_heading_with_the_points_of_its_exercise_is_accepted(author, points):
    """Are right points accepted, and other words of points left in peace?"""
    author.edit(NUMBER, f"# ### Exercise 1: double {points}")
    author.check()


def test_a_heading_with_other_points_is_refused(author):
    """Could a heading promise points that the registry does not give?"""
    author.edit(NUMBER, "# ### Exercise 1: double (4 points)")
    message = refusal(author)
    assert "(cell 3)" in message
    assert "says 4 points, but double has 3 points" in message


def test_points_of_a_heading_without_an_exercise_are_refused(author):
    """Is a heading found that no exercise follows?"""
    author.edit(NUMBER, NUMBER + "\n\n# %% [markdown]\n# the end")
    text = author.path.read_text("utf-8")
    author.path.write_text(text + "\n# %% [markdown]\n# ## The end (2 points)\n", "utf-8")
    assert "no exercise with points follows this heading" in refusal(author)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ('check("treble", double, "values")', "names 'treble', its header names 'double'"),
        ('check("double", double, "shape")', "names part 'shape', its header names 'values'"),
        ('check("double", double)', "names part None"),
        ('check("double", treble, "values")', "is given `treble`"),
        ('check("double", double, part="shape")', "names part 'shape'"),
        ('withheld("double", double, "shape")', "withheld() names part 'shape'"),
    ],
)
def test_a_call_that_differs_from_its_header_is_refused(author, call, words):
    """Would points of one part be earned by the check of another?"""
    line = "assert list(double(np.array([1, 2]))) == [2, 4]"
    author.edit(line, call)
    assert words in refusal(author)


@pytest.mark.parametrize("call", ['check("double", double, "values")', "assert double(1) == 2"])
def test_a_call_that_fits_its_header_is_accepted(author, call):
    """Are right calls, and ordinary tests without any, left in peace?"""
    author.edit("assert list(double(np.array([1, 2]))) == [2, 4]", call)
    author.check()


def test_a_test_without_hidden_tests_is_refused(author):
    """Could a learner see everything that a test cell tries?"""
    text = author.path.read_text("utf-8")
    start = text.index("### BEGIN HIDDEN TESTS\nprint")
    end = text.index("### END HIDDEN TESTS\n") + len("### END HIDDEN TESTS\n")
    author.path.write_text(text[:start] + text[end:], "utf-8")
    assert "needs '### BEGIN HIDDEN TESTS'" in refusal(author)


def test_an_answer_without_solution_is_refused(author):
    """Would the release hold the whole answer?"""
    author.edit("    ### BEGIN SOLUTION\n", "")
    author.edit("    ### END SOLUTION\n", "")
    assert "needs '### BEGIN SOLUTION'" in refusal(author)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (SHAPE, "part 'shape' of 'double' has no test cell"),
        ('# %% role="check"', "part 'value' of 'guess' has no test cell"),
        ('# %% [markdown] role="written"', "no cell with role='written'"),
        ('# %% role="answer"', "no cell with role='answer'"),
    ],
)
def test_an_exercise_of_the_registry_that_is_missing_is_refused(author, start, words):
    """Are points lost because a cell was forgotten?"""
    text = author.path.read_text("utf-8")
    begin = text.index(start)
    end = text.find("# %%", begin + 1)
    author.path.write_text(text[:begin] + (text[end:] if end > 0 else ""), "utf-8")
    assert words in refusal(author)


def test_a_lesson_that_never_says_its_points_is_refused(author):
    """Does a learner know what the lesson is worth?"""
    author.edit("5 points, about", "About")
    assert "never says that it has 5 points" in refusal(author)
