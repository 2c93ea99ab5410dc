"""Is the setting told in which an answer goes wrong?"""

import numpy as np
import pytest

from autograder.reference import conv2d_loops
from course.checks import cases
from course.checks.cases import Case
from course.checks.examine import examine
from course.checks.setting import PROPERTIES, setting, smallest

LOOPS = cases.spec("conv2d_loops")


def conv(n, c, f, hw, kernel, *settings):
    """Make a case of the layer of lesson 04; what comes out does not matter here."""
    x, w = np.ones((n, c, *hw)), np.ones((f, c, *kernel))
    return Case((x, w, np.ones(f), *settings), np.ones((n, f, 1, 1)))


PLAIN = conv(1, 1, 1, (4, 4), (2, 2), 1, 0)


@pytest.mark.parametrize(
    ("failed", "having", "lacking"),
    [
        (conv(1, 1, 1, (4, 4), (2, 2), 2, 0), "the stride is above 1", "the stride is 1"),
        (conv(1, 1, 1, (4, 4), (2, 2), 1, 1), "the padding is above 0", "the padding is 0"),
        (conv(1, 1, 1, (4, 5), (2, 2), 1, 0), "the image is not square", "the image is square"),
        (conv(1, 1, 1, (4, 4), (1, 2), 1, 0), "the kernel is not square", "the kernel is square"),
        (conv(1, 2, 1, (4, 4), (2, 2), 1, 0), "there are several channels", "there is one channel"),
        (conv(3, 1, 1, (4, 4), (2, 2), 1, 0), "there are several images", "there is one image"),
        (conv(1, 1, 2, (4, 4), (2, 2), 1, 0), "there are several filters", "there is one filter"),
    ],
)
def test_one_thing_that_sets_the_failed_cases_apart_is_told(failed, having, lacking):
    """Is it this property, in these words?"""
    found = setting(LOOPS, [failed], [PLAIN])
    assert (found.having, found.lacking) == (having, lacking)


def test_nothing_is_told_where_two_things_set_them_apart():
    """Does a stride beside a padding leave it open?"""
    assert setting(LOOPS, [conv(1, 1, 1, (4, 4), (2, 2), 2, 1)], [PLAIN]) is None


def test_nothing_is_told_where_a_passed_case_has_it_too():
    """Is a property of right cases no explanation?"""
    strided = conv(1, 1, 1, (4, 4), (2, 2), 2, 0)
    assert setting(LOOPS, [strided], [PLAIN, strided]) is None


@pytest.mark.parametrize("failed", [[], [PLAIN]])
def test_nothing_is_told_where_nothing_failed_or_nothing_passed(failed):
    """Does it take both sides?"""
    assert setting(LOOPS, failed, [] if failed else [PLAIN]) is None


def test_whole_numbers_beside_fractions_are_a_setting():
    """Is the kind of numbers among the properties?"""
    spec = cases.spec("correlate1d")
    whole, halves = np.array([1, 2, 3]), np.array([0.5, 1.5])
    mixed = Case((whole, halves), np.ones(2))
    even = Case((whole + 0.5, halves), np.ones(2))
    assert setting(spec, [mixed], [even]).having == "whole numbers stand beside fractions"


def receptive_field(layers):
    """Take the layers out of the list that came in."""
    r, j = 1, 1
    while layers:
        k, s, _, d = layers.pop(0)
        r += d * (k - 1) * j
        j *= s
    return r, j


def correlate1d(x, w):
    """Print where a result is asked for."""
    if len(w) > len(x):
        raise ValueError("too long")
    print(w)


@pytest.mark.parametrize("answer", [receptive_field, correlate1d])
def test_no_setting_is_told_that_says_nothing(answer):
    """Is it silent where all results are wrong, or an argument is changed?"""
    spec = cases.spec(answer.__name__)
    report = examine(spec, answer, list(spec.parts))
    assert report.status == "wrong"
    assert report.setting == ""


def test_a_stack_of_no_layers_tells_nothing_of_its_kernels():
    """Is [] no stack in which every kernel is 1?"""
    spec = cases.spec("receptive_field")
    layers, none = Case(([(3, 1, 0, 1)],), (3, 1)), Case(([],), (1, 1))
    assert setting(spec, [layers], [none]) is None


def test_the_smallest_case_has_the_fewest_numbers():
    """Is it the one to compute by hand?"""
    assert smallest([conv(2, 2, 2, (5, 5), (2, 2)), PLAIN]) is PLAIN


def test_every_property_can_be_asked_of_every_visible_case():
    """Does no case of any exercise break a question?"""
    for name in cases.names():
        spec = cases.spec(name)
        for case in (case for part in spec.parts for case in part.cases):
            setting(spec, [case], [case])
    assert len({words for having, lacking, _ in PROPERTIES for words in (having, lacking)}) == (
        2 * len(PROPERTIES)
    )


def test_a_report_says_where_an_answer_is_right_and_where_wrong():
    """Does the check itself tell the setting, where no line is found?"""

    def blind_to_padding(x, w, b, stride=1, padding=0):
        if padding == 0 or padding == (0, 0):
            return conv2d_loops(x, w, b, stride, padding)
        return conv2d_loops(x, w, b, stride, padding) * np.pi

    report = examine(LOOPS, blind_to_padding, list(LOOPS.parts))
    assert report.setting == "the padding is above 0"
    assert "Right where the padding is 0, wrong where the padding is above 0." in report.details
