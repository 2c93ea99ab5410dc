"""A small course of one lesson, with a registry of its own, and builds shared by the tests."""

import shutil
from pathlib import Path

import pytest

from autograder.exercises import Exercise, Lesson, Part
from autograder.notebooks.expand import expanded
from autograder.notebooks.layout import Course, this_course
from autograder.notebooks.lesson import build_lessons
from autograder.notebooks.roles import source_notebook
from autograder.notebooks.rules import check_lesson
from autograder.notebooks.text import read_lesson

FIXTURE = Path(__file__).parent / "fixture" / "01_doubling.txt"
LESSONS = (
    Lesson("01", "doubling", "Double a signal"),
    Lesson("02", "halving", "Halve a signal"),
)
EXERCISES = (
    Exercise("01", "guess", "prediction", (Part("value", 0, "your value"),)),
    Exercise("01", "double", "function", (Part("values", 2, "numbers"), Part("shape", 1, "sizes"))),
    Exercise("01", "why", "written", (Part("answer", 2, "read by a person"),)),
)


def doubling_cases(name):
    """Visible cases as the hidden tests would compute them."""
    return {"lesson": name, "exercises": {"double": [{"args": [[1, 2]], "expected": [2, 4]}]}}


class Author:
    """Edits the lesson of a small course, as an author would."""

    name = "01_doubling"

    def __init__(self, root: Path):
        (root / "source").mkdir(parents=True)
        self.exercises = EXERCISES
        self.course = Course(root, LESSONS, lambda name: self.exercises, doubling_cases)
        self.path = self.course.text_path(self.name)
        shutil.copy(FIXTURE, self.path)

    def edit(self, old: str, new: str) -> None:
        """Replace a passage that the text holds."""
        text = self.path.read_text("utf-8")
        assert old in text
        self.path.write_text(text.replace(old, new, 1), "utf-8")

    def check(self) -> None:
        """Read the text and hold it to the registry."""
        check_lesson(expanded(read_lesson(self.path), self.course), self.exercises)

    def source(self):
        """Return the text and its source notebook."""
        text = expanded(read_lesson(self.path), self.course)
        return text, source_notebook(text, self.exercises)


@pytest.fixture
def author(tmp_path):
    """Somebody who writes the small course's lesson."""
    return Author(tmp_path / "course")


@pytest.fixture(scope="session")
def doubling_files(tmp_path_factory):
    """The built files of the small course's lesson, by path."""
    author = Author(tmp_path_factory.mktemp("built") / "course")
    [(_, files)] = build_lessons(author.course, [author.name])
    assert isinstance(files, dict), files
    return files


@pytest.fixture(scope="session")
def real_course():
    """The course of this repository."""
    return this_course()
