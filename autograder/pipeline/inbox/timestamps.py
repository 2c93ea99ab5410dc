"""What a learner may be called, and when something was handed in."""

import hashlib

from nbgrader.utils import parse_utc

from autograder.words import shown

TIMESTAMP = "timestamp.txt"
LONGEST = 128  # letters of a name, that a database's column holds
LONGEST_BYTES = 240  # of a folder's name a file system holds 255; a draft's is a little longer


def is_student(name: str) -> bool:
    """Return whether a learner can be called `name`: it becomes a folder and a database's key."""
    return bool(
        name
        and _fits(name)
        and name == name.strip()
        and not name.startswith(".")
        and name == shown(name)
        and not {"/", "\\"} & set(name)
    )


def known_as(name: str) -> str:
    """Return what the gradebook, tables and pages call whose files have `name`.

    That is the name itself, unless no learner can be called like that: then nothing in it acts,
    and a long one ends in a digest, so that no two of them are one.
    """
    if is_student(name):
        return name
    escaped = shown(name)
    if _fits(escaped):
        return escaped
    digest = hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:12]
    start = escaped[: LONGEST - 16].encode()[: LONGEST_BYTES - 16].decode(errors="ignore")
    return f"{start}... {digest}"


def _fits(name: str) -> bool:
    size = len(name.encode("utf-8", "backslashreplace"))
    return len(name) <= LONGEST and size <= LONGEST_BYTES


def checked_timestamp(text: str) -> tuple[str, str]:
    """Return a timestamp as it was given, or "" and what is wrong with it."""
    if not text.strip():
        return "", ""
    try:
        parse_utc(text.strip()).isoformat()
    except Exception:  # each parser has errors of its own, those of its decimal numbers included
        return "", f"{TIMESTAMP} is no time: {text.strip()[:40]!r}"
    return text, ""
