"""Is everything that matters about one call noted?"""

import sys

import numpy as np
import pytest

from course.checks.cases import Case, Raised
from course.checks.functions import Seed, cube
from course.checks.run import run

X = np.array([1.0, 2.0, 4.0])
CASE = Case((X,), 2 * X)


def test_a_result_is_taken_as_it_is():
    """Is nothing noted of a plain right call?"""
    outcome = run(lambda x: 2 * x, CASE)
    assert outcome.value.tolist() == [2, 4, 8]
    assert (outcome.error, outcome.changed, outcome.shares) == (None, [], False)


def _divides(x):
    return x[0] / 0 if int(x[0]) // 0 else x


def test_an_exception_is_kept_with_the_learners_own_line():
    """Does the message show where in the learner's code it happened?"""
    outcome = run(_divides, CASE)
    assert outcome.value == Raised("ZeroDivisionError")
    assert "int(x[0]) // 0" in outcome.line


def test_leaving_the_interpreter_is_an_outcome():
    """Does sys.exit() end the check, too?"""
    assert run(lambda x: sys.exit(), CASE).value == Raised("SystemExit")


def test_an_interrupt_passes_through():
    """Can an endless loop be stopped by hand?"""

    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(interrupted, CASE)


def test_a_change_in_place_is_noted_and_does_not_reach_the_case():
    """Is the next learner's case still what it was?"""

    def changes(x):
        x *= 2
        return x.copy()

    assert run(changes, CASE).changed == [0]
    assert CASE.args[0].tolist() == [1, 2, 4]


def test_a_change_inside_a_list_or_a_dict_is_noted():
    """Are arguments looked at in depth?"""

    def changes(layers, params):
        layers.append(3)
        params["w"][0] = 9
        return 0

    assert run(changes, Case(([1, 2], {"w": X}), 0)).changed == [0, 1]


@pytest.mark.parametrize("answer", [lambda x: x, lambda x: x[::-1], lambda x: (x[:1], 2)])
def test_a_view_of_an_argument_is_noted(answer):
    """Is a result that shares its memory found, in a tuple too?"""
    assert run(answer, CASE).shares


def test_a_seed_becomes_a_generator_and_a_function_stays_one():
    """Do arguments that are no arrays reach the answer as what they stand for?"""
    outcome = run(lambda f, rng: f(rng.integers(5, 6)), Case((cube, Seed(3)), 125))
    assert (outcome.value, outcome.changed) == (125, [])


def test_a_view_too_large_to_copy_is_an_error_of_the_answer():
    """Does a result that stands for eight petabytes end the call, and not the check?"""
    outcome = run(lambda x: np.broadcast_to(x[0], 2**50), CASE)
    assert outcome.value == Raised("MemoryError")
