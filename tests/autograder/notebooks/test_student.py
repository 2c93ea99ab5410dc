"""Tests of autograder.notebooks.student: the students' tree holds what is listed, no more."""

import os
import shutil
import zipfile

import pytest

from autograder import CommandError
from autograder.notebooks.student import FILES, README, TOP, ZIP, write_student_zip


@pytest.fixture
def course(author):
    """A course with everything that students get, and much that they must not."""
    root = author.course.root
    author.course.text_path("02_halving").write_text("")
    wanted = [README, *FILES, "course/__init__.py", "course/widgets/static/a.js"]
    wanted += [f"release/{n}/{n}.ipynb" for n in ("01_doubling", "02_halving")]
    wanted += [f"course/checks/cases/{n}.json" for n in ("01_doubling", "02_halving")]
    unwanted = ["gradebook.db", "autograder/a.py", "solutions/01_doubling/01_doubling.ipynb"]
    unwanted += ["instructor.mk", "course/gradebook.db", "course/.ipynb_checkpoints/a.py"]
    unwanted += ["course/__pycache__/a.pyc", "release/01_doubling/answers.py", "submitted/a.ipynb"]
    for name in wanted + unwanted:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (root / "course/link.py").symlink_to(root / "autograder/a.py")
    return author.course


def names(course):
    """Return what the zip holds, below its top folder."""
    with zipfile.ZipFile(course.root / ZIP) as archive:
        assert all(name.startswith(f"{TOP}/") for name in archive.namelist())
        return [name.removeprefix(f"{TOP}/") for name in archive.namelist()]


def test_the_tree_is_the_allow_list(course):
    """Does nothing go along that merely lies in the folders?"""
    count = write_student_zip(course)
    assert names(course) == [
        ".devcontainer/devcontainer.json",
        "LICENSE",
        "LICENSE-TEXT.md",
        "Makefile",
        "README.md",
        "constraints.txt",
        "course/__init__.py",
        "course/checks/cases/01_doubling.json",
        "course/checks/cases/02_halving.json",
        "course/widgets/static/a.js",
        "environment.yml",
        "pyproject.toml",
        "release/01_doubling/01_doubling.ipynb",
        "release/02_halving/02_halving.ipynb",
    ]
    assert count == 14


def test_a_teacher_gives_out_week_by_week(course):
    """Are later lessons and their cases held back?"""
    write_student_zip(course, last="01_doubling")
    assert not [name for name in names(course) if "02_halving" in name]
    assert "release/01_doubling/01_doubling.ipynb" in names(course)


def test_the_readme_is_the_students_own(course):
    """Do students read their own README, not the instructor's?"""
    (course.root / "README.md").write_text("for instructors")
    write_student_zip(course)
    with zipfile.ZipFile(course.root / ZIP) as archive:
        assert archive.read(f"{TOP}/README.md").decode() == README


def test_the_same_files_give_the_same_zip(course, tmp_path):
    """Do times and folders leave no trace?"""
    write_student_zip(course)
    first = (course.root / ZIP).read_bytes()
    moved = tmp_path / "moved"
    shutil.copytree(course.root, moved, copy_function=shutil.copyfile, symlinks=True)
    os.utime(moved / "Makefile", (10**9, 10**9))
    (moved / "Makefile").chmod(0o600)
    again = type(course)(moved, course.lessons, course.exercises_of, course.visible_cases)
    write_student_zip(again)
    assert (moved / ZIP).read_bytes() == first


def test_a_missing_file_is_named(course):
    """Is no half a tree given out, and the earlier zip kept?"""
    write_student_zip(course)
    before = (course.root / ZIP).read_bytes()
    (course.root / "environment.yml").unlink()
    with pytest.raises(CommandError, match=r"environment\.yml is missing"):
        write_student_zip(course)
    assert (course.root / ZIP).read_bytes() == before


def test_the_students_readme_is_short(real_course):
    """Is it read at a glance, and does it name both ways to start?"""
    text = (real_course.root / README).read_text("utf-8")
    assert len(text.splitlines()) <= 30
    assert "make lab" in text
    assert "environment.yml" in text
