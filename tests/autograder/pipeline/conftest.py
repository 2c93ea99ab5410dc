"""A course of one tiny lesson in a temporary folder."""

import gc
import shutil
from contextlib import nullcontext

import nbformat
import pytest
import sqlalchemy as sa
from tiny_course import (
    CONFIG,
    LESSON,
    REPOSITORY,
    HerePool,
    fake_judge,
    run_nbgrader,
    solved,
    tiny_source,
)

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.structure import enter
from autograder.pipeline.grading.pool import Pool
from autograder.pipeline.lesson import blank_notebook
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.simulated import learners
from autograder.pipeline.simulated.course import make_course


def _write_course(root):
    folder = root / "source" / LESSON
    folder.mkdir(parents=True)
    nbformat.write(tiny_source(), folder / f"{LESSON}.ipynb")
    (root / "nbgrader_config.py").write_text(CONFIG)


@pytest.fixture
def all_connections_are_closed():
    """Hold a test to it: from Python 3.13 on, one that is left open is a warning."""
    gc.collect()  # what an earlier test has left
    open_ones = {}

    def opened(connection, _):
        open_ones[id(connection)] = connection

    def closed(connection, _):
        open_ones.pop(id(connection), None)

    sa.event.listen(sa.pool.Pool, "connect", opened)
    sa.event.listen(sa.pool.Pool, "close", closed)
    yield
    gc.collect()  # what ends with nbgrader's objects
    sa.event.remove(sa.pool.Pool, "connect", opened)
    sa.event.remove(sa.pool.Pool, "close", closed)
    assert open_ones == {}


@pytest.fixture(scope="session")
def filled_gradebook(tmp_path_factory):
    """Return a gradebook that knows the lesson, for each test to copy."""
    root = tmp_path_factory.mktemp("course")
    _write_course(root)
    enter(NbgraderCourse(root), LESSON)
    return root / "gradebook.db"


@pytest.fixture
def root(tmp_path, filled_gradebook):
    """Return the folder of a course with one built lesson and nobody in it."""
    _write_course(tmp_path)
    shutil.copy(filled_gradebook, tmp_path)
    return tmp_path


@pytest.fixture
def judged(monkeypatch):
    """Let the stand-in judge, without a worker."""
    monkeypatch.setattr("autograder.pipeline.nbgrader_hooks.preprocessors.judge_kept", fake_judge)
    monkeypatch.setattr("autograder.pipeline.grading.run.Pool", HerePool)


@pytest.fixture
def blank(root):
    """Return the tiny lesson as its learners get it."""
    return blank_notebook(tiny_source(), NbgraderCourse(root).app.config)


@pytest.fixture
def hand_in(root, blank):
    """Return a function that hands in a notebook: answers, or a file's bytes."""

    def hand_in(student, content=None, name=f"{LESSON}.ipynb", **answers):
        folder = root / "submitted" / student / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        if content is None:
            content = nbformat.writes(solved(blank, **answers)).encode()
        (folder / name).write_bytes(content)
        return folder / name

    return hand_in


@pytest.fixture
def nbgrader(root, monkeypatch):
    """Return a function that runs an nbgrader command at the course's root, in this process."""
    monkeypatch.chdir(root)
    return run_nbgrader


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    """Return one warm worker for the simulated courses of a file."""
    root = make_course(tmp_path_factory.mktemp("worker") / "course", [], REPOSITORY)
    with Pool(setup_of(NbgraderCourse(root), learners.LESSON), 1) as made:
        made.wait()
        yield made


@pytest.fixture
def same_worker(pool, monkeypatch):
    """Let that worker grade in this process, where it does not matter how workers start."""
    monkeypatch.setattr("autograder.pipeline.grading.run.Pool", lambda *_: nullcontext(pool))
