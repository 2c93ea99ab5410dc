"""Do cases survive being written as JSON?"""

import json

import numpy as np
import pytest

from course.checks.cases import (
    AS_EXPECTED,
    Raised,
    decode,
    decode_wrong,
    encode,
    encode_wrong,
)
from course.checks.compare import same
from course.checks.functions import FUNCTIONS, Seed, cube
from course.checks.layers import Layers
from course.checks.sealed import seal


@pytest.mark.parametrize(
    "value",
    [
        3,
        2.5,
        True,
        None,
        seal("kernel", "bug"),
        float("nan"),
        float("-inf"),
        [1, [2, 3]],
        (1, (2, 3)),
        {"w": np.array([1.0, np.nan])},
        np.array([[1, 2], [3, 4]]),
        np.array([0.5, np.inf], np.float32),
        np.zeros((0, 3)),
        np.array([True, False]),
        Raised("ValueError"),
    ],
)
def test_a_value_is_read_back_as_it_was(value):
    """Are kind, dtype, shape and numbers kept?"""
    text = json.dumps(encode(value), allow_nan=False)
    read = decode(json.loads(text))
    assert type(read) is type(value)
    assert same(read, value, 0.0)
    if isinstance(value, np.ndarray):
        assert (read.dtype, read.shape) == (value.dtype, value.shape)


def test_functions_and_seeds_are_named():
    """Is an argument that is a function still data?"""
    assert decode(encode(cube)) is cube
    assert decode(encode(Seed(7))) == Seed(7)
    layers = Layers((("Line", 2, -1.5), ("ReLU",)))
    assert decode(json.loads(json.dumps(encode(layers)))) == layers
    assert all(name == function.__name__ for name, function in FUNCTIONS.items())


def test_a_function_of_someone_elses_cannot_be_written():
    """Could an answer slip into a case file as code?"""
    with pytest.raises(TypeError, match="cannot hold"):
        encode(lambda x: x)


def test_what_equals_the_expected_outcome_is_written_once():
    """Do case files stay small where only one of three gradients is wrong?"""
    x, y = np.array([1.0, 2.0]), np.array([3.0])
    coded = encode_wrong((x, y + 1), (x, y))
    assert coded["tuple"][0] == AS_EXPECTED
    read = decode_wrong(json.loads(json.dumps(coded)), (x, y))
    assert read[0] is x
    assert read[1].tolist() == [4.0]
    right = {"w": x, "b": x}
    assert decode_wrong(encode_wrong({"w": x, "b": y}, right), right)["w"] is x
