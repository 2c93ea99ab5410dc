"""Do the checks tell right answers from wrong ones, by cases that say no more than they may?

What the wrong variants give is computed once for all tests of this file.
"""

import argparse
import json
import re

import pytest

from autograder import CommandError, hidden_tests, misconceptions, proof, right_solutions
from autograder.exercises import EXERCISES, LESSONS
from autograder.mutation import table
from autograder.notebooks.layout import cases_path
from autograder.notebooks.serialize import cases_bytes
from course.checks import cases
from course.checks.compare import same
from tests.autograder.notebooks.processors import fits

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


@pytest.mark.parametrize("number", [lesson.number for lesson in LESSONS])
def test_visible_cases_are_small_and_read_back_as_they_were(number):
    """Does a case file stay small, and hold what was computed?"""
    data = hidden_tests.visible_cases(number)
    text = json.dumps(data, allow_nan=False)
    assert len(text) < 400_000
    for name, entry in json.loads(text)["exercises"].items():
        spec = hidden_tests.shown_spec(name)
        for part in spec.parts:
            for coded, case in zip(entry["parts"][part.name]["cases"], part.cases, strict=True):
                read = cases._decode_case(coded)
                assert same(read.expected, case.expected, 0.0)
                assert set(read.wrong) == set(case.wrong)
                for key, outcomes in case.wrong.items():
                    pairs = zip(read.wrong[key], outcomes, strict=True)
                    assert all(same(*pair, 1e-11) for pair in pairs)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.number)
def test_this_processors_own_kernels_and_vectors_compute_what_is_committed(lesson):
    """Do the visible cases come out the same, so that a build leaves their files alone?"""
    built = cases_bytes(lesson.name, hidden_tests.visible_cases(lesson.number))
    assert fits(cases_path(lesson.name), built)


def _numbers(value):
    """List the numbers of an encoded value that are long enough to be told from a count."""
    return set(re.findall(r"-?\d+\.\d{3,}|\d{4,}", json.dumps(value)))


@pytest.mark.parametrize(
    "name", ["correlate1d", "conv2d", "grad_convolve1d", "MaxPool2D", "col2im", "forward"]
)
def test_a_withheld_failure_shows_no_withheld_number(name):
    """Does a message give an input or an expected number away?"""
    for part in EXERCISES[name].parts:
        shown = set()
        for inputs in hidden_tests.drawn(name, part.name):
            shown |= _numbers(cases.encode(inputs.args))
        for variants in misconceptions.variants(name).values():
            for variant in variants[:1]:
                report = hidden_tests.withheld_report(name, variant, part.name)
                assert not _numbers(report.text()) & shown
                assert "expected " not in report.text().replace("expected one", "")


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
