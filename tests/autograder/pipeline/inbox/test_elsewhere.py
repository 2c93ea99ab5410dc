"""Is the notebook of another lesson known for what it is?"""

import pytest
from nbformat import NotebookNode

from autograder.exercises import LESSONS
from autograder.judge.host import ROOT
from autograder.pipeline.inbox.elsewhere import other_lesson
from autograder.pipeline.inbox.reader import parse_notebook


def read(folder, name):
    """Return a built notebook."""
    path = ROOT / folder / name / f"{name}.ipynb"
    return parse_notebook(path.read_bytes(), path.name)


@pytest.fixture(scope="module")
def blanks():
    """Return every lesson as it was given out."""
    return {known.name: read("release", known.name) for known in LESSONS}


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("folder", ["release", "solutions"])
def test_another_lessons_notebook_is_told(blanks, folder, marked):
    """Is each lesson's notebook told, blank or solved, with its metadata or without?"""
    for known in LESSONS:
        made = read(folder, known.name)
        if not marked:
            for cell in made.cells:
                cell.metadata = NotebookNode()
        assert other_lesson(made, known.name, blanks[known.name]) == ""
        for other in LESSONS:
            if other != known:
                assert other_lesson(made, other.name, blanks[other.name]) == known.name


def test_a_notebook_that_was_cut_short_is_still_its_own(blanks):
    """Is a notebook without marks, of which only the first answers are left, no other lesson's?"""
    for known in LESSONS:
        made = read("solutions", known.name)
        for cell in made.cells:
            cell.metadata = NotebookNode()
        for length in range(4, len(made.cells), 6):
            short = NotebookNode(made, cells=made.cells[:length])
            assert other_lesson(short, known.name, blanks[known.name]) == ""
