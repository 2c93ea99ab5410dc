"""Are wrong changes of right solutions told from harmless ones, and are they counted?"""

import numpy as np
import pytest

from autograder import mutation, right_solutions
from autograder.mutation import mutants, tally, tried_exercises
from autograder.mutation.guard import within_bounds
from autograder.mutation.oracle import LAYOUTS, allowed, laid, oracle
from course.checks.source import source_of

CHEAP = ("correlate1d", "pad1d", "conv_matrix", "receptive_field", "he_std", "MaxPool2D", "Conv2D")


def correlates(x, w):
    if len(w) > len(x):
        raise ValueError("too long")
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])


def witness(answer, exercise="correlate1d"):
    """Return the oracle's input on which an answer is wrong."""
    source = source_of(answer)
    return oracle(exercise).witness(source.make(), source.tank)


def test_every_function_and_class_has_allowed_inputs():
    """Is no exercise left out of the oracle?"""
    assert [name for name in tried_exercises() if allowed(name) is None] == []


def test_a_right_answer_has_no_witness():
    """Is an answer in a style of its own right on all inputs?"""
    assert witness(correlates) is None


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, w: np.round(correlates(x, w), 8),
        lambda x, w: np.abs(correlates(x, w)),
        lambda x, w: correlates(x, w).astype(np.result_type(x)),
        lambda x, w: correlates(x, w[::-1]),
        lambda x, w: correlates(x, w) if len(w) <= len(x) else np.zeros(0),
    ],
    ids=["rounded", "without signs", "of x's type", "flipped", "not refused"],
)
def test_a_wrong_answer_has_a_witness(answer):
    """Is there an allowed input that tells?"""
    assert witness(answer) is not None


def test_an_endless_answer_is_wrong():
    """Does the oracle come back from it?"""

    def endless(x, w):
        while True:
            x = x + 1

    assert witness(endless) is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", CHEAP)
def test_right_solutions_are_the_reference_for_the_oracle(name):
    """Are all inputs of the oracle allowed, in every layout?"""
    for solution in right_solutions.solutions(name)[:2]:
        assert witness(solution, name) is None


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS)))
def test_a_layout_changes_no_number(layout):
    """Is an array of another layout still the same array?"""
    x = np.arange(24.0).reshape(2, 3, 4)
    again = laid([x, {"w": x}], layout)
    assert np.array_equal(again[0], x)
    assert np.array_equal(again[1]["w"], x)


def test_mutants_differ_from_the_solution_and_from_each_other():
    """Is every change tried once?"""
    source = source_of(correlates)
    texts = [slip.text() for slip, _ in mutants(source, None, "")]
    assert len(texts) > 50
    assert any("range(len(x) + len(w) + 1)" in text for text in texts)


def test_a_sample_is_the_same_each_time():
    """Does a seed fix the sample?"""
    samples = [
        [slip.text() for slip, _ in mutants(source_of(correlates), 5, seed)] for seed in "aab"
    ]
    assert samples[0] == samples[1] != samples[2]
    assert len(samples[0]) == 5


def test_a_check_without_cases_lets_wrong_changes_pass(monkeypatch):
    """Would the tally notice checks that see nothing?"""
    monkeypatch.setattr(mutation, "_fails", lambda *_: False)
    counts = tally("pad1d", 0, quick=True)
    assert counts.wrong == len(counts.accepted) > 0
    assert counts.visible == counts.hidden == 0
    assert "wrong on pad1d(" in counts.accepted[0]


def test_a_wrong_solution_called_right_is_a_fault(monkeypatch):
    """Would the tally notice a right solution that is not the reference?"""

    def wrong(x, padding):
        return np.pad(x, padding + 1)

    monkeypatch.setattr(right_solutions, "solutions", lambda name: [wrong])
    assert "is not the reference" in tally("pad1d", 0, quick=True).faults[0]


def test_a_right_solution_that_fails_as_changed_ones_do_is_a_fault(monkeypatch):
    """Would the tally notice limits that a right solution cannot keep?"""
    monkeypatch.setattr(mutation, "_fails", lambda *_: True)
    assert "fails as changed ones do" in tally("correlate1d", 0, quick=True).faults[0]


@pytest.mark.slow
def test_the_slowest_right_solution_keeps_the_limits_of_changed_ones():
    """Has each input limits of its own, so that many inputs do not use them up?"""
    name, slowest = "conv2d_backward_loops", "_by_nudges_that_are_exact"
    source = next(
        source_of(one) for one in right_solutions.solutions(name) if one.__name__ == slowest
    )
    for cases in mutation._cases(name):
        assert not mutation._fails(source, source.compiled(), oracle(name).spec, cases)


def test_strides_beyond_an_array_are_refused():
    """Does a changed `as_strided` raise in place of reading what lies there?"""
    x = np.arange(6.0)
    assert within_bounds(x, (2, 3), (24, 8)).tolist() == x.reshape(2, 3).tolist()
    with pytest.raises(ValueError, match="beyond the array"):
        within_bounds(x, (3, 3), (24, 8))
