"""What a source cell reads in the release: without hidden tests and without the solution."""

_STUBS = {
    "code": "raise NotImplementedError  # write your code here, then delete this line",
    "markdown": "*Your answer here.*",
}


def without_hidden_tests(text: str) -> str:
    """Return a cell without its hidden tests.

    >>> without_hidden_tests("a\\n### BEGIN HIDDEN TESTS\\nb\\n### END HIDDEN TESTS")
    'a'
    """
    return _cut(text, "HIDDEN TESTS", None)


def released(text: str, cell_type: str = "code") -> str:
    """Return a cell as learners first see it."""
    return _cut(without_hidden_tests(text), "SOLUTION", _STUBS.get(cell_type, ""))


def hidden_lines(text: str) -> set[int]:
    """Return the numbers, from 1, of the lines of hidden tests with their marks."""
    inside, found = False, set()
    for number, line in enumerate(text.split("\n"), start=1):
        inside = inside or "BEGIN HIDDEN TESTS" in line
        if inside:
            found.add(number)
        if "END HIDDEN TESTS" in line:
            inside = False
    return found


def _cut(text: str, mark: str, stub: str | None) -> str:
    kept, inside = [], False
    for line in text.split("\n"):
        if f"BEGIN {mark}" in line:
            inside = True
            if stub is not None:
                kept.append(line[: len(line) - len(line.lstrip())] + stub)
        elif f"END {mark}" in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)
