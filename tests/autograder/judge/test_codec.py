"""Values that cross the channel, and data that is no value."""

import collections
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.judge.inside.codec import Decoder, Encoder, Uncodable

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters(exclude_categories=("Cs",)))
)
KEYS = st.text(st.characters(exclude_categories=("Cs",))) | st.integers()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=20,
)
ARRAYS = hnp.arrays(
    st.sampled_from(["?", "i1", "u2", "i8", "f2", "f4", "f8", ">f8", ">i4", "c8", "c16"]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0),
)


def crossed(value):
    encoder = Encoder()
    data = encoder.encode(value)
    return Decoder(encoder.blobs).decode(data)


@settings(deadline=None)
@given(VALUES)
def test_plain_values_come_back_equal_and_of_the_same_type(value):
    """Is what comes out what went in, tuples as tuples and integers as integers?"""
    back = crossed(value)
    assert back == value
    assert type(back) is type(value)


@settings(deadline=None)
@given(ARRAYS)
def test_arrays_come_back_as_they_were(value):
    """Do type, shape and every bit survive?"""
    back = crossed(value)
    assert back.dtype == value.dtype
    assert back.shape == value.shape
    assert back.tobytes() == value.tobytes()
    assert back.flags.writeable


def test_order_and_write_protection_cross():
    """Is a Fortran array still one, and a read-only array still read-only?"""
    value = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    value.flags.writeable = False
    back = crossed(value)
    assert back.flags.f_contiguous
    assert not back.flags.c_contiguous
    assert not back.flags.writeable
    np.testing.assert_array_equal(back, value)


def test_not_finite_numbers_cross():
    """Do NaN and both infinities survive, in plain and numpy scalars?"""
    assert math.isnan(crossed(float("nan")))
    assert crossed([float("inf"), -float("inf")]) == [float("inf"), -float("inf")]
    assert np.isnan(crossed(np.float32("nan")))


def test_numpy_scalars_keep_their_type():
    """Is a float32 no Python float on the other side?"""
    assert type(crossed(np.float32(1.5))) is np.float32
    assert type(crossed(np.bool_(True))) is np.bool_


def test_slices_of_arrays_cross_by_value():
    """Does a view that is not contiguous carry its own values only?"""
    whole = np.arange(20.0).reshape(4, 5)
    np.testing.assert_array_equal(crossed(whole[::2, 1:4]), whole[::2, 1:4])


def test_whole_numbers_of_any_reasonable_size_cross():
    """Is 2**200 exact?"""
    assert crossed(2**200) == 2**200
    assert crossed(-(2**53)) == -(2**53)


@pytest.mark.parametrize(
    "value",
    [object(), np.array([object()]), np.zeros(2, "M8[s]"), range(3), 10**5000],
    ids=["object", "object array", "dates", "range", "huge number"],
)
def test_other_values_do_not_cross(value):
    """Is whatever is not plain data refused rather than pickled?"""
    with pytest.raises(Uncodable):
        Encoder().encode(value)


def test_a_generator_crosses_with_its_state():
    """Does the other end draw what this end would draw next?"""
    rng = np.random.default_rng(7)
    rng.normal(size=3)
    copy = crossed(rng)
    np.testing.assert_array_equal(copy.normal(size=5), rng.normal(size=5))


@pytest.mark.parametrize("seed", [7, [1, 2, 3], 2**200])
def test_a_generator_crosses_with_its_seed(seed):
    """Do both ends spawn the same generators, and the same children of these?"""
    rng = np.random.default_rng(seed)
    rng.spawn(2)
    rng = rng.spawn(1)[0]
    copy = crossed(rng)
    for one, other in zip(copy.spawn(2), rng.spawn(2), strict=True):
        np.testing.assert_array_equal(one.normal(size=5), other.normal(size=5))
    assert copy.bit_generator.seed_seq.state == rng.bit_generator.seed_seq.state


@pytest.mark.parametrize(
    "seed",
    [
        {"pool_size": 1 << 30},
        {"pool_size": np.array([1 << 20])},
        {"entropy": [1] * 1000},
        {"spawn_key": np.zeros(10**6, int)},
        {"entropy": "seed"},
        {"entropy": -1},
        {"more": 1},
    ],
    ids=lambda seed: next(iter(seed)),
)
def test_a_forged_seed_is_refused(seed):
    """Is a seed that is none, or one that takes long to mix, a Uncodable?"""
    encoder = Encoder()
    data = encoder.encode(np.random.default_rng(7))
    data["seed"] = encoder.encode(np.random.default_rng(7).bit_generator.seed_seq.state | seed)
    with pytest.raises(Uncodable):
        Decoder(encoder.blobs).decode(data)


def test_a_forged_generator_state_is_refused():
    """Is a state that is none a Uncodable, not a crash?"""
    encoder = Encoder()
    data = encoder.encode(np.random.default_rng(7))
    data["v"] = encoder.encode({"bit_generator": "PCG64", "state": [1]})
    with pytest.raises(Uncodable):
        Decoder(encoder.blobs).decode(data)


def test_a_list_that_holds_itself_is_refused():
    """Does the encoder stop?"""
    loop: list = []
    loop.append(loop)
    with pytest.raises(Uncodable, match="holding itself"):
        Encoder().encode(loop)


FORGED = {
    "no kind": {},
    "unknown kind": {"t": "pickle", "v": "gASVCg=="},
    "kind that is no text": {"t": ["list"]},
    "plain list": [1, 2],
    "list without items": {"t": "list"},
    "list of a text": {"t": "list", "v": "abc"},
    "dict with a list for a key": {"t": "dict", "v": [[{"t": "list", "v": []}, 1]]},
    "dict of singles": {"t": "dict", "v": [[1]]},
    "number that is none": {"t": "int", "v": "1e5"},
    "number without end": {"t": "int", "v": "9" * 100_000},
    "object array": {"t": "array", "d": "|O", "s": [1], "b": 0},
    "record array": {"t": "array", "d": "V8", "s": [1], "b": 0},
    "types in a type": {"t": "array", "d": "f4,f4", "s": [1], "b": 0},
    "text array": {"t": "array", "d": "<U2", "s": [1], "b": 0},
    "shape too large": {"t": "array", "d": "<f8", "s": [1 << 39, 1 << 39], "b": 0},
    "shape that overflows": {"t": "array", "d": "<f8", "s": [1 << 63, 2], "b": 0},
    "negative shape": {"t": "array", "d": "<f8", "s": [-1], "b": 0},
    "shape of floats": {"t": "array", "d": "<f8", "s": [1.0], "b": 0},
    "33 axes": {"t": "array", "d": "<f8", "s": [1] * 33, "b": 0},
    "too few bytes": {"t": "array", "d": "<f8", "s": [2], "b": 0},
    "no such blob": {"t": "array", "d": "<f8", "s": [1], "b": 9},
    "negative blob": {"t": "array", "d": "<f8", "s": [1], "b": -1},
    "boolean blob": {"t": "array", "d": "<f8", "s": [1], "b": True},
    "scalar with a shape": {"t": "scalar", "d": "<f8", "s": [1], "b": 0},
    "complex of one part": {"t": "complex", "v": ["1"]},
    "a large set": {"t": "set", "v": [0] * 501},
    "a large dict": {"t": "dict", "v": [[0, 0]] * 501},
    "sets of many entries together": {"t": "list", "v": [{"t": "frozenset", "v": [0] * 50}] * 11},
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
def test_forged_data_is_refused(data):
    """Does nothing but `Uncodable` come of data that no encoder made?"""
    with pytest.raises(Uncodable):
        Decoder([b"\0" * 8]).decode(data)


JUNK = st.recursive(
    SCALARS.filter(lambda x: not isinstance(x, complex)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["t", "v", "d", "s", "b", "f", "r", "k"]), inner)
    ),
    max_leaves=12,
)
KIND = st.sampled_from(["list", "dict", "set", "array", "scalar", "int", "float", "complex"])


@settings(deadline=None)
@given(JUNK, KIND, st.dictionaries(st.sampled_from(["v", "d", "s", "b", "f"]), JUNK))
def test_junk_gives_a_value_or_bad_value(junk, kind, fields):
    """Whatever the JSON holds, does decoding end in a value or in `Uncodable`?"""
    for data in (junk, {"t": kind, **fields}):
        try:
            Decoder([b"\0" * 8]).decode(data)
        except Uncodable:
            continue


def test_a_namedtuple_crosses_as_a_tuple():
    """Does a result whose entries have names arrive at the judge as plain data?"""
    assert crossed(collections.namedtuple("Zeros", "before after")(1, 2)) == (1, 2)
