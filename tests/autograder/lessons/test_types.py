"""One rule for types in all lessons: a list counts as a tuple, a float does not count as an int."""

import functools
import re

import numpy as np
import pytest

from autograder import proof, right_solutions
from autograder.exercises import EXERCISES

FUNCTIONS = [e.name for e in proof.tried_exercises() if e.kind == "function"]


def changed(answer, change):
    """Return the answer with `change` made to what it returns."""

    @functools.wraps(answer)
    def other(*args, **kwargs):
        return change(answer(*args, **kwargs))

    return other


def statuses(name, answer):
    """Return what the visible checks say of all parts together, and the hidden tests of each."""
    reports = [proof.whole_report(name, answer), *proof.hidden_reports(name, answer)]
    return {report.status for report in reports}


def as_list(result):
    """Return a list for a tuple."""
    return list(result) if isinstance(result, tuple) else result


def as_float(result):
    """Return floats for ints, also inside a tuple."""
    if isinstance(result, tuple):
        return tuple(map(as_float, result))
    whole = isinstance(result, (int, np.integer)) and not isinstance(result, bool)
    return float(result) if whole else result


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_list_counts_as_a_tuple_and_a_float_not_as_an_int(name):
    """Does every exercise keep to what the lessons say?"""
    answer = right_solutions.solutions(name)[0]
    assert statuses(name, changed(answer, as_list)) == {"right"}
    if re.search(r"\bints?\b", EXERCISES[name].returns):
        assert statuses(name, changed(answer, as_float)) != {"right"}
