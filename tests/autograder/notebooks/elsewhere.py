"""Compute lessons' visible cases, as another processor would: run with a setting of its own.

    python -m tests.autograder.notebooks.elsewhere FOLDER NUMBER ...

It writes the cases of the lessons with these numbers into FOLDER.
"""

import sys
from pathlib import Path

from autograder import hidden_tests
from autograder.exercises import lesson
from autograder.notebooks.serialize import cases_bytes


def main(folder: Path, numbers: list[str]) -> None:
    """Write the lessons' cases."""
    for number in numbers:
        cases = cases_bytes(lesson(number).name, hidden_tests.visible_cases(number))
        (folder / f"{lesson(number).name}.json").write_bytes(cases)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
