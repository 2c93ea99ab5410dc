"""Do warm workers grade as nbgrader's own command does, and lose nothing however they end?"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
import sqlalchemy as sa
from nbgrader.api import Base, Gradebook
from tiny_course import REPOSITORY, run_nbgrader
from traitlets.config import Config

from autograder import CommandError
from autograder.judge import cores
from autograder.judge.kept import KeptJudges
from autograder.pipeline import records
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import read_records
from autograder.pipeline.grading.run import grade_lesson
from autograder.pipeline.inbox.folders import from_tree
from autograder.pipeline.records import Work
from autograder.pipeline.simulated.course import make_course
from autograder.pipeline.simulated.learners import LESSON, class_of

pytestmark = [
    pytest.mark.slow,
    # nbgrader adds each new submission to its database session a step late, and says so.
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),
]
CHOSEN = ("ada", "emma", "jonas", "kira")
LATE = "2026-03-02 00:30:00 UTC\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Make the course once, for its copies."""
    return made_course(tmp_path_factory.mktemp("template") / "course")


@pytest.fixture
def course(template, tmp_path):
    """Return a course with a few of the simulated class, two of them late."""
    return copied(template, tmp_path / "course")


@pytest.fixture
def kept(monkeypatch):
    """Let nbgrader's command ask one judge, which ends with the test."""
    judges = KeptJudges()
    monkeypatch.setattr(cores, "usable", lambda: 1)
    monkeypatch.setattr("autograder.pipeline.nbgrader_hooks.preprocessors.judge_kept", judges.judge)
    yield
    judges.close()


@pytest.fixture
def works(template):
    """Return what the learners handed in, by name."""
    there = from_tree(template.root / "submitted", LESSON)
    return {name: Work(there[name]()) for name in CHOSEN}


def copied(course, folder):
    """Copy a course into another folder."""
    shutil.copytree(course.root, folder)
    return NbgraderCourse(folder, settings())


def made_course(folder):
    """Make a course with the chosen learners, the first two of them late."""
    chosen = [learner for learner in class_of(LESSON) if learner.who in CHOSEN]
    root = make_course(folder, chosen, REPOSITORY)
    for name in CHOSEN[:2]:
        (root / "submitted" / name / LESSON / "timestamp.txt").write_text(LATE)
    course = NbgraderCourse(root, settings())
    course.register(LESSON)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate="2026-03-01 00:00:00 UTC")
    return course


def settings():
    """Return settings in which being late costs everything."""
    config = Config()
    config.LateSubmissionPlugin.penalty_method = "zero"
    return config


def table_rows(course):
    """Return every row of nbgrader's tables, ids replaced by what they stand for."""
    with course.gradebook() as gradebook:
        connection = gradebook.db.connection()
        rows = {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }
    names = {}
    for table in ("assignment", "notebook", "base_cell", "submitted_assignment"):
        for row in rows[table]:
            owner = row.get("student_id") or names.get(row.get("notebook_id"), "")
            names[row["id"]] = f"{table}:{owner}:{row.get('name')}:{row.get('type')}"
    for row in rows["submitted_notebook"]:
        names[row["id"]] = f"submitted_notebook of {names[row['assignment_id']]}"
    told = {}
    for table, found in rows.items():
        plain = [
            {key: names.get(value, value) for key, value in row.items() if key != "id"}
            for row in found
        ]
        told[table] = sorted(json.dumps(row, default=str, sort_keys=True) for row in plain)
    return told


def files(course):
    """Return every autograded file, without how long judging took."""
    found = {}
    for path in sorted((course.root / "autograded").rglob("*")):
        if path.is_file():
            text = path.read_text()
            if path.suffix == ".ipynb":
                nb = json.loads(text)
                seconds = json.dumps(nb["metadata"]["autograder"]["seconds"])
                text = text.replace(f'"seconds": {seconds}', '"seconds": 0')
            found[str(path.relative_to(course.root))] = (text, oct(path.stat().st_mode))
    return found


def by_hand(course):
    """Give points and a comment as a person does in Formgrader."""
    with course.gradebook() as gradebook:
        for name, cell, points in (("ada", "why_flip", 1.5), ("emma", "correlate1d_values", 2.0)):
            grade = gradebook.find_grade(cell, LESSON, LESSON, name)
            grade.manual_score, grade.extra_credit = points, 0.25
            grade.needs_manual_grade = False
        comment = gradebook.find_comment("why_flip", LESSON, LESSON, "ada")
        comment.manual_comment = "Well said."
        gradebook.db.commit()


@pytest.mark.timeout(900)
def test_the_same_rows_and_the_same_bytes_as_nbgrader(
    course, tmp_path, same_worker, kept, monkeypatch
):
    """Do both ways, also over a person's grades, leave the same gradebook and notebooks?"""
    other = copied(course, tmp_path / "other")
    monkeypatch.chdir(other.root)
    # Again only those to whom a person gives points in between.
    for penalty, again in (("18.0", CHOSEN), ("19.75", CHOSEN[:2])):
        grade_lesson(course, LESSON, force=True, students=again)
        late = "--LateSubmissionPlugin.penalty_method=zero"
        others = f"--CourseDirectory.student_id_exclude={','.join({*CHOSEN}.difference(again))}"
        assert run_nbgrader("autograde", LESSON, "--force", late, others) == 0
        ours, theirs = table_rows(course), table_rows(other)
        assert {table: ours[table] == theirs[table] for table in ours} == dict.fromkeys(ours, True)
        assert len(ours["grade"]) == len(CHOSEN) * 16
        late = f'"late_submission_penalty": {penalty}'
        assert any(late in row for row in ours["submitted_notebook"])
        assert files(course).keys() == files(other).keys()
        for name, content in files(course).items():
            assert content == files(other)[name], name
        by_hand(course)
        by_hand(other)


RUN = """
import sys
from pathlib import Path
sys.path.insert(0, {repository!r})
from autograder.startup import skip_address_grammars
skip_address_grammars()
from autograder.pipeline.grading.run import grade_lesson, open_course
grade_lesson(open_course(Path({root!r})), {lesson!r}, jobs={jobs}, out=sys.stdout)
"""


@pytest.mark.parametrize(("kill", "jobs"), [("SIGKILL", 2), ("SIGINT", 1)])
def test_killed_at_any_moment_it_goes_on(course, kill, jobs, same_worker):
    """Are the grades that were shown kept, by kill -9 and by Ctrl-C, and the rest graded later?"""
    settings = {"repository": str(REPOSITORY), "root": str(course.root), "lesson": LESSON}
    with subprocess.Popen(
        [sys.executable, "-P", "-c", RUN.format(**settings, jobs=jobs)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as run:  # fmt: skip
        workers = _workers(run.pid, jobs)
        shown = [run.stdout.readline()]
        run.send_signal(getattr(signal, kill))
        shown += run.stdout.readlines()
    _ended(workers)
    kept = read_records(course.coursedir.db_url, LESSON)
    assert {line.split("] ")[1].split(":")[0] for line in shown} <= set(kept)
    rows, unchanged = grade_lesson(course, LESSON)
    assert unchanged == set(kept)
    assert {row.student: row.score for row in rows} == {
        "ada": 18, "emma": 12, "jonas": 0, "kira": 18,
    }  # fmt: skip
    with Gradebook(course.coursedir.db_url) as gradebook:
        assert len(gradebook.assignment_submissions(LESSON)) == len(CHOSEN)


def _workers(pid, jobs):
    """Wait for all workers of a run and return the ids of their processes."""
    while True:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        found = [int(child) for child in children if "grading.worker" in _command(child)]
        if len(found) == jobs:
            return found
        time.sleep(0.01)


def _ended(pids):
    """Wait until no process of these ids is left: workers end with the one who started them."""
    until = time.monotonic() + 20
    while any(os.path.exists(f"/proc/{pid}") and not _is_zombie(pid) for pid in pids):
        assert time.monotonic() < until, "a worker outlives the run that started it"
        time.sleep(0.01)


def _is_zombie(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except OSError:
        return True


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def test_a_worker_that_ends_costs_no_grade(pool, works):
    """Is a submission graded whose worker was killed, and another that it should not have been?"""
    futures = [pool.submit(works[name]) for name in ("ada", "jonas")]
    os.kill(pool._seats[0].pid, signal.SIGKILL)
    outcomes = [future.result(timeout=200) for future in futures]
    assert [outcome.record.score for outcome in outcomes] == [18, 0]


def test_what_stands_already_starts_nothing(pool, works):
    """Does a worker keep the process that it has ready, and grade with it when something comes?"""
    work = works["ada"]
    first = pool.submit(work).result(timeout=200)
    known = Work(work.handed, first.record.key)
    again = [pool.submit(known).result(timeout=200) for _ in range(3)]
    last = pool.submit(work).result(timeout=200)
    assert [outcome.record for outcome in again] == [None] * 3
    assert (first.record.score, last.record.score) == (18, 18)


def test_what_ends_every_worker_gets_a_status(pool, works, monkeypatch):
    """Is the grader's own failure told in a status that is no grade?"""
    with monkeypatch.context() as broken_frame:
        broken_frame.setattr(
            "autograder.pipeline.grading.pool.sent_work", lambda work: ({"no": 1}, [])
        )
        broken = pool.submit(works["ada"]).result(timeout=200)
    after = pool.submit(works["ada"]).result(timeout=200)
    assert broken.record.status == records.FAILED
    assert "KeyError" in broken.record.reason
    assert (broken.notebook, broken.grades) == ("", {})
    assert after.record.score == 18


def test_a_lesson_that_cannot_be_graded_stops_before_the_first_learner(course):
    """Is an error in the instructor's own setup told at once?"""
    path = course.root / "source" / LESSON / f"{LESSON}.ipynb"
    source = nbformat.read(path, as_version=4)
    setup = next(cell for cell in source.cells if "judge-setup" in cell.metadata.get("tags", ()))
    setup.source += "\nraise RuntimeError('no such data')"
    nbformat.write(source, path)
    with pytest.raises(CommandError, match="no such data"):
        grade_lesson(course, LESSON, jobs=1)
