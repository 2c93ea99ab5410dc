"""Are the withheld cases fair, secret and complete?"""

import inspect
import json
import re
from pathlib import Path

import numpy as np
import pytest

from autograder import (
    CommandError,
    exercises,
    hidden_tests,
    lessons,
    misconceptions,
    proof,
    reference,
)
from autograder.notebooks.layout import cases_path
from course.checks import cases
from course.checks.examine import examine
from course.checks.report import CheckFailed

ROOT = Path(__file__).parents[2]
TRIED = proof.tried_exercises()
PARTS = [(exercise.name, part.name) for exercise in TRIED for part in exercise.parts]
PREDICTIONS = [exercise for exercise in TRIED if exercise.kind == "prediction"]
LESSONS = [lesson.number for lesson in lessons.LESSONS]


@pytest.fixture(autouse=True)
def _authoring_seed():
    yield
    hidden_tests.set_seed(b"authoring")


def _as_data(inputs):
    """Write inputs so that they can be compared; withheld functions count by their name."""

    def plain(arg):
        if callable(arg):
            return getattr(arg, "__name__", "function")
        if isinstance(arg, (tuple, list)) and any(callable(item) for item in arg):
            return [plain(item) for item in arg]
        return cases.encode(arg)

    return json.dumps([[plain(arg) for arg in one.args] for one in inputs])


def test_a_new_exercise_is_told_what_it_lacks(monkeypatch):
    """Does an exercise without inputs or without a right answer say which file to write in?"""
    part = exercises.Part("values", 1, "windows of several lengths")
    entry = exercises.Exercise("01", "window_sums", "function", (part,))
    monkeypatch.setitem(exercises.EXERCISES, "window_sums", entry)
    where = "autograder/lessons/sliding_window/inputs.py"
    with pytest.raises(CommandError, match=f"'values' of 'window_sums' has no inputs.*{where}"):
        hidden_tests.shown_spec("window_sums")
    with pytest.raises(CommandError, match=f"no right answer.*autograder/reference/.*{where}"):
        hidden_tests.reference_of("window_sums")


@pytest.mark.parametrize(("exercise", "part"), PARTS)
def test_every_part_has_shown_and_withheld_inputs(exercise, part):
    """Is a part of the registry left without cases?"""
    assert hidden_tests.inputs_of(exercise, part).shown
    assert hidden_tests.drawn(exercise, part)


def test_no_inputs_are_left_over():
    """Do the modules hold exercises or parts that the registry does not know?"""
    for lesson in lessons.LESSONS:
        module = lessons.load(lesson, "inputs")
        tried = {e.name: e for e in exercises.exercises_of(lesson.number) if e.kind != "written"}
        assert set(module.INPUTS) == set(tried)
        for name, parts in module.INPUTS.items():
            assert list(parts) == [part.name for part in tried[name].parts]


@pytest.mark.parametrize(("exercise", "part"), PARTS)
def test_one_secret_draws_the_same_cases_each_time(exercise, part):
    """Are two learners, or two runs, graded on the same cases?"""
    first = _as_data(hidden_tests.drawn(exercise, part, b"secret"))
    assert _as_data(hidden_tests.drawn(exercise, part, b"secret")) == first


@pytest.mark.parametrize(
    ("exercise", "part"), [p for p in PARTS if exercises.EXERCISES[p[0]].kind != "prediction"]
)
def test_another_secret_draws_other_cases(exercise, part):
    """Would knowing one course's cases help in another?"""
    one = _as_data(hidden_tests.drawn(exercise, part, b"secret"))
    others = [_as_data(hidden_tests.drawn(exercise, part, s)) for s in (b"another", b"third")]
    assert others != [one, one]


@pytest.mark.parametrize("secret", [b"one", b"two"])
@pytest.mark.parametrize("number", LESSONS)
def test_the_reference_is_right_under_any_secret(number, secret):
    """Does a drawing ever make a case that the right answer fails?"""
    hidden_tests.set_seed(secret)
    for exercise in exercises.exercises_of(number):
        if exercise.kind in ("function", "class"):
            answer = getattr(reference, exercise.name)
            for report in proof.hidden_reports(exercise.name, answer):
                assert report.status == "right", report.text()


@pytest.mark.parametrize(
    "exercise", [e for e in TRIED if e.kind != "prediction"], ids=lambda e: e.name
)
def test_the_signature_of_the_registry_is_the_references(exercise):
    """Could a learner who follows the stub be called with other arguments?"""
    signature = inspect.signature(getattr(reference, exercise.name))
    empty = inspect.Parameter.empty
    parts = [
        p.name if p.default is empty else f"{p.name}={p.default!r}"
        for p in signature.parameters.values()
    ]
    assert _defaults(f"({', '.join(parts)})") == _defaults(exercise.signature)


def _defaults(signature):
    namespace = {}
    exec(f"def f{signature}: pass", namespace)
    return [(p.name, p.default) for p in inspect.signature(namespace["f"]).parameters.values()]


def test_withheld_raises_a_check_that_failed():
    """What does a test cell see when an answer is wrong?"""
    with pytest.raises(CheckFailed, match="withheld"):
        hidden_tests.withheld("grad_b_1d", lambda dy: 0.0, "values")


@pytest.mark.parametrize("exercise", PREDICTIONS, ids=lambda e: e.name)
def test_a_case_file_does_not_show_what_is_to_be_predicted(exercise):
    """Do the right value and the wrong ones stand in the file as digests alone?"""
    path = ROOT / cases_path(exercises.lesson(exercise.lesson).name)
    entry = json.loads(path.read_text("utf-8"))["exercises"][exercise.name]
    (case,) = entry["parts"]["value"]["cases"]
    outcomes = [case["expected"], *case["wrong"].values()]
    found = list(_leaves(outcomes))
    assert all(set(leaf) == {"sealed"} for leaf in found)
    assert {leaf["sealed"][0] for leaf in found} <= {"number", "word"}
    assert all(re.fullmatch("[0-9a-f]{12}", leaf["sealed"][2]) for leaf in found)


@pytest.mark.parametrize("exercise", PREDICTIONS, ids=lambda e: e.name)
def test_a_sealed_prediction_is_told_right_or_wrong_at_once(exercise):
    """Does the check that a student has know the value, and name what is wrong?"""
    spec = cases.spec(exercise.name)
    right = hidden_tests.reference_of(exercise.name)()
    assert examine(spec, right, list(spec.parts)).status == "right"
    named = set()
    for key, spellings in misconceptions.variants(exercise.name).items():
        reports = [examine(spec, variant(), list(spec.parts)) for variant in spellings]
        assert {report.status for report in reports} == {"wrong"}
        named |= {key} & {report.misconception for report in reports}
    assert named


def _leaves(coded):
    """List what stands in lists of lists."""
    if isinstance(coded, list):
        return [leaf for item in coded for leaf in _leaves(item)]
    return [coded]


def test_the_three_geometries_are_among_the_withheld_layers():
    """Are G's geometries always tried where a layer is asked for?"""
    for name, place in (("conv2d", 0), ("conv2d_backward_loops", 1), ("conv2d_im2col", 0)):
        drawn = hidden_tests.drawn(name, "geometry")
        shapes = {np.shape(inputs.args[place]) for inputs in drawn}
        assert {(2, 3, 6, 8), (3, 2, 5, 7), (3, 4, 6, 8)} <= shapes
