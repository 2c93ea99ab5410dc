"""A megabyte of one thing costs a few seconds and little memory, and no other learner's time."""

import pytest

from tests.attacks.hand_ins import HandIns
from tests.attacks.loads import LOADS, MIB, SECONDS, Load, cost_of

SLOW = 10  # times the seconds that a quiet machine keeps to: what takes its square takes more
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


def together(names):
    """Return one load of all that have these names."""
    loads = {load.name: load for load in LOADS}

    def add(made):
        for name in names:
            loads[name].add(made)

    return Load(", ".join(names), add)


@pytest.mark.slow
def test_a_megabyte_stays_within_the_limits():
    """Is each graded and shown?  `python -m tests.attacks` prints what all loads cost."""
    with HandIns() as hand_ins:
        for load in map(together, TRIED):
            cost = cost_of(load, hand_ins)
            # A busy machine may stop a cell that is near its seconds.
            assert cost.status.startswith(("graded", "partly graded")), load.name
            assert cost.mib < MIB, load.name
            assert cost.seconds < SLOW * SECONDS, load.name
