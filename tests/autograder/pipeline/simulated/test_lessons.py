"""Is every built lesson worth 0 untouched, and all its automatic points solved?

Graded by the course's own command, with the real judge; `test_pool.py` holds that
nbgrader's gives the same.
"""

import shutil

import pytest
from tiny_course import CONFIG, REPOSITORY

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.run import grade_lesson

LESSONS = sorted(path.stem for path in (REPOSITORY / "solutions").glob("*/*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_release_scores_0_and_the_solution_everything(tmp_path, filled_gradebook, lesson):
    """Do points neither come for free nor go missing, and do written answers wait for a person?"""
    name = f"{lesson}.ipynb"
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    for place, origin in (
        ("source", "source"),
        ("submitted/untouched", "release"),
        ("submitted/solved", "solutions"),
    ):
        (tmp_path / place / lesson).mkdir(parents=True)
        shutil.copy(REPOSITORY / origin / lesson / name, tmp_path / place / lesson)
    shutil.copy(filled_gradebook, tmp_path)
    course = NbgraderCourse(tmp_path)
    rows, _ = grade_lesson(course, lesson, jobs=1)
    assert [(row.student, row.record.said) for row in rows] == [
        ("solved", "graded"),
        ("untouched", "graded"),
    ]
    with course.gradebook() as gradebook:
        for student in ("untouched", "solved"):
            (notebook,) = gradebook.find_submission(lesson, student).notebooks
            for grade in notebook.grades:
                if student == "untouched":
                    assert (grade.auto_score, grade.needs_manual_grade) == (0, False), grade
                elif grade.cell_type == "markdown":
                    assert (grade.auto_score, grade.needs_manual_grade) == (None, True), grade
                else:
                    points = (grade.max_score, False)
                    assert (grade.auto_score, grade.needs_manual_grade) == points, grade
