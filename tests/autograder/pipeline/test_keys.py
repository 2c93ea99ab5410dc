"""Does a grade's key change with everything that a grade depends on, and with nothing else?"""

from dataclasses import replace
from importlib import metadata

import nbformat
import pytest
from tiny_course import LESSON, RIGHT, fake_judge, solved
from traitlets.config import Config

from autograder.pipeline import keys
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.grader import Grader
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.records import Handed, Work
from autograder.pipeline.secret import renew_secret


@pytest.fixture
def key(root, blank):
    """Return a function that grades an answer and returns the digest of the work in its key."""

    def key(settings=None, change=lambda notebook: None, **handed):
        notebook = solved(blank, **RIGHT)
        change(notebook)
        content = nbformat.writes(notebook).encode()
        grader = Grader(setup_of(NbgraderCourse(root, settings), LESSON), fake_judge)
        found = grader.grade(Work(Handed("ann", "x.ipynb", content, **handed))).record.key
        return found.partition(" ")[2]

    return key


def test_what_a_grade_does_not_depend_on(key):
    """Is a notebook that was run and saved again, by another editor, the same work?"""

    def run_again(notebook):
        notebook.metadata.kernelspec.display_name = "Python 3.14 (somewhere)"
        for cell in notebook.cells:
            cell.metadata["collapsed"] = True
            if cell.cell_type == "code":
                cell.execution_count = 7

    assert key() == key(change=run_again)


def test_what_a_grade_depends_on(key, root, monkeypatch):
    """Do code, time, limits, secret, source, our code and installed versions each change it?"""

    def other_code(notebook):
        notebook.cells[2].source += "\n# and a remark"

    slow = Config()
    slow.JudgeExecutor.limits = {"cell_seconds": 60.0}
    found = [key(), key(change=other_code), key(timestamp="2026-03-01 00:00:00 UTC"), key(slow)]
    renew_secret(root)
    found.append(key())
    path = root / "source" / LESSON / f"{LESSON}.ipynb"
    path.write_text(path.read_text().replace("double(3) == 6", "double(3) == 6.0"))
    found.append(key())
    monkeypatch.setattr(keys, "code_digest", lambda packages: "changed")
    found.append(key())
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: real(name) + ("0" * (name == "numpy")))
    found.append(key())
    assert len(set(found)) == len(found)


def test_the_files_as_they_came():
    """Does any byte, name, time or neighbour change their digest, and the learner's name not?"""
    first = Handed("ann", "x.ipynb", b"{}", pictures=(("a.png", b"1"),))
    changes = [
        {"content": b"{ }"},
        {"name": "y.ipynb"},
        {"note": "an unusual name"},
        {"named": False},
        {"timestamp": "2026-03-01 00:00:00 UTC"},
        {"pictures": (("a.png", b"2"),)},
        {"pictures": (("b.png", b"1"),)},
        {"pictures": (), "others": (("a.png", b"1"),)},
        {"others": (("y.ipynb", b"{}"),)},
    ]
    digests = [keys.files_digest(replace(first, **change), "tests") for change in changes]
    same = keys.files_digest(replace(first, student="bob"), "tests")
    assert len({*digests, same, keys.files_digest(first, "other tests")}) == len(changes) + 2
    assert same == keys.files_digest(first, "tests")


def test_the_code_that_grades_is_part_of_it(tmp_path):
    """Do a change, a new file and a move in the package change its digest?"""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.py").write_text("1")
    digests = [keys.code_digest([tmp_path])]
    (tmp_path / "a" / "x.py").write_text("2")
    digests.append(keys.code_digest([tmp_path]))
    (tmp_path / "a" / "x.py").rename(tmp_path / "x.py")
    digests.append(keys.code_digest([tmp_path]))
    (tmp_path / "a" / "notes.txt").write_text("no code")
    assert len(set(digests)) == 3
    assert keys.code_digest([tmp_path]) == digests[-1]
