"""Tests of autograder.notebooks.build: what is written, replaced and left alone."""

import pytest

from autograder import CommandError
from autograder.notebooks import build as command
from autograder.notebooks.build import build
from autograder.notebooks.layout import Course
from autograder.notebooks.lesson import build_lessons


@pytest.fixture
def quick(monkeypatch, doubling_files):
    """Let the command write the files that are built already."""

    def ready(course, names):
        yield from ((name, doubling_files) for name in names)

    monkeypatch.setattr(command, "build_lessons", ready)


def tree(root):
    """Return every file below a folder, by path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_a_build_writes_four_files(author, quick, doubling_files, capsys):
    """Are source, release, solution and cases written, and is one line printed?"""
    build(author.course, [author.name])
    assert tree(author.course.root) == {
        "source/01_doubling.py": author.path.read_bytes(),
        **doubling_files,
    }
    assert sorted(doubling_files) == [
        "course/checks/cases/01_doubling.json",
        "release/01_doubling/01_doubling.ipynb",
        "solutions/01_doubling/01_doubling.ipynb",
        "source/01_doubling/01_doubling.ipynb",
    ]
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("01_doubling  source, release, solution, cases")


def test_building_twice_gives_the_same_bytes(author, doubling_files):
    """Does another folder, on another day, change nothing?"""
    [(_, again)] = build_lessons(author.course, [author.name])
    assert again == doubling_files
    for content in again.values():
        assert content.endswith(b"\n")
        assert not content.endswith(b"\n\n")
        assert str(author.course.root).encode() not in content


def test_a_build_replaces_the_whole_folder(author, quick, doubling_files):
    """Are strays in a built folder gone afterwards, and nothing else?"""
    build(author.course, [author.name])
    before = tree(author.course.root)
    stray = author.course.root / "source/01_doubling/answers.py"
    stray.write_text("x = 1")
    keep = author.course.root / "source/pictures/a.png"
    keep.parent.mkdir()
    keep.write_bytes(b"")
    build(author.course, [author.name])
    assert tree(author.course.root) == {**before, "source/pictures/a.png": b""}


def test_a_failing_build_leaves_the_earlier_output(author, doubling_files, quick, monkeypatch):
    """Is nothing lost when a lesson breaks?"""
    build(author.course, [author.name])
    author.edit("x + x", "x +")
    before = tree(author.course.root)
    monkeypatch.setattr(command, "build_lessons", build_lessons)
    with pytest.raises(CommandError) as caught:
        build(author.course, [author.name])
    assert "source/01_doubling.py:33 (cell 7)" in str(caught.value)
    assert "earlier output was left" in str(caught.value)
    assert tree(author.course.root) == before


def test_one_broken_lesson_does_not_stop_the_others(author, doubling_files, monkeypatch):
    """Are the lessons after a broken one built all the same?"""

    def one_broken(course, names):
        yield "02_halving", CommandError("source/02_halving.py:1: broken")
        yield author.name, doubling_files

    monkeypatch.setattr(command, "build_lessons", one_broken)
    with pytest.raises(CommandError, match=r"02_halving\.py:1: broken"):
        build(author.course, ["02_halving", author.name])
    assert (author.course.root / "release/01_doubling/01_doubling.ipynb").is_file()


def test_what_no_text_gives_is_removed(author, quick):
    """Does a lesson that was renamed leave nothing behind, when everything is built?"""
    root = author.course.root
    for step in ("source", "release", "solutions"):
        (root / step / "02_halving").mkdir(parents=True)
    (root / "course/checks/cases").mkdir(parents=True)
    (root / "course/checks/cases/02_halving.json").write_text("{}")
    build(author.course, [author.name])
    assert (root / "release/02_halving").is_dir()
    build(author.course, [author.name], everything=True)
    assert not list(root.rglob("02_halving*"))


@pytest.mark.parametrize("asked", ["1", "01", "01_doubling"])
def test_a_lesson_is_asked_for_by_number_or_name(author, asked):
    """Are all spellings of a lesson understood?"""
    assert author.course.chosen_lessons([asked]) == ["01_doubling"]


@pytest.mark.parametrize(
    ("asked", "words"), [("3", "no lesson '3'"), ("02", "02_halving has no text yet")]
)
def test_a_lesson_that_is_not_there_is_named(author, asked, words):
    """Is it said what there is?"""
    with pytest.raises(CommandError, match=words):
        author.course.chosen_lessons([asked])


def test_a_text_outside_the_registry_is_refused(author):
    """Would a misspelt file name never be built?"""
    author.path.rename(author.path.with_name("01_dubling.py"))
    with pytest.raises(CommandError, match=r"source/01_dubling\.py is no lesson"):
        author.course.chosen_lessons([])


def test_the_lesson_list_is_the_registrys(real_course):
    """Does the course of this repository know its own lessons?"""
    assert isinstance(real_course, Course)
    assert "01_sliding_window" in real_course.written_lessons()
