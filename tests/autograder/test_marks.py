"""Tests of autograder.marks."""

import pytest
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from autograder.marks import (
    CODE_STUB,
    HIDDEN,
    SOLUTION,
    MarkError,
    hidden_lines,
    inside,
    outside,
    released,
    split,
    unmarked,
)

CELL = """def f(x):
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION
f(2)
### BEGIN SOLUTION
f(3)
### END SOLUTION"""


def test_regions_are_told_from_what_is_given():
    """Does each line land on its side, with several regions and with indentation?"""
    assert split(CELL, SOLUTION) == (["def f(x):", "f(2)"], ["    return 1", "f(3)"])
    assert outside(CELL, SOLUTION) == "def f(x):\nf(2)"
    assert inside(CELL, SOLUTION) == "    return 1\nf(3)"


def test_marks_alone_are_removed():
    """Does a solved cell keep given and solution lines in their order?"""
    assert unmarked(CELL, SOLUTION) == "def f(x):\n    return 1\nf(2)\nf(3)"


def test_one_kind_of_mark_leaves_the_other_alone():
    """Are hidden tests invisible to whoever asks for solutions?"""
    assert split("### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS", SOLUTION)[1] == []
    assert inside("### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS", HIDDEN) == "x"


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("a\n### BEGIN SOLUTION\nb", 1),
        ("a\nb\n### END SOLUTION", 2),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", 1),
        ("x = 1  ### BEGIN SOLUTION\n### END SOLUTION", 0),
        ("a\n## BEGIN SOLUTION\n### END SOLUTION", 1),
    ],
)
def test_marks_without_a_partner_are_refused(cell, line):
    """Is the line of a misplaced mark named?"""
    with pytest.raises(MarkError) as caught:
        split(cell, SOLUTION)
    assert caught.value.line == line


def test_the_judges_reading_is_nbgraders():
    """Is a cell, with whatever stands on a mark's line, released as nbgrader releases it?"""
    config = Config()
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    text = "def f(x):\n    # BEGIN SOLUTION\n    return x\n    ##### END SOLUTION here\ny = 1"
    cell = new_code_cell(text, metadata={"nbgrader": {"solution": True}})
    step = ClearSolutions(config=config)
    step._replace_solution_region(cell, "python")
    assert released(text) == cell.source == f"def f(x):\n    {CODE_STUB}\ny = 1"


def test_lines_of_hidden_tests_are_counted_with_their_marks():
    """Would an error in a withheld test be told from one in the visible test beside it?"""
    text = "a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc"
    assert hidden_lines(text) == {2, 3, 4}
