"""Does `check` answer every call of a learner's?"""

import pytest

from course.checks import CheckFailed, check


def test_a_right_prediction_prints_one_line(capsys):
    """Is success short?"""
    check("last_output", 26)
    assert capsys.readouterr().out.startswith("✓ last_output: right")


def test_a_wrong_prediction_does_not_tell_the_right_one():
    """May a learner try again?"""
    with pytest.raises(CheckFailed) as failed:
        check("last_output", 22)
    assert "26" not in str(failed.value)
    assert failed.value.report.misconception == "flips-the-kernel"


def test_half_a_number_is_a_wrong_prediction_and_no_wrong_type():
    """Is 26.5 told that a number is expected, which it is?"""
    with pytest.raises(CheckFailed, match="not what comes out"):
        check("last_output", 26.5)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no_such_exercise", 1), "The exercises are: "),
        (("correlate1d", print, "no such part"), "Its parts are: values"),
        (("last_output", None), "not written yet"),
    ],
)
def test_a_wrong_call_says_what_there_is(arguments, words):
    """Does a slip in the name leave a learner alone?"""
    with pytest.raises(CheckFailed, match=words):
        check(*arguments)
