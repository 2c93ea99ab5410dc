"""The tables of grades that platforms give out and take back, and how each is told by its header.

Shapes as the platforms export them: Moodle's grading worksheet of one assignment, and the
gradebooks of Canvas, Brightspace and Blackboard with a column for each assignment.
"""

import re
from dataclasses import dataclass

# Headers of the same column in the languages of a platform.
Header = tuple[str, ...]
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
    most : header of the most points, where that is a column
    most_row : beginning of a row that says the most points of each column and is no learner's
    """

    platform: str
    needs: tuple[Header, ...]
    grades: re.Pattern
    number: Header = ()
    around_number: re.Pattern = re.compile(r"^\s+|\s+$")
    ids: Header = ()
    name: Header = ()
    last: Header = ()
    first: Header = ()
    most: Header = ()
    most_row: str = ""


FORMATS = (
    Format(
        "Moodle",
        needs=(("Identifier", "ID"), ("Grade", "Bewertung"), MOST),
        grades=re.compile(r"(?P<title>Grade|Bewertung)"),
        number=("Identifier", "ID"),
        around_number=re.compile(r"\D"),  # Participant 31337
        ids=("Email address", "E-Mail-Adresse", "ID number", "ID-Nummer", "Username"),
        name=("Full name", "Vollständiger Name"),
        most=MOST,
    ),
    Format(
        "Canvas",
        needs=(("Student",), ("ID",), ("Section",)),
        grades=re.compile(r"(?P<title>.*) \(\d+\)"),
        number=("ID",),
        ids=("SIS User ID", "SIS Login ID", "Integration ID"),
        name=("Student",),
        most_row="Points Possible",
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
    ),
)


def format_of(header: list[str]) -> Format | None:
    """Return whose table has such a header.

    Examples
    --------
    >>> format_of(["Student", "ID", "SIS Login ID", "Section", "Homework (17)"]).platform
    'Canvas'
    """
    names = {name.strip() for name in header}
    for form in FORMATS:
        if all(names & set(need) for need in form.needs):
            return form
    return None
