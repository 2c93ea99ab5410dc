"""Do the checks tell right answers from wrong ones?"""

import argparse

import pytest

from autograder import CommandError, proof, right_solutions
from autograder.mutation import table

NAMES = [exercise.name for exercise in proof.tried_exercises()]
ROWS: dict[str, proof.Row] = {}
pytestmark = pytest.mark.slow


@pytest.fixture
def row(request) -> proof.Row:
    """Prove an exercise once for all tests that look at it."""
    if request.param not in ROWS:
        ROWS[request.param] = proof.prove(request.param)
    return ROWS[request.param]


every_exercise = pytest.mark.parametrize("row", NAMES, indirect=True)


@every_exercise
def test_every_wrong_variant_loses_points_in_the_hidden_tests(row):
    """Is there a mistake of the catalogue that still earns everything?"""
    assert row.hidden == row.wrong > 0, row.faults


@every_exercise
def test_visible_checks_catch_every_wrong_variant(row):
    """Does a learner see each of these mistakes before handing in?"""
    assert row.unseen == []


@every_exercise
def test_no_variant_is_called_by_another_name(row):
    """Is a learner ever told of a mistake that is not theirs?"""
    assert row.misnamed == 0, row.faults


@every_exercise
def test_every_right_solution_passes(row):
    """Does any style of a right answer lose points?"""
    assert row.passed == row.right, row.faults


@every_exercise
def test_most_variants_are_named(row):
    """Does the catalogue name what it knows?  (Errors and side effects are told in words.)"""
    assert row.named >= 0.8 * row.wrong, row.unnamed


@pytest.mark.parametrize(
    "name", [e.name for e in proof.tried_exercises() if e.kind in ("function", "class")]
)
def test_eight_styles_answer_each_exercise(name):
    """Is every exercise answered in at least eight ways?"""
    assert len(right_solutions.solutions(name)) >= 8


def test_a_wrong_solution_called_right_is_a_fault(monkeypatch):
    """Would the proof notice a right solution that does not pass?"""
    monkeypatch.setattr(right_solutions, "solutions", lambda name: [lambda dy: 0.0])
    row = proof.prove("grad_b_1d")
    assert row.passed == 0
    assert "does not pass" in row.faults[-1]


def test_the_command_prints_a_table_and_says_whether_all_is_well(capsys):
    """What does `python -m autograder proof grad_b_1d --quick` show?"""
    parser = argparse.ArgumentParser()
    proof.configure(parser)
    assert proof.run(parser.parse_args(["grad_b_1d", "--quick"])) == 0
    printed = capsys.readouterr().out
    assert "caught by visible checks" in printed
    assert "| all |" in printed


def test_the_page_in_the_docs_speaks_of_every_exercise():
    """Was the page written after the last exercise was added?"""
    page = proof.PAGE.read_text(encoding="utf-8")
    assert [name for name in NAMES if f"| {name} |" not in page] == []


def test_a_row_of_the_page_can_be_written_anew():
    """Do the new numbers stand in their row and in the sums, and nowhere else?"""
    first = "| lesson | exercise | wrong | right |\n| --- | --- | ---: | ---: |\n"
    second = "| exercise | silent |\n| --- | ---: |\n"
    page = (
        f"# Proof\n{first}| 01 | a | 3 | 8 of 8 |\n| 01 | b | 4 | - |\n|  | all | 7 | 8 of 8 |\n"
        f"Text\n{second}| a | 5 |\n| all | 5 |\n"
    )
    new = f"{first}| 01 | a | 10 | 7 of 9 |\n|  | all | 10 | 7 of 9 |"
    assert table.merged(page, [new, ""]) == (
        page.replace("| 3 | 8 of 8 |", "| 10 | 7 of 9 |").replace("| 7 | 8 of", "| 14 | 7 of")
        .replace("7 of 8", "7 of 9")
    )  # fmt: skip
    with pytest.raises(CommandError, match="Write it whole"):
        table.merged(page, [new.replace("| a |", "| c |"), ""])
