"""The registry holds together."""

import inspect

import pytest

from autograder import CommandError, exercises, lessons
from autograder.exercises import EXERCISES, LESSONS
from course.checks.barred import barred_calls
from course.protocol import AnswerText, set_text


def test_there_are_thirteen_lessons_in_order():
    """Are lessons numbered from 01 to 13 without a gap?"""
    assert [lesson.number for lesson in LESSONS] == [f"{i:02d}" for i in range(1, 14)]


def test_every_exercise_belongs_to_a_lesson_and_stands_once():
    """Does the registry lose no exercise to a name used twice?"""
    listed = [e.name for lesson in LESSONS for e in exercises.exercises_of(lesson.number)]
    assert sorted(listed) == sorted(EXERCISES)
    rooms = {entry.number: lessons.load(entry, "exercises").EXERCISES for entry in LESSONS}
    assert sum(map(len, rooms.values())) == len(EXERCISES)
    for number, entries in rooms.items():
        assert {exercise.lesson for exercise in entries} == {number}


@pytest.mark.parametrize("points", ["2", 1.5, -1, None])
def test_points_that_are_no_whole_number_are_refused(points):
    """Is a slip of the pen in the points told with the part and what is expected?"""
    with pytest.raises(CommandError, match=f"'values'.*has points {points!r}.*whole number"):
        exercises.Part("values", points, "some numbers")


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_an_exercise_says_all_that_it_takes(exercise):
    """Does every parameter of a function have its shape, and every part its points and text?"""
    assert exercise.name.isidentifier()
    assert len({part.name for part in exercise.parts}) == len(exercise.parts) > 0
    assert all(part.tries for part in exercise.parts)
    if exercise.kind in ("function", "class"):
        namespace = {}
        exec(f"def f{exercise.signature}: pass", namespace)
        assert list(inspect.signature(namespace["f"]).parameters) == list(exercise.takes)
        assert exercise.returns
        assert all(part.points > 0 for part in exercise.parts)


def test_a_lesson_is_found_by_number_and_by_name():
    """Do both ways of naming a lesson give the same one?"""
    assert exercises.lesson("05") is exercises.lesson("05_geometry")


def test_an_unknown_lesson_or_part_lists_those_there_are():
    """Do the errors say what could have been meant?"""
    with pytest.raises(CommandError, match="13_capstone"):
        exercises.lesson("14")
    with pytest.raises(CommandError, match="values, lengths"):
        EXERCISES["correlate1d"].part("speed")


def test_the_numerical_gradient_is_no_answer():
    """Is the given oracle found where an answer calls it by another name?"""
    cell = (
        "def col2im(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1):\n"
        "    ask, settings = numerical_gradient, (kernel_size, stride, padding, dilation)\n"
        "    return ask(lambda x: im2col(x, *settings), np.zeros(x_shape), cols)"
    )
    set_text(given := (lambda: None), AnswerText(cell, ("import numpy as np",), "col2im"))
    assert barred_calls(given, EXERCISES["col2im"].barred) == ["numerical_gradient"]
