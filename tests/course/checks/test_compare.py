"""Are types, shapes and values told apart, with fair tolerances?"""

import numpy as np
import pytest

from course.checks.cases import Raised
from course.checks.compare import compare, same, tolerance
from course.checks.sealed import seal

E = np.array([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("computed", "words"),
    [
        (None, "return"),
        ([1.0, 2.0, 3.0], "np.array"),
        ((1.0, 2.0, 3.0), "np.array"),
        ((value for value in E), "yield"),
        (np.array([1, 2, None], dtype=object), "objects"),
        (E + 1j, "complex"),
        (np.array(["1", "2", "3"]), "strings"),
        (E > 1, "bools"),
        ("123", "str"),
        (6.0, "float"),
    ],
)
def test_a_wrong_type_is_named_in_words(computed, words):
    """Does a learner read what came back and what to do?"""
    found = compare(computed, E)
    assert found.kind == "type"
    assert words in found.what


def test_the_shape_comes_before_the_values():
    """Is a result of another shape told apart from wrong numbers?"""
    assert compare(np.zeros((3, 1)), E).kind == "shape"
    assert compare(np.zeros(3), E).kind == "values"


def test_the_first_difference_is_in_reading_order():
    """Which index does the message give?"""
    expected = np.zeros((2, 3))
    computed = expected.copy()
    computed[0, 2], computed[1, 0] = 5, 7
    assert "index [0, 2]: computed 5, expected 0" in compare(computed, expected).numbers[0]


def test_nan_is_told_apart_from_wrong_numbers():
    """What does a learner read who divided by 0?"""
    assert "nan" in compare(np.array([np.nan, 2, 3]), E).what
    assert compare(np.array([np.nan]), np.array([np.nan])) is None


def test_lost_precision_is_told_apart_from_wrong_numbers():
    """Is float64 input that was computed in float32 noticed?"""
    expected = np.array([0.1, 0.7]) * 3
    assert "less exact" in compare(expected.astype(np.float32), expected).what


def test_float32_input_may_be_computed_in_either_precision():
    """Is the tolerance that of the input?"""
    assert tolerance((E.astype(np.float32),)) == 1e-4
    assert tolerance(({"w": E.astype(np.float32)},)) == 1e-4
    assert tolerance((E, 2)) == 1e-10


def test_integers_pass_for_floats_and_floats_for_integer_arrays():
    """Is 2 the same as 2.0 in an array?"""
    assert compare(np.array([1, 2, 3]), E) is None
    assert compare(E, np.array([1, 2, 3])) is None


@pytest.mark.parametrize(
    ("computed", "expected", "equal"),
    [
        (4, 4, True),
        (np.int64(4), 4, True),
        (4.0, 4, False),
        (True, 1, False),
        (10**400, 1.0, False),
        (np.float32(0.5), 0.5, True),
        (np.float32(0.1), 0.1, False),
        (np.float16(0.2), 0.2, False),
        (np.float32("inf"), float("inf"), True),
        (1, True, False),
        (np.True_, True, True),
        ("Kernel ", seal("kernel", "bug"), True),
        ("batch", seal("kernel", "bug"), False),
        (4.0, seal(4, "size"), True),
        (4.5, seal(4, "size"), False),
        (0.1 - 0.55, seal(-0.45, "slope"), True),
        (True, seal(1, "size"), False),
        (10**400, seal(4, "size"), False),
        (float("nan"), seal(4, "size"), False),
        ([1, 2], seal((1, 2), "pair"), True),
        ([2, 1], seal((1, 2), "pair"), False),
        (float("nan"), float("nan"), True),
        (None, None, True),
        (0, None, False),
        ((1, 2), (1, 2), True),
        ([1, 2], (1, 2), True),
        ((1, 2, 3), (1, 2), False),
        ({"w": E}, {"w": E}, True),
        ({"v": E}, {"w": E}, False),
    ],
)
def test_single_values(computed, expected, equal):
    """Do numbers, words, tuples and dicts compare as a learner expects?"""
    assert (compare(computed, expected) is None) is equal


def test_an_exception_is_the_same_only_as_its_own_kind():
    """Are raised and returned outcomes kept apart?"""
    assert same(Raised("ValueError"), Raised("ValueError"))
    assert not same(Raised("ValueError"), Raised("TypeError"))
    assert not same(E, Raised("ValueError"))


def test_a_float_where_a_size_is_asked_reads_as_a_float():
    """Does 3.0 show its fraction, so that the message does not seem to contradict itself?"""
    assert compare(3.0, 3).numbers == ("It is 3.0.",)


def test_where_a_difference_lies_is_said_once():
    """Do the lines below the first repeat the place?"""
    found = compare((E, E + 1), (E, E))
    assert found.what == "At place 1 of the tuple: the shape is right, the values are not."
    assert all("tuple" not in line for line in found.numbers)


def test_a_gradient_that_was_never_set_is_not_told_to_return():
    """Does None inside a dict get advice that fits an attribute?"""
    found = compare({"dx": E, "grad_weight": None}, {"dx": E, "grad_weight": E})
    assert found.what == "At 'grad_weight' stands None. Was it never set, or not returned?"


def test_a_fact_that_does_not_hold_is_named():
    """Does nobody have to read "computed False, expected True"?"""
    found = compare({"the losses are finite": False}, {"the losses are finite": True})
    assert found.what == "This has to hold, and does not: the losses are finite."
    assert found.numbers == ()


def test_small_arrays_of_four_axes_are_shown_as_maps():
    """Is every map that differs shown beside the expected one, and no other?"""
    want = np.arange(8.0).reshape(1, 2, 2, 2)
    got = want.copy()
    got[0, 1, 0, 1] = 50
    numbers = compare(got, want).numbers
    assert numbers[1:] == (
        "At [0, 1]: computed, then expected",
        "   4 50     4  5",
        "   6  7     6  7",
    )


def test_place_values_are_printed_with_all_their_digits():
    """Can a learner read which digits were lost?"""
    numbers = compare(np.array([84736251.0]), np.array([84730000.0])).numbers
    assert numbers[0] == "First difference at index [0]: computed 84736251, expected 84730000."


VALUES = [
    None, True, 0, 3, 3.0, 3.0 + 1e-12, -0.0, np.nan, np.inf, "3", np.float32(3), np.int64(3),
    E, E[:2], E[None], E + 1e-12, E * (1 + 1e-6), E.astype(np.float32), E.astype(int), E > 1,
    np.array(3.0), np.array([]), np.zeros((0, 2)), np.array([1, np.nan, 3]), np.array([np.inf] * 3),
    np.array([1, 2, None], dtype=object), E + 1j, np.ma.masked_array(E),
    [1.0, 2.0, 3.0], [E, 3], (), (3,), (3.0,), (E,), (E, 3), (E, (E, None)), [E, (E, None)],
    {}, {"a": E}, {"a": E, "b": 3}, {"a": (E, 3)}, {"a": [E, 3]},
]  # fmt: skip


@pytest.mark.parametrize("rtol", [0.0, 1e-10, 1e-4])
def test_same_is_what_has_no_difference(rtol):
    """Does `same`, which words nothing, agree with `compare` on every pair of values?"""
    for computed in VALUES:
        for expected in VALUES:
            if isinstance(expected, (str, np.ma.MaskedArray)):
                continue  # nothing expects these
            if isinstance(expected, np.ndarray) and expected.dtype.kind in "Oc":
                continue
            alike = compare(computed, expected, rtol) is None
            assert same(computed, expected, rtol) == alike, (computed, expected)
