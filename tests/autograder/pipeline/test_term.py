"""What happens in the middle of a term: does each event change the scores that it should, alone?"""

import csv
from datetime import datetime, timedelta

import nbformat
import pytest
from nbgrader.api import Gradebook
from tiny_course import CONFIG, LESSON, RIGHT

from autograder.__main__ import main
from autograder.pipeline.gradebook.people import read_people
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.secret import renew_secret

SCORE = f"{LESSON} score (7)"
DUE = datetime(2026, 3, 1, 12)
OTHER_WORDS = RIGHT | {"why_square": "Because."}


def grade(root, **options):
    """Grade the class and return learner -> row."""
    return {row.student: row for row in grade_lesson(open_course(root), LESSON, **options)[0]}


def by_hand(root, student, cell="why_square", points=1.5):
    """Give points and a comment as a person does in Formgrader."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        found = gradebook.find_grade(cell, LESSON, LESSON, student)
        found.manual_score, found.needs_manual_grade = points, False
        if cell == "why_square":
            gradebook.find_comment(cell, LESSON, LESSON, student).manual_comment = "Well said."
        gradebook.db.commit()


def exported(root, monkeypatch):
    """Return learner -> (status, score) of the exported table; None where there is no score."""
    monkeypatch.chdir(root)
    assert main(["export", LESSON]) == 0
    with (root / "questions.csv").open(encoding="utf-8-sig", newline="") as table:
        return {
            row["student_id"]: (row[f"{LESSON} status"], float(row[SCORE]) if row[SCORE] else None)
            for row in csv.DictReader(table)
        }


def change_source(root, old, new):
    """Change the text of the lesson as an instructor does, and build it."""
    path = root / "source" / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


@pytest.fixture
def hand_graded(root, judged, hand_in):
    """Return a course in which a person has graded all of ann's work: 5 + 1.5 of 7."""
    hand_in("ann", **RIGHT)
    grade(root)
    by_hand(root, "ann")
    return root


def test_points_of_a_person_stay_while_no_answer_has_changed(hand_graded, monkeypatch):
    """Is nothing to look at again, whatever made all of it be graded once more?"""
    for event in ("nothing", "force", "a new secret", "a mended test"):
        if event == "a mended test":
            change_source(hand_graded, "double(101) == 202", "double(101) == 203")
        if event == "a new secret":
            renew_secret(hand_graded)
        [row], unchanged = grade_lesson(open_course(hand_graded), LESSON, force=event == "force")
        assert unchanged == ({"ann"} if event == "nothing" else set())
        assert (row.score, row.by_hand, row.again) == (5.5 if "test" in event else 6.5, 0, ())
    assert exported(hand_graded, monkeypatch)["ann"] == ("graded", 5.5)


def test_a_new_hand_in_keeps_points_and_comment_and_names_what_changed(
    hand_graded, hand_in, monkeypatch
):
    """Does a changed answer wait for a person, who is told which it is, until they have looked?"""
    hand_in("ann", **OTHER_WORDS)
    for force in (False, True):  # what is graded once more does not count as looked at
        row = grade(hand_graded, force=force)["ann"]
        assert row.points == "6.5 / 7 (1 by hand; changed since: why_square)"
    assert exported(hand_graded, monkeypatch)["ann"] == (
        "graded; 1 to grade by hand (changed since: why_square)",
        None,
    )
    assert main(["feedback", LESSON]) == 0
    page = (hand_graded / "feedback" / "ann" / LESSON / f"{LESSON}.html").read_text("utf-8")
    assert "Well said." in page
    assert "graded before you changed the answer" in page
    by_hand(hand_graded, "ann", points=2)
    assert exported(hand_graded, monkeypatch)["ann"] == ("graded", 7.0)


def test_points_that_a_person_overruled_are_looked_at_again_where_code_changed(
    root, judged, hand_in
):
    """Does it take a change of this answer, or of other code that changes what its test says?"""
    start = RIGHT | {"square": "def square(x):\n    return double(x) * x / 2"}
    later = {
        "another answer": {"why_square": "Because."},
        "this answer": {"square": "def square(x):\n    return x"},
        "a helper, same score": {"double": "def double(x):\n    return 2 * x"},
        "a helper, other score": {"double": "def double(x):\n    return 0"},
    }
    for case in later:
        hand_in(case, **start)
    grade(root)
    for case, answers in later.items():
        by_hand(root, case, cell="square_values", points=1)
        hand_in(case, **start | answers)
    assert {case: row.again for case, row in grade(root).items()} == {
        "another answer": (),
        "this answer": ("square_values",),
        "a helper, same score": (),
        "a helper, other score": ("square_values",),
    }


def test_changed_points_count_at_the_next_grading(hand_graded, monkeypatch):
    """Do automatic scores follow the new points, and a person's stay as they were given?"""
    path = hand_graded / "source" / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade_id") in ("double_small", "why_square"):
            mark["points"] = 4
    nbformat.write(notebook, path)
    assert grade(hand_graded)["ann"].points == "8.5 / 11"


def test_a_removed_learner_is_gone_everywhere(root, judged, hand_in, monkeypatch, capsys):
    """Do export, report, feedback and the lists leave out whom nbgrader's class list has lost?"""
    monkeypatch.chdir(root)
    for name in ("ann", "bob"):
        hand_in(name, **RIGHT)
    grade(root)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.remove_student("bob")
    (root / "submitted" / "bob").rename(root / "bob")
    assert list(exported(root, monkeypatch)) == ["ann"]
    assert main(["report", LESSON]) == main(["feedback", LESSON]) == 0
    assert main(["grade", LESSON, "--list"]) == 0
    assert "bob" not in (root / "reports" / LESSON / "learners.csv").read_text("utf-8")
    assert "bob" not in capsys.readouterr().out
    assert not (root / "feedback" / "bob").exists()
    assert [one.student for one in read_people(f"sqlite:///{root}/gradebook.db", LESSON)] == ["ann"]
    assert set(grade(root)) == {"ann"}
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.add_student("bob")
    assert grade(root)["bob"].record.status == "missing"


def test_a_lost_gradebook_is_built_again_from_what_was_handed_in(hand_graded, monkeypatch):
    """Does one command give every automatic score back, and say that a person's are to be given?"""
    (hand_graded / "gradebook.db").unlink()
    row = grade(hand_graded)["ann"]
    assert (row.points, row.record.status) == ("5 / 7 (1 by hand)", "graded")


def set_dates(root, hours_late):
    """Set the due date, and when each learner handed in."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.find_assignment(LESSON).duedate = DUE
        gradebook.db.commit()
    for student, hours in hours_late.items():
        when = DUE + timedelta(hours=hours)
        path = root / "submitted" / student / LESSON / "timestamp.txt"
        path.write_text(f"{when:%Y-%m-%d %H:%M:%S} UTC")


def scores(root, monkeypatch):
    """Return learner -> exported score."""
    return {name: score for name, (_, score) in exported(root, monkeypatch).items()}


def test_a_penalty_follows_the_points_of_a_person(root, judged, hand_in, monkeypatch):
    """Is the export right at once, and the same after a `grade` that had nothing to do?"""
    (root / "nbgrader_config.py").write_text(
        CONFIG + "\nget_config().LateRule.percent_a_day = 10\n"
    )
    hand_in("ann", **RIGHT)
    set_dates(root, {"ann": 25})
    grade(root)
    by_hand(root, "ann", points=2)
    assert scores(root, monkeypatch) == {"ann": 5.6}  # 7, less 10 % for each of two days
    rows, unchanged = grade_lesson(open_course(root), LESSON)
    assert unchanged == {"ann"}
    assert scores(root, monkeypatch) == {"ann": 5.6}
    assert main(["feedback", LESSON]) == 0
    assert "5.6" in (root / "feedback" / "ann" / LESSON / f"{LESSON}.html").read_text("utf-8")


def test_late_rules_and_extra_time(root, judged, hand_in, monkeypatch):
    """Do grace, percent, the most and each learner's own time give the points of the rule?"""
    settings = (
        "\nget_config().LateRule.update("
        "{'percent_a_day': 20, 'most_percent': 50, 'grace_minutes': 30,"
        f" 'extra_hours': {{'bob': 48, 'cy': {{'{LESSON}': 1}}, 'dan': {{'02_other': 99}}}}}})\n"
    )
    (root / "nbgrader_config.py").write_text(CONFIG + settings)
    late = {"ann": 0.4, "bob": 47, "cy": 1.2, "dan": 3, "eve": 100}
    for name in late:
        hand_in(name, **RIGHT | {"why_square": ""})
    set_dates(root, late)
    grade(root)
    for name in late:
        by_hand(root, name, points=0)
    expected = {"ann": 5.0, "bob": 5.0, "cy": 5.0, "dan": 4.0, "eve": 2.5}
    assert scores(root, monkeypatch) == expected
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        assert gradebook.find_submission(LESSON, "bob").total_seconds_late == 0
    (root / "nbgrader_config.py").write_text(
        CONFIG + "\nget_config().LateRule.extra_hours = {'bob': 'two days'}\n"
    )
    assert main(["export", LESSON]) == 2


def test_a_group_hands_in_one_notebook(root, judged, hand_in, monkeypatch, capsys):
    """Is each member graded by what one of them, or the group, handed in, unless by their own?"""
    monkeypatch.chdir(root)
    (root / "groups.csv").write_text(
        "student,group,lesson\nann,Team 1,01_tiny\nbob,Team 1,01\ncy,Team 1,\n"
        "dan,Team 2,\neve,Team 2,\nfay,Team 3,\n",
        encoding="utf-8",
    )
    hand_in("bob", **RIGHT)
    hand_in("cy").unlink()
    hand_in("Team 2", **RIGHT | {"square": "def square(x):\n    return x"})
    hand_in("eve", **RIGHT)
    assert main(["grade", LESSON, "--list"]) == 0
    assert f"ann, new: {LESSON}.ipynb; handed in by bob" in capsys.readouterr().out
    rows = grade(root)
    assert {name: (row.score, row.record.reason) for name, row in rows.items()} == {
        "ann": (5, "handed in by bob"),
        "bob": (5, ""),
        "cy": (5, "handed in by bob"),
        "dan": (3, "handed in by Team 2"),
        "eve": (5, ""),
    }
    _, unchanged = grade_lesson(open_course(root), LESSON)
    assert unchanged == set(rows)
    (root / "groups.csv").write_text("student,group\nann,Team 1\nann,Team 2\n", encoding="utf-8")
    assert main(["grade", LESSON]) == 2
    assert "'ann' 2 times" in capsys.readouterr().err
