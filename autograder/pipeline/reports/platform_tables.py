"""The tables of people that platforms give out, and how each is told by its header.

Shapes as the platforms export them.  Tables of grades: Moodle's grading worksheet of one
assignment, and the gradebooks of Canvas, Brightspace and Blackboard with a column for each
assignment.  Lists of people alone: Moodle's participants and its grader report, and Canvas's list
of groups.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from autograder import CommandError
from autograder.words import shown

# Headers of the same column in the languages of a platform.
Header = tuple[str, ...]
EMAIL = ("Email address", "E-Mail-Adresse")
MOST = ("Maximum Grade", "Maximum grade", "Bestwertung")


@dataclass(frozen=True)
class Format:
    """One platform's table.

    Attributes
    ----------
    needs : headers that tell it, one of each
    grades : matches the header of a column of grades; its groups: `title` of the assignment and,
        where the header says it, the most `points`
    number : header of the platform's own number
    around_number : matches what stands around the number in its cell
    ids : headers of logins, e-mail addresses and numbers of the school
    name : header of the whole name
    last, first : headers of its halves
    email : header of the e-mail address
    login : header of the login, by which a learner is called in nbgrader
    group : header of the group with which the learner hands in
    most : header of the most points, where that is a column
    most_row : beginning of a row that says the most points of each column and is no learner's
    one_lesson : whether its numbers hold for one lesson alone
    not_people : names that the platform gives to nobody
    """

    platform: str
    needs: tuple[Header, ...]
    grades: re.Pattern = re.compile(r"(?!)")
    number: Header = ()
    around_number: re.Pattern = re.compile(r"^\s+|\s+$")
    ids: Header = ()
    name: Header = ()
    last: Header = ()
    first: Header = ()
    email: Header = ()
    login: Header = ()
    group: Header = ()
    most: Header = ()
    most_row: str = ""
    one_lesson: bool = False
    not_people: tuple[str, ...] = ()


FORMATS = (
    Format(
        "Moodle",
        needs=(("Identifier", "ID"), ("Grade", "Bewertung"), MOST),
        grades=re.compile(r"(?P<title>Grade|Bewertung)"),
        number=("Identifier", "ID"),
        around_number=re.compile(r"\D"),  # Participant 31337
        ids=(*EMAIL, "ID number", "ID-Nummer", "Username"),
        name=("Full name", "Vollständiger Name"),
        email=EMAIL,
        login=("Username",),
        most=MOST,
        one_lesson=True,
    ),
    Format(
        "Canvas",
        needs=(("Student",), ("ID",), ("Section",)),
        grades=re.compile(r"(?P<title>.*) \(\d+\)"),
        number=("ID",),
        ids=("SIS User ID", "SIS Login ID", "Integration ID"),
        name=("Student",),
        login=("SIS Login ID",),
        most_row="Points Possible",
        not_people=("Student, Test", "Test Student"),
    ),
    Format(
        "Brightspace",
        needs=(("OrgDefinedId", "Username"), ("End-of-Line Indicator",)),
        grades=re.compile(
            r"(?P<title>.*) Points Grade(?: <Numeric MaxPoints:(?P<points>[\d.]+)[^>]*>)?"
        ),
        ids=("OrgDefinedId", "Username", "Email"),
        last=("Last Name",),
        first=("First Name",),
        email=("Email",),
        login=("Username",),
    ),
    Format(
        "Blackboard",
        needs=(("Username",), ("Last Name",), ("First Name",)),
        grades=re.compile(
            r"(?P<title>.*) \[Total Pts: (?:up to )?(?P<points>[\d.]+)[^\]]*\] ?\|\d+"
        ),
        number=("Username",),
        ids=("Username", "Student ID"),
        last=("Last Name",),
        first=("First Name",),
        login=("Username",),
    ),
    Format(
        "Moodle",
        needs=(EMAIL, ("First name", "Vorname"), ("Last name", "Surname", "Nachname")),
        ids=(*EMAIL, "ID number", "ID-Nummer", "Username"),
        last=("Last name", "Surname", "Nachname"),
        first=("First name", "Vorname"),
        email=EMAIL,
        login=("Username",),
        group=("Groups", "Gruppen"),
    ),
    Format(
        "Canvas",
        needs=(("canvas_user_id",), ("login_id",), ("group_name",)),
        number=("canvas_user_id",),
        ids=("user_id", "login_id"),
        name=("name",),
        login=("login_id",),
        group=("group_name",),
    ),
    Format(
        "",
        needs=(("student",), ("group",)),
        ids=("student",),
        name=("student",),
        login=("student",),
        group=("group",),
    ),
)


def format_of(header: list[str], path: Path) -> Format:
    """Return whose table has such a header.

    Parameters
    ----------
    path : the table's, for the message

    Raises
    ------
    CommandError : when it is nobody's

    Examples
    --------
    >>> format_of(["Student", "ID", "SIS Login ID", "Section", "Homework (17)"], "x.csv").platform
    'Canvas'
    """
    names = {name.strip() for name in header}
    for form in FORMATS:
        if all(names & set(need) for need in form.needs):
            return form
    known = ", ".join(dict.fromkeys(form.platform for form in FORMATS if form.platform))
    raise CommandError(
        f"{path} is no table that is known by its header: {shown(', '.join(header), 200)}. "
        f"Expected one that {known} exported, in English or, from Moodle, in German."
    )
