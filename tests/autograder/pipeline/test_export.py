"""Does the export leave blank what is not graded?"""

import csv

from nbgrader.api import Gradebook
from tiny_course import LESSON, RIGHT

from autograder.pipeline.export import CourseExport
from autograder.pipeline.grade import grade_lesson, open_course


def export(course):
    """Export the grades and return learner -> row."""
    path = course.root / "grades.csv"
    with course.gradebook() as gradebook:
        CourseExport(parent=course.app, to=str(path)).export(gradebook)
    with path.open(newline="", encoding="utf-8") as stream:
        return {row["student_id"]: row for row in csv.DictReader(stream)}


def test_ungraded_is_blank_and_says_why(root, judged, hand_in):
    """Does a missing or unreadable submission get a blank cell where nbgrader writes 0.0?"""
    hand_in("ann", **RIGHT)
    hand_in("bob", b"")
    hand_in("cy")
    (root / "submitted" / "dan").mkdir()
    course = open_course(root)
    grade_lesson(course, LESSON)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("eve")
    rows = export(course)
    shown = {name: (r["raw_score"], r["score"], r["status"]) for name, r in rows.items()}
    assert shown == {
        "ann": ("5.0", "", "graded; 1 to grade by hand"),
        "bob": ("", "", f"unreadable: {LESSON}.ipynb is empty"),
        "cy": ("0.0", "0.0", "graded"),
        "dan": ("", "", "missing: no notebook handed in"),
        "eve": ("", "", "missing"),
    }
    assert {r["max_score"] for r in rows.values()} == {"7.0"}


def test_a_finished_grade_is_complete(root, judged, hand_in):
    """Is the score written once a person has graded the written answer?"""
    hand_in("ann", **RIGHT)
    course = open_course(root)
    grade_lesson(course, LESSON)
    with Gradebook(course.coursedir.db_url) as gradebook:
        grade = gradebook.find_grade("why_square", LESSON, LESSON, "ann")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    row = export(course)["ann"]
    assert (row["score"], row["status"]) == ("6.5", "graded")


def test_nbgraders_command_uses_it(root):
    """Is the plugin the course's default?"""
    assert open_course(root).app.config.ExportApp.plugin_class.endswith("CourseExport")
