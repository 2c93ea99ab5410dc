"""Is a gradebook in a PostgreSQL server what it is in an SQLite file?"""

import os
import shutil
import subprocess
import tempfile
from glob import glob

import nbformat
import pytest
import sqlalchemy as sa
from nbgrader.api import Gradebook
from tiny_course import LESSON, RIGHT, solved
from traitlets.config import Config

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import read_records
from autograder.pipeline.gradebook.results import results
from autograder.pipeline.grading.run import grade_lesson
from tests.attacks.archives import archive

pytest.importorskip("psycopg", reason="psycopg, the driver for PostgreSQL, is not installed")


def tool(name):
    """Return the path of one of the server's programs, which Debian keeps off the path."""
    found = sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"))
    return found[-1] if found else shutil.which(name)


@pytest.fixture(scope="module")
def server():
    """Return a function that makes a database in a real server, which listens on a socket only."""
    if not tool("initdb"):
        pytest.skip("no PostgreSQL server: apt-get install postgresql")
    as_user = []
    if os.geteuid() == 0:  # the server refuses to run as root
        if not shutil.which("runuser"):
            pytest.skip("PostgreSQL does not run as root, and there is no runuser")
        as_user = ["runuser", "-u", "nobody", "--"]
    with tempfile.TemporaryDirectory(prefix="pg") as folder:  # pytest's are root's alone
        if as_user:
            shutil.chown(folder, "nobody")
        yield from served(folder, as_user)


def served(folder, as_user):
    """Start the server in a folder, give what makes a database in it, and stop the server."""
    data, log = f"{folder}/data", f"{folder}/log"

    def run(*command):
        done = subprocess.run([*as_user, *command], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    run(tool("initdb"), "-D", data, "-A", "trust", "-U", "grader", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run(tool("pg_ctl"), "-D", data, "-l", log, "-o", options, "-w", "start")
    made: list[str] = []

    def database():
        name = f"course{len(made)}"
        made.append(name)
        run(tool("createdb"), "-h", folder, "-U", "grader", name)
        return f"postgresql+psycopg://grader@/{name}?host={folder}"

    try:
        yield database
    finally:
        run(tool("pg_ctl"), "-D", data, "-m", "immediate", "stop")


@pytest.fixture
def course(root, server):
    """Return the tiny course with its gradebook in the server."""
    settings = Config()
    settings.CourseDirectory.db_url = server()
    return NbgraderCourse(root, settings)


def test_a_class_is_graded_into_the_server(course, judged, hand_in):
    """Are grades, records and statuses there, and kept over a second run?"""
    hand_in("ann", **RIGHT)
    hand_in("bob", b"")
    hand_in("cy", **(RIGHT | {"double": "NOTE = 'x + 1'\ndef double(x):\n    return x + 1"}))
    rows, unchanged = grade_lesson(course, LESSON)
    assert {row.student: (row.record.status, row.points) for row in rows} == {
        "ann": ("graded", "5 / 7 (1 by hand)"),
        "bob": ("unreadable", ""),
        "cy": ("graded", "2 / 7 (1 by hand)"),
    }
    assert rows[2].diagnosis == "double: adds-one"
    assert unchanged == set()
    _, unchanged = grade_lesson(course, LESSON)
    assert unchanged == {"ann", "cy"}
    assert not (course.root / "gradebook.db").with_name("gradebook.db-journal").exists()


def test_a_persons_points_survive_there_too(course, judged, hand_in):
    """Is a manual grade kept, and marked to be looked at again where the answer is another?"""
    hand_in("ann", **RIGHT)
    grade_lesson(course, LESSON)
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("double_small", LESSON, LESSON, "ann")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        gradebook.db.commit()
    for answers, again in ((RIGHT, False), (RIGHT | {"double": "double = abs"}, True)):
        hand_in("ann", **answers)
        grade_lesson(course, LESSON, force=True)
        with course.gradebook() as gradebook:
            grade = gradebook.find_grade("double_small", LESSON, LESSON, "ann")
            assert (grade.manual_score, grade.needs_manual_grade) == (0.5, again)
    [ann] = results(course, LESSON).values()
    assert (ann.score, ann.again) == (2 + 0.5, ("double_small",))


def test_a_new_database_is_a_complete_gradebook(course, judged, hand_in):
    """Does nbgrader find its tables, its version and ours in the same database?"""
    hand_in("zoë 'x'", **RIGHT)
    grade_lesson(course, LESSON)
    url = course.coursedir.db_url
    with Gradebook(url) as gradebook:
        tables = sa.inspect(gradebook.engine).get_table_names()
        assert [student.id for student in gradebook.students] == ["zoë 'x'"]
    assert {"alembic_version", "grade", "autograder_record", "autograder_cell"} <= set(tables)
    record = read_records(url, LESSON)["zoë 'x'"]
    assert [cell.grade_id for cell in record.cells] == [
        "double_small", "double_large", "square_values",
    ]  # fmt: skip
    assert record.graded_at.tzinfo is not None


def test_a_platforms_numbers_are_kept_there_too(course, judged, blank, tmp_path):
    """Is an archive's learner found again in a server whose database was new?"""
    work = nbformat.writes(solved(blank, **RIGHT)).encode()
    for name in ("Kim Lee", "Kim Lee-Park"):
        path = archive(tmp_path / "c.zip", {f"{name}_7_assignsubmission_file_/x.ipynb": work})
        rows, _ = grade_lesson(course, LESSON, submitted=path)
        assert [row.student for row in rows] == ["Kim Lee"]
