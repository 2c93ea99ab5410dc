"""Does an exception name the answer's line and the shapes that met there?"""

import numpy as np
import pytest

from course.checks.functions import first_row
from course.checks.where import where
from tests.course.checks.specs import double


def adds(x):
    y = x[1:] + x
    return y


def calls_a_given_function(x):
    return first_row(x[0, 0])


def calls_numpy(x):
    return np.tensordot(x, x, axes=((0,), (1,)))


def raised(answer, x) -> BaseException:
    """Return what the answer raises."""
    with pytest.raises(Exception) as caught:  # noqa: PT011  (any will do)
        answer(x)
    return caught.value


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (adds, "y = x[1:] + x"),
        (calls_a_given_function, "return first_row(x[0, 0])"),
        (calls_numpy, "return np.tensordot(x, x, axes=((0,), (1,)))"),
    ],
)
def test_it_is_the_answers_own_line(answer, text):
    """Even where a given function, or numpy, raised it?"""
    line, _ = where(raised(answer, np.ones((3, 2))), answer)
    assert line.endswith(f": {text}")


def test_the_shapes_that_met_are_told():
    """Are both sides of the sum there?"""
    _, shapes = where(raised(adds, np.ones(3)), adds)
    assert shapes == "There `x[1:]` has shape (2,) and `x` has shape (3,)."


def test_numbers_alone_are_no_shapes():
    """Is nothing said where no array stands in the line?"""

    def divides(x):
        n = 0
        return 1 // n

    line, shapes = where(raised(divides, np.ones(3)), divides)
    assert "1 // n" in line
    assert shapes == ""


def test_looking_up_shapes_calls_nothing():
    """Is an object of the learner's own left alone?"""

    class Loud:
        def __getitem__(self, index):
            raise AssertionError("asked")

    def fails(x):
        loud = Loud()
        return x + loud[0]

    _, shapes = where(raised(fails, np.ones(2)), fails)
    assert shapes in ("", "There `x` has shape (2,).")


def test_an_answer_that_raises_nothing_of_its_own_has_no_line():
    """Is a `ValueError` that double raises found in double?"""
    line, _ = where(raised(double, np.ones(0)), double)
    assert line.endswith('raise ValueError("empty")')
