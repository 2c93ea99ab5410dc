"""Does each platform's list enter its people once, by names that its archives and tables fit?"""

import nbformat
import pytest
from nbgrader.api import Gradebook
from tiny_course import LESSON, RIGHT, solved

from autograder.__main__ import main
from autograder.pipeline.grading.run import grade_lesson, open_course
from tests.attacks import archives

MOODLE = """\
"First name","Last name","Email address",Groups
Ada,Lovelace,ada@x.edu,"Team 1"
Zoë,"O'Neil, Jr.",zoe@x.edu,"Team 1"
山田,太郎,taro@x.edu,
Kim,Lee,kim1@x.edu,
Kim,Lee,kim2@x.edu,
"""
MOODLE_GERMAN = MOODLE.replace("First name", "Vorname").replace("Last name", "Nachname")
MOODLE_GERMAN = MOODLE_GERMAN.replace("Email address", "E-Mail-Adresse")
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework (17)
    Points Possible,,,,,7
"Lovelace, Ada",7001,u1,ada,A,
"Müller, Jörg",7002,u2,jmue,A,
"Student, Test",7099,,,A,
"""
BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator
#1001,#ada,Lovelace,Ada,ada@x.edu,#
#1002,#jmue,Müller,Jörg,j@x.edu,#
"""
BLACKBOARD = """\
"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"
"Lovelace"\t"Ada"\t"ada"\t"1001"\t""
"Müller"\t"Jörg"\t"jmue"\t"1002"\t""
"""


@pytest.fixture
def enter(root, monkeypatch, capsys):
    """Return a function that enters a list; returns the exit code, and what was said."""
    monkeypatch.chdir(root)

    def enter(text, encoding="utf-8"):
        (root / "list.csv").write_bytes(text.encode(encoding))
        capsys.readouterr()
        code = main(["students", "list.csv"])
        return code, capsys.readouterr().out

    return enter


def listed(root):
    """Return what nbgrader's class list says: id -> (first name, last name, e-mail)."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {s.id: (s.first_name, s.last_name, s.email) for s in gradebook.students}


@pytest.mark.parametrize("text", [MOODLE, MOODLE_GERMAN], ids=["English", "German"])
def test_moodles_participants(root, enter, text):
    """Are they entered by their names, two of one name as two, and the second time no more?"""
    assert enter(text) == (0, "list.csv (Moodle): 5 new, 0 known already\n")
    people = listed(root)
    assert people["Ada Lovelace"] == ("Ada", "Lovelace", "ada@x.edu")
    assert people["Zoë O'Neil, Jr."] == ("Zoë", "O'Neil, Jr.", "zoe@x.edu")
    assert {"山田 太郎", "Kim Lee_kim1@x.edu", "Kim Lee_kim2@x.edu"} <= set(people)
    assert enter(text) == (0, "list.csv (Moodle): 0 new, 5 known already\n")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(CANVAS, "utf-8-sig"), (BRIGHTSPACE, "utf-8"), (BLACKBOARD, "utf-16")],
    ids=["Canvas", "Brightspace", "Blackboard"],
)
def test_lists_with_logins(root, enter, text, encoding):
    """Are they entered by their logins, and rows that are nobody left out?"""
    code, said = enter(text, encoding)
    assert (code, said.split(": ")[1]) == (0, "2 new, 0 known already\n")
    assert {name: who[:2] for name, who in listed(root).items()} == {
        "ada": ("Ada", "Lovelace"),
        "jmue": ("Jörg", "Müller"),
    }


def test_what_comes_later_finds_those_who_were_entered(root, enter, judged, blank, tmp_path):
    """Do an archive, the table of another platform and a new list mean the same people?"""
    enter(CANVAS)
    work = nbformat.writes(solved(blank, **RIGHT)).encode()
    for entry in ("kingada_7001_9_x.ipynb", "Jörg Müller_5_assignsubmission_file_/x.ipynb"):
        path = archives.archive(tmp_path / "class.zip", {entry: work})
        grade_lesson(open_course(root), LESSON, submitted=path)
    assert set(listed(root)) == {"ada", "jmue"}
    code, said = enter(MOODLE)
    assert (code, said.splitlines()) == (
        0,
        ["list.csv (Moodle): 4 new, 1 known already", "In the gradebook only, 1: jmue"],
    )
    assert listed(root)["ada"] == ("Ada", "Lovelace", "ada@x.edu")


def test_a_name_that_may_be_another_person_is_left_out(root, enter):
    """Is nobody entered on a guess?"""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.add_student("Kim Lee")
    code, said = enter(MOODLE)
    assert code == 1
    assert "LEFT OUT, Lee, Kim: may be Kim Lee; enter them by hand" in said
    assert enter("a,b\n1,2\n")[0] == 2
