"""Tests of autograder.notebooks.verify: what counts as stale."""

import json
from types import SimpleNamespace

import pytest

from autograder import CommandError
from autograder.notebooks import verify
from autograder.notebooks.build import replace
from autograder.notebooks.verify import stale_files

SOLUTION = "solutions/01_doubling/01_doubling.ipynb"


@pytest.fixture
def course(author, doubling_files, monkeypatch):
    """The small course, built, and the command pointed at it."""
    replace(author.course.root, author.name, doubling_files)

    def ready(course, names):
        yield from ((name, doubling_files) for name in names)

    monkeypatch.setattr(verify, "build_lessons", ready)
    monkeypatch.setattr(verify, "this_course", lambda: author.course)
    return author.course


def found(course, files):
    """Return the stale files and why, by path."""
    return {file.path: file.why for file in stale_files(course, "01_doubling", files)}


def change(course, path, edit):
    """Edit a built notebook's data and write it back."""
    file = course.root / path
    notebook = json.loads(file.read_bytes())
    edit(notebook)
    file.write_text(json.dumps(notebook), "utf-8")


def test_a_fresh_build_is_not_stale(course, doubling_files):
    """Is nothing reported where nothing changed?"""
    assert found(course, doubling_files) == {}


@pytest.mark.parametrize("step", ["source", "release", "solutions"])
def test_an_edited_source_is_stale(course, doubling_files, step):
    """Is a built notebook that was edited by hand found, with the cell?"""
    path = f"{step}/01_doubling/01_doubling.ipynb"
    change(course, path, lambda notebook: notebook["cells"][6].update(source=["x"]))
    assert found(course, doubling_files) == {path: "cell 7 differs in its source"}


def test_layout_counts_but_in_solutions(course, doubling_files):
    """Does a space count in source, release and cases, and not in a solution?"""
    for path in doubling_files:
        file = course.root / path
        file.write_bytes(file.read_bytes().replace(b": ", b":  ", 1))
    assert set(found(course, doubling_files)) == set(doubling_files) - {SOLUTION}


def test_another_machines_picture_is_not_stale(course, doubling_files):
    """May the bytes of a picture differ, alone and inside a page?"""

    def repaint(notebook):
        outputs = notebook["cells"][5]["outputs"]
        outputs[1]["data"]["image/png"] = "AAAA"

    change(course, SOLUTION, repaint)
    assert found(course, doubling_files) == {}


def test_a_missing_picture_is_stale(course, doubling_files):
    """Is a picture that is gone noticed?"""
    change(course, SOLUTION, lambda notebook: notebook["cells"][5]["outputs"].pop(1))
    assert found(course, doubling_files) == {SOLUTION: "cell 6 differs in its outputs"}


def test_changed_words_in_an_output_are_stale(course, doubling_files):
    """Do printed numbers count?"""

    def retype(notebook):
        notebook["cells"][5]["outputs"][0]["text"] = ["[0 1 3]\n"]

    change(course, SOLUTION, retype)
    assert found(course, doubling_files) == {SOLUTION: "cell 6 differs in its outputs"}


def test_missing_and_broken_and_foreign_files_are_named(course, doubling_files):
    """Is each of them reported, with why?"""
    (course.root / "release/01_doubling/01_doubling.ipynb").unlink()
    (course.root / SOLUTION).write_text("{")
    (course.root / "source/01_doubling/answers.py").write_text("x = 1")
    assert found(course, doubling_files) == {
        "release/01_doubling/01_doubling.ipynb": "missing",
        SOLUTION: "cannot be read",
        "source/01_doubling/answers.py": "no text gives this file",
    }


def test_the_command_names_what_to_run(course, capsys):
    """Is the exit code 1, and the way out said?"""
    (course.root / SOLUTION).unlink()
    assert verify.run(SimpleNamespace(lessons=["01"])) == 1
    out = capsys.readouterr().out
    assert f"{SOLUTION}: missing" in out
    assert "python -m autograder build 01_doubling`" in out


def test_the_command_is_content_with_a_fresh_build(course, capsys):
    """Is the exit code 0 then?"""
    assert verify.run(SimpleNamespace(lessons=[])) == 0
    assert "everything built fits its text" in capsys.readouterr().out


def test_the_command_sees_leftovers(course, capsys):
    """Is the built folder of a lesson without a text stale?"""
    (course.root / "release/02_halving").mkdir()
    assert verify.run(SimpleNamespace(lessons=[])) == 1
    assert "release/02_halving: no text gives it" in capsys.readouterr().out


def test_the_command_sees_leaks(course, capsys):
    """Does an answer in the students' package fail the command?"""
    (course.root / "course/helper.py").write_text("def f(x):\n    doubled_signal = x + x\n")
    assert verify.run(SimpleNamespace(lessons=[])) == 1
    assert "leak: course/helper.py shows a solution line of 01_doubling" in capsys.readouterr().out


def test_a_lesson_that_does_not_build_fails_the_command(course, monkeypatch):
    """Is a text that cannot be built an error of its own?"""

    def broken(course, names):
        yield "01_doubling", CommandError("source/01_doubling.py:1: broken")

    monkeypatch.setattr(verify, "build_lessons", broken)
    with pytest.raises(CommandError, match="broken"):
        verify.run(SimpleNamespace(lessons=[]))
