"""Is what lies in a learner's folder found, or told where it lies instead?"""

import os
import shutil
from pathlib import Path

import pytest
from tiny_course import LESSON

from autograder.pipeline import records
from autograder.pipeline.gradebook.database import read_record
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.grading.watch import Folders
from autograder.pipeline.inbox.folders import from_tree
from autograder.pipeline.inbox.submitted import inbox
from autograder.pipeline.inbox.timestamps import checked_timestamp


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("notes.txt", "no notebook handed in"),
        (
            f"{LESSON}.ipynb",
            f"no notebook handed in; ada/{LESSON}.ipynb lies outside ada/{LESSON}/: move it there",
        ),
        (
            f"{LESSON.upper()}/{LESSON}.ipynb",
            f"no notebook handed in; ada/{LESSON.upper()}/ should be called ada/{LESSON}/",
        ),
        ("02_other/02_other.ipynb", "no notebook handed in"),
        (
            f"{LESSON}/.ipynb_checkpoints/x-checkpoint.ipynb",
            "no notebook handed in; .ipynb_checkpoints/x-checkpoint.ipynb is hidden: "
            "hand in the notebook itself",
        ),
    ],
)
def test_a_notebook_in_the_wrong_place_is_told(tmp_path, path, reason):
    """Does the status of a learner without a notebook say where a misplaced one lies?"""
    file = tmp_path / "ada" / path
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    handed = from_tree(tmp_path, LESSON)["ada"]()
    assert (handed.status, handed.reason) == (records.MISSING, reason)


def test_a_later_run_says_what_it_found(root, judged):
    """Is an earlier "nothing handed in" replaced by where the notebook lies now?"""
    course = open_course(root)
    (root / "submitted" / "ada").mkdir(parents=True)
    grade_lesson(course, LESSON)
    (root / "submitted" / "ada" / f"{LESSON}.ipynb").write_text("{}")
    grade_lesson(course, LESSON)
    assert "move it there" in read_record(course.coursedir.db_url, LESSON, "ada").reason


@pytest.mark.parametrize("link", ["eve", f"eve/{LESSON}", f"eve/{LESSON}/{LESSON}.ipynb"])
def test_a_link_to_anothers_work_earns_nothing(tmp_path, link):
    """Is a folder or file that is a link refused, wherever in a learner's folder it stands?"""
    honest = tmp_path / "ada" / LESSON / f"{LESSON}.ipynb"
    honest.parent.mkdir(parents=True)
    honest.write_text("{}")
    target = tmp_path / link.replace("eve", "ada")
    (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / link).symlink_to(target)
    found = {name: read() for name, read in from_tree(tmp_path, LESSON).items()}
    assert found["ada"].content == b"{}"
    assert (found["eve"].status, found["eve"].content) == (records.UNREADABLE, None)
    assert "is a link" in found["eve"].reason


def test_no_link_inside_is_followed(tmp_path):
    """Is a folder in the folder that is a link named, and nothing read of where it leads?"""
    (tmp_path / "ada" / LESSON).mkdir(parents=True)
    (tmp_path / "ada" / LESSON / "work.ipynb").write_text("{}")
    (tmp_path / "eve" / LESSON).mkdir(parents=True)
    (tmp_path / "eve" / LESSON / "mine").symlink_to(tmp_path / "ada" / LESSON)
    handed = from_tree(tmp_path, LESSON)["eve"]()
    assert (handed.status, handed.content) == (records.UNREADABLE, None)
    assert "mine is a link to another place" in handed.reason


def test_many_files_beside_a_notebook_cost_it_nothing(tmp_path, monkeypatch):
    """Is the notebook at the top read where whole libraries lie beside it, and is that said?"""
    monkeypatch.setattr("autograder.pipeline.inbox.reader.FILES_MAX", 20)
    monkeypatch.setattr("autograder.pipeline.inbox.folders.FILES_MAX", 20)
    folder = tmp_path / "ada" / LESSON
    for inner in ("libraries/deep", "a", "z"):
        (folder / inner).mkdir(parents=True)
        for number in range(10):
            (folder / inner / f"{number}.txt").write_text("text")
    assert "more than 20 files" in from_tree(tmp_path, LESSON)["ada"]().reason
    (folder / f"{LESSON}.ipynb").write_text("{}")
    handed = from_tree(tmp_path, LESSON)["ada"]()
    assert handed.content == b"{}"
    assert "more than 20 files" in handed.note


@pytest.mark.parametrize(
    "name",
    [
        *("a" * 200, "b" * 128 + "c", " lead", "trail ", "tab\tname", "x" * 100 + "é" * 60),
        *("山" * 84, "\U0001f600" * 62),
    ],
)
def test_who_cannot_be_called_like_that_is_known_by_one_name(tmp_path, name):
    """Do the list of who handed in and the status say the same name, and one that fits?"""
    for other in (name, f"{name[:150]}x", name.strip()[:128]):
        (tmp_path / other / LESSON).mkdir(parents=True, exist_ok=True)
    found = from_tree(tmp_path, LESSON)
    assert len(found) == len(list(tmp_path.iterdir()))
    for known, read in found.items():
        assert read().student == known
        assert len(known) <= 128
        assert len(known.encode()) <= 240


@pytest.mark.parametrize("tree", [True, False])
def test_a_very_deep_folder_costs_the_notebook_beside_it_nothing(tmp_path, tree):
    """Is a notebook read beside what no path reaches, and is no path of ours told?"""
    folder = tmp_path / "class" / "ada" / (LESSON if tree else "work")
    folder.mkdir(parents=True)
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(20):
            os.mkdir("d" * 250)
            os.chdir("d" * 250)
        Path("x.txt").write_text("far below")
    finally:
        os.chdir(here)
    (folder / f"{LESSON}.ipynb").write_bytes(b"{}")
    handed = inbox(tmp_path / "class", LESSON)["ada"]()
    assert handed.content == b"{}"
    assert "Errno" not in handed.note
    assert str(tmp_path) not in handed.note
    # Watched, it is noticed.
    assert Folders(tmp_path / "class", LESSON).arrived() == ([("ada", False)] if tree else [])
    shutil.rmtree(folder)


def test_a_folder_that_cannot_be_opened_is_told(tmp_path, monkeypatch):
    """Has a learner a line whose folder is closed to us?"""
    for name in ("ada", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.ipynb").write_bytes(b"{}")
    real = os.scandir

    def scandir(place):
        if str(place).endswith("ada"):
            raise PermissionError(13, "Permission denied", str(place))
        return real(place)

    monkeypatch.setattr("os.scandir", scandir)
    found = {name: read() for name, read in inbox(tmp_path, LESSON).items()}
    assert {name: handed.status for name, handed in found.items()} == {
        "ada": records.UNREADABLE,
        "bob": "",
    }
    assert found["ada"].reason == "ada/ cannot be opened: Permission denied"


def test_a_hidden_folder_with_the_lesson_in_it_is_somebodys(tmp_path):
    """Has a learner whose name begins with a dot a line, and what programs made none?"""
    for name in (".anna", "ada", ".ipynb_checkpoints"):
        (tmp_path / name / LESSON).mkdir(parents=True)
    (tmp_path / ".vscode").mkdir()
    found = {name: read().status for name, read in from_tree(tmp_path, LESSON).items()}
    assert found == {".anna": records.UNREADABLE, "ada": records.MISSING}


def test_a_folders_name_may_be_any_bytes(tmp_path):
    """Does a name that is not UTF-8, or forges a line, get a status and stop nobody?"""
    for name in (b"ev\xff", b"eve\n[9|9] bob", b"ada"):
        os.makedirs(os.path.join(os.fsencode(tmp_path), name, LESSON.encode()))
    found = {name: read() for name, read in from_tree(tmp_path, LESSON).items()}
    assert {name: handed.status for name, handed in found.items()} == {
        "ada": records.MISSING,
        "ev\\udcff": records.UNREADABLE,
        "eve\\n[9|9] bob": records.UNREADABLE,
    }


@pytest.mark.parametrize("text", ["1e999999999", "9" * 900, "\x00", "0001-01-01 00:00 -2359", "١"])
def test_a_time_that_no_parser_takes_is_told(text):
    """Is a timestamp that ends a parser in an error of its own no more than a note?"""
    timestamp, note = checked_timestamp(text)
    assert timestamp == "" and "is no time" in note or timestamp == text
