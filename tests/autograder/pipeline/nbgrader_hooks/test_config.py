"""Do the course's settings reach nbgrader, from wherever it is run?"""

import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from nbgrader.dbutil import ALEMBIC_DIR
from tiny_course import REPOSITORY

from autograder.pipeline.coursedir import NbgraderCourse


def test_the_repository_is_a_course_directory(tmp_path, monkeypatch):
    """Does the configuration at the root work when nbgrader is started elsewhere?"""
    monkeypatch.chdir(tmp_path)
    course = NbgraderCourse(REPOSITORY)
    assert course.coursedir.root == str(REPOSITORY)
    assert course.coursedir.solution_directory == "solutions"
    steps = course.app.config.Autograde.autograde_preprocessors
    assert steps[0] == "autograder.pipeline.nbgrader_hooks.preprocessors.JudgeExecutor"
    assert "nbgrader.preprocessors.SaveAutoGrades" not in steps
    assert course.app.config.NotebookClient.record_timing is False


def test_a_new_gradebook_starts_no_program(root, monkeypatch):
    """Are its tables of nbgrader's last revision, where only the environment's Python was named?"""
    (root / "gradebook.db").unlink()
    monkeypatch.setenv("PATH", os.defpath)
    with NbgraderCourse(root).gradebook() as gradebook:
        query = sa.text("SELECT version_num FROM alembic_version")
        found = gradebook.db.execute(query).scalars().all()
    files = Path(ALEMBIC_DIR, "versions").glob("*.py")
    text = "\n".join(path.read_text() for path in files)
    names, before = (
        set(re.findall(rf"^{name} = '(.*)'", text, re.M)) for name in ("revision", "down_revision")
    )
    assert found == list(names - before)


def test_a_broken_configuration_is_not_passed_over(root):
    """Would grading go on with nbgrader's own settings, and its own executor?"""
    (root / "nbgrader_config.py").write_text("c = get_config()\nraise OSError('broken')\n")
    with pytest.raises(OSError, match="broken"):
        NbgraderCourse(root)
