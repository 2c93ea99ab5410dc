"""Is every built lesson worth 0 untouched, and all its automatic points solved?

Graded by the steps of the course's own command, with the real judge; `test_pool.py` holds that the
command and nbgrader's enter what these return.
"""

import nbformat
import pytest
from tiny_course import CONFIG, REPOSITORY

from autograder.judge import Limits
from autograder.judge.side import Side
from autograder.judge.warm import WarmJudge
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.grader import Grader
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.records import Handed, Work

pytestmark = pytest.mark.slow
LESSONS = sorted(path.stem for path in (REPOSITORY / "solutions").glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def side():
    """Return a learner's side, which knows no lesson: one is enough for all of them."""
    with Side(Limits()) as made:
        made.wait()
        yield made


def built(step, lesson, name):
    """Return a built notebook's bytes."""
    return (REPOSITORY / step / lesson / name).read_bytes()


def answers_alone(lesson, name):
    """Return the release without the cells that only show something: they run in the solution."""
    notebook = nbformat.reads(built("release", lesson, name), as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    return nbformat.writes(notebook).encode()


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_release_scores_0_and_the_solution_everything(tmp_path, lesson, side, monkeypatch):
    """Do points neither come for free nor go missing, and do written answers wait for a person?"""
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    (tmp_path / "source").symlink_to(REPOSITORY / "source")
    setup = setup_of(NbgraderCourse(tmp_path), lesson)
    graded = [
        cell.metadata.nbgrader
        for cell in nbformat.reads(setup.source, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    # What wrong answers would give takes longer than both, and only a wrong one needs it.
    monkeypatch.setattr("autograder.hidden_tests.draw_all", lambda lesson: None)
    monkeypatch.setattr("autograder.judge.warm.Side", lambda limits: side)
    judge = WarmJudge(lesson, setup.limits, setup.secret)
    grader, name = Grader(setup, judge.judge), f"{lesson}.ipynb"
    untouched, solved = (
        grader.grade(Work(Handed("ada", name, text)))
        for text in (answers_alone(lesson, name), built("solutions", lesson, name))
    )
    assert [untouched.record.said, solved.record.said] == ["graded", "graded"]
    assert untouched.grades == {cell.grade_id: 0 for cell in graded}
    # What is graded and an answer in one is a written answer.
    expected = {cell.grade_id: None if cell.solution else cell.points for cell in graded}
    assert solved.grades == expected
