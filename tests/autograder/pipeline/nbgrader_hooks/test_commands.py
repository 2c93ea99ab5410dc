"""Do nbgrader's own commands work after ours, with this course's settings?"""

import csv
import getpass
import zipfile

import nbformat
import pytest
from nbgrader.api import Gradebook
from tiny_course import CONFIG, LESSON, RIGHT, solved

from autograder.__main__ import main
from autograder.pipeline.gradebook.database import read_record
from autograder.pipeline.grading.run import grade_lesson, open_course

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")

EXCHANGE = """
c = get_config()
c.Exchange.root = {exchange!r}
c.CourseDirectory.course_id = "conv"
"""


@pytest.fixture
def learner(root, tmp_path_factory, monkeypatch):
    """Return a learner's folder that shares an exchange with the course, which has a release."""
    home = tmp_path_factory.mktemp("learner")
    exchange = tmp_path_factory.mktemp("exchange")
    exchange.chmod(0o777)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
    settings = EXCHANGE.format(exchange=str(exchange))
    (root / "nbgrader_config.py").write_text(CONFIG + settings)
    (home / "nbgrader_config.py").write_text(settings)
    return home


# nbgrader leaves files open that it has read.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_feedback_goes_back_through_the_exchange(
    root, learner, judged, blank, hand_in, nbgrader, monkeypatch
):
    """Does the way from release_assignment to fetch_feedback end with our page in their folder?"""
    release = root / "release" / LESSON
    release.mkdir(parents=True)
    nbformat.write(blank, release / f"{LESSON}.ipynb")
    assert nbgrader("release_assignment", LESSON) == 0
    monkeypatch.chdir(learner)
    assert nbgrader("fetch_assignment", LESSON) == 0
    nbformat.write(solved(blank, **RIGHT), learner / LESSON / f"{LESSON}.ipynb")
    assert nbgrader("submit", LESSON) == 0
    monkeypatch.chdir(root)
    assert nbgrader("list", "--inbound") == 0
    assert nbgrader("collect", LESSON) == 0
    hand_in("Lee, Kim", **RIGHT)  # on another road, and so without a key of the exchange
    rows, _ = grade_lesson(open_course(root), LESSON)
    me = getpass.getuser()
    assert {row.student: row.score for row in rows} == {me: 5, "Lee, Kim": 5}
    assert main(["feedback", LESSON]) == 0
    assert nbgrader("release_feedback", LESSON) == 0
    monkeypatch.chdir(learner)
    assert nbgrader("list", "--inbound") == 0
    assert nbgrader("fetch_feedback", LESSON) == 0
    [page] = (learner / LESSON / "feedback").rglob("*.html")
    assert page.read_bytes() == (root / "feedback" / me / LESSON / f"{LESSON}.html").read_bytes()


def test_zip_collect_finds_what_moodle_names(root, judged, blank, nbgrader):
    """Does the command that the guide names collect an archive of Moodle and plain files?"""
    release = root / "release" / LESSON
    release.mkdir(parents=True)
    nbformat.write(blank, release / f"{LESSON}.ipynb")
    place = root / "downloaded" / LESSON / "archive"
    place.mkdir(parents=True)
    work = nbformat.writes(solved(blank, **RIGHT))
    with zipfile.ZipFile(place / "class.zip", "w") as archive:
        archive.writestr(f"Ada O'Neil_31337_assignsubmission_file/{LESSON}.ipynb", work)
        archive.writestr(f"Jörg Li_31338_assignsubmission_file_/{LESSON}.ipynb", work)
    (place / f"bob_{LESSON}.ipynb").write_text(work, encoding="utf-8")
    assert nbgrader("zip_collect", LESSON) == 0
    rows, _ = grade_lesson(open_course(root), LESSON)
    assert {row.student: row.score for row in rows} == dict.fromkeys(
        ["Ada O'Neil", "Jörg Li", "bob"], 5
    )


def test_nbgrader_takes_off_the_same_for_lateness(root, judged, hand_in, nbgrader):
    """Do autograde, generate_feedback and export know the late rule, extra time and a person?"""
    rule = "\nget_config().LateRule.update({'percent_a_day': 10, 'extra_hours': {'bob': 48}})\n"
    (root / "nbgrader_config.py").write_text(CONFIG + rule)
    for name in ("ann", "bob"):
        path = hand_in(name, **RIGHT)
        (path.parent / "timestamp.txt").write_text("2026-03-02 13:00:00 UTC")
    assert nbgrader("db", "assignment", "add", LESSON, "--duedate=2026-03-01 12:00 UTC") == 0
    assert nbgrader("autograde", LESSON) == 0
    assert read_record(f"sqlite:///{root}/gradebook.db", LESSON, "ann").status == "graded"
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        assert gradebook.find_submission(LESSON, "ann").late_submission_penalty == 1
        for name in ("ann", "bob"):
            grade = gradebook.find_grade("why_square", LESSON, LESSON, name)
            grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    assert nbgrader("generate_feedback", LESSON) == 0
    assert "5.6" in (root / "feedback" / "ann" / LESSON / f"{LESSON}.html").read_text("utf-8")
    assert nbgrader("export") == 0
    with (root / "grades.csv").open(encoding="utf-8", newline="") as table:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(table)} == {
            "ann": 5.6,
            "bob": 7,
        }
