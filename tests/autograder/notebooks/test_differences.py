"""Tests of autograder.notebooks.differences: what two processors may compute differently."""

import base64
import copy
import io
import json

import numpy as np
import pytest
from PIL import Image

from autograder.notebooks.build import kept
from autograder.notebooks.differences import comparable, difference, same_pictures
from autograder.notebooks.serialize import compact_json

PATH = "course/checks/cases/01_doubling.json"
CASE = {
    "args": [{"array": [1.5, 2.0], "dtype": "float64"}, 3],
    "expected": {"tuple": [{"array": [3.0, 1e-9], "dtype": "float64"}, 0.5, 7]},
    "wrong": {"halves": [{"tuple": [{"as": "expected"}, 0.25, 7]}], "raises": [{"raises": "X"}]},
}
CASES = {
    "lesson": "01_doubling",
    "exercises": {
        "double": {"kind": "function", "parts": {"values": {"points": 2, "cases": [CASE]}}}
    },
    "misconceptions": {"halves": ["it halves", "Which way?"], "raises": ["it raises", "Why?"]},
}


def written(cases):
    """Return cases as a file has them."""
    return (compact_json(cases) + "\n").encode()


def edited(edit):
    """Return the cases with an edit of the one case they hold."""
    cases = copy.deepcopy(CASES)
    edit(cases["exercises"]["double"]["parts"]["values"]["cases"][0])
    return cases


def rounded(by, dtype="float64"):
    """Return the cases as a processor gives them whose sums are off by `by` of their size."""

    def edit(case):
        case["args"][0]["dtype"] = dtype
        case["expected"]["tuple"][0]["array"][0] *= 1 + by
        case["expected"]["tuple"][1] *= 1 - by
        case["wrong"]["halves"] = [
            {"tuple": [{"array": [3.0 * (1 - by), 1e-9], "dtype": "float64"}, 0.25 * (1 + by), 7]}
        ]

    return edited(edit)


def test_cases_that_are_the_same_do_not_differ():
    """Is a file itself?"""
    assert difference(PATH, written(CASES), written(CASES)) == ""


@pytest.mark.parametrize("by", [1e-16, 1e-14, 4e-11])
def test_last_digits_may_differ(by, tmp_path):
    """Does a file fit whose numbers differ by less than a check sees, and does a build keep it?"""
    found, built = written(CASES), written(rounded(by))
    assert found != built
    assert difference(PATH, found, built) == ""
    (tmp_path / PATH).parent.mkdir(parents=True)
    (tmp_path / PATH).write_bytes(found)
    assert kept(tmp_path, {PATH: built}) == {PATH: found}


def test_float32_cases_have_the_wider_tolerance():
    """Are numbers computed from float32 arguments compared as the check compares them?"""
    single = edited(lambda case: case["args"][0].update(dtype="float32"))
    assert difference(PATH, written(single), written(rounded(4e-5, "float32"))) == ""
    assert difference(PATH, written(CASES), written(rounded(4e-5))) != ""


EDITS = {
    "args": lambda case: case["args"][0]["array"].__setitem__(0, 1.5000000000000002),
    "expected outcome": lambda case: case["expected"]["tuple"].__setitem__(1, 0.5000001),
    "outcome of halves": lambda case: case["wrong"]["halves"][0]["tuple"].__setitem__(1, 0.26),
    "outcome of raises": lambda case: case["wrong"].update(raises=[{"raises": "Y"}]),
    "mistakes": lambda case: case["wrong"].pop("raises"),
    "how": lambda case: case.update(how="indices"),
}
VALUES = ("exercises", "double", "parts", "values")
EXPECTED = {
    "a whole number": lambda case: case["expected"]["tuple"].__setitem__(2, 8),
    "a float for a whole number": lambda case: case["expected"]["tuple"].__setitem__(2, 7.0),
    "a dtype": lambda case: case["expected"]["tuple"][0].update(dtype="float32"),
    "a shape": lambda case: case["expected"]["tuple"][0].update(array=[[3.0, 1e-9]]),
    "an entry": lambda case: case["expected"]["tuple"][0]["array"].__setitem__(0, 3.00001),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_changed_case_is_named(what):
    """Is each kind of change told, with exercise, part and case?"""
    told = difference(PATH, written(edited(EDITS[what])), written(CASES))
    assert told == f"double, values, case 1 differs in its {what}"


@pytest.mark.parametrize("what", EXPECTED)
def test_types_and_shapes_of_expected_outcomes_count(what):
    """Is an expected outcome of another type or shape a changed one?"""
    told = difference(PATH, written(edited(EXPECTED[what])), written(CASES))
    assert told == "double, values, case 1 differs in its expected outcome"


@pytest.mark.parametrize(
    ("keys", "value", "told"),
    [
        (("misconceptions", "halves"), ["it halves", "How?"], "differs in its misconceptions"),
        (("lesson",), "02", "differs in its lesson"),
        (("exercises", "double", "kind"), "class", "double differs in its kind"),
        ((*VALUES, "points"), 3, "double, values differs in its points"),
        (("exercises", "double", "parts", "shape"), {"cases": []}, "double differs in its parts"),
        (("exercises", "triple"), {}, "triple stands in only one of the two"),
        ((*VALUES, "cases"), [], "double, values has 0 cases"),
    ],
)
def test_a_changed_hint_point_or_part_is_named(keys, value, told):
    """Is everything beside the computed numbers compared exactly?"""
    cases = copy.deepcopy(CASES)
    place = cases
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    assert difference(PATH, written(cases), written(CASES)) == told


def test_another_layout_of_the_same_cases_is_told():
    """Does a space count?"""
    spaced = written(CASES).replace(b": ", b":  ", 1)
    assert difference(PATH, spaced, written(CASES)) == "differs in its layout"


def solution(pixels, text="<p>a</p>"):
    """Return a solution that shows a picture, alone and inside a page."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="png")
    data = base64.b64encode(buffer.getvalue()).decode()
    page = f'{text}<img src="data:image/png;base64,{data}">'
    outputs = [{"data": {"image/png": data}}, {"data": {"text/html": page}}]
    return json.dumps({"cells": [{"outputs": outputs}]}).encode()


def test_pictures_that_differ_by_a_shade_are_the_same():
    """Is a picture kept whose edges another processor shades differently, and no other one?"""
    pixels = np.full((20, 30, 3), 200, np.uint8)
    shaded, changed = pixels.copy(), pixels.copy()
    shaded[3, 4] += 2
    changed[3, 4] = 0
    assert solution(shaded) != solution(pixels)
    assert same_pictures(solution(shaded), solution(pixels))
    assert not same_pictures(solution(changed), solution(pixels))
    assert not same_pictures(solution(pixels[:-1]), solution(pixels))
    assert not same_pictures(b"{}", solution(pixels))


def test_a_page_with_another_picture_in_it_is_the_same():
    """Is a picture inside HTML told from the words around it?"""
    white, black = np.full((2, 2, 3), 255, np.uint8), np.zeros((2, 2, 3), np.uint8)
    first, repainted = comparable(solution(white)), comparable(solution(black))
    assert first == repainted != comparable(solution(white, "<p>b</p>"))
