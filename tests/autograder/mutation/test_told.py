"""Is what a check says of wrong answers counted?"""

import pytest

from autograder import right_solutions
from autograder.mutation.learner import written
from autograder.mutation.table import markdown, times
from autograder.mutation.told import COLUMNS, Told, told
from course.checks.slips import slips
from course.checks.source import source_of


def test_what_is_said_of_a_sample_is_counted():
    """Does each caught answer count once, and is most of it told?"""
    counts = told("correlate1d", 0)
    assert counts.caught > 0
    assert counts.named + counts.located > 0
    assert counts.changed <= counts.located
    assert len(counts.seconds) == counts.caught - counts.named
    said = counts.named + counts.located + counts.apart + counts.part + len(counts.silent)
    assert said == counts.caught


@pytest.mark.slow
def test_two_slips_are_counted_too():
    """Is the second slip made in the answer with the first?"""
    counts = told("pad1d", 0, twice=True)
    assert counts.caught > 0
    assert counts.located < counts.caught


def test_a_changed_solution_reads_as_a_cell():
    """Is the changed line among those that differ, and can the cell's text be had?"""
    source = source_of(right_solutions.solutions("correlate1d")[0], counted=False)
    slip = next(s for s in slips(source.node) if "range(len(w) - 1)" in s.text())
    answer, lines = written(source, slip)
    text = source_of(answer).lines
    assert any("range(len(w) - 1)" in text[number - 1] for number in lines)


def test_what_no_learner_can_write_is_left_out():
    """Is an array that stays between calls refused?"""
    source = source_of(right_solutions.solutions("correlate1d")[0], counted=False)
    slip = next(s for s in slips(source.node) if "kept_from" in s.text())
    with pytest.raises(ValueError, match="no learner"):
        written(source, slip)


def test_the_table_adds_up():
    """Is the last row the sum of the others?"""
    rows = [Told("a", 4, 1, 1, 1, 1, 1, [0.1], ["x"]), Told("b", 2, 1, 1, 0, 0, 0, [0.3])]
    assert markdown(rows, COLUMNS).splitlines()[-1] == "| all | 6 | 2 | 2 | 1 | 1 | 1 | 1 |"
    assert times(rows).startswith("Processor time of a check without a name: median 0.30 s")
