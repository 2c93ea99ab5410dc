"""Does a picture that was handed in beside a notebook reach the person who grades?"""

import copy

import pytest
from nbgrader.utils import compute_checksum
from tiny_course import RIGHT, solved

from autograder.pipeline.grading.worker import sent_work, work_of
from autograder.pipeline.inbox.pictures import with_pictures
from autograder.pipeline.inbox.repair import repair
from autograder.pipeline.records import Handed, Work

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 20


def answer(notebook):
    """Return the cell of the written answer."""
    return next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "why_square"
    )


@pytest.mark.parametrize(
    "text",
    ["![](my%20proof.png)", "![a proof](img/my%20proof.png)", '<img src="my%20proof.png">'],
)
def test_a_picture_that_a_text_shows_is_attached_to_it(blank, text):
    """Is a picture shown where the learner has it, whatever folder it lies in?"""
    made = repair(solved(blank, **(RIGHT | {"why_square": f"See {text}."})), blank).notebook
    cell = answer(with_pictures(made, [("img/my proof.png", PNG)]))
    assert list(cell.attachments) == ["my_proof.png"]
    assert "attachment:my_proof.png" in cell.source
    assert made.cells[-1] is cell


def test_a_picture_that_no_text_shows_is_seen_with_the_untouched_answer(blank):
    """Does a photograph of a page make an untouched written answer one for a person?"""
    made = with_pictures(repair(solved(blank, **RIGHT), blank).notebook, [("p.jpg", JPEG)])
    assert "p.jpg" in made.cells[-1].attachments
    assert made.cells[-1].source.startswith("Handed in beside the notebook:")
    untouched = solved(blank, **{k: v for k, v in RIGHT.items() if k != "why_square"})
    made = with_pictures(repair(untouched, blank).notebook, [("p.jpg", JPEG)])
    assert "attachment:p.jpg" in answer(made).source
    assert compute_checksum(answer(made)) != answer(made).metadata.nbgrader.checksum


def test_what_is_no_picture_is_not_attached(blank):
    """Is a page that is called a picture left out?"""
    made = repair(solved(blank, **RIGHT), blank).notebook
    before = copy.deepcopy(made)
    assert with_pictures(made, [("p.png", b"<script>alert(1)</script>")]) == before


def test_all_files_reach_a_worker():
    """Do further notebooks and pictures cross to another process with their names?"""
    handed = Handed("ada", "a.ipynb", b"1", others=(("b", b"2"),), pictures=(("c", b"3"),))
    for work in (Work(handed, "key"), Work(Handed("bo", status="missing"))):
        assert work_of(*sent_work(work)) == work
