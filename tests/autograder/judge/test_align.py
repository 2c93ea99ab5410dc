"""Finding the source's cells in a submission, and what runs when."""

import pytest

from autograder.judge.align import plan
from tests.autograder.judge import kit


def laid_out(submission):
    return plan(kit.source(), submission, kit.NAMES)


def test_what_the_learner_runs_is_never_a_test():
    """Do tests run nowhere but in the judge, and setup cells with the source's text?"""
    made = laid_out(kit.solved())
    assert all("assert" not in (entry.code or "") for entry in made.entries)
    assert [entry.code for entry in made.entries if entry.key == "setup"] == made.setup


def test_hidden_tests_run_and_are_not_shown():
    """Does the judge run the source's text, and the notebook carry the release's?"""
    made = laid_out(kit.solved())
    assert "HIDDEN" in made.tests["total_values"]
    shown = {entry.key: entry.cell["source"] for entry in made.entries}
    assert shown["total_values"] == "assert total(SAMPLE) == 6"


def test_the_last_of_several_answers_counts_and_all_are_kept():
    """Is the last cell of one grade id the answer, and the others the learner's own cells?"""
    submission = kit.solved()
    first = kit.code("def scale(x, k):\n    return 0", "scale", solution=True)
    submission["cells"].insert(2, {**first, "id": "first"})
    made = laid_out(submission)
    keys = [entry.key for entry in made.entries if (entry.code or "").startswith("def scale")]
    assert keys == ["", "scale"]
    assert made.sources["scale"] == kit.ANSWERS["scale"][1]


def test_a_missing_test_is_put_back_and_runs_at_the_end():
    """Does a deleted test stand again where it stood, and see the final state?"""
    submission = kit.solved()
    del submission["cells"][kit.index_of(submission, "scale_values")]
    made = laid_out(submission)
    keys = [entry.key for entry in made.entries]
    assert keys.index("scale_values") == keys.index("scale") + 1
    runs = [i for i, entry in enumerate(made.entries) if entry.code is not None]
    (test,) = [entry for entry in made.entries if entry.key == "scale_values"]
    assert test.after == runs[-1]


def test_a_test_above_its_answer_waits_for_it():
    """Does a test that was moved up run after the answer it asks for?"""
    submission = kit.solved()
    at = kit.index_of(submission, "total_values")
    submission["cells"].insert(0, submission["cells"].pop(at))
    made = laid_out(submission)
    keys = [entry.key for entry in made.entries]
    assert made.entries[keys.index("total_values")].after == keys.index("total")


def test_setup_that_was_moved_down_runs_first():
    """Do sections in the opposite order run the lesson's own cells before what needs them?"""
    submission = kit.solved()
    submission["cells"].reverse()
    made = laid_out(submission)
    codes = [entry.key for entry in made.entries if entry.code is not None]
    assert codes[0] == "setup"
    assert sorted(codes) == sorted(["setup", *kit.ANSWERS])


def test_a_test_waits_for_what_its_answer_needs_below():
    """Does a test run after a helper, or another answer, that stands below and nowhere above?"""
    answer = "def total(x):\n    return helper(x)"
    submission = kit.inserted(kit.solved(total=answer), "def helper(x):\n    return sum(x)", "why")
    made = laid_out(submission)
    keys = [entry.key for entry in made.entries]
    assert made.entries[keys.index("total_values")].after == len(keys) - 1
    assert made.entries[keys.index("scale_values")].after == keys.index("scale")


def test_a_name_that_is_bound_above_is_not_waited_for():
    """Does a later attempt of the same name leave a test where it stands?"""
    answer = "def total(x):\n    return helper(x)"
    submission = kit.inserted(kit.solved(total=answer), "def helper(x):\n    return sum(x)")
    submission = kit.inserted(submission, "def helper(x):\n    return 0", "why")
    made = laid_out(submission)
    keys = [entry.key for entry in made.entries]
    assert made.entries[keys.index("total_values")].after == keys.index("total")


@pytest.mark.parametrize("after", ["setup", "why"])
def test_an_answer_in_a_cell_of_the_learners_own_counts(after):
    """Is an answer found above or below its own cell, which is as it was given out?"""
    text = kit.ANSWERS["total"][1]
    blank = kit.solved(total=kit.ANSWERS["total"][0])
    made = plan(kit.release(), kit.inserted(blank, text, after), kit.NAMES)
    assert made.sources["total"] == text
    assert [entry.code for entry in made.entries if "def total" in (entry.code or "")] == [text]


@pytest.mark.parametrize("left", ["", "# TODO", "print(1)", "HALF = 0.5"])
@pytest.mark.parametrize("after", ["setup", "why"])
def test_an_answer_counts_where_its_own_cell_was_emptied(after, left):
    """Is an answer found above or below its own cell, which defines nothing of it?"""
    text = kit.ANSWERS["total"][1]
    made = plan(kit.release(), kit.inserted(kit.solved(total=left), text, after), kit.NAMES)
    assert made.sources["total"] == text
    assert left in made.cells


@pytest.mark.parametrize("deep", ["x" + ".y" * 1500, "-" * 1500 + "x"])
def test_deep_code_in_a_stubs_place_is_no_stub(deep):
    """Is code compared with the stub that no recursion reaches the end of?"""
    text = f"def total(x):\n    return {deep}"
    assert laid_out(kit.solved(total=text)).sources["total"] == text


def test_answers_in_each_others_cells_count():
    """Is each answer found in the cell of the other?"""
    total, scale = kit.ANSWERS["total"][1], kit.ANSWERS["scale"][1]
    made = plan(kit.release(), kit.solved(total=scale, scale=total), kit.NAMES)
    assert (made.sources["total"], made.sources["scale"]) == (total, scale)


@pytest.mark.parametrize(
    "text", ["from mine import *", "exec(open('mine.py').read())", "%run mine"]
)
def test_a_cell_that_may_define_its_answer_holds_it(text):
    """Does a cell below that plays with the name take nothing from an answer's own cell?"""
    submission = kit.inserted(kit.solved(total=text), "def total(x):\n    return 0", "why")
    assert plan(kit.release(), submission, kit.NAMES).sources["total"] == text


def test_an_edited_copy_of_a_test_is_the_learners_own_cell():
    """Is a doubled locked cell dropped where it says nothing new, and kept where it does?"""
    submission = kit.solved()
    test = submission["cells"][kit.index_of(submission, "scale_values")]
    submission["cells"].insert(1, {**test, "id": "same"})
    submission["cells"].insert(1, {**test, "id": "edited", "source": "print(scale(1, 2))"})
    made = laid_out(submission)
    assert len(made.entries) == len(kit.solved()["cells"]) + 1
    assert made.entries[1].code == "print(scale(1, 2))"
    assert "nbgrader" not in made.entries[1].cell["metadata"]


def test_all_cells_are_kept_for_what_an_answer_reaches():
    """Does the plan hold the code of the learner's own cells and of the lesson's?"""
    submission = kit.inserted(kit.solved(), "from scipy import signal as s")
    cells = laid_out(submission).cells
    assert "from scipy import signal as s" in cells
    assert any("import numpy as np" in cell for cell in cells)


def test_points_and_ids_are_the_sources():
    """Does a submission's own metadata reach the plan nowhere?"""
    submission = kit.solved()
    for cell in submission["cells"]:
        cell["metadata"].setdefault("nbgrader", {})["points"] = 99
        cell["metadata"]["tags"] = ["judge-setup"]
    made = laid_out(submission)
    assert "99" not in repr([entry.cell["metadata"] for entry in made.entries])
    assert len(made.setup) == 1
