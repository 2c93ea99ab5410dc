"""Does the proof under many secrets find what only some of them show?"""

import argparse

import numpy as np
import pytest

from autograder import any_secret, hidden_tests, misconceptions, proof, right_solutions
from autograder.lessons.inputs import PartInputs, given


def test_nothing_is_said_where_every_secret_is_fair():
    """Does an exercise that is as it has to be get a fault?"""
    row = any_secret.tried("pad1d", 3, [])
    assert (row.secrets, row.faults) == (3, {})
    assert row.right > 5
    assert row.wrong > 5


@pytest.fixture
def unfair(monkeypatch):
    """Let about one secret in two draw nothing but zeros, which do not tell right from wrong."""
    shown = hidden_tests.inputs_of("pad1d", "values").shown

    def inputs(exercise, part):
        def draw(rng):
            x = rng.integers(1, 9, size=5) * int(rng.integers(0, 2)) * (part == "values")
            return [given(x.astype(float), 1)]

        return PartInputs(shown, draw)

    monkeypatch.setattr(hidden_tests, "inputs_of", inputs)
    hidden_tests.forget_cases()
    yield
    hidden_tests.forget_cases()


def test_a_wrong_answer_that_some_secrets_let_through_is_counted(unfair, monkeypatch):
    """Is a draw found that is fair with one secret and unfair with another?"""

    def to_one_side(x, p):
        return np.concatenate([x, np.zeros(2 * p)])

    key = next(iter(misconceptions.variants("pad1d")))
    monkeypatch.setattr(misconceptions, "variants", lambda name: {key: [to_one_side]})
    row = any_secret.tried("pad1d", 12, [to_one_side])
    (count,) = row.faults.values()
    assert list(row.faults) == [f"{key} passes, and visible checks let it through too"]
    assert 0 < count < 12


def test_a_right_solution_that_fails_is_named(monkeypatch, capsys):
    """Does the command end with 1, and say which solution and how often?"""

    def too_strict(x, p):
        raise ValueError

    solutions = [*right_solutions.solutions("pad1d"), too_strict]
    monkeypatch.setattr(any_secret.right_solutions, "solutions", lambda name: solutions)
    parser = argparse.ArgumentParser()
    proof.configure(parser)
    assert proof.run(parser.parse_args(["pad1d", "--secrets", "2"])) == 1
    assert "2 of 2: a right solution does not pass: too_strict" in capsys.readouterr().out
