"""Are a lesson's cells entered into the gradebook whenever something has changed, and only then?"""

import nbformat
import pytest
import sqlalchemy as sa
from nbgrader.api import Gradebook
from tiny_course import LESSON
from traitlets.config import Config

from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.structure import enter


class CountingCourse(NbgraderCourse):
    """A course that counts how often nbgrader enters its lessons."""

    entered = 0

    def register(self, lesson):
        self.entered += 1
        super().register(lesson)


def rewritten(root, change):
    """Change the built lesson."""
    path = root / "source" / LESSON / f"{LESSON}.ipynb"
    nb = nbformat.read(path, as_version=4)
    change(nb)
    nbformat.write(nb, path)


def points_of(root):
    """Return the points of each cell that the gradebook knows."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {
            cell.name: cell.max_score
            for cell in gradebook.find_notebook(LESSON, LESSON).grade_cells
        }


def test_what_stands_is_not_entered_again(root):
    """Does a second run, of another process's course object, leave the gradebook byte for byte?"""
    before = (root / "gradebook.db").read_bytes()
    for _ in range(2):
        course = CountingCourse(root)
        enter(course, LESSON)
        assert course.entered == 0
    assert (root / "gradebook.db").read_bytes() == before


def other_points(nb):
    """Give a test other points."""
    next(
        c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade")
    ).metadata.nbgrader.points = 9


def other_source(nb):
    """Change the text of an answer's cell."""
    next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution")).source += "\n# more"


def other_kernel(nb):
    """Name another kernel."""
    nb.metadata.kernelspec.name = "other"


@pytest.mark.parametrize("change", [other_points, other_source, other_kernel])
def test_a_changed_lesson_is_entered(root, change):
    """Does the gradebook hear of new points, a new text and a new kernel, once?"""
    rewritten(root, change)
    course = CountingCourse(root)
    enter(course, LESSON)
    enter(course, LESSON)
    assert course.entered == 1
    assert (9 in points_of(root).values()) == (change is other_points)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grade_cells SET max_score = 77",
        "UPDATE source_cell SET source = 'x' WHERE name = (SELECT min(name) FROM source_cell)",
        "UPDATE source_cell SET locked = 1 - locked",
        "UPDATE source_cell SET checksum = 'x'",
        "DELETE FROM source_cell WHERE name = (SELECT min(name) FROM source_cell)",
        "DELETE FROM autograder_lesson",
        "DROP TABLE autograder_lesson",
    ],
)
def test_a_changed_gradebook_is_mended(root, statement):
    """Are cells that another program has changed in the gradebook entered again, as they were?"""
    before = points_of(root)
    engine = sa.create_engine(f"sqlite:///{root}/gradebook.db")
    with engine.begin() as connection:
        assert connection.execute(sa.text(statement)).rowcount != 0
    engine.dispose()
    course = CountingCourse(root)
    enter(course, LESSON)
    enter(course, LESSON)
    assert course.entered == 1
    assert points_of(root) == before


def test_other_settings_of_nbgrader_enter_again(root):
    """Do settings that may change what is entered, as a text in place of solutions, count?"""
    course = CountingCourse(root, Config({"ClearSolutions": {"code_stub": {"python": "pass"}}}))
    enter(course, LESSON)
    assert course.entered == 1


def test_a_gradebook_that_was_moved_away_is_made_anew(root):
    """Is the lesson in a new gradebook, whatever the old one said?"""
    before = points_of(root)
    (root / "gradebook.db").rename(root / "old.db")
    enter(CountingCourse(root), LESSON)
    assert points_of(root) == before
