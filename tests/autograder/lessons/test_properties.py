"""Do every exercise's cases show what they have to show, visible and withheld ones alike?"""

import numpy as np
import pytest

from autograder import hidden_tests
from autograder.exercises import EXERCISES
from autograder.hidden_tests.cases import computed_case
from autograder.lessons.properties import (
    above,
    left_out,
    missing,
    numbers,
    oblong,
    pairs,
    several,
)
from course.checks.cases import Case, Raised

CODE = [e for e in EXERCISES.values() if e.kind in ("function", "class")]
SECRETS = [b"authoring", *(b"s%d" % n for n in range(1, 6))]


def parameters(exercise):
    """Name the exercise's parameters, in order."""
    return hidden_tests.shown_spec(exercise.name).parameters


@pytest.mark.parametrize("exercise", CODE, ids=lambda e: e.name)
def test_visible_cases_show_what_the_exercise_declares(exercise):
    """Is there a visible case for each property, so that a learner sees the slip?"""
    cases = [c for part in hidden_tests.shown_spec(exercise.name).parts for c in part.cases]
    lacks = missing(exercise.shows, cases, parameters(exercise))
    assert [f"{exercise.name}: no visible case with {text}" for text in lacks] == []


@pytest.mark.parametrize("exercise", CODE, ids=lambda e: e.name)
@pytest.mark.parametrize("secret", SECRETS, ids=lambda s: s.decode())
def test_withheld_cases_show_what_the_exercise_declares(exercise, secret):
    """Is there a withheld case for each property, whatever the secret?"""
    cases = [
        computed_case(inputs, hidden_tests.reference_of(exercise.name), {})
        for part in exercise.parts
        for inputs in hidden_tests.drawn(exercise.name, part.name, secret)
    ]
    lacks = missing(exercise.shows, cases, parameters(exercise))
    assert [f"{exercise.name}: no withheld case with {text}" for text in lacks] == []


def texts(properties, *calls, expected=0):
    """Return what is missing of the properties in some calls of f(x, w, stride)."""
    return missing(properties, [Case(args, expected) for args in calls], ["x", "w", "stride"])


HALVES, WHOLE = np.array([0.5, -1.0]), np.array([1, 2])


def test_fractions_and_whole_numbers_are_told_by_argument():
    """Is each argument asked for by itself?"""
    assert texts(numbers("x", "w"), (HALVES, WHOLE), expected=np.array([-0.1])) == [
        "whole numbers in x alone",
        "fractions in w alone",
        "a negative number in w",
    ]
    assert texts(numbers("x"), (WHOLE,), expected=np.array([0.5])) == [
        "a negative number in x",
        "a negative number in the result",
        "a result that float32 cannot hold",
    ]
    assert texts(numbers("x", result=False), (WHOLE,), expected=np.array([0.5])) == [
        "a negative number in x",
    ]


def test_shapes_have_to_differ_either_way():
    """Does a square image, or one of a single row, show nothing?"""
    both = ["x higher than wide", "x wider than high"]
    assert texts(oblong("x"), (np.ones((3, 3)),), (np.ones((1, 3)),)) == both
    assert texts(oblong("x"), (np.ones((3, 2)),), (np.ones((2, 3)),)) == []
    assert texts(oblong("x"), ((1, 1, 3, 2),)) == both[1:]
    assert texts(oblong("x", axes=(1, 2)), (np.ones((1, 2, 3, 1)),)) == both[:1]
    assert texts(oblong("result"), (1,), expected=(np.ones((3, 2)), np.ones(2))) == [
        "result wider than high"
    ]


def test_settings_are_told():
    """Are unequal pairs, sizes, and parameters left to their defaults asked for?"""
    assert texts(pairs("stride"), (WHOLE, WHOLE, (2, 1)), (WHOLE, WHOLE, 2)) == [
        "stride with its second number larger"
    ]
    assert texts((above("stride"),), (WHOLE, WHOLE, (1, 1))) == ["stride above 1"]
    assert texts((above("stride"),), (WHOLE, WHOLE, (1, 2))) == []
    assert texts(left_out("stride"), (WHOLE, WHOLE, 1)) == ["stride left out"]
    assert texts(left_out("stride"), (WHOLE, WHOLE)) == []
    assert texts((several("x", 0, 1),), (np.ones((2, 2)),)) == [
        "x with axes 0 and 1 above 1 and different"
    ]


def test_a_refused_call_shows_nothing():
    """Does a case that ends in an error count for no property?"""
    assert texts((above("stride"),), (WHOLE, WHOLE, 2), expected=Raised("ValueError")) != []
