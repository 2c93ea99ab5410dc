"""How each platform names what it gives out: whose an entry at the top of its archive is.

Each shape is told from the entry's name alone, and of that from what stands before the first file
name, which the platform wrote; what stands behind it a learner has written.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from autograder.pipeline.records import Account

DATES = ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p", "%d %B, %Y %H%M", "%d %b, %Y %H%M")


@dataclass(frozen=True)
class EntryNames:
    """One platform's way to name an entry.

    Attributes
    ----------
    pattern : matches the whole name.  Its groups: `name` and `number` of the learner, `file` the
        learner's own name of the file, `late`, `when` the attempt, and `order`, which grows with
        time
    one_lesson : whether its numbers hold for the submissions of one lesson alone
    """

    platform: str
    pattern: re.Pattern
    one_lesson: bool = False


ENTRY_NAMES = (
    # Ada Lovelace_31337_assignsubmission_file_/x.ipynb; Moodle writes no "_" into a name.
    EntryNames(
        "Moodle",
        re.compile(
            r"(?P<name>[^/_]+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)"
        ),
        one_lesson=True,
    ),
    # Homework 1_alovelace_attempt_2026-03-01-12-00-00_x.ipynb; without a file, about the attempt
    EntryNames(
        "Blackboard",
        re.compile(
            r"(?P<work>.+?)_(?P<number>[^/_]+)_attempt_(?P<when>\d{4}(?:-\d\d){5})"
            r"(?:_(?P<file>.+)|\.txt)"
        ),
    ),
    # 152711-351765 - Ada Lovelace - May 18, 2026 1224 PM/x.ipynb
    EntryNames(
        "Brightspace",
        re.compile(
            r"(?P<number>\d+)-\d+ ?- (?P<name>.+?) ?- (?P<when>[^/-]*\b\d{4}\b[^/-]*?)"
            r"(?: - (?P<file>.+))?"
        ),
    ),
    # LATE_anon_aB3x5_900_x.ipynb, where the assignment is anonymous
    EntryNames(
        "Canvas",
        re.compile(
            r"(?P<late>LATE_)?(?P<name>anon_(?P<number>[0-9A-Za-z]+))"
            r"_(?:(?P<order>\d+)_(?P<file>.+)|(?:text|link)\.html)"
        ),
        one_lesson=True,
    ),
    # lovelaceada_LATE_7001_900_x.ipynb; of numbers in a name Canvas takes the "_" away
    EntryNames(
        "Canvas",
        re.compile(
            r"(?P<name>[^/]+?)_(?P<late>LATE_)?(?P<number>\d+)"
            r"_(?:(?P<order>\d+)_(?P<file>.+)|(?:text|link)\.html)"
        ),
    ),
)


@dataclass(frozen=True)
class Named:
    """What an entry's name tells.

    Attributes
    ----------
    account : None where no platform has named the entry
    file : the learner's own name of the file, "" where the entry is a folder
    attempt : what tells this hand-in from others of the same learner; they are in order
    order : of two files of one attempt, the one with the larger order came later
    about : whether it is the platform's own text about an attempt
    """

    account: Account | None
    file: str = ""
    attempt: str = ""
    order: int = 0
    late: bool = False
    about: bool = False


def named(top: str, lesson: str, is_folder: bool) -> Named:
    """Tell what a platform says with the name of an entry.

    Examples
    --------
    >>> named("lovelaceada_LATE_7001_900_x.ipynb", "01", False).account.said
    'Canvas 7001'
    """
    for shape in ENTRY_NAMES:
        found = shape.pattern.fullmatch(top)
        if not found or (is_folder and shape.platform in ("Canvas", "Blackboard")):
            continue
        parts = {"name": found["number"], "when": "", "order": "0", "late": None, "file": None}
        parts |= {key: value for key, value in found.groupdict().items() if value is not None}
        name, scope = parts["name"].strip(), lesson if shape.one_lesson else ""
        about = shape.platform == "Blackboard" and parts["file"] is None
        return Named(
            Account(shape.platform, parts["number"], name, scope),
            file=parts["file"] or "",
            attempt=_in_order(parts["when"]),
            order=int(parts["order"]),
            late=parts["late"] is not None,
            about=about,
        )
    return Named(None)


def _in_order(when: str) -> str:
    """Return a time as a text that sorts as time goes; as it is where it is told another way.

    Examples
    --------
    >>> _in_order("May 8, 2026 124 PM")
    '2026-05-08T13:24:00'
    """
    padded = re.sub(r"\b(\d\d\d)(?= ?[AP]M)", r"0\1", when.strip())  # 959 AM
    for form in DATES:
        try:
            return datetime.strptime(padded, form).isoformat()
        except ValueError:
            continue
    return when


def blackboard_name(text: str, prefix: str) -> tuple[str, str]:
    """Return login and full name from Blackboard's text about an attempt, or ("", "").

    Parameters
    ----------
    prefix : what stands before ``_attempt_`` in the entry's name; the login is at its end

    Examples
    --------
    >>> blackboard_name("Name: Ada Lovelace (a_love)\\nAssignment: 1", "Homework 1_a_love")
    ('a_love', 'Ada Lovelace')
    """
    first = text.split("\n")[0]
    found = re.fullmatch(r"[^:]+:\s*(?P<name>.+?)\s*\((?P<login>[^()]+)\)\s*", first)
    if found and prefix.endswith(f"_{found['login']}"):
        return found["login"], found["name"]
    return "", ""
