"""Is the author of a new exercise told all that it lacks, at once and in the guide's order?"""

import re
from pathlib import Path

import pytest

from autograder import (
    CommandError,
    exercises,
    hidden_tests,
    misconceptions,
    omissions,
    proof,
    right_solutions,
)
from autograder.notebooks.layout import this_course
from autograder.notebooks.lesson import build_lesson

GUIDE = Path(__file__).parents[2] / "docs" / "instructors.md"
PARTS = (exercises.Part("values", 1, "windows"), exercises.Part("refuse", 1, "long windows"))
# What is said of each step, and the file in which the guide says to write it.
STEPS = [
    ("no right answer to compare with", "autograder/reference/"),
    ("part 'values' of 'moving_average' has no inputs", "inputs.py"),
    ("part 'refuse' of 'moving_average' has no inputs", "inputs.py"),
    ("no wrong answer to recognise", "mistakes.py"),
    ("no right answers to accept", "solutions.py"),
    ("no allowed inputs for changed answers", "allowed.py"),
]


@pytest.fixture
def _new_exercise(monkeypatch):
    entry = exercises.Exercise("01", "moving_average", "function", PARTS, "(x, k)")
    monkeypatch.setitem(exercises.EXERCISES, "moving_average", entry)


@pytest.mark.usefixtures("_new_exercise")
def test_an_exercise_that_stands_only_in_the_registry_lacks_every_step():
    """Does each step have a sentence that names the file, in the guide's order?"""
    found = omissions.omissions("01_sliding_window")
    assert len(found) == len(STEPS)
    for sentence, (what, file) in zip(found, STEPS, strict=True):
        assert what in sentence
        assert file in sentence


def test_the_guide_has_the_same_order():
    """Do the steps of docs/instructors.md name the files in the order of the sentences?"""
    text = GUIDE.read_text("utf-8").split("### Add an exercise")[1]
    steps = re.findall(r"(?m)^\d+\. .*$", text)
    files = ["exercises.py", *dict.fromkeys(file for _, file in STEPS), "source/NN_topic.py"]
    assert len(steps) == len(files) + 1
    for step, file in zip(steps, files, strict=False):
        assert file in step, step
    assert "proof NN" in steps[-1]
    assert "proof --write" in steps[-1]


def test_the_course_as_it_is_lacks_nothing():
    """Is an exercise of the course without an answer that a proof needs?"""
    assert [s for lesson in exercises.LESSONS for s in omissions.omissions(lesson.name)] == []


@pytest.mark.usefixtures("_new_exercise")
def test_the_build_names_what_the_text_lacks_as_well():
    """Does one run name all steps, the cells of the text and the total last?"""
    with pytest.raises(CommandError) as caught:
        build_lesson(this_course(), "01_sliding_window", None)
    lines = str(caught.value).split("\n")
    told = [what for what, _ in STEPS]
    told += [
        "no cell with role='answer'",
        "part 'values', 'refuse' of",
        "the lesson says 20 points",
    ]
    assert len(lines) == len(told)
    for line, what in zip(lines, told, strict=True):
        assert what in line


@pytest.mark.parametrize(
    ("module", "lookup", "nothing", "file"),
    [
        (misconceptions, "variants", {}, "mistakes.py"),
        (right_solutions, "solutions", [], "solutions.py"),
    ],
)
def test_a_proof_without_answers_is_a_fault(monkeypatch, module, lookup, nothing, file):
    """Does `proof` not pass where there is nothing to try, and say where to write it?"""
    hidden_tests.forget_cases()
    monkeypatch.setattr(module, lookup, lambda name: nothing)
    row = proof.prove("grad_b_1d")
    hidden_tests.forget_cases()  # they know no misconceptions
    assert f"autograder/lessons/gradients_1d/{file}" in row.faults[0]
