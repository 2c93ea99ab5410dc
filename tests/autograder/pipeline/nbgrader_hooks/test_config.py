"""Do the course's settings reach nbgrader, from wherever it is run?"""

import os
import shutil

import pytest
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


def test_alembic_is_found_without_an_activated_environment(root, monkeypatch):
    """Can nbgrader make a gradebook when only the environment's Python was named?"""
    monkeypatch.setenv("PATH", os.defpath)
    NbgraderCourse(root)
    assert shutil.which("alembic")


def test_a_broken_configuration_is_not_passed_over(root):
    """Would grading go on with nbgrader's own settings, and its own executor?"""
    (root / "nbgrader_config.py").write_text("c = get_config()\nraise OSError('broken')\n")
    with pytest.raises(OSError, match="broken"):
        NbgraderCourse(root)
