"""Do the drivers use a class only by construction, attributes and methods?"""

import collections

import numpy as np
import pytest

from course.checks import measure
from course.checks.cases import Case, PartCases, Spec
from course.checks.compare import compare
from course.checks.drive import DRIVERS, READS, parameters
from course.checks.examine import examine
from course.checks.run import run


class StandIn:
    """Stand for a layer in another process: nothing is reached but through messages."""

    def __init__(self, *settings):
        object.__setattr__(self, "log", [("made", settings)])
        object.__setattr__(self, "kept", {})

    def __setattr__(self, name, value):
        self.log.append(("set", name))
        self.kept[name] = value

    def __getattr__(self, name):
        if name in ("forward", "backward"):
            return lambda value: self.log.append((name,)) or value
        return self.kept.get(name, np.zeros(2))


def test_a_stand_in_is_enough():
    """Would the judge's stand-ins do?"""
    made = []

    def make(*settings):
        made.append(StandIn(*settings))
        return made[-1]

    x = np.ones((1, 2, 3, 3))
    case = Case(((2, 1, 3), x, np.zeros(1), x, x), None, how="conv_backward")
    run(make, case)
    done = [step[:2] for step in made[0].log]
    assert done == [
        ("made", (2, 1, 3)),
        ("set", "weight"),
        ("set", "bias"),
        ("forward",),
        ("backward",),
    ]


@pytest.mark.parametrize("result", [None, np.zeros(3), (1,), (1, 2, 3)])
def test_a_part_of_a_tuple_that_is_none_is_told_in_words(result):
    """What does a learner read who returns one gradient of two?"""
    case = Case((), np.zeros(3), how="first of two")
    part = PartCases("dx", 1, "the first of two", (case,))
    spec = Spec("pair", "function", "()", (), False, (part,), {})
    report = examine(spec, lambda: result, [part])
    assert "where 2" in report.text()
    assert "is expected" not in report.text()


def test_settings_read_as_a_constructor_takes_them():
    """Is MaxPool2D(2) not printed with its tuple's comma?"""
    for settings, text in (((2,), "pair(2).forward("), ((2, (1, 2)), "pair(2, (1, 2)).forward(")):
        case = Case((settings, np.ones(1)), np.zeros(3), how="pool_forward")
        part = PartCases("y", 1, "pools", (case,))
        spec = Spec("pair", "class", "(kernel_size)", (), False, (part,), {})
        assert text in examine(spec, lambda *args: None, [part]).text()


def test_each_driver_reads_with_its_own_parameters():
    """Can every message be formatted?"""
    for how, text in READS.items():
        names = parameters(how, ["x", "w"])
        assert text.format(call="f(x)", name="f", **dict.fromkeys(names, "0"))


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8])
def test_indices_of_any_whole_dtype_are_right(dtype):
    """Does only what numpy refuses as an index count as wrong?"""
    three = (np.zeros((2, 1), dtype), np.zeros((2, 3), np.int64), np.ones((2, 3), dtype))
    wanted = DRIVERS["indices"](lambda: tuple(a.astype(np.int64) for a in three))
    assert compare(DRIVERS["indices"](lambda: three), wanted) is None
    floats = tuple(a.astype(float) for a in three)
    found = compare(DRIVERS["indices"](lambda: floats), wanted)
    assert "the indices are whole numbers" in found.what


Zeros = collections.namedtuple("Zeros", "before after")


@pytest.mark.parametrize("how", ["call", "first of two"])
def test_a_namedtuple_is_a_tuple(how):
    """Is a result whose entries have names right, as the plain tuple is?"""
    case = Case((), (1, 2) if how == "call" else 1, how=how)
    part = PartCases("values", 1, "numbers", (case,))
    spec = Spec("zeros", "function", "()", (), True, (part,), {})
    assert examine(spec, lambda: Zeros(1, 2), [part]).status == "right"
    wrong = examine(spec, lambda: Zeros(2, 1), [part])
    assert wrong.headline.startswith("not right yet")


def test_a_namedtuple_of_one_entry_is_told_as_a_tuple():
    """Is one that came in where an array is expected not called a generator?"""
    part = PartCases("values", 1, "numbers", (Case((), np.zeros(2)),))
    spec = Spec("zeros", "function", "()", (), True, (part,), {})
    one = collections.namedtuple("One", "y")
    assert "tuple" in examine(spec, lambda: one(np.zeros(2)), [part]).text()


def test_the_width_of_a_stack_too_deep_is_measured():
    """Does a layer too many say nothing of the width?"""
    asked = measure.wide_stack(lambda width, depth: [(3, 1, 1, 1), (3, 1, 2, 2)], 3, 1)
    assert [name for name, holds in asked.items() if not holds] == ["depth kept"]
    far = measure.wide_stack(lambda width, depth: [(3, 1, 10_000, 10_000)] * 1000, 3, 1)
    assert [name for name, holds in far.items() if not holds] == ["depth kept"]
