"""Is it told which part of the results is wrong, and nothing that does not hold for all?"""

import numpy as np
import pytest

from course.checks import cases
from course.checks.cases import Case, Raised
from course.checks.extent import extent
from course.checks.run import Outcome

LOOPS, CHANNELS_LAST = cases.spec("conv2d_loops"), cases.spec("conv2d_nhwc")
RIGHT = np.arange(1.0, 49.0).reshape(2, 2, 3, 4)


def wrong_at(*place, by=7.5):
    """Change the right result in some places."""
    result = RIGHT.copy()
    result[place] += by
    return result


def said(*pairs, spec=LOOPS, how="call"):
    """Say what holds for all these wrong results."""
    return extent(spec, [(Case((), want, how=how), Outcome(got)) for got, want in pairs])


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ((..., -1), "Wrong in the last column only."),
        ((..., -1, slice(None)), "Wrong in the last row only."),
        ((slice(1, None),), "Wrong in the last image only."),
        ((slice(None), 0), "Wrong in channel 0 only."),
        ((..., slice(1, None)), "Right in column 0, wrong in other columns."),
        ((..., slice(0, -1)), "Right in the last column, wrong in other columns."),
    ],
)
def test_the_part_that_is_wrong_is_told(place, sentence):
    """Is it this part, in these words?"""
    assert said((wrong_at(*place), RIGHT)) == sentence


def test_a_border_is_told():
    """Are the outermost rows and columns one part?"""
    result = wrong_at(...)
    result[:, :, 1:-1, 1:-1] = RIGHT[:, :, 1:-1, 1:-1]
    assert said((result, RIGHT)) == "Wrong at the border only."


def test_axes_are_named_as_the_exercise_lays_them():
    """Is the last axis the channels where channels come last, and the first of weights filters?"""
    last = wrong_at(..., -1)
    assert said((last, RIGHT), spec=CHANNELS_LAST) == "Wrong in the last channel only."
    first = wrong_at(0)
    assert said((first, RIGHT), how="second of three") == "Wrong in filter 0 only."


def test_nothing_is_said_of_numbers_that_are_right():
    """Is a changed argument no wrong part?"""
    assert said((RIGHT.copy(), RIGHT)) == ""


def test_what_does_not_hold_for_every_case_is_not_said():
    """Does a second case take the sentence back?"""
    pair = said((wrong_at(..., -1), RIGHT), (wrong_at(..., 1, slice(None), by=-9.5), RIGHT))
    assert pair == "28 of 96 numbers are wrong."


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (RIGHT * 0, "Every wrong number is 0."),
        (RIGHT * 2, "Every wrong number is twice the expected one."),
        (RIGHT - 1, "Every wrong number is too small by 1."),
        (RIGHT * np.nan, "Every wrong number is nan."),
        (RIGHT[..., :-1], "The shape is wrong on axis 3 alone: 1 too few."),
        (RIGHT[..., :-1, :-2], "The shape is wrong on axes 2, 3; the others are right."),
        (RIGHT[0], "It has 3 axes in every failed case, and 4 are asked for."),
    ],
)
def test_the_kind_of_the_fault_is_told(result, sentence):
    """Is it said how numbers and shapes are off?"""
    assert said((result, RIGHT)) == sentence


def test_tuples_and_dicts_are_opened():
    """Is it said which gradient is right?"""
    want = {"dx": RIGHT, "grad_bias": RIGHT[0, 0]}
    got = {"dx": wrong_at(..., -1), "grad_bias": RIGHT[0, 0]}
    sentence = "Wrong at dx; right at grad_bias. Wrong in the last column only."
    assert said((got, want)) == sentence
    assert said(((3, 5), (3, 4))) == "Wrong at place 1; right at place 0. " + (
        "Every wrong number is too large by 1."
    )


def test_what_is_wrong_in_some_cases_alone_is_told_so():
    """Is each entry wrong where it is said to be, and a clause told from its neighbour?"""
    want = {"width spanned": True, "depth kept": True, "k": 3, "s": 1}
    got = [want | {"k": 2, "depth kept": False}, want | {"k": 2}]
    assert said(*((one, want) for one in got)).startswith(
        'Wrong at k; in some cases at "depth kept"; right at s, "width spanned".'
    )


def test_an_exception_of_every_case_is_told_with_its_line():
    """Is the line said where all failed cases end?"""
    error = Outcome(Raised("IndexError"), IndexError("out"), "line 7: y[i] = x[i + 1]")
    failed = [(Case((), RIGHT), error), (Case((), RIGHT), error)]
    assert extent(LOOPS, failed) == "Every failed case ends at line 7, in an IndexError."
    failed.append((Case((), RIGHT), Outcome(RIGHT * 0)))
    assert extent(LOOPS, failed) == (
        "Of 3 failed cases 2 end at line 7, in an IndexError; of the others: "
        "every wrong number is 0."
    )
    assert "1 ends at line 7" in extent(LOOPS, failed[1:])
