"""Write notebooks and cases as text that is the same on every build."""

import json

import nbformat
from nbformat import NotebookNode

from autograder import CommandError

WIDTH = 100


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """Return a notebook as it is stored: sorted keys, one newline at the end."""
    nbformat.validate(notebook)
    return (nbformat.writes(notebook, version=4).rstrip("\n") + "\n").encode("utf-8")


def cases_bytes(name: str, cases: dict) -> bytes:
    """Return a lesson's visible cases as JSON that a person can read and a diff can show.

    Raises
    ------
    CommandError
        If the cases hold anything that JSON does not have: an array, NaN, a set.
    """
    try:
        json.dumps(cases, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CommandError(
            f"{name}: the visible cases are not plain JSON data ({error}). "
            "autograder.hidden_tests.visible_cases returns lists, numbers, strings, None and dicts."
        ) from None
    return (compact_json(cases) + "\n").encode("utf-8")


def compact_json(value, indent: int = 0) -> str:
    """Return JSON in which whatever fits on a line stands on one, and so does every array.

    Keys keep their order: cases are listed as the lesson asks for them.

    Examples
    --------
    >>> print(compact_json({"x": [1, 2, 3], "w": [[1, 0], [0, 1]]}))
    {"x": [1, 2, 3], "w": [[1, 0], [0, 1]]}
    """
    if not isinstance(value, dict | list) or _is_array(value):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    if isinstance(value, dict):
        items = [
            f"{json.dumps(str(key), ensure_ascii=False)}: {compact_json(item, indent + 1)}"
            for key, item in value.items()
        ]
    else:
        items = [compact_json(item, indent + 1) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    line = f"{opening}{', '.join(items)}{closing}"
    if indent + len(line) <= WIDTH and "\n" not in line:
        return line
    inner = " " * (indent + 1)
    body = ",\n".join(inner + item for item in items)
    return f"{opening}\n{body}\n{' ' * indent}{closing}"


def _is_array(value) -> bool:
    """Whether a list holds numbers only, at any depth."""
    if isinstance(value, list):
        return all(_is_array(item) for item in value)
    return isinstance(value, int | float) or value is None
