"""Does a check see what one call in a fresh array cannot show?"""

import numpy as np
import pytest

from course.checks.cases import Case, PartCases, Spec
from course.checks.examine import examine

X = np.array([[1.0, 2.0], [3.0, 4.0]])
SIGNAL = np.array([1.0, 2.0, 4.0])


def report(answer, *args, withheld=False, fresh=True):
    """Examine an answer on doubled arguments, one case for each."""
    cases = tuple(Case((arg,), 2 * arg) for arg in args)
    part = PartCases("values", 1, "numbers", cases)
    spec = Spec("double", "function", "(x)", (), fresh, (part,), {})
    return examine(spec, answer, [part], withheld=withheld)


def test_a_right_answer_stays_right():
    """Do the further calls leave a right answer alone?"""
    assert report(lambda x: 2 * x, X, SIGNAL).status == "right"
    assert report(lambda x: x + x, SIGNAL, np.array([7])).status == "right"


@pytest.mark.parametrize("withheld", [False, True])
def test_what_is_kept_between_calls_is_seen(withheld):
    """Is a result that holds only the first time told as that?"""
    seen = []

    def counts(x):
        seen.append(x)
        return 2 * x if len(seen) <= 2 else 2 * seen[-2]

    told = report(counts, SIGNAL, 3 * SIGNAL, withheld=withheld)
    assert told.headline == "right at first, and not when it is called again."
    assert any("double(np.array" in line for line in told.details) is not withheld


@pytest.mark.parametrize("array", [X, SIGNAL])
def test_reading_memory_by_steps_of_its_own_is_seen(array):
    """Is an answer told that takes for granted how an array lies in memory?"""

    def strides(x):
        return 2 * np.lib.stride_tricks.as_strided(x, x.shape, np.empty(x.shape).strides)

    told = report(strides, array)
    assert told.headline == "right, but not for arrays that lie otherwise in memory."


def test_writing_through_a_reshape_is_seen():
    """Is an answer told that writes into what is a copy there, and does the hint say so?"""

    def flat(x):
        y = np.empty_like(x)
        y.ravel()[:] = 2 * x.ravel()
        return y

    told = report(flat, X)
    assert told.headline == "right, but not for arrays that lie otherwise in memory."
    assert "`ravel` make copies" in told.text()


def test_strides_of_another_argument_are_seen():
    """Is an answer told that reads one array by the strides of another?"""

    def added(x, w):
        return np.lib.stride_tricks.as_strided(x, w.shape, w.strides) + w

    part = PartCases("values", 1, "numbers", (Case((SIGNAL, SIGNAL + 1), 2 * SIGNAL + 1),))
    spec = Spec("add", "function", "(x, w)", (), True, (part,), {})
    told = examine(spec, added, [part], withheld=False)
    assert told.headline == "right, but not for arrays that lie otherwise in memory."


def test_strides_of_the_array_itself_are_right():
    """May an answer use strides that it asks of the array?"""
    view = np.lib.stride_tricks.as_strided
    assert report(lambda x: 2 * view(x, x.shape, x.strides), X, SIGNAL).status == "right"


def test_writing_into_an_argument_and_back_is_seen():
    """Is it told that arguments are not there to write in, although nothing has changed?"""

    def borrows(x):
        x *= 2
        y = x.copy()
        x /= 2
        return y

    assert report(borrows, X).headline == "right, but it writes into an array that it was given."


def test_an_answer_that_is_given_a_function_may_move_entries_and_restore_them():
    """Is the way of numerical_gradient, to move an entry and restore it, still right?"""

    def at_moved_places(f, x):
        x += 1
        y = f(x)
        x -= 1
        return y

    case = Case((np.square, SIGNAL), np.square(SIGNAL + 1))
    part = PartCases("values", 1, "numbers", (case,))
    spec = Spec("moved", "function", "(f, x)", (), False, (part,), {})
    assert examine(spec, at_moved_places, [part]).status == "right"


def test_one_buffer_for_all_calls_is_told_as_that():
    """Is an array that is made once told, instead of wrong values?"""
    buffer = np.zeros(3)

    def one_buffer(x):
        buffer[:] = 2 * x
        return buffer

    told = report(one_buffer, SIGNAL, 3 * SIGNAL)
    assert told.headline == "right, but every call returns the same array."


def test_a_result_that_is_kept_and_stays_right_is_no_buffer():
    """May an answer return the same array again, where no call writes into it?"""
    kept = {}

    def cached(x):
        return kept.setdefault(x.tobytes(), 2 * x)

    assert report(cached, SIGNAL, SIGNAL, 3 * SIGNAL).status == "right"
