"""A megabyte of one thing costs a few seconds and little memory, and no other learner's time."""

import pytest

from tests.attacks.hand_ins import HandIns
from tests.attacks.loads import LOADS, MIB, SECONDS, cost_of

SLOW = 10  # times the seconds that a quiet machine keeps to: what takes its square takes more
TRIED = {
    "cells that fail",
    "comprehensions",
    "blank lines in code",
    "a chain of attributes",
    "printed colours",
    "printed moves of the cursor",
    "cells that print a megabyte",
    "HTML of tags in tags",
    "HTML of pictures",
    "metadata",
}


@pytest.mark.slow
def test_a_megabyte_stays_within_the_limits():
    """Is each graded and shown?  `python -m tests.attacks` prints what all loads cost."""
    tried = [load for load in LOADS if load.name in TRIED]
    assert len(tried) == len(TRIED)
    with HandIns() as hand_ins:
        for load in tried:
            cost = cost_of(load, hand_ins)
            # A busy machine may stop a cell that is near its seconds.
            assert cost.status.startswith(("graded", "partly graded")), load.name
            assert cost.mib < MIB, load.name
            assert cost.seconds < SLOW * SECONDS, load.name
