"""Is an answer made again as it was, with fuel in its loops?"""

import ast

import numpy as np
import pytest

from course.checks.source import OutOfFuel, source_of
from course.protocol import AnswerText, set_text

KEPT = [1, 2]


def endless(x):
    while x:
        x = x + 1
    return x


def appends(x):
    KEPT.append(x)
    return len(KEPT)


def scaled(factor):
    def scale(x):
        return factor * x

    return scale


class Counter:
    def __init__(self, start=0):
        self.count = start

    def add(self, n):
        self.count += n
        return self.count


def test_an_endless_loop_ends_when_its_fuel_is_used():
    """Does the made function stop, although the written one would not?"""
    source = source_of(endless)
    source.tank.fill(1000)
    with pytest.raises(OutOfFuel):
        source.make()(1)


def test_a_comprehension_uses_fuel_too():
    """Is a round of a comprehension counted?"""
    source = source_of(lambda n: [i for i in range(n)])
    source.tank.fill(10)
    assert source.make()(5) == [0, 1, 2, 3, 4]
    with pytest.raises(OutOfFuel):
        source.make()(50)


@pytest.mark.parametrize("factor", [2, 3])
def test_a_function_made_by_another_keeps_its_numbers(factor):
    """Does a closure find what it closed over?"""
    assert source_of(scaled(factor)).make()(5) == 5 * factor


def test_a_class_is_made_again_with_its_methods():
    """Does the made class work, and is it another one?"""
    made = source_of(Counter).make()
    assert made is not Counter
    assert made(3).add(4) == 7


def test_lists_outside_are_left_as_they_are():
    """Does a made function append to a copy?"""
    assert source_of(appends).make()(3) == 3
    assert KEPT == [1, 2]


@pytest.mark.parametrize("answer", [np.add, np.sum, len, 3, None])
def test_what_has_no_text_gives_nothing(answer):
    """Is an answer without a text left alone?"""
    assert source_of(answer) is None


def test_a_graders_stand_in_is_not_taken_for_the_answer():
    """Is a function that only calls the learner's left alone?"""

    def stand_in(x):
        return x

    assert source_of(stand_in) is not None
    set_text(stand_in, AnswerText("def answer(x): ..."))
    assert source_of(stand_in) is None


def adds_at(places, values):
    y = np.zeros((1, 25))
    np.add.at(y, places, values)
    return y


def test_values_with_too_many_axes_do_not_end_the_process():
    """Is numpy's `add.at` called with what it can read alone, and else an error raised?"""
    source = source_of(adds_at)
    made = source.make()
    assert made((slice(None), 3), np.ones(1))[0, 3] == 1
    with pytest.raises(ValueError, match="dimensions"):
        made((slice(None), 3), np.ones((1, 9, 9)))
    assert "np.add.at(y" in ast.unparse(source.tree)
