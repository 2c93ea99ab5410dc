"""Does no part of any exercise pass for an answer that computes nothing?"""

import copy
import functools

import numpy as np
import pytest

from autograder import exercises, hidden_tests
from course.checks.faults import fault
from course.checks.run import run


def _raises(error):
    def answer(*args, **kwargs):
        raise error

    return answer


def _always(value):
    return lambda *args, **kwargs: copy.deepcopy(value)


def _argument(place, change=lambda value: value):
    def answer(*args, **kwargs):
        return change(args[place]) if len(args) > place else None

    return answer


CONSTANTS = [
    *(None, True, False, 0, 1, -1, 2, 0.0, 1.0, float("nan"), float("inf"), "", "a", [], [0.0]),
    *((), (0, 0), (1, 1), (None, None), (0.0, 0.0), {}),
    *(np.array(0.0), np.zeros(0), np.zeros(1), np.ones(1), np.zeros(3), np.zeros((0, 0))),
    *(np.zeros((1, 1)), np.zeros((2, 2)), np.zeros((1, 1, 1, 1)), np.array(True)),
]
ERRORS = [ValueError, TypeError, IndexError, ZeroDivisionError, RuntimeError, AssertionError]
NOTHING = {
    **{f"always {value!r}": _always(value) for value in CONSTANTS},
    **{f"raises {kind.__name__}": _raises(kind("no")) for kind in ERRORS},
    **{f"argument {n}": _argument(n) for n in range(4)},
    **{f"copy of argument {n}": _argument(n, copy.deepcopy) for n in range(4)},
    **{f"zeros like argument {n}": _argument(n, np.zeros_like) for n in range(4)},
    **{f"shape of argument {n}": _argument(n, np.shape) for n in range(4)},
    **{f"argument {n} as a list": _argument(n, lambda v: [v]) for n in range(4)},
    "all arguments": lambda *args: args,
    "copies of the arguments": lambda *args: copy.deepcopy(args),
    "first two, exchanged": lambda *args: tuple(args[1::-1]),
}


class _Idle:
    """A layer that does nothing."""

    def __init__(self, *args, **kwargs):
        self.weight = self.bias = self.grad_weight = self.grad_bias = None

    def forward(self, x, *args):
        """Return what came."""
        return x

    def backward(self, dy, *args):
        """Return what came."""
        return dy


PARTS = [
    (exercise.name, part.name)
    for lesson in exercises.LESSONS
    for exercise in exercises.exercises_of(lesson.name)
    if exercise.kind in ("function", "class")
    for part in exercise.parts
]


@functools.cache
def _cases(exercise, part):
    shown = next(p for p in hidden_tests.shown_spec(exercise).parts if p.name == part)
    return (*shown.cases, *hidden_tests.withheld_cases(exercise, part))


def _passes(exercise, part, answer):
    spec = hidden_tests.shown_spec(exercise)
    return all(fault(spec, case, run(answer, case)) is None for case in _cases(exercise, part))


@pytest.mark.parametrize(("exercise", "part"), PARTS)
def test_a_part_does_not_pass_for_nothing(exercise, part):
    """Is every constant, argument, copy and exception wrong somewhere in the part's cases?"""
    answers = NOTHING
    if exercises.EXERCISES[exercise].kind == "class":
        answers = NOTHING | {"an idle layer": _Idle}
    assert [name for name, answer in answers.items() if _passes(exercise, part, answer)] == []
