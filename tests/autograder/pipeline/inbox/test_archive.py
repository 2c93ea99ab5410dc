"""Is a class's archive read as each system makes it, and is nothing unpacked that should not be?"""

import random
import zipfile

import nbformat
import pytest
from tiny_course import LESSON, RIGHT, solved

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.inbox import archive
from autograder.pipeline.inbox.archive import from_archive
from autograder.pipeline.inbox.submitted import inbox
from tests.attacks import archives


def read(path):
    """Return learner -> what they handed in."""
    return {name: hand() for name, hand in from_archive(path, LESSON).items()}


def contents(path):
    """Return learner -> the bytes of their notebook."""
    return {name: handed.content for name, handed in read(path).items()}


def test_moodle(tmp_path):
    """Are Moodle's folders and files told by the learner's name, the lesson's file first?"""
    path = archives.archive(
        tmp_path / "class.zip",
        {
            f"Ada Lovelace_31337_assignsubmission_file_/{LESSON}.ipynb": b"ada",
            "Ada Lovelace_31337_assignsubmission_file_/zz other.ipynb": b"not this",
            "Ada Lovelace_31337_assignsubmission_file_/notes.txt": b"",
            "Zoë O'Neil_4_assignsubmission_file_my work.ipynb": b"zoe",
        },
    )
    assert contents(path) == {"Ada Lovelace": b"ada", "Zoë O'Neil": b"zoe"}
    assert [handed.note.split("_")[-1] for handed in read(path).values()] == ["", "my work.ipynb"]


def test_who_handed_in_something_else_is_not_left_out(tmp_path):
    """Has a learner whose file is no notebook a status that names the file?"""
    path = archives.archive(
        tmp_path / "class.zip",
        {
            f"Ada Lovelace_31337_assignsubmission_file_/{LESSON}.ipynb": b"ada",
            "Ada Lovelace_31337_assignsubmission_file_/zz.pdf": b"",
            "Paul Essay_31340_assignsubmission_file_/essay.pdf": b"",
            "Ann Text_31341_assignsubmission_onlinetext_/onlinetext.html": b"",
            "essaypaul_7003_900_essay.docx": b"",
            "README.txt": b"",
        },
    )
    found = read(path)
    assert {name: handed.status for name, handed in found.items()} == {
        "Ada Lovelace": "",
        "Ann Text": records.UNREADABLE,
        "Paul Essay": records.UNREADABLE,
        "essaypaul": records.UNREADABLE,
    }
    assert found["Paul Essay"].reason == "essay.pdf is no notebook; expected a file .ipynb"


def test_two_people_of_one_name(tmp_path):
    """Do people whom the system calls alike stay two people?"""
    path = archives.archive(
        tmp_path / "class.zip",
        {
            "Kim Lee_1_assignsubmission_file_a.ipynb": b"one",
            "Kim Lee_2_assignsubmission_file_a.ipynb": b"two",
        },
    )
    assert contents(path) == {"Kim Lee_1": b"one", "Kim Lee_2": b"two"}


def test_canvas(tmp_path):
    """Are late and repeated submissions of Canvas's names told, and does the last one count?"""
    path = archives.archive(
        tmp_path / "submissions.zip",
        {
            f"lovelaceada_7001_900_{LESSON}.ipynb": b"first",
            f"lovelaceada_7001_1200_{LESSON}-1.ipynb": b"second",
            f"babbagecharles_LATE_7002_901_{LESSON}.ipynb": b"late",
            "babbagecharles_LATE_7002_950_notes.pdf": b"",
        },
    )
    assert contents(path) == {"babbagecharles": b"late", "lovelaceada": b"second"}
    assert [handed.note for handed in read(path).values()] == ["late", ""]


@pytest.mark.parametrize("top", ["", "submitted/", "a/b/submitted/"])
def test_nbgraders_tree(tmp_path, top):
    """Is a zipped submitted/ read wherever in the archive it lies, with its times?"""
    path = archives.archive(
        tmp_path / "class.zip",
        {
            f"{top}ann/{LESSON}/{LESSON}.ipynb": b"ann",
            f"{top}ann/{LESSON}/timestamp.txt": b"2026-03-01 12:00:00 UTC",
            f"{top}ann/{LESSON}/.ipynb_checkpoints/{LESSON}-checkpoint.ipynb": b"old",
            f"__MACOSX/{top}ann/{LESSON}/._{LESSON}.ipynb": b"mac",
            f"{top}bob/{LESSON}/mine.ipynb": b"bob",
        },
    )
    found = read(path)
    assert {name: handed.content for name, handed in found.items()} == {
        "ann": b"ann",
        "bob": b"bob",
    }
    assert found["ann"].timestamp == "2026-03-01 12:00:00 UTC"


def test_plain_names(tmp_path):
    """Does a file without any system's name belong to its folder, else to who it is named after?"""
    path = archives.archive(tmp_path / "class.zip", {"ann/work.ipynb": b"1", "bob.ipynb": b"2"})
    assert contents(path) == {"ann": b"1", "bob": b"2"}


def test_a_class_is_graded_from_its_archive(root, judged, blank, tmp_path):
    """Is the whole way gone, and does a later empty folder take no grade away?"""
    right = nbformat.writes(solved(blank, **RIGHT)).encode()
    path = archives.archive(
        tmp_path / "class.zip",
        {
            "Ada Lovelace_1_assignsubmission_file_/x.ipynb": right,
            "Bo Bad_2_assignsubmission_file_/x.ipynb": right[:100],
        },
    )
    course = open_course(root)
    rows, _ = grade_lesson(course, LESSON, submitted=path)
    assert {row.student: (row.record.status, row.score) for row in rows} == {
        "Ada Lovelace": ("graded", 5), "Bo Bad": ("unreadable", None),
    }  # fmt: skip
    rows, unchanged = grade_lesson(course, LESSON, submitted=path)
    assert unchanged == {"Ada Lovelace"}
    rows, _ = grade_lesson(course, LESSON)
    assert {row.student: row.record.status for row in rows} == {
        "Ada Lovelace": "graded", "Bo Bad": "unreadable",
    }  # fmt: skip


SLIPS = {
    "up": f"../../{LESSON}.ipynb",
    "up within": f"ann/../../{LESSON}.ipynb",
    "absolute": f"/etc/{LESSON}.ipynb",
    "drive": f"C:/{LESSON}.ipynb",
    "backslashes": f"..\\..\\{LESSON}.ipynb",
    "control characters": f"ann\n/{LESSON}.ipynb",
}


@pytest.mark.parametrize("name", SLIPS.values(), ids=SLIPS.keys())
def test_zip_slip(tmp_path, name):
    """Is an archive refused whose names lead elsewhere, with the name that does?"""
    path = archives.archive(tmp_path / "slip.zip", {name: b"{}", "ann/x.ipynb": b"{}"})
    with pytest.raises(CommandError, match="is refused: a name in it"):
        from_archive(path, LESSON)
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_link_in_an_archive(tmp_path):
    """Is a link refused, which could show another learner's work or the gradebook?"""
    path = archives.with_link(tmp_path / "link.zip", f"ann/{LESSON}.ipynb", "/etc/passwd")
    with pytest.raises(CommandError, match="a file in it is a link"):
        from_archive(path, LESSON)


def test_zip_bombs_cost_only_themselves(tmp_path, monkeypatch):
    """Are bombs, honest about their size or not, unreadable for little work, the rest read?"""
    monkeypatch.setattr(archive, "BYTES_MAX", 8 << 20)
    noise = random.Random(1).randbytes(9 << 20)
    for path, why in (
        (archives.bomb(tmp_path / "a.zip", "ann/x.ipynb", 4 << 20), "200 times its size"),
        (archives.lying_bomb(tmp_path / "b.zip", "ann/x.ipynb", 3 << 20), "damaged"),
        (archives.archive(tmp_path / "c.zip", {"ann/x.ipynb": noise}), "at most 8 are read"),
    ):
        with zipfile.ZipFile(path, "a") as made:
            made.writestr("bob/x.ipynb", b"fine")
        found = read(path)
        assert found["ann"].status == records.UNREADABLE, path
        assert why in found["ann"].reason, path
        assert found["bob"].content == b"fine"


def test_caps_of_the_whole_archive(tmp_path, monkeypatch):
    """Are too many files, and too much in all, refused before anything is read?"""
    path = archives.archive(tmp_path / "class.zip", {f"s{i}/x.ipynb": b"{}" * 50 for i in range(9)})
    monkeypatch.setattr(archive, "ENTRIES_MAX", 8)
    with pytest.raises(CommandError, match="has 9 files; at most 8"):
        from_archive(path, LESSON)
    monkeypatch.setattr(archive, "ENTRIES_MAX", 9)
    monkeypatch.setattr(archive, "TOTAL_MAX", 899)
    with pytest.raises(CommandError, match="unpacks to more than"):
        from_archive(path, LESSON)


def test_damaged_and_encrypted_files(tmp_path):
    """Does one bad file in the archive cost only its learner?"""
    path = archives.archive(tmp_path / "a.zip", {"ann/x.ipynb": b"abc" * 99, "bob/x.ipynb": b"b"})
    content = bytearray(path.read_bytes())
    content[content.index(b"ann/x.ipynb") + len("ann/x.ipynb") + 3] ^= 0xFF
    path.write_bytes(content)
    found = read(path)
    assert "damaged" in found["ann"].reason
    assert found["bob"].content == b"b"
    at = content.index(b"PK\x01\x02") + 8
    content[at] |= 1
    path.write_bytes(content)
    assert "encrypted" in read(path)["ann"].reason


def test_what_is_no_archive_is_told(tmp_path):
    """Do a text file, an archive without notebooks and no file at all end in a sentence?"""
    text = tmp_path / "class.zip"
    text.write_text("not a zip")
    with pytest.raises(CommandError, match="neither a notebook nor a zip archive"):
        inbox(text, LESSON)
    with pytest.raises(CommandError, match="holds no notebook"):
        inbox(archives.archive(tmp_path / "empty.zip", {"a/readme.txt": b""}), LESSON)
    with pytest.raises(CommandError, match="There is no"):
        inbox(tmp_path / "nowhere.zip", LESSON)


def test_a_single_notebook(root, judged, blank, tmp_path):
    """Is one notebook graded for the learner who is named, or whose name it has?"""
    content = nbformat.writes(solved(blank, **RIGHT)).encode()
    (tmp_path / "zoe.ipynb").write_bytes(content)
    place = tmp_path / "kim" / LESSON
    place.mkdir(parents=True)
    (place / "any.ipynb").write_bytes(content)
    course = open_course(root)

    def graded(path, *students):
        rows, _ = grade_lesson(course, LESSON, submitted=path, students=students)
        return {row.student: row.score for row in rows}

    assert graded(tmp_path / "zoe.ipynb") == {"zoe": 5}
    assert graded(tmp_path / "zoe.ipynb", "ann") == {"ann": 5}
    assert graded(place / "any.ipynb") == {"kim": 5}
