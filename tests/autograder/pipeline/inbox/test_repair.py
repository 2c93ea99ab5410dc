"""Are a learner's cells found again, whatever happened to the notebook?"""

import copy
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import compute_checksum
from tiny_course import RIGHT, solved

from autograder.judge.align import plan
from autograder.judge.api import plain
from autograder.pipeline.inbox.repair import repair


@pytest.fixture
def handed_in(blank):
    """Return a right solution as the learner saved it."""
    return solved(blank, **RIGHT)


def cell(notebook, grade_id):
    """Return the one cell with a grade id."""
    found = [
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    ]
    assert len(found) == 1, f"{len(found)} cells are {grade_id}"
    return found[0]


def assert_all_found(repaired, blank):
    """Check that every cell of the release is there once, with its metadata and the answers."""
    nbformat.validate(repaired.notebook)
    assert repaired.found == repaired.expected == 6
    for target in blank.cells:
        if "nbgrader" in target.metadata:
            same = cell(repaired.notebook, target.metadata.nbgrader.grade_id)
            assert same.metadata == target.metadata
            assert same.cell_type == target.cell_type
            expected = RIGHT.get(target.metadata.nbgrader.grade_id, target.source)
            assert same.source == expected


def stripped_of_names(notebook):
    """Take away all by which a cell is known but its content and its place."""
    for number, damaged in enumerate(notebook.cells):
        damaged.metadata, damaged.id = nbformat.from_dict({}), f"other-{number}"


def test_an_intact_notebook_stays_as_it_is(handed_in, blank):
    """Does repairing leave a notebook alone that needs none?"""
    repaired = repair(handed_in, blank)
    assert_all_found(repaired, blank)
    assert [c.source for c in repaired.notebook.cells] == [c.source for c in handed_in.cells]


def test_edited_points_and_tests_are_put_back(handed_in, blank):
    """Does a learner gain by raising points, unlocking or rewriting a test?"""
    test = cell(handed_in, "double_small")
    test.metadata.nbgrader.points = 100
    test.metadata.nbgrader.locked = False
    test.source = "pass"
    cell(handed_in, "setup").source = "check = print"
    assert_all_found(repair(handed_in, blank), blank)


@pytest.mark.parametrize("metadata", [{}, {"nbgrader": None}, {"nbgrader": {"grade_id": "x"}}])
def test_cells_are_found_by_their_cell_id(handed_in, blank, metadata):
    """Do the release's cell ids suffice when an editor damaged nbgrader's metadata?"""
    for damaged in handed_in.cells:
        damaged.metadata = nbformat.from_dict(copy.deepcopy(metadata))
    assert_all_found(repair(handed_in, blank), blank)


def test_cells_are_found_by_their_content(handed_in, blank):
    """Does a notebook without any metadata or id of ours still count?"""
    stripped_of_names(handed_in)
    assert_all_found(repair(handed_in, blank), blank)


def test_an_answer_in_its_place_counts_before_a_cell_below_that_plays_with_its_name(
    handed_in, blank
):
    """Is what stands where the lesson has it taken for the answer, not the last definition?"""
    handed_in.cells += [new_code_cell("def double(x):\n    return x"), new_code_cell("double = 3")]
    stripped_of_names(handed_in)
    assert_all_found(repair(handed_in, blank), blank)


def test_an_answer_below_counts_where_its_place_holds_the_stub(blank):
    """Is an answer still found that stands at the end, the stub left as it was?"""
    handed_in = solved(blank, **{**RIGHT, "double": cell(blank, "double").source})
    handed_in.cells.append(new_code_cell(RIGHT["double"]))
    stripped_of_names(handed_in)
    assert cell(repair(handed_in, blank).notebook, "double").source == RIGHT["double"]


def test_an_answer_turned_into_text_is_found_by_its_code(handed_in, blank):
    """Does a cell of text count that is a definition of a name that no code defines?"""
    index = handed_in.cells.index(cell(handed_in, "double"))
    handed_in.cells[index] = new_markdown_cell(RIGHT["double"])
    stripped_of_names(handed_in)
    assert_all_found(repair(handed_in, blank), blank)


def test_an_answer_that_is_imported_is_found(handed_in, blank):
    """Does an import of the answer's name count as its cell?"""
    answer = cell(handed_in, "double")
    answer.source = "from mine import twice as double"
    stripped_of_names(handed_in)
    assert cell(repair(handed_in, blank).notebook, "double").source == answer.source


def test_the_written_one_of_two_copies_counts(handed_in, blank):
    """Does an untouched copy of an answer's cell hide the answer?"""
    handed_in.cells.append(copy.deepcopy(cell(blank, "double")))
    repaired = repair(handed_in, blank)
    assert cell(repaired.notebook, "double").source == RIGHT["double"]
    assert len({c.id for c in repaired.notebook.cells}) == len(repaired.notebook.cells)


def test_an_answer_turned_into_another_kind_of_cell_is_turned_back(handed_in, blank):
    """Is an answer lost when its cell was switched to markdown or raw by a slip?"""
    for number, name in enumerate(RIGHT):
        target = cell(handed_in, name)
        target.cell_type = "raw" if number % 2 else "markdown"
        target.pop("outputs", None)
        target.pop("execution_count", None)
    assert_all_found(repair(handed_in, blank), blank)


def test_a_learners_own_cell_keeps_its_text_and_no_power(handed_in, blank):
    """Can a learner's own cell pass for the instructor's?"""
    own = new_code_cell("check = print", metadata={"tags": ["judge-setup", "raises-exception"]})
    own.metadata["nbgrader"] = {"grade_id": "mine", "grade": True, "points": 50}
    handed_in.cells.insert(1, own)
    kept = repair(handed_in, blank).notebook.cells[1]
    assert kept.source == "check = print"
    assert kept.metadata == {"tags": ["raises-exception"]}


def test_deleted_cells_are_not_invented(handed_in, blank):
    """Is a deleted answer told from an empty one?"""
    handed_in.cells = [c for c in handed_in.cells if c.id not in ("square", "why-square")]
    repaired = repair(handed_in, blank)
    assert (repaired.found, repaired.expected) == (4, 6)
    assert repaired.note == "the cells of square, why_square are not in the notebook"


def test_a_notebook_that_was_cut_short_is_told(handed_in, blank):
    """Is the last cell that is there named, and what is missing below it?"""
    assert repair(handed_in, blank).note == ""
    handed_in.cells = handed_in.cells[:4]
    end = "the notebook ends after double_small: the cells of square, why_square are not in it"
    assert repair(handed_in, blank).note == end


ADDED = {
    "an import": ("import math\nimport random", ["import random"]),
    "an import in the same line": ("import math, random", ["import random"]),
    "a helper": ("def twice(x):\n    return 2 * x\nimport math", ["def twice(x):", "return 2 * x"]),
    "nothing that the lesson binds": ("math = None\nimport math", None),
    "nothing that cannot be read": ("import math\nimport random as", None),
}


@pytest.mark.parametrize(("text", "runs"), ADDED.values(), ids=ADDED.keys())
def test_what_was_added_to_a_locked_cell_runs_below_it(handed_in, blank, text, runs):
    """Does the locked cell keep the lesson's text, and the learner what else they bound there?"""
    cell(handed_in, "setup").source = text
    made = repair(handed_in, blank).notebook.cells
    assert made[1].source == "import math"
    below = made[2].source if made[2].metadata == {} else None
    kept = below and [line.strip() for line in below.splitlines()[1:]]
    assert kept == runs


def test_an_answer_in_a_locked_cell_counts(handed_in, blank):
    """Is an answer found that was written above the check in place of above itself?"""
    cell(handed_in, "double").source = cell(blank, "double").source
    test = cell(handed_in, "double_small")
    test.source = RIGHT["double"] + "\n" + test.source
    made = repair(handed_in, blank)
    assert cell(made.notebook, "double").source.endswith(RIGHT["double"])
    assert cell(made.notebook, "double_small").source == cell(blank, "double_small").source


WORDS = {
    "a text below": [(1, new_markdown_cell("Squares."))],
    "a text above": [(0, new_markdown_cell("Squares."))],
    "two texts": [(1, new_markdown_cell("Squa")), (2, new_markdown_cell("res."))],
    "comments in a cell of code": [(1, new_code_cell("# Squares."))],
    "a raw cell": [(1, nbformat.v4.new_raw_cell("Squares."))],
    "a picture": [
        (1, new_markdown_cell("", attachments={"a.png": {"image/png": "Squares."}})),
    ],
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
def test_words_beside_an_untouched_written_answer_reach_who_grades(handed_in, blank, words):
    """Is a written answer in other cells part of the cell that a person grades?"""
    given = cell(blank, "why_square").source
    cell(handed_in, "why_square").source = given
    place = handed_in.cells.index(cell(handed_in, "why_square"))
    for offset, own in copy.deepcopy(words):
        handed_in.cells.insert(place + offset, own)
    made = repair(handed_in, blank).notebook
    answer = cell(made, "why_square")
    said = "".join(answer.source.split()) + json.dumps(answer.get("attachments", {}))
    assert "Squares." in said
    assert len(made.cells) == len(blank.cells)
    assert compute_checksum(answer) != compute_checksum(cell(blank, "why_square"))


def test_an_untouched_written_answer_is_no_part_of_the_lesson(blank):
    """Is a notebook of another course with the same words to be replaced another notebook?"""
    given = cell(blank, "why_square").source
    other = nbformat.v4.new_notebook(cells=[new_code_cell("x = 1"), new_markdown_cell(given)])
    assert repair(other, blank).found == 0


def test_another_notebook_has_nothing_of_the_lesson(blank):
    """Is a notebook of some other course recognised as such?"""
    other = nbformat.v4.new_notebook(cells=[new_code_cell("print(1)"), new_markdown_cell("Hello")])
    assert repair(other, blank).found == 0


def test_outputs_and_widget_state_are_gone(handed_in, blank):
    """Does anything that a learner's kernel printed reach grading?"""
    target = cell(handed_in, "double_small")
    target.outputs = [nbformat.v4.new_output("stream", text="2.0")]
    handed_in.metadata["widgets"] = {"state": {}}
    repaired = repair(handed_in, blank).notebook
    assert cell(repaired, "double_small").outputs == []
    assert "widgets" not in repaired.metadata
    assert repaired.metadata.kernelspec == blank.metadata.kernelspec


@pytest.mark.parametrize("order", [("written", "stub"), ("stub", "written"), ("older", "newer")])
@pytest.mark.parametrize("stripped", [False, True])
def test_the_judge_takes_the_same_copy(blank, order, stripped):
    """Of two copies of an answer, do repair and judge take the same: the last that is written?"""
    stub = next(
        c for c in blank.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "double"
    )
    texts = {"stub": stub.source, "written": "def double(x):\n    return 2 * x"}
    texts |= {"older": "def double(x):\n    return x", "newer": texts["written"]}
    nb = copy.deepcopy(blank)
    place = next(i for i, cell in enumerate(nb.cells) if cell.id == stub.id)
    copies = [copy.deepcopy(stub) for _ in order]
    for name, cell in zip(order, copies, strict=True):
        cell.source = texts[name]
        if stripped:
            cell.metadata, cell.id = nbformat.NotebookNode(), f"stripped-{name}"
    nb.cells[place : place + 1] = copies
    made = repair(nb, blank).notebook
    [repaired] = [
        c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "double"
    ]
    judged = plan(plain(blank), plain(nb), {"double": "function"}).sources["double"]
    assert repaired.source == judged == texts["written"]
