"""Is each platform's archive read as it makes it, with its own number of each learner?"""

import unicodedata
import zipfile

import pytest
from tiny_course import LESSON

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.inbox.archive import from_archive
from autograder.pipeline.inbox.submitted import inbox
from autograder.pipeline.records import Account
from autograder.pipeline.who import person
from tests.attacks import archives

FILE = f"{LESSON}.ipynb"
WHEN = "2026-03-01-12-00-00"


def found(tmp_path, entries, people=(), name="class.zip"):
    """Return learner -> content or status, and the accounts, of an archive with these entries."""
    path = archives.archive(tmp_path / name, entries)
    there = from_archive(path, LESSON, people)
    handed = {student: read() for student, read in there.items()}
    said = {student: tuple(a.said for a in own) for student, own in there.accounts.items()}
    return {s: h.content or h.status for s, h in handed.items()}, said


AWKWARD = ["O'Neil, Zoë", "Jörg Müller", "山田　太郎", "نور الهدى", "de la Cruz María José"]


def test_moodle(tmp_path):
    """Are names of any letters kept with Moodle's number, and two of one name told apart by it?"""
    names = {f"{name}_{number}": f"{number}".encode() for number, name in enumerate(AWKWARD, 10)}
    entries = {f"{n}_assignsubmission_file/{FILE}": c for n, c in names.items()}
    entries |= {f"Kim Lee_{n}_assignsubmission_file_/{FILE}": b"%d" % n for n in (1, 2)}
    contents, said = found(tmp_path, entries)
    assert contents == {
        **{name: b"%d" % number for number, name in enumerate(AWKWARD, 10)},
        "Kim Lee_1": b"1",
        "Kim Lee_2": b"2",
    }
    assert said["Jörg Müller"] == ("Moodle 11",)
    assert said["Kim Lee_2"] == ("Moodle 2",)


def test_moodle_that_hides_names(tmp_path):
    """Does nobody become somebody else whom Moodle calls Participant, too?"""
    entries = {f"Participant_7_assignsubmission_file_/{FILE}": b"7"}
    known = [person("Participant_3", accounts=[Account("Moodle", "3", "Participant", "00")])]
    assert found(tmp_path, entries, known)[0] == {"Participant_7": b"7"}


def test_canvas(tmp_path):
    """Do repeated uploads, lateness, a `_` in a name, links and anonymous names stay one's own?"""
    contents, said = found(
        tmp_path,
        {
            f"van_dykeann_7001_900_{FILE}": b"old",
            f"van_dykeann_7001_1200_{LESSON}-1.ipynb": b"new",
            f"müllerjörg_LATE_7002_901_{FILE}": b"late",
            "oneilzoë_7003_link.html": b"<html><body>",
            f"anon_aB3x5_903_{FILE}": b"a",
            f"LATE_anon_77_904_{FILE}": b"b",
        },
    )
    assert contents == {
        "van_dykeann": b"new",
        "müllerjörg": b"late",
        "oneilzoë": records.UNREADABLE,
        "anon_aB3x5": b"a",
        "anon_77": b"b",
    }
    assert said["van_dykeann"] == ("Canvas 7001",)
    assert said["anon_aB3x5"] == ("Canvas aB3x5",)


def test_blackboard(tmp_path):
    """Does the last attempt with a notebook count, under the name in Blackboard's own text?"""
    top = "Homework_1 (a)_a_love_attempt_2026-03-0"
    contents, said = found(
        tmp_path,
        {
            f"{top}1-12-00-00_{FILE}": b"first",
            f"{top}1-12-00-00.txt": b"Name: Ada Lovelace (a_love)\r\nAssignment: 1\r\n",
            f"{top}2-12-00-00_{FILE}": b"second",
            f"{top}2-12-00-00.txt": b"Name: Ada Lovelace (a_love)\r\n",
            f"{top}3-12-00-00_notes.pdf": b"%PDF-1.7",
            f"Homework_1 (a)_kim_attempt_{WHEN}_eve_attempt_{WHEN}_x.ipynb": b"kim",
            f"Homework_1 (a)_tom_attempt_{WHEN}.txt": b"Name: Tom Text (tom)\n",
        },
    )
    assert contents == {"Ada Lovelace": b"second", "kim": b"kim", "Tom Text": records.UNREADABLE}
    assert said["Ada Lovelace"] == ("Blackboard a_love",)


def test_brightspace(tmp_path):
    """Does the last of several folders of one person count, told by the date in its name?"""
    contents, said = found(
        tmp_path,
        {
            "index.html": b"<html>",
            f"152711-9 - Anna-Lena O'Neil - Sep 30, 2026 1159 AM/{FILE}": b"first",
            f"152711-9 - Anna-Lena O'Neil - Oct 1, 2026 959 AM/{FILE}": b"second",
            f"152711-9 - Anna-Lena O'Neil - Oct 1, 2026 1224 PM/{FILE}": b"third",
            f"152712-9 - Kim Lee - Oct 1, 2026 1224 PM - {FILE}": b"kim",
            f"152713-9 - Kim Lee- Oct 1, 2026 1225 PM/{FILE}": b"other kim",
        },
    )
    assert contents == {
        "Anna-Lena O'Neil": b"third",
        "Kim Lee_152712": b"kim",
        "Kim Lee_152713": b"other kim",
    }
    assert said["Anna-Lena O'Neil"] == ("Brightspace 152711",)


METADATA = """---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0042'
    :email: ada@example.org
  :created_at: 2026-03-01 12:00:00.000000000 Z
  :results:
    :output: |
      submission_102:
        :submitters:
        - :name: Eve Forged
submission_102:
  :submitters:
  - :name: "Kim Lee/Park"
    :sid:
    :email: kim@example.org
  - :name: 山田　太郎
    :sid: '7'
  :score: 1.0
"""


def test_gradescope(tmp_path):
    """Do the folders of the export belong to whom its list names, a group's to each of them?"""
    contents, said = found(
        tmp_path,
        {
            "assignment_9_export/submission_metadata.yml": METADATA.encode(),
            f"assignment_9_export/submission_101/{FILE}": b"ada",
            "assignment_9_export/submission_101/submission_metadata.yml": b"submission_101:\n",
            f"assignment_9_export/submission_102/mine/{FILE}": b"both",
        },
    )
    assert contents == {"Ada Lovelace": b"ada", "Kim Lee-Park": b"both", "山田　太郎": b"both"}
    assert said["Kim Lee-Park"] == ("Gradescope kim@example.org",)
    assert said["山田　太郎"] == ("Gradescope 7",)
    assert said["Ada Lovelace"] == ("Gradescope ada@example.org",)


def package(top, content):
    """Return the files of a repository that holds all that learners are given."""
    return {
        f"{top}/course/__init__.py": b"",
        f"{top}/Makefile": b"lab:",
        f"{top}/release/{LESSON}/{FILE}": content,
        f"{top}/release/02_other/02_other.ipynb": b"{}",
        f"{top}/.git/HEAD": b"ref",
    }


def test_github_classroom(tmp_path):
    """Is each repository its owner's, though the whole package lies in it?"""
    one, two = package("conv-1-ada-l", b"ada"), package("conv-1-bob", b"bob")
    contents, said = found(tmp_path, one | two, name="conv-1-submissions.zip")
    assert contents == {"ada-l": b"ada", "bob": b"bob"}
    assert said["ada-l"] == ("GitHub ada-l",)
    around = {f"conv-1-submissions/{name}": content for name, content in one.items()}
    assert found(tmp_path, around)[0] == {"ada-l": b"ada"}
    assert found(tmp_path, one, name="conv-1-ada-l.zip")[0] == {"conv-1-ada-l": b"ada"}
    bare = {name.removeprefix("conv-1-ada-l/"): content for name, content in one.items()}
    with pytest.raises(CommandError, match="does not say whose"):
        found(tmp_path, bare)


def test_a_login_that_anybody_may_take_is_nobodys_name(tmp_path):
    """Is who calls themselves on GitHub as somebody is called at school not that one?"""
    entries = package("conv-1-alove", b"x")
    name = "conv-1-submissions.zip"
    assert found(tmp_path, entries, [ADA], name)[0] == {"alove_alove": b"x"}
    listed = person("alove", number="ada-on-github")
    own = package("conv-1-ada-on-github", b"x")
    assert found(tmp_path, own, [listed], name)[0] == {"alove": b"x"}
    assert not person("x", accounts=[Account("GitHub", "x", "x")]).ids


def test_a_folder_is_read_as_its_archive_would_be(tmp_path):
    """Are unpacked archives, repositories and loose notebooks found in a folder?"""
    for name, entries, students in (
        ("loose", {"Zoë O'Neil.ipynb": b"z", "ben.ipynb": b"b"}, {"Zoë O'Neil": b"z", "ben": b"b"}),
        ("moodle", {f"Ada L_7_assignsubmission_file_/{FILE}": b"a"}, {"Ada L": b"a"}),
        ("conv-1-submissions", package("conv-1-ada", b"a"), {"ada": b"a"}),
        ("submitted", {f"ann/{LESSON}/{FILE}": b"n", "bob.ipynb": b"b"}, {"ann": b"n"}),
    ):
        for file, content in entries.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        there = inbox(tmp_path / name, LESSON)
        assert {student: read().content for student, read in there.items()} == students, name


def test_names_in_utf8_without_the_flag(tmp_path):
    """Is a name read right that a Mac has written in UTF-8 and taken apart, without saying so?"""
    path = tmp_path / "class.zip"
    name = unicodedata.normalize("NFD", "Jörg Müller_7_assignsubmission_file_")
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(f"{name}/{FILE}", b"j")
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        content[content.index(mark) + at] &= ~0x08
    path.write_bytes(content)
    assert not zipfile.ZipFile(path).infolist()[0].flag_bits & 0x800
    assert list(from_archive(path, LESSON)) == ["Jörg Müller"]


def test_folders_of_an_archive_made_by_powershell(tmp_path):
    """Are folders found that Windows writes with the other slash?"""
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as made:
        for student in ("ann", "bob"):
            info = zipfile.ZipInfo(f"{student}\\{LESSON}\\{FILE}")
            info.create_system = 0
            made.writestr(info, student.encode())
    there = {student: read().content for student, read in from_archive(path, LESSON).items()}
    assert there == {"ann": b"ann", "bob": b"bob"}


ADA = person("alove", "Lovelace, Ada", "ada@example.org", "7001")


@pytest.mark.parametrize(
    ("entry", "student"),
    [
        (f"Ada Lovelace_5_assignsubmission_file_/{FILE}", "alove"),
        (f"lovelaceada_9999_1_{FILE}", "alove"),
        (f"augustaking_7001_1_{FILE}", "alove"),
        (f"Hw_ALove_attempt_{WHEN}_{FILE}", "alove"),
        ("Ada Lovelace.ipynb", "alove"),
        ("alove.ipynb", "alove"),
        (f"Lovelace Ada_5_assignsubmission_file_/{FILE}", "Lovelace Ada"),
        (f"adalovelace_9999_1_{FILE}", "adalovelace"),
    ],
)
def test_one_person_on_any_road(tmp_path, entry, student):
    """Is a learner of the class list the same in every archive, by number, login or name?"""
    assert list(found(tmp_path, {entry: b"1"}, [ADA])[0]) == [student]


def test_two_people_of_one_name_on_two_roads(tmp_path):
    """Is a second download's Kim Lee another person where the number says so, else the same?"""
    entry = {f"Kim Lee_2_assignsubmission_file_/{FILE}": b"2"}
    first = person("Kim Lee", accounts=[Account("Moodle", "1", "Kim Lee", LESSON)])
    assert list(found(tmp_path, entry, [first])[0]) == ["Kim Lee_2"]
    earlier = person("Kim Lee", accounts=[Account("", "", "Kim Lee")])
    assert list(found(tmp_path, entry, [earlier])[0]) == ["Kim Lee"]
    two = [person("klee1", "Lee, Kim"), person("klee2", "Lee, Kim")]
    assert list(found(tmp_path, entry, two)[0]) == ["Kim Lee"]
    both = entry | {f"Kim Lee_3_assignsubmission_file_/{FILE}": b"3"}
    assert list(found(tmp_path, both, two[:1])[0]) == ["Kim Lee_2", "Kim Lee_3"]
