"""Do points come into the table that a platform has exported, and nowhere else?"""

from argparse import ArgumentParser

import pytest
from nbgrader.api import Gradebook
from tiny_course import LESSON

from autograder import CommandError
from autograder.pipeline.commands import export as command
from autograder.pipeline.gradebook.database import connected
from autograder.pipeline.gradebook.people import keep_accounts
from autograder.pipeline.gradebook.writer import Writer
from autograder.pipeline.grading.run import open_course
from autograder.pipeline.records import GRADED, Account, GradingOutcome, Record
from autograder.pipeline.reports.into import export_into

# Learner -> first name, last name, e-mail, the platform's number in the class list, points.
CLASS = {
    "alove": ("Ada", "Lovelace", "ada@example.org", "7001", 6.5),
    "müllerjörg": (None, None, None, None, 3),
    "O'Neil Zoë": (None, None, None, None, 7),
    "山田　太郎": (None, None, None, None, 4),
    "Kim Lee_12": (None, None, None, None, 1),
    "Kim Lee_13": (None, None, None, None, 2),
    "waiting": ("Will", "Wait", None, None, None),
    "absent": ("Abe", "Sent", None, None, None),
    "gone": ("Gone", "Elsewhere", None, None, 5),
}
ACCOUNTS = [
    ("Kim Lee_12", Account("Moodle", "12", "Kim Lee", LESSON)),
    ("Kim Lee_13", Account("Moodle", "13", "Kim Lee", LESSON)),
    ("山田　太郎", Account("Moodle", "15", "山田　太郎", LESSON)),
    ("O'Neil Zoë", Account("Blackboard", "zoneil7", "Zoë O'Neil")),
    ("müllerjörg", Account("Canvas", "7002", "müllerjörg")),
]


@pytest.fixture
def course(root):
    """Return a course whose gradebook holds the class, graded."""
    course = open_course(root)
    outcomes = []
    with Gradebook(course.coursedir.db_url) as gradebook:
        for student, (first, last, email, number, points) in CLASS.items():
            gradebook.update_or_create_student(
                student, first_name=first, last_name=last, email=email, lms_user_id=number
            )
            grades = {"double_small": points or 0, "double_large": 0, "square_values": 0}
            grades["why_square"] = None if points is None else 0
            record = Record(GRADED)
            outcomes.append(GradingOutcome(student, record, notebook="{}", grades=grades))
    with Writer(course, LESSON) as writer:
        writer.write(one for one in outcomes if one.student != "absent")
    with connected(course.coursedir.db_url) as connection, connection.begin():
        keep_accounts(connection, ACCOUNTS)
    return course


def filled(course, content, **choice):
    """Fill a table; return what was said, and which lines differ."""
    path = course.root / "table.csv"
    path.write_bytes(content)
    said = export_into(course, LESSON, path, **choice)
    before, after = content.splitlines(keepends=True), path.read_bytes().splitlines(keepends=True)
    assert len(before) == len(after)
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    return said, changed


WHEN = 'Yes,"Sunday, 1",-,'
MOODLE = f"""\
Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
Participant 11,"Ada Lovelace",ADA@example.org,"Submitted for grading - ",,7.00,{WHEN}
Participant 12,"Kim Lee",k1@example.org,"Submitted for grading - ",,7.00,{WHEN}
Participant 13,"Kim Lee",k2@example.org,"Submitted for grading - ",2.00,7.00,{WHEN}
Participant 14,"Zoe\u0308 O'Neil",z@example.org,"Submitted for grading - ","",7.00,{WHEN}"a\""b"
Participant 15,"山田 太郎",t@example.org,"Submitted for grading - ",1.50,7.00,{WHEN}
Participant 16,"Will Wait",w@example.org,"Submitted for grading - ",3.00,7.00,{WHEN}
Participant 17,"Nora Never",n@example.org,"No submission",,7.00,Yes,-,-,
"""


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_moodle(course, code, end):
    """Are rows found by number, e-mail and name, and is what is not graded left as it was?"""
    content = MOODLE.replace("\n", end).encode(code)
    said, changed = filled(course, content)
    lines = [new.decode().rstrip().split('g - ",')[1].split(",")[0] for _, new in changed]
    assert lines == ["6.5", "1", '"7"', "4"]
    assert (said.platform, said.column, said.changed) == ("Moodle", "Grade", 1)
    assert set(said.filled) == {"alove", "Kim Lee_12", "Kim Lee_13", "O'Neil Zoë", "山田　太郎"}
    assert list(said.ungraded) == ["waiting"]
    assert set(said.unmatched) == {"müllerjörg", "gone"}
    assert said.strangers == ["Nora Never"]


def test_moodle_in_german(course):
    """Are a German worksheet's columns known, and its commas kept?"""
    head = 'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung\n'
    rows = 'Teilnehmer/in 11,"Ada Lovelace",a@example.org,x,,"7,00"\n'
    _, changed = filled(course, (head + rows).encode())
    assert [new for _, new in changed] == [
        b'Teilnehmer/in 11,"Ada Lovelace",a@example.org,x,"6,5","7,00"\n'
    ]


def test_another_assignments_worksheet_takes_nothing(course):
    """Is nobody found by name whom the platform has another number for?"""
    said, changed = filled(course, MOODLE.replace(" 15,", " 25,").encode())
    assert said.unmatched["山田　太郎"] == "the row of this name has another number"
    assert not any("山田" in new.decode() for _, new in changed)


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Tiny numbers (812),02 other (813),Current Score
,,,,,Manual Posting,,
    Points Possible,,,,,7.00,20,(read only)
"Lovelace, A.",7001,,al,S1,,12,60.0
"Müller, Jörg",7002,,jm,S1,1.0,,
"O'Neil, Zoë",7003,,zoneil7,S1,,,
"Lee, Kim",7004,,kl1,S1,,,
"Student, Test",7999,,,S1,,,
"""


def test_canvas(course):
    """Are numbers and logins found, the points row left alone, and nobody guessed of two?"""
    said, changed = filled(course, CANVAS.encode(), column="Tiny numbers")
    assert [new.decode() for _, new in changed] == [
        '"Lovelace, A.",7001,,al,S1,6.5,12,60.0\n',
        '"Müller, Jörg",7002,,jm,S1,3,,\n',
        '"O\'Neil, Zoë",7003,,zoneil7,S1,7,,\n',
    ]
    assert said.unmatched["Kim Lee_12"] == "2 learners have this name"
    assert said.strangers == ["Lee, Kim", "Student, Test"]


def test_the_column_is_the_one_that_is_called_as_the_lesson(course):
    """Is the column found by topic or number, and asked for where none or two fit?"""
    assert filled(course, CANVAS.replace("Tiny", "TINY").encode())[0].column == "TINY numbers (812)"
    assert filled(course, CANVAS.replace("Tiny", "Week 01").encode())[0].column.startswith("Week")
    for content, why in (
        (CANVAS.replace("Tiny", "Small"), "no column.*'Small numbers', '02 other'.*--column"),
        (CANVAS.replace("02 other", "tiny 2"), "has 2 columns"),
    ):
        with pytest.raises(CommandError, match=why):
            filled(course, content.encode())
        assert (course.root / "table.csv").read_text() == content


def test_other_points_are_refused(course):
    """Is a table left alone in which the points would be out of another number?"""
    for content in (MOODLE.replace("7.00", "100.00"), CANVAS.replace("7.00", "20")):
        with pytest.raises(CommandError, match="at most (100|20) points.*the lesson 7"):
            filled(course, content.encode())
        assert (course.root / "table.csv").read_text() == content


def test_brightspace(course):
    """Are `#` before logins understood, and its last column kept?"""
    content = (
        "OrgDefinedId,Username,Last Name,First Name,Email,"
        "Tiny Points Grade <Numeric MaxPoints:7 Weight:5>,End-of-Line Indicator\r\n"
        "#17,#ALOVE,L.,A.,,,#\r\n#18,#zoe,O'Neil,Zoë,,,#\r\n#19,#jm,Müller,Jörg,,2,#\r\n"
    )
    said, changed = filled(course, content.encode("utf-8-sig"))
    assert [new.decode() for _, new in changed] == [
        "#17,#ALOVE,L.,A.,,6.5,#\r\n",
        "#18,#zoe,O'Neil,Zoë,,7,#\r\n",
        "#19,#jm,Müller,Jörg,,3,#\r\n",
    ]
    assert (said.platform, said.changed) == ("Brightspace", 1)


def test_blackboard(course):
    """Is its table of UTF-16 with tabs filled and all its quotes kept?"""
    columns = ("Last Name", "First Name", "Username", "Tiny [Total Pts: 7 Score] |45")
    rows = [columns, ("O'Neil", "Zo", "ZOneil7", ""), ("Lovelace", "Ada", "x", "")]
    text = "\r\n".join("\t".join(f'"{cell}"' for cell in row) for row in rows)
    path = course.root / "gc.xls"
    path.write_bytes(text.encode("utf-16"))
    said = export_into(course, LESSON, path)
    assert (said.platform, set(said.filled)) == ("Blackboard", {"O'Neil Zoë", "alove"})
    new = text.replace('"ZOneil7"\t""', '"ZOneil7"\t"7"').replace('"x"\t""', '"x"\t"6.5"')
    assert path.read_bytes() == new.encode("utf-16")


def test_again_changes_nothing(course):
    """Does a second run leave every byte as the first one wrote it?"""
    path = course.root / "table.csv"
    path.write_text(MOODLE)
    export_into(course, LESSON, path)
    first = path.read_bytes()
    assert export_into(course, LESSON, path).changed == 0
    assert path.read_bytes() == first


def test_what_is_no_platforms_table_is_told(course):
    """Do another table and a file that is not there end in a sentence?"""
    with pytest.raises(CommandError, match="no table that is known by its header: a, b"):
        filled(course, b"a,b\n1,2\n")
    with pytest.raises(CommandError, match="cannot be read"):
        export_into(course, LESSON, course.root / "nowhere.csv")


def test_the_command_lists_who_is_left(course, monkeypatch, capsys):
    """Does an instructor see whose points are missing in the table, and does the command say so?"""
    monkeypatch.chdir(course.root)
    (course.root / "table.csv").write_text(MOODLE)
    parser = ArgumentParser()
    command.configure(parser)
    assert command.run(parser.parse_args([LESSON, "--into", "table.csv"])) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "table.csv: Moodle, column 'Grade': points of 5 learners entered, "
        "1 of them in place of other points.",
        "Left as it was, graded; 1 to grade by hand: waiting",
        "NOT IN THE TABLE, gone: no row has this name, login or number",
        "NOT IN THE TABLE, müllerjörg: no row has this name, login or number",
        "In the table only, 1: Nora Never",
    ]
    with pytest.raises(CommandError, match="one lesson"):
        command.run(parser.parse_args(["--into", "table.csv"]))
