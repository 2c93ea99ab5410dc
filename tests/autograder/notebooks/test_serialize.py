"""Tests of autograder.notebooks.serialize."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import CommandError
from autograder.notebooks.serialize import WIDTH, cases_bytes, compact_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=40,
)


@given(VALUES)
def test_compact_json_says_the_same_as_json(value):
    """Is the value read back what was written, and are the keys in their order?"""
    again = json.loads(compact_json(value))
    assert again == value
    assert json.dumps(again) == json.dumps(value)


def test_one_case_stands_on_one_line():
    """Can a diff show which case changed, and is no array broken over lines?"""
    case = {"args": [{"array": [1, 2, 3], "dtype": "int64"}], "expected": 6}
    image = [[i * 10.5 for i in range(20)] for _ in range(20)]
    lines = cases_bytes("01_x", {"cases": [case] * 9, "image": image}).decode().split("\n")
    assert sum('"expected": 6}' in line for line in lines) == 9
    assert all(len(line) <= WIDTH for line in lines if "image" not in line)
    assert len(lines) == 15
    assert lines[-1] == ""


@pytest.mark.parametrize("value", [np.zeros(3), float("nan"), {1, 2}, np.float64("inf")])
def test_what_json_does_not_have_is_refused(value):
    """Would a browser or another language fail to read the cases?"""
    with pytest.raises(CommandError, match="01_x: the visible cases are not plain JSON"):
        cases_bytes("01_x", {"expected": value})
