"""Is a mistake named where one explanation fits, and only there?"""

import numpy as np
import pytest

from course.checks.cases import Case, Raised
from course.checks.diagnose import misconception, pattern
from course.checks.run import Outcome, run

A, B = np.array([1.0, 2.0, 5.0]), np.array([3.0, 4.0])
CASES = [
    Case((A,), 2 * A, {"squares": (A**2,), "thirds": (3 * A, A / 3)}),
    Case((B,), 2 * B, {"squares": (B**2,), "thirds": (3 * B, B / 3)}),
]


def _named(answer, cases=CASES):
    return misconception(cases, [run(answer, case) for case in cases])


def test_the_one_that_fits_every_case_is_named():
    """Is a known mistake recognised, in each spelling?"""
    assert _named(lambda x: x**2) == "squares"
    assert _named(lambda x: x / 3) == "thirds"


def test_spellings_are_not_mixed():
    """Do two spellings that each fit one case make a name?"""
    assert _named(lambda x: 3 * x if len(x) == 3 else x / 3) is None


def test_nothing_is_named_when_one_case_does_not_fit():
    """Is a partial fit only a guess?"""
    assert _named(lambda x: x**2 if len(x) == 3 else 2 * x) is None
    assert _named(lambda x: x + 1) is None


def test_two_that_fit_leave_it_unnamed():
    """Does silence win where two explanations fit?"""
    two = np.array([2.0])
    case = Case((two,), 2 * two + 1, {"squares": (two**2,), "doubles": (2 * two,)})
    assert _named(lambda x: x**2, [case]) is None


def test_a_case_that_does_not_mention_a_mistake_expects_the_right_outcome():
    """Is a mistake without effect on a case contradicted by a failure there?"""
    one = np.array([1.0, 3.0])
    silent = Case((one,), 2 * one, {})
    assert _named(lambda x: x**2, [*CASES, silent]) is None
    kept = Case((one,), one**2, {})
    assert _named(lambda x: x**2, [*CASES, kept]) == "squares"


def test_an_exception_from_a_library_names_nothing():
    """Do many mistakes end in one exception?"""
    case = Case((A,), 2 * A, {"squares": (Raised("ValueError"),)})
    outcome = Outcome(Raised("ValueError"), ValueError("shapes do not match"))
    assert misconception([case], [outcome]) is None


IMAGE = np.array([[1.0, 2.0, 4.0], [3.0, 9.0, 5.0], [7.0, 6.0, 8.0]])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda e: e[:, ::-1], "backwards along its last axis"),
        (lambda e: e[::-1], "second-to-last axis"),
        (lambda e: e[::-1, ::-1], "180 degrees"),
        (lambda e: e.T, "exchanged"),
        (lambda e: -e, "sign"),
        (lambda e: 0 * e, "is 0"),
        (lambda e: 3 * e, "factor"),
        (lambda e: e + 2, "same amount"),
    ],
)
def test_facts_about_the_numbers(change, words):
    """Is a plain relation to the expected array said where no mistake is named?"""
    assert words in pattern([Case((), IMAGE, {})], [Outcome(change(IMAGE))])


def test_no_fact_where_the_array_only_differs():
    """Is nothing made up?"""
    other = IMAGE.copy()
    other[0, 0] = 9
    assert pattern([Case((), IMAGE, {})], [Outcome(other)]) is None
