"""Does the command say what became of a class, and what is wrong with what was asked?"""

import argparse

import nbformat
import pytest
from tiny_course import LESSON, RIGHT, solved

from autograder import CommandError
from autograder.pipeline.commands import grade
from autograder.pipeline.grading.run import open_course
from autograder.pipeline.secret import course_secret
from tests.attacks.archives import archive


def run(*arguments):
    """Run the command as its parser would."""
    parser = argparse.ArgumentParser()
    grade.configure(parser)
    return grade.run(parser.parse_args(arguments))


def test_the_command_prints_one_line_a_learner(root, judged, hand_in, monkeypatch, capsys):
    """Does an instructor see who, status, points and diagnosis, and that there was no sandbox?"""
    monkeypatch.chdir(root)
    hand_in("ann", **(RIGHT | {"double": "NOTE = 'x + 1'\ndef double(x):\n    return x + 1"}))
    assert run(LESSON) == 0
    shown = capsys.readouterr()
    first, last = shown.out.splitlines()
    assert first == "[1/1] ann: graded | 2 / 7 (1 by hand) | double: adds-one"
    assert last.startswith(f"{LESSON}: 1 graded, in ")
    assert shown.err == "WARNING: learners' code ran without isolation: no sandbox (a test)\n"


def test_a_notebook_beside_the_folders_is_told(root, judged, hand_in, monkeypatch, capsys):
    """Does an instructor learn that a file lies where nobody's work is looked for?"""
    monkeypatch.chdir(root)
    hand_in("ann", **RIGHT)
    for name in ("ben", "chloe"):
        (root / "submitted" / f"{name}.ipynb").write_text("{}")
    run(LESSON)
    said = capsys.readouterr().err.splitlines()[0]
    assert said == (
        "Not read: ben.ipynb and 1 more lie in submitted/ itself. "
        f"Expected in submitted/ben/{LESSON}/"
    )


def test_an_unknown_lesson_is_told_kindly(root, monkeypatch):
    """Does a slip of the pen end in a sentence?"""
    monkeypatch.chdir(root)
    for arguments in (("99_nothing",), ()):
        with pytest.raises(CommandError, match="Expected"):
            run(*arguments)


def test_the_secret_can_be_renewed_alone(root, monkeypatch, capsys):
    """Does --new-secret work without a lesson?"""
    monkeypatch.chdir(root)
    before = course_secret(root)
    assert run("--new-secret") == 0
    assert course_secret(root) != before


def test_a_dry_run_says_who_was_found_and_grades_nothing(root, blank, monkeypatch, capsys):
    """Does an instructor see whose each file is, what counts and what is left, before grading?"""
    monkeypatch.chdir(root)
    with open_course(root).gradebook() as gradebook:
        gradebook.update_or_create_student("alove", first_name="Ada", last_name="Lovelace")
        gradebook.update_or_create_student("zoe", first_name="Zoe", last_name="Absent")
    before = (root / "gradebook.db").read_bytes()
    works = {n: nbformat.writes(solved(blank, **a)).encode() for n, a in (("no", {}), ("x", RIGHT))}
    archive(
        root / "class.zip",
        {
            "README.txt": b"",
            f"Ada Lovelace_5_assignsubmission_file_/{LESSON}.ipynb": works["no"],
            "Ada Lovelace_5_assignsubmission_file_/mine.ipynb": works["x"],
            "Kim Lee_6_assignsubmission_file_/essay.pdf": b"%PDF-1.7",
        },
    )
    assert run(LESSON, "--submitted", "class.zip", "--list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Kim Lee (Moodle 6), new: unreadable: essay.pdf is a PDF, not the notebook; "
        "hand in the file .ipynb",
        "alove (Moodle 5, called Ada Lovelace): mine.ipynb; read from mine.ipynb; "
        f"{LESSON}.ipynb is not graded: as it was given out",
        "Left over, nobody's, 1: README.txt",
        "Nothing from, though in the gradebook, 1: zoe",
        "1 of 2 can be graded; nothing was.",
    ]
    assert (root / "gradebook.db").read_bytes() == before
    assert not (root / "autograded").exists()
    assert not (root / ".autograder").exists()
