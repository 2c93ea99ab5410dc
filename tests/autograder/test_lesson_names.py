"""Does every command know a lesson by its number, its name and its topic?"""

import pytest

from autograder import __main__, exercises

# Every command but `doctor`, which takes no lesson, with what stands before a lesson.
BEFORE = {
    "build": [[], ["--upto"]],
    "verify": [[]],
    "grade": [[]],
    "feedback": [[]],
    "report": [[]],
    "export": [[]],
    "demo": [["--lesson"]],
    "slides": [[]],
    "pages": [[]],
    "proof": [[]],
    "similar": [[]],
    "gradescope": [[]],
    "site": [["--upto"]],
}
LINES = [(name, *before) for name, choices in BEFORE.items() for before in choices]


class FoundError(BaseException):
    """Stops a command once it has looked its lesson up."""


@pytest.fixture(autouse=True)
def _stops_at_the_lesson(monkeypatch, tmp_path):
    look_up = exercises.lesson

    def found(key, *among):
        raise FoundError(look_up(key, *among).name)

    monkeypatch.setattr(exercises, "lesson", found)
    monkeypatch.chdir(tmp_path)  # a course that holds nothing


def test_no_command_is_left_out():
    """Is a new command tried as well?"""
    assert set(BEFORE) == set(__main__.COMMANDS) - {"doctor", "students"}


@pytest.mark.parametrize("key", ["1", "01", "01_sliding_window", "sliding_window"])
@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_a_command_looks_its_lesson_up_in_the_registry(line, key):
    """Do all spellings give the same lesson in all commands?"""
    with pytest.raises(FoundError, match="^01_sliding_window$"):
        __main__.main([*line, key])


def test_an_unknown_lesson_is_told_with_those_there_are(capsys):
    """Does the message list the lessons?"""
    assert __main__.main(["proof", "14"]) == 2
    assert "13_capstone" in capsys.readouterr().err
