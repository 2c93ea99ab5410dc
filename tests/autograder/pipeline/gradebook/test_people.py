"""Does the gradebook remember what a platform calls each learner?"""

import nbformat
from tiny_course import LESSON, RIGHT, solved

from autograder.pipeline.gradebook.people import read_people
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.records import Account
from tests.attacks import archives


def test_one_person_on_two_roads_is_one_learner(root, judged, blank, tmp_path):
    """Is a learner of the class list found by name, and later by the number that was kept?"""
    course = open_course(root)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("alove", first_name="Ada", last_name="Lovelace")
    work = nbformat.writes(solved(blank, **RIGHT)).encode()

    def graded(entry):
        path = archives.archive(tmp_path / "class.zip", {entry: work})
        rows, _ = grade_lesson(course, LESSON, submitted=path)
        return {row.student: row.score for row in rows}

    assert graded("Ada Lovelace_5_assignsubmission_file_/x.ipynb") == {"alove": 5}
    assert graded("Ada King_5_assignsubmission_file_/x.ipynb") == {"alove": 5}
    assert graded("lovelaceada_7001_1_x.ipynb") == {"alove": 5}
    assert graded("kingada_7001_2_x.ipynb") == {"alove": 5}
    [one] = read_people(course.coursedir.db_url, LESSON)
    assert set(one.accounts) == {
        Account("Moodle", "5", "Ada King", LESSON),
        Account("Canvas", "7001", "kingada"),
    }
    [later] = read_people(course.coursedir.db_url, "02_later")
    assert Account("Moodle", "5", "Ada King", LESSON) not in later.accounts
    assert {"<adalovelace", "<adaking"} <= later.names
