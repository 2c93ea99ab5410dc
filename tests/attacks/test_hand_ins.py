"""Honest hand-ins lose nothing, and each is told what is unusual about it."""

import pytest

from tests.attacks.hand_ins import HandIns
from tests.attacks.honest import KINDS
from tests.attacks.ways import TOLD, WAYS

PLAIN, FOLDER = KINDS[0], WAYS[0]
# `python -m tests.attacks` tries every kind in every way.
FEW = [(kind, FOLDER) for kind in KINDS] + [(PLAIN, way) for way in WAYS[1:]]


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
