"""What a learner may be called, and when something was handed in."""

from nbgrader.utils import parse_utc

from autograder.words import shown

TIMESTAMP = "timestamp.txt"


def is_student(name: str) -> bool:
    """Return whether a learner can be called `name`: it becomes a folder and a database's key."""
    return bool(
        0 < len(name) <= 128
        and name == name.strip()
        and not name.startswith(".")
        and name == shown(name)
        and not {"/", "\\"} & set(name)
    )


def checked_timestamp(text: str) -> tuple[str, str]:
    """Return a timestamp as it was given, or "" and what is wrong with it."""
    if not text.strip():
        return "", ""
    try:
        parse_utc(text.strip()).isoformat()
    except Exception:  # each parser has errors of its own, those of its decimal numbers included
        return "", f"{TIMESTAMP} is no time: {text.strip()[:40]!r}"
    return text, ""
