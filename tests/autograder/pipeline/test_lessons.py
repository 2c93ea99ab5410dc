"""Is every built lesson worth 0 untouched, and all its automatic points solved?

This runs nbgrader's own command with the real judge, as an instructor would.
"""

import os
import shutil
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook
from tiny_course import CONFIG, REPOSITORY

LESSONS = sorted(path.stem for path in (REPOSITORY / "solutions").glob("*/*.ipynb"))


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_release_scores_0_and_the_solution_everything(tmp_path, lesson):
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
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", lesson],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
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
