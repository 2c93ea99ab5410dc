"""Does a learner read what to do next, whatever the answer does?"""

import ast
import dataclasses

import numpy as np
import pytest

from course.checks import cases
from course.checks.cases import Case
from course.checks.examine import examine
from course.checks.faults import call_text
from tests.course.checks.specs import SPEC, VALUES, double


def test_a_right_answer_says_what_was_tried():
    """Is success short and concrete?"""
    report = examine(SPEC, double, list(SPEC.parts))
    assert report.status == "right"
    assert "short arrays; an empty array (3 cases)" in report.headline


def test_a_wrong_answer_shows_the_call_and_the_first_difference():
    """Are the call, computed and expected there?"""
    text = examine(SPEC, lambda x: x + 1, VALUES).text()
    assert "2 of 2 cases differ" in text
    assert "[1.0, 2.0, 4.0]" in text or "[1, 2, 4]" in text
    assert "index [1]: computed 3, expected 4" in text


def test_a_known_mistake_is_named_with_its_hint():
    """Is the hint of the one misconception shown?"""
    report = examine(SPEC, lambda x: x**2, VALUES)
    assert (report.misconception, report.hint) == ("squares", "What is 1 times 2?")


def test_a_withheld_failure_shows_no_number():
    """Does a report on withheld cases keep their inputs?"""
    text = examine(SPEC, lambda x: x + 1, VALUES, withheld=True).text()
    assert not {"computed", "3", "4"} & set(text.replace(",", " ").split())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: None, "return"),
        (lambda x: list(x), "np.array"),
        (lambda x: (v for v in x), "generator"),
        (lambda x: x * 2j, "complex"),
        (lambda x: x * np.nan, "nan"),
        (lambda x: np.array(list(x), dtype=object), "objects"),
        (lambda x: 1 // 0, "ZeroDivisionError"),
        (lambda: 0, "(x)"),
        (np.ones(3), "array"),
    ],
)
def test_whatever_comes_back_is_told_in_words(answer, words):
    """Does any answer end in silence or a traceback?"""
    report = examine(SPEC, answer, VALUES)
    assert report.status == "wrong"
    assert words in report.text()


def test_a_change_in_place_is_a_fault_of_its_own():
    """Is a right result with a changed argument told so?"""

    def changes(x):
        x *= 2
        return x.copy()

    assert "changed `x` in place" in examine(SPEC, changes, VALUES).text()


def test_a_view_is_a_fault_where_a_new_array_is_asked_for():
    """Is shared memory told so?"""

    def returns_its_argument(x):
        x *= 2
        x /= 2
        return x

    spec = SPEC
    cases = [part for part in spec.parts if part.name == "values"]
    same = type(cases[0].cases[0])((np.ones(2),), np.ones(2))
    part = type(cases[0])("values", 1, "ones", (same,))
    assert "shares" in examine(spec, returns_its_argument, [part]).text()


def test_a_missing_error_is_asked_for():
    """Is an answer for what should be refused a fault?"""
    report = examine(SPEC, lambda x: 2 * x, list(SPEC.parts))
    assert "A ValueError is asked for" in report.text()


def test_an_error_of_the_learners_own_that_only_has_the_name_is_not_it():
    """Is the class that an exception is of compared, and not what it is called?"""

    def refuses(x):
        raise kind("empty")

    kind = type("ValueError", (Exception,), {})
    refuse = [part for part in SPEC.parts if part.name == "refuse"]
    assert "a class of your own with that name" in examine(SPEC, refuses, refuse).text()
    kind = type("EmptySignal", (ValueError,), {})
    assert examine(SPEC, refuses, refuse).status == "right"


def test_an_unsolved_stub_is_not_wrong():
    """Does an untouched exercise say so kindly?"""

    def double(x):
        raise NotImplementedError

    assert examine(SPEC, double, VALUES).status == "not written"


def test_an_interrupted_loop_is_told_with_its_call():
    """What does a learner read after stopping an endless loop?"""

    def endless(x):
        raise KeyboardInterrupt

    report = examine(SPEC, endless, VALUES)
    assert report.status == "stopped"
    assert "double(" in report.text()


def test_a_barred_call_is_named_kindly():
    """Is the call named, and what is welcome?"""

    def double(x):
        return np.convolve(x, [2])

    report = examine(SPEC, double, VALUES)
    assert report.status == "barred"
    assert "numpy.convolve" in report.headline


def test_a_call_of_a_given_function_is_named_kindly():
    """Is it said that the given function is there to check with?"""

    def double(x):
        return oracle(x)  # noqa: F821

    spec = dataclasses.replace(SPEC, barred=("oracle",))
    report = examine(spec, double, VALUES)
    assert report.status == "barred"
    assert "`oracle` is given to check answers with" in report.headline
    assert "call it in a cell of its own" in report.text()


def test_a_changed_argument_is_told_first():
    """Is it told before the case that fails because of it?"""

    def changes_the_second(x):
        if len(x) == 3:
            return 3 * x
        if not len(x):
            raise ValueError("empty")
        x *= 2
        return x

    details = examine(SPEC, changes_the_second, VALUES).details
    assert "the call changed `x` in place" in details[1]


def test_a_long_call_keeps_its_settings_and_a_short_one_can_be_pasted():
    """Are large arrays named by their shapes, before anything is cut?"""
    spec = cases.spec("conv2d")
    x, w = np.arange(36.0).reshape(1, 1, 6, 6) / 7, np.arange(36.0).reshape(4, 1, 3, 3) / 7
    text = call_text(spec, Case((x, w, np.ones(4), 2, (1, 0), 1, 1), 0))
    assert text.endswith("np.array([1.0, 1.0, 1.0, 1.0]), 2, (1, 0), 1, 1)")
    assert "<array of shape (1, 1, 6, 6), dtype float64>" in text
    layer = cases.spec("Conv2D")
    case = next(c for p in layer.parts for c in p.cases if c.how == "conv_backward")
    ast.parse(call_text(layer, case).replace("<array of shape", "'").replace(">", "'"))


def test_none_where_it_may_be_right_is_no_missing_return():
    """Is the line with `return` asked for where None is no result of the exercise, only?"""
    spec = cases.spec("first_mismatch")
    assert "return" not in examine(spec, lambda a, b, tol=0: None, [spec.parts[0]]).text()
