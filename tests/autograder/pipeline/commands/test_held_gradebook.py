"""Does a gradebook that another program holds, or that is none, end in a sentence?"""

import sqlite3

import pytest
from tiny_course import LESSON, RIGHT

from autograder.__main__ import main
from autograder.pipeline.grading.run import grade_lesson, open_course

COMMANDS = [
    ["grade", LESSON],
    ["grade", LESSON, "--list"],
    ["export"],
    ["feedback", LESSON],
    ["report", LESSON],
]
pytestmark = pytest.mark.usefixtures("all_connections_are_closed")


def test_a_held_gradebook_is_told(root, judged, hand_in, monkeypatch, capsys):
    """Does each command say who has to let go, and keep what was graded?"""
    monkeypatch.chdir(root)
    monkeypatch.setattr("autograder.pipeline.gradebook.writer.BUSY_SECONDS", 0.1)
    hand_in("ann", **RIGHT)
    grade_lesson(open_course(root), LESSON)
    for command in COMMANDS:
        holder = sqlite3.connect(root / "gradebook.db", isolation_level=None)
        try:
            holder.execute("BEGIN EXCLUSIVE")
            assert main(command) == 2, command
        finally:
            holder.close()
        said = capsys.readouterr().err
        assert "held by another program" in said, command
        assert "Traceback" not in said
        assert main(command) == 0, command


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_gradebook_that_is_none_is_told(root, judged, monkeypatch, capsys, command):
    """Does a file that is no database end in a sentence?"""
    monkeypatch.chdir(root)
    (root / "gradebook.db").write_bytes(b"no database" * 100)
    assert main(command) == 2
    said = capsys.readouterr().err
    assert said.strip()
    assert "Traceback" not in said


def test_a_damaged_source_is_told(root, monkeypatch, capsys):
    """Does grading with half a notebook of the instructor's end in a sentence?"""
    monkeypatch.chdir(root)
    (root / "source" / LESSON / f"{LESSON}.ipynb").write_text("{")
    assert main(["grade", LESSON]) == 2
    assert "is no notebook" in capsys.readouterr().err
