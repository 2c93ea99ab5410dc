"""Can a learner run, in the notebook, the call that a message shows?"""

import warnings

import numpy as np
import pytest

from autograder import exercises, reference
from course.checks import cases
from course.checks.cases import Raised
from course.checks.faults import LONGEST, call_text
from course.checks.functions import FUNCTIONS, as_lambda
from course.checks.layers import Line, ReLU

CODE = [e.name for e in exercises.EXERCISES.values() if e.kind in ("function", "class")]
# What takes several calls or a training is told in words.
IN_WORDS = {"conv_again", "one_step", "batches", "training"}
LESSON = {"Line": Line, "ReLU": ReLU}  # which lesson 10 defines
LARGE = "<array of shape"  # as is a large array


def raised(text, names):
    """Run a text, and return the exception that it ends in, or None."""
    try:
        exec(text, names)
    except Exception as error:
        return error


@pytest.mark.parametrize("name", CODE)
def test_the_call_of_each_visible_case_can_be_run(name):
    """Does the text name nothing but numpy, the answer, and the layers that lesson 10 defines?"""
    spec, answer = cases.spec(name), getattr(reference, name)
    for case in (case for part in spec.parts for case in part.cases):
        text = call_text(spec, case)
        assert len(text) <= LONGEST
        if case.how in IN_WORDS or LARGE in text:
            continue
        error = raised(text, {"np": np, name: answer, **LESSON})
        refused = isinstance(case.expected, Raised)
        assert case.expected.fits(error) if refused else error is None, text


@pytest.mark.parametrize("name", CODE)
def test_enough_calls_are_written_out(name):
    """Is a third of each exercise's calls shown with all numbers, where no network is asked for?"""
    spec = cases.spec(name)
    told = [call_text(spec, case) for part in spec.parts for case in part.cases]
    if name not in ("forward", "loss_and_gradients", "train"):  # networks and their images
        assert sum(LARGE not in text for text in told) >= len(told) / 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_shown_as_what_it_does(name):
    """Does the lambda in a message give what the function gives?"""
    x = np.array([[1.5, -2.0, 4.0], [3.0, 0.5, -1.0]])
    shown = eval(as_lambda(FUNCTIONS[name]), {"np": np})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.array_equal(shown(x), FUNCTIONS[name](x))
