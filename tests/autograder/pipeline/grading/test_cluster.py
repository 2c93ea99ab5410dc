"""Does a Dask cluster grade as this machine does, and lose nothing with a worker?"""

import io
import os
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook
from tiny_course import REPOSITORY

from autograder import CommandError
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import read_records
from autograder.pipeline.grading import cluster
from autograder.pipeline.grading.run import grade_lesson
from autograder.pipeline.inbox.folders import from_tree
from autograder.pipeline.records import Work
from autograder.pipeline.simulated.course import make_course
from autograder.pipeline.simulated.learners import LESSON, class_of

distributed = pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = [
    pytest.mark.slow,
    # Dask's own, on their way out.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
COPIES = 2


@pytest.fixture
def course(tmp_path):
    """Return a course with two of the simulated class, several times over."""
    root = make_course(tmp_path / "course", class_of(LESSON), REPOSITORY)
    (root / "submitted").rename(root / "all")
    for number in range(COPIES):
        for name in ("ada", "emma"):
            place = root / "submitted" / f"{name}{number}" / LESSON
            place.mkdir(parents=True)
            file = f"{LESSON}.ipynb"
            (place / file).write_bytes((root / "all" / name / LESSON / file).read_bytes())
    return NbgraderCourse(root)


@pytest.fixture
def scheduler():
    """Return the address of a cluster of two worker processes, as `make cluster` starts one."""
    command = [sys.executable, "-P", "-m", "autograder.pipeline.grading.cluster", "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=REPOSITORY, env=cluster_environment(), stdout=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        said = run.stdout.readline()
        assert said.startswith("2 workers at tcp://"), said
        yield said.split(" at ")[1].split(";")[0]
        run.terminate()


def cluster_environment():
    """Return an environment in which the workers find the package."""
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "OPENBLAS_NUM_THREADS": "1"}


def test_a_worker_that_stops_costs_no_grade_and_none_is_given_twice(course, scheduler):
    """Is a class graded whole when one of two machines goes away in the middle?"""
    stopped = []

    class Out(io.StringIO):
        """Stops a worker as soon as the first grade is shown."""

        def write(self, text):
            if not stopped and "graded" in text:
                with distributed.Client(scheduler, set_as_default=False) as client:
                    pids = client.run(os.getpid)
                    stopped.append(sorted(pids.values())[0])
                    os.kill(stopped[0], 9)
            return super().write(text)

    out = Out()
    rows, _ = grade_lesson(course, LESSON, scheduler=scheduler, out=out)
    assert len(stopped) == 1
    names = sorted(f"{name}{number}" for name in ("ada", "emma") for number in range(COPIES))
    assert {row.student: row.score for row in rows} == {
        name: 18 if name.startswith("ada") else 12 for name in names
    }
    told = [line.split("] ")[1].split(":")[0] for line in out.getvalue().splitlines()]
    assert sorted(told) == names
    with Gradebook(course.coursedir.db_url) as gradebook:
        submissions = gradebook.assignment_submissions(LESSON)
        assert sorted(submission.student.id for submission in submissions) == names
    assert all(r.sandbox for r in read_records(course.coursedir.db_url, LESSON).values())
    rows, unchanged = grade_lesson(course, LESSON, jobs=1)
    assert unchanged == set(names)


def test_without_dask_it_says_what_to_install(course, monkeypatch):
    """Does a missing optional package end in a sentence?"""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CommandError, match="pip install"):
        grade_lesson(course, LESSON, scheduler="tcp://127.0.0.1:9")


def test_nobody_at_the_address(course, monkeypatch):
    """Does a wrong address end in a sentence, soon?"""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(CommandError, match="No Dask scheduler answers"):
        grade_lesson(course, LESSON, scheduler="tcp://127.0.0.1:9")


def test_a_worker_with_other_versions_grades_nobody(course):
    """Is a machine that would compute something else told from ours?"""
    handed = from_tree(course.root / "submitted", LESSON)["ada0"]()
    expected = cluster.environment().replace("numpy ", "numpy 0.")
    outcome = cluster.grade_there(b"never unpacked", expected, Work(handed))
    assert "other versions" in outcome.record.reason
    assert "numpy 0." in outcome.record.reason
