"""Is what lies in a learner's folder found, or told where it lies instead?"""

import pytest
from tiny_course import LESSON

from autograder.pipeline import records
from autograder.pipeline.gradebook.database import read_record
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.inbox.folders import from_tree


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("notes.txt", "no notebook handed in"),
        (
            f"{LESSON}.ipynb",
            f"no notebook handed in; ada/{LESSON}.ipynb lies outside ada/{LESSON}/: move it there",
        ),
        (
            f"{LESSON.upper()}/{LESSON}.ipynb",
            f"no notebook handed in; ada/{LESSON.upper()}/ should be called ada/{LESSON}/",
        ),
        ("02_other/02_other.ipynb", "no notebook handed in"),
    ],
)
def test_a_notebook_in_the_wrong_place_is_told(tmp_path, path, reason):
    """Does the status of a learner without a notebook say where a misplaced one lies?"""
    file = tmp_path / "ada" / path
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    handed = from_tree(tmp_path, LESSON)["ada"]()
    assert (handed.status, handed.reason) == (records.MISSING, reason)


def test_a_later_run_says_what_it_found(root, judged):
    """Is an earlier "nothing handed in" replaced by where the notebook lies now?"""
    course = open_course(root)
    (root / "submitted" / "ada").mkdir(parents=True)
    grade_lesson(course, LESSON)
    (root / "submitted" / "ada" / f"{LESSON}.ipynb").write_text("{}")
    grade_lesson(course, LESSON)
    assert "move it there" in read_record(course.coursedir.db_url, LESSON, "ada").reason
