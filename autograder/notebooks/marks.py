"""The marks around solutions and hidden tests: find what stands inside and outside of them."""

SOLUTION = "SOLUTION"
HIDDEN = "HIDDEN TESTS"


class MarkError(ValueError):
    """Marks that do not pair up; `line` counts from 0 within the cell."""

    def __init__(self, message: str, line: int):
        super().__init__(message)
        self.line = line


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
    for number, line in enumerate(source.split("\n")):
        if f"BEGIN {what}" not in line and f"END {what}" not in line:
            (outside if opened is None else inside).append(line)
            continue
        if line.strip() not in (f"### BEGIN {what}", f"### END {what}"):
            raise MarkError(f"a mark stands alone on its line as '### BEGIN {what}'", number)
        begins = line.strip().startswith("### BEGIN")
        if begins == (opened is not None):
            raise MarkError(f"'{line.strip()}' has no partner", number)
        opened = number if begins else None
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
