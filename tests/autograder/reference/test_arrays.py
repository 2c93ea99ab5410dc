"""What arrays are refused, and in which dtype sums are made."""

import numpy as np
import pytest

from autograder.reference.arrays import alike, check_array, check_channels, check_shape


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([[1.0, 2.0]], "a list came in"),
        (None, "a NoneType came in"),
        (np.array([[1, "a"]], dtype=object), "its dtype is object"),
        (np.array([["1"]]), "its dtype is <U1"),
        (np.array([[1j]]), "its dtype is complex128"),
        (np.array([[True]]), "its dtype is bool"),
        (np.zeros(3), r"one of shape \(3,\) came in"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused_by_name(value, words):
    """Does the message say what was expected and what came in?"""
    with pytest.raises(ValueError, match=r"x has to be an array of shape \(H, W\).*" + words):
        check_array("x", value, "(H, W)")


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.float16, np.float32, float])
def test_every_real_number_type_passes(dtype):
    """Are integers and floats of any width accepted?"""
    check_array("x", np.zeros((2, 3), dtype), "(H, W)")


def test_one_axis_is_told_from_two():
    """Is "(F,)" read as one axis?"""
    check_array("b", np.zeros(3), "(F,)")
    with pytest.raises(ValueError, match=r"\(F,\)"):
        check_array("b", np.zeros((3, 1)), "(F,)")


def test_a_wrong_shape_is_refused_with_both_shapes():
    """Does the message name the shape that came in and the one expected?"""
    with pytest.raises(ValueError, match=r"= \(2, 3\), but one of shape \(3, 2\) came in"):
        check_shape("w", np.zeros((3, 2)), "(O, I)", (2, 3))


@pytest.mark.parametrize(
    ("x", "w", "groups"),
    [
        ((1, 4, 5, 5), (6, 4, 2, 2), 0),
        ((1, 4, 5, 5), (6, 4, 2, 2), -1),
        ((1, 4, 5, 5), (6, 2, 2, 2), 4),
        ((1, 4, 5, 5), (6, 2, 2, 2), 3),
        ((1, 4, 5, 5), (6, 4, 2, 2), 2),
        ((1, 4, 5, 5), (6, 3, 2, 2), 1),
        ((4, 5, 5), (6, 4, 2, 2), 1),
        ((1, 4, 5, 5), (4, 2, 2), 1),
    ],
)
def test_channels_and_groups_that_do_not_fit_are_refused(x, w, groups):
    """Are kernels of the wrong depth, and groups that do not divide, refused?"""
    with pytest.raises(ValueError, match="came in|has to span"):
        check_channels(np.zeros(x), np.zeros(w), groups)


@pytest.mark.parametrize(
    ("dtypes", "expected"),
    [
        ((np.uint8, np.uint8), np.int64),
        ((np.int16, np.int64), np.int64),
        ((np.float32, np.float32), np.float32),
        ((np.float32, np.float64), np.float64),
        ((np.int64, np.float32), np.float64),
    ],
)
def test_sums_are_made_in_a_safe_dtype(dtypes, expected):
    """Do integers widen, and floats keep their width?"""
    arrays = alike(*(np.ones(2, dtype) for dtype in dtypes))
    assert [array.dtype for array in arrays] == [expected] * len(dtypes)
