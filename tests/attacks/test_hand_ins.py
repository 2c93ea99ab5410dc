"""Honest hand-ins lose nothing, and each is told what is unusual about it.

A megabyte of one thing costs a few seconds and little memory, and no other learner's time.
"""

import pytest

from tests.attacks.hand_ins import HandIns
from tests.attacks.honest import KINDS
from tests.attacks.loads import LOADS, MIB, SECONDS, Load, cost_of
from tests.attacks.ways import TOLD, WAYS

PLAIN, FOLDER = KINDS[0], WAYS[0]
# `python -m tests.attacks` tries every kind in every way.
FEW = [(kind, FOLDER) for kind in KINDS] + [(PLAIN, way) for way in WAYS[1:]]
SLOW = 10  # times longer than on a quiet machine; time that grows with the square is longer still
# What costs little by itself comes in one notebook.
TRIED = (
    ("cells that fail",),
    ("comprehensions",),
    ("blank lines in code",),
    ("a chain of attributes",),
    ("cells that print a megabyte",),
    (
        "printed colours",
        "printed moves of the cursor",
        "HTML of tags in tags",
        "HTML of pictures",
        "metadata",
    ),
)


@pytest.fixture(scope="module")
def hand_ins():
    """Grade lesson 01 in one process."""
    with HandIns() as made:
        yield made


def name(value):
    """Return a case's name."""
    return value.name


@pytest.mark.parametrize(("kind", "way"), FEW, ids=name)
def test_an_honest_notebook_loses_nothing(hand_ins, kind, way):
    """Does it earn what its right answers are worth, with its sentence?"""
    told = hand_ins.tried(kind, way)
    assert (told.lost, told.wrong) == (0, ""), told.said


@pytest.mark.parametrize("archive", [False, True], ids=["folder", "archive"])
@pytest.mark.parametrize("name", TOLD)
def test_what_is_no_notebook_is_told(hand_ins, name, archive):
    """Does it get a status and a sentence, and never a 0?"""
    content, says = TOLD[name]
    record = hand_ins.graded({name: content}, archive=archive).record
    assert (record.status, record.score) == ("unreadable", None)
    assert says in record.reason


def together(names):
    """Return one load of all that have these names."""
    loads = {load.name: load for load in LOADS}

    def add(made):
        for name in names:
            loads[name].add(made)

    return Load(", ".join(names), add)


@pytest.mark.parametrize("names", TRIED, ids=", ".join)
def test_a_megabyte_stays_within_the_limits(hand_ins, names):
    """Is it graded and shown?  `python -m tests.attacks` prints what all loads cost."""
    cost = cost_of(together(names), hand_ins)
    # A busy machine may stop a cell that is near its seconds.
    assert cost.status.startswith(("graded", "partly graded"))
    assert cost.mib < MIB
    assert cost.seconds < SLOW * SECONDS
