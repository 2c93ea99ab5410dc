"""Failed cases in figures: of every mistake of the catalogue, what the figure is given."""

import functools
import pickle
import warnings

import numpy as np
import pytest

from autograder import misconceptions
from autograder.exercises import EXERCISES
from course.checks import cases, drive
from course.checks.drawn import FIGURES
from course.checks.faults import fault
from course.checks.run import run
from course.checks.shown import SHOWN, _figure, drawn_case, failed_case

DRAWN = list(dict.fromkeys(name.split(",")[0] for name in FIGURES))
pytestmark = pytest.mark.slow  # it runs an answer with every mistake

WORDS = {"True": 1, "False": 0}
CHECKED = [name for name, e in EXERCISES.items() if e.kind in ("function", "class")]
# Calls that no figure draws.
SLOW = ("training", "batches", "one_step", "stack_step", "stack_step_of_columns")
# An argument's name, where a figure has another for it.
IN_FIGURE = {
    "FlipAndSlide": {"x": "x", "w": "w"},
    "MatrixView": {"w": "kernel"},
    "TransposedConvolution": {"w": "kernel"},
    None: {"x": "image", "w": "kernel", "weight": "kernel", "b": "bias"},
}


@functools.cache
def tries(name):
    """Return what every mistake of an exercise gives on its visible cases, by their `id`.

    Each comes in one spelling: the others' results are of the same kinds.
    """
    tried = [case for part in cases.spec(name).parts for case in part.cases]
    tried = [case for case in tried if case.how not in SLOW]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong answer may divide by 0
        return [
            (tried, {id(case): run(answer, case) for case in tried})
            for answer, *_ in misconceptions.variants(name).values()
        ]


def failures(name):
    """Yield every visible case, and its outcome, in which a figure can show what is wrong.

    Outcomes that are alike byte for byte come once: a drawing depends on nothing else.
    """
    spec, seen = cases.spec(name), set()
    for tried, outcomes in tries(name):
        for case in tried:
            found = fault(spec, case, outcomes[id(case)])
            if not found or found.kind not in SHOWN:
                continue
            alike = id(case), found.kind, pickle.dumps(outcomes[id(case)].value)
            if alike not in seen:
                seen.add(alike)
                yield spec, case, outcomes[id(case)]


@functools.cache
def drawings(name):
    """Return the case, the outcome and the drawing of all failures that a figure draws.

    A case's figure is made once, for it does not depend on the answer.
    """
    made = {}

    def kept(drawn):
        key = pickle.dumps((drawn.figure, drawn.settings))
        if key not in made:
            made[key] = _figure(drawn)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("course.checks.shown._figure", kept)
        return [
            (spec, case, outcome, found)
            for spec, case, outcome in failures(name)
            if (found := drawn_case(spec, case, outcome))
        ]


def results(value):
    """Return the arrays of a result by their places."""
    items = list(value.values()) if isinstance(value, dict) else value
    return list(items) if isinstance(items, (tuple, list)) else [items]


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_has_the_cases_own_inputs(name):
    """Is every argument of the case in the figure's state, and nothing put in its place?"""
    seen = 0
    for spec, case, _, (figure, words, _) in drawings(name):
        seen += 1
        state, kind = figure.state(), type(figure).__name__
        names = IN_FIGURE.get(kind, IN_FIGURE[None])
        given = dict(zip(drive.parameters(case.how, spec.parameters), case.args, strict=False))
        for key, value in given.items():
            if key == "settings":  # channels in and out, kernel size, stride, padding
                for setting, number_of in zip(("stride", "padding"), value[3:], strict=False):
                    assert state[setting] == number_of
            elif isinstance(value, np.ndarray):
                if key == "bias" and "bias" not in state:  # a gradient does not ask for it
                    continue
                shown = np.array(state[names.get(key, key)])
                assert (shown.reshape(value.shape) == value).all(), (key, case)
            elif key in state:
                size = key == "kernel_size" and not isinstance(value, tuple)
                value = tuple(value) if isinstance(value, list) else value
                assert state[key] == ((value, value) if size else value), (key, case)
            elif key == "kernel_size":
                pair = value if isinstance(value, tuple) else (value, value)
                assert np.shape(state["kernel"])[-2:] == pair
            elif key in ("x_shape", "in_hw"):
                shape = state.get("image_shape", np.shape(state.get("image")))
                assert tuple(shape)[-2:] == tuple(value)[-2:]
            else:
                known = {"n": len(state.get("x", ())), "groups": 1, "i": state.get("selection")}
                assert known[key] == value, case
        for invented in ("x", "w", "image", "kernel"):
            if invented in state and invented not in {names.get(key, key) for key in given}:
                assert not np.array(state[invented]).any()
                assert any("takes zeros" in text for text in words)
    assert seen > 0


@pytest.mark.parametrize("name", DRAWN)
def test_the_marked_values_are_the_answers_and_the_expected_ones(name):
    """Are exactly the entries marked that differ, with the numbers of both sides?"""
    for _, case, outcome, (_, _, wrong) in drawings(name):
        if outcome.error:
            assert wrong == []
            continue
        if not wrong:
            assert any(a.shape != b.shape for a, b in paired(outcome, case))
            continue
        told = 0
        for computed, expected in paired(outcome, case):
            with np.errstate(invalid="ignore"):
                scale = np.abs(expected).max() or 1
                differs = ~(np.abs(computed - expected) <= 1e-10 * scale)
            for index in np.argwhere(differs):
                entry = wrong[told]
                told += 1
                assert entry.name.endswith(str(index.tolist()))
                for text, value in (
                    (entry.computed, computed[tuple(index)]),
                    (entry.expected, expected[tuple(index)]),
                ):
                    shown = float(WORDS.get(text, text.replace("\N{MINUS SIGN}", "-")))
                    assert shown == pytest.approx(value, rel=1e-3, abs=6e-4, nan_ok=True)
                assert entry.computed != entry.expected
        assert told == len(wrong)


def paired(outcome, case):
    """Return the arrays of an outcome with those expected."""
    pairs = zip(results(outcome.value), results(case.expected), strict=False)
    return [(np.asarray(a, dtype=float), np.asarray(b, dtype=float)) for a, b in pairs]


def test_every_exercise_of_the_table_is_one():
    """Does each line of the table name an exercise, and a way in which its cases are called?"""
    for line in FIGURES:
        name, _, how = line.partition(", ")
        assert EXERCISES[name].kind in ("function", "class")
        ways = {case.how for part in cases.spec(name).parts for case in part.cases}
        assert not how or how in ways


@pytest.mark.parametrize("name", CHECKED)
def test_a_failed_case_is_one_folded_figure_or_nothing(name):
    """Of every mistake, does an exercise of the table give one figure, and no other any?"""
    spec = cases.spec(name)
    for _, outcomes in tries(name):
        shown = failed_case(spec, spec.parts, outcomes)
        assert shown == "" or name in DRAWN
        assert shown.count("<details") == shown.count("Show ") == bool(shown)
