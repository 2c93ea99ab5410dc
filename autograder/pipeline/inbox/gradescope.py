"""Whose each folder of Gradescope's export is, as the list in it says."""

import re

import yaml

from autograder.pipeline.records import Account

LIST = "submission_metadata.yml"
_FOLDER = re.compile(r"^(?P<folder>[^\s:#-][^\n]*?):\s*$", re.MULTILINE)
_SUBMITTERS = re.compile(
    r"^  :submitters:\s*\n(?P<block>(?:  [ -].*\n?)+?)(?=^  :|\Z)", re.MULTILINE
)


def submitters(text: str) -> dict[str, list[Account]]:
    """Return who handed in each folder; a group are several.

    The list holds every result, too, and may be long: only the blocks that name people are parsed.

    Examples
    --------
    >>> lines = ["submission_1:", "  :submitters:", "  - :name: Ada Lovelace", "    :sid: '7'"]
    >>> submitters(chr(10).join(lines))["submission_1"][0].said
    'Gradescope 7'
    """
    starts = [*_FOLDER.finditer(text)]
    ends = [start.start() for start in starts[1:]] + [len(text)]
    found = {}
    for start, end in zip(starts, ends, strict=True):
        block = _SUBMITTERS.search(text, start.end() + 1, end)
        people = _parsed(block["block"]) if block else []
        found[start["folder"].strip("'\"")] = [
            Account("Gradescope", one.get(":email") or one.get(":sid") or "", one[":name"])
            for one in people
            if one.get(":name")
        ]
    return found


def _parsed(block: str) -> list[dict[str, str]]:
    """Return a block's people; every value as the text that stands there."""
    try:
        people = yaml.load(block, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return []
    return [one for one in people if isinstance(one, dict)] if isinstance(people, list) else []
