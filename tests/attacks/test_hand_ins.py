"""Honest hand-ins lose nothing, and each is told what is unusual about it."""

import pytest

from tests.attacks.hand_ins import HandIns
from tests.attacks.honest import KINDS
from tests.attacks.ways import TOLD, WAYS

PLAIN, FOLDER = KINDS[0], WAYS[0]
FEW = [(kind, FOLDER) for kind in KINDS] + [(PLAIN, way) for way in WAYS[1:]]
MANY = [(kind, way) for kind in KINDS for way in WAYS if (kind, way) not in FEW]


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


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "way"), MANY, ids=name)
def test_every_honest_notebook_loses_nothing_in_any_way(hand_ins, kind, way):
    """The same of everything that learners do, in every way that it arrives."""
    test_an_honest_notebook_loses_nothing(hand_ins, kind, way)


@pytest.mark.parametrize("archive", [False, True], ids=["folder", "archive"])
@pytest.mark.parametrize("name", TOLD)
def test_what_is_no_notebook_is_told(hand_ins, name, archive):
    """Does it get a status and a sentence, and never a 0?"""
    content, says = TOLD[name]
    record = hand_ins.graded({name: content}, archive=archive).record
    assert (record.status, record.score) == ("unreadable", None)
    assert says in record.reason
