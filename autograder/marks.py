"""The marks around solutions and hidden tests: find the text inside and outside of them.

The build uses `split` and the functions based on it, which refuse marks that do not pair up.
The judge reads built notebooks as nbgrader does: a line with ``BEGIN SOLUTION`` in it is a mark.
"""

from collections.abc import Iterator

SOLUTION = "SOLUTION"
HIDDEN = "HIDDEN TESTS"
CODE_STUB = "raise NotImplementedError  # write your code here, then delete this line"
TEXT_STUB = "*Your answer here.*"
_STUBS = {"code": CODE_STUB, "markdown": TEXT_STUB}


class MarkError(ValueError):
    """Marks that do not pair up; `line` counts from 0 within the cell."""

    def __init__(self, message: str, line: int):
        super().__init__(message)
        self.line = line


def placed(source: str, what: str) -> Iterator[tuple[str, str]]:
    """Yield each line with its place: "outside", "begin", "inside" or "end" of marks of one kind.

    Examples
    --------
    >>> list(placed("a\\n### BEGIN SOLUTION\\nb", SOLUTION))
    [('a', 'outside'), ('### BEGIN SOLUTION', 'begin'), ('b', 'inside')]
    """
    place = "outside"
    for line in source.split("\n"):
        if f"BEGIN {what}" in line:
            yield line, "begin"
            place = "inside"
        elif f"END {what}" in line:
            yield line, "end"
            place = "outside"
        else:
            yield line, place


def split(source: str, what: str) -> tuple[list[str], list[str]]:
    """Return the lines outside and the lines inside the marks of one kind, without the marks.

    Raises
    ------
    MarkError
        If a mark has no partner, stands inside another pair, or is not alone on its line.

    Examples
    --------
    >>> split("a = 1\\n### BEGIN SOLUTION\\na = 2\\n### END SOLUTION", SOLUTION)
    (['a = 1'], ['a = 2'])
    """
    outside, inside = [], []
    opened = None
    for number, (line, place) in enumerate(placed(source, what)):
        if place in ("outside", "inside"):
            (outside if place == "outside" else inside).append(line)
            continue
        if line.strip() not in (f"### BEGIN {what}", f"### END {what}"):
            raise MarkError(f"a mark stands alone on its line as '### BEGIN {what}'", number)
        if (place == "begin") == (opened is not None):
            raise MarkError(f"'{line.strip()}' has no partner", number)
        opened = number if place == "begin" else None
    if opened is not None:
        raise MarkError(f"'### BEGIN {what}' has no '### END {what}'", opened)
    return outside, inside


def outside(source: str, what: str) -> str:
    """Return `source` without the marked regions of one kind."""
    return "\n".join(split(source, what)[0]).rstrip()


def inside(source: str, what: str) -> str:
    """Return what stands in the marked regions of one kind; empty where there is none."""
    return "\n".join(split(source, what)[1]).strip("\n")


def unmarked(source: str, what: str) -> str:
    """Return `source` with the marks of one kind removed and what they enclose kept."""
    split(source, what)  # refuses marks that do not pair up
    marks = (f"### BEGIN {what}", f"### END {what}")
    return "\n".join(line for line in source.split("\n") if line.strip() not in marks)


def without_hidden_tests(source: str) -> str:
    """Return a cell without its hidden tests.

    Examples
    --------
    >>> without_hidden_tests("a\\n### BEGIN HIDDEN TESTS\\nb\\n### END HIDDEN TESTS")
    'a'
    """
    return "\n".join(line for line, place in placed(source, HIDDEN) if place == "outside")


def released(source: str, cell_type: str = "code") -> str:
    """Return a cell as learners first see it: no hidden tests, a stub in the solution's place."""
    kept = []
    for line, place in placed(without_hidden_tests(source), SOLUTION):
        if place == "begin":
            indent = line[: len(line) - len(line.lstrip())]
            kept.append(indent + _STUBS.get(cell_type, ""))
        elif place == "outside":
            kept.append(line)
    return "\n".join(kept)


def hidden_lines(source: str) -> set[int]:
    """Return the numbers, from 1, of the lines of hidden tests with their marks."""
    lines = enumerate(placed(source, HIDDEN), start=1)
    return {number for number, (_, place) in lines if place != "outside"}
