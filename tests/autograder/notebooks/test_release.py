"""Tests of autograder.notebooks.release and .settings: what nbgrader makes of a source notebook."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import CommandError
from autograder.marks import CODE_STUB, TEXT_STUB
from autograder.notebooks.release import ReleaseCourse
from autograder.startup import START

RELEASE = "release/01_doubling/01_doubling.ipynb"


def read(files, path):
    """Return a built notebook."""
    return nbformat.reads(files[path].decode(), as_version=4)


@pytest.fixture
def release(doubling_files):
    """The small course's release, as students get it."""
    return read(doubling_files, RELEASE)


@pytest.fixture(scope="module")
def nbgrader():
    """One temporary course for all tests: making its gradebook takes seconds."""
    with ReleaseCourse() as course:
        yield course


def test_solutions_become_stubs(release):
    """Is each kind of answer replaced by its stub, and what surrounds it kept?"""
    sources = {cell.id: cell.source for cell in release.cells}
    assert sources["double"].split("\n") == [
        "def double(x):",
        '    """Return twice `x (n,)`."""',
        f"    {CODE_STUB}",
    ]
    assert sources["guess"] == "# What is 21 twice?\nguess = None  # your prediction"
    assert sources["why"] == TEXT_STUB


def test_hidden_tests_are_gone(release):
    """Does a test cell keep its visible line only?"""
    sources = {cell.id: cell.source for cell in release.cells}
    assert sources["double-values"] == "assert list(double(np.array([1, 2]))) == [2, 4]"


def test_nothing_was_run(release):
    """Has the release no outputs and no counts?"""
    for cell in release.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_cells_are_locked_as_their_roles_ask(release):
    """Can a learner neither edit a test nor delete an answer?"""
    locks = {
        cell.id: (cell.metadata.get("deletable", True), cell.metadata.get("editable", True))
        for cell in release.cells
    }
    assert locks["setup"] == locks["double-values"] == (False, False)
    assert locks["double"] == locks["guess"] == locks["why"] == (False, True)
    assert [locks[cell.id] for cell in release.cells][4:6] == [(True, True)] * 2


def test_ids_are_those_of_the_source(doubling_files, release):
    """Does a cell keep its id on the way from source to release?"""
    source = read(doubling_files, "source/01_doubling/01_doubling.ipynb")
    assert [cell.id for cell in release.cells] == [cell.id for cell in source.cells]


def test_an_earlier_release_is_not_taken_for_current(author, nbgrader):
    """Does a changed lesson change its release?  Without force nbgrader skips it silently."""
    nbgrader.make_release(author.name, author.source()[1])
    author.edit("A number twice", "Any number twice")
    again = nbgrader.make_release(author.name, author.source()[1])
    assert "Any number twice" in again.cells[2].source


def test_nothing_but_the_notebook_is_released(author, nbgrader):
    """Does a text with the answers beside the source notebook stay at home?

    nbgrader copies every file that lies there.
    """
    _, source = author.source()
    folder = author.course.root / "source" / author.name
    folder.mkdir()
    (folder / "answers.py").write_text("double = 2 * x")
    nbgrader.make_release(author.name, source)
    released = [path for path in (nbgrader.root / "release").rglob("*") if path.is_file()]
    assert [path.name for path in released] == ["01_doubling.ipynb"]


def test_the_real_gradebook_is_not_touched(author, nbgrader, monkeypatch):
    """Does a build from the course's folder leave no gradebook there?"""
    monkeypatch.chdir(author.course.root)
    nbgrader.make_release(author.name, author.source()[1])
    assert not list(author.course.root.rglob("gradebook.db"))
    assert Path.cwd() == author.course.root


def test_what_nbgrader_refuses_is_told(author, nbgrader):
    """Is nbgrader's own complaint passed on?"""
    _, source = author.source()
    source.cells[1].metadata.nbgrader.grade_id = "double"
    with pytest.raises(CommandError, match="Duplicate grade id"):
        nbgrader.make_release(author.name, source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# from autograder import reference", "says 'autograder'"),
        ("if x:\n    ### BEGIN SOLUTION\n    y = 1\n    ### END SOLUTION", "is no Python"),
    ],
)
def test_a_release_that_cannot_be_given_out_is_refused(author, nbgrader, source, words):
    """Is the last look at the release itself, not at its text?"""
    _, notebook = author.source()
    notebook.cells[3].source = source
    with pytest.raises(CommandError, match=words):
        nbgrader.make_release(author.name, notebook)


def test_the_command_line_makes_the_same_release(doubling_files, tmp_path):
    """Do `nbgrader generate_assignment` and the build agree byte for byte?"""
    (tmp_path / "source/01_doubling").mkdir(parents=True)
    path = "source/01_doubling/01_doubling.ipynb"
    (tmp_path / path).write_bytes(doubling_files[path])
    (tmp_path / "nbgrader_config.py").write_text(
        "from pathlib import Path\n"
        "from autograder.notebooks.settings import course_config\n"
        "get_config().merge(course_config(Path.cwd()))\n"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", START, "nbgrader", "generate_assignment"]
    command += ["01_doubling", "--force"]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / RELEASE).read_bytes() == doubling_files[RELEASE]
