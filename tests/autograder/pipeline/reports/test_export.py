"""Does the export leave blank what is not graded?"""

import csv

import pytest
import sqlalchemy as sa
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from tiny_course import EMPTY, LESSON, RIGHT

from autograder import CommandError
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.nbgrader_hooks.export import CourseExport
from autograder.pipeline.reports.export import export_questions


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
        "ann": ("5", "", "graded; 1 to grade by hand"),
        "bob": ("", "", f"unreadable: {EMPTY}"),
        "cy": ("0", "0", "graded"),
        "dan": ("", "", "missing: no notebook handed in"),
        "eve": ("", "", "missing"),
    }
    assert {r["max_score"] for r in rows.values()} == {"7"}


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


def questions(course, wanted=(LESSON,)):
    """Export every question and return learner -> row."""
    path = course.root / "questions.csv"
    learners, lessons = export_questions(course, list(wanted), path)
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = {row["student_id"]: row for row in csv.DictReader(stream)}
    assert (len(rows), lessons) == (learners, [LESSON])
    return rows


PARTS = ["double small (2)", "double large (1)", "square values (2)", "why_square (2)"]
COLUMNS = [f"{LESSON} {part}" for part in PARTS]


def test_each_question_has_a_column_in_the_lessons_order(root, judged, hand_in):
    """Do the points of each part stand in its own column, a written answer's blank for now?"""
    hand_in("ann", **(RIGHT | {"square": "def square(x):\n    return x"}))
    course = open_course(root)
    grade_lesson(course, LESSON)
    row = questions(course)["ann"]
    assert [name for name in row if name in COLUMNS] == COLUMNS
    assert [row[name] for name in COLUMNS] == ["2", "1", "0", ""]
    assert row[f"{LESSON} status"] == "graded; 1 to grade by hand"
    assert row[f"{LESSON} score (7)"] == ""


def test_a_person_and_lateness_count(root, judged, hand_in):
    """Is the whole there once everything is graded, and is it never below 0?"""
    hand_in("ann", **RIGHT)
    hand_in("cy")
    course = open_course(root)
    grade_lesson(course, LESSON)
    with Gradebook(course.coursedir.db_url) as gradebook:
        grade = gradebook.find_grade("why_square", LESSON, LESSON, "ann")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.25, False
        for student in ("ann", "cy"):
            notebook = gradebook.find_submission_notebook(LESSON, LESSON, student)
            notebook.late_submission_penalty = 1.0
        gradebook.db.commit()
    rows = questions(course)
    assert rows["ann"][f"{LESSON} why_square (2)"] == "1.75"
    assert rows["ann"][f"{LESSON} late penalty"] == "1"
    assert rows["ann"][f"{LESSON} score (7)"] == "5.75"
    assert rows["cy"][f"{LESSON} score (7)"] == "0"
    assert export(course)["ann"]["score"] == "5.75"


def test_ungraded_questions_are_blank(root, judged, hand_in):
    """Is nothing that was not graded a 0, also where an earlier submission had been?"""
    hand_in("ann", **RIGHT)
    hand_in("bob", b"")
    course = open_course(root)
    grade_lesson(course, LESSON)
    hand_in("ann", b"{")
    grade_lesson(course, LESSON)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("eve")
    for student, row in questions(course).items():
        assert [row[name] for name in COLUMNS] == [""] * 4, student
        assert row[f"{LESSON} score (7)"] == ""
        assert row[f"{LESSON} status"].startswith("missing" if student == "eve" else "unreadable")


def test_excel_sees_the_letters(root, judged, hand_in):
    """Does the table begin with the mark without which Excel shows another name?"""
    hand_in("Jörg", **RIGHT)
    course = open_course(root)
    grade_lesson(course, LESSON)
    export_questions(course, [LESSON], root / "questions.csv")
    content = (root / "questions.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfstudent_id,")
    assert "\r\nJörg,".encode() in content


def test_a_name_is_no_formula(root, judged, hand_in):
    """Would a spreadsheet run a learner's name, and do other names come through unchanged?"""
    hand_in("=1+1", **RIGHT)
    hand_in("日本 <b>ö", **RIGHT)
    course = open_course(root)
    grade_lesson(course, LESSON)
    with course.gradebook() as gradebook:
        names = {"first_name": "@SUM(A1)", "last_name": '-2+3+cmd|" /C calc"!A0', "email": "+4"}
        gradebook.update_or_create_student("=1+1", **names)
    rows = questions(course)
    assert set(rows) == {"'=1+1", "日本 <b>ö"}
    person = [rows["'=1+1"][name] for name in ("first_name", "last_name", "email")]
    assert person == ["'@SUM(A1)", '\'-2+3+cmd|" /C calc"!A0', "'+4"]
    assert export(course)["'=1+1"]["last_name"].startswith("'-2")


def test_grades_without_a_record_are_exported(root, judged, hand_in):
    """Does an older gradebook, in which nbgrader alone has graded, keep its grades?"""
    hand_in("ann", **RIGHT)
    course = open_course(root)
    grade_lesson(course, LESSON)
    with Gradebook(course.coursedir.db_url) as gradebook:
        for table in ("autograder_cell", "autograder_record"):
            gradebook.db.execute(sa.text(f"DELETE FROM {table}"))
        gradebook.db.commit()
    row = questions(course)["ann"]
    assert row[f"{LESSON} double small (2)"] == "2"
    assert row[f"{LESSON} status"] == "graded; 1 to grade by hand"
    assert export(course)["ann"]["raw_score"] == "5"


def test_all_graded_lessons_are_meant_when_none_is_named(root, judged, hand_in):
    """Does the export find the lessons itself, and say so where there is none?"""
    course = open_course(root)
    with pytest.raises(CommandError, match="Nothing of any lesson is graded"):
        export_questions(course, [], root / "questions.csv")
    hand_in("ann", **RIGHT)
    grade_lesson(course, LESSON)
    assert questions(course, wanted=())["ann"][f"{LESSON} double small (2)"] == "2"
    with pytest.raises(CommandError, match="cannot be written"):
        export_questions(course, [LESSON], root / "gradebook.db" / "questions.csv")


def test_scores_are_those_of_nbgraders_own_export(root, judged, hand_in):
    """Do both exports agree where both have something to say?"""
    hand_in("ann", **(RIGHT | {"why_square": ""}))
    hand_in("bob", **RIGHT)
    course = open_course(root)
    grade_lesson(course, LESSON)
    with course.gradebook() as gradebook:
        stock = root / "stock.csv"
        CsvExportPlugin(parent=course.app, to=str(stock)).export(gradebook)
    with stock.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            ours = export(course)[row["student_id"]]
            assert float(row["raw_score"]) == float(ours["raw_score"])
            assert float(row["max_score"]) == float(ours["max_score"])
