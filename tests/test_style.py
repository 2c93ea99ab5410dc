"""One style for all code: ruff's rules, its formatter, and one name for one thing."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=["rules", "format"])
def test_ruff_has_nothing_to_say(command):
    """Does every Python file keep to the rules of pyproject.toml?"""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, str(ROOT)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_no_two_classes_have_one_name():
    """Does the name of a class say which one is meant, wherever it stands?"""
    names = Counter(
        node.name
        for folder in ("course", "autograder")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, times in names.items() if times > 1] == []


def test_no_file_keeps_the_marks_of_a_merge():
    """Is every conflict of a merge settled, also in style sheets and scripts?"""
    kinds = {".py", ".js", ".css", ".md", ".j2", ".mk", ".toml", ".yml", ".txt"}
    marks = tuple(7 * sign for sign in "<>")
    left = [
        path
        for folder in ("autograder", "benchmarks", "course", "deploy", "docs", "source", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds
        and any(line.startswith(marks) for line in path.read_text("utf-8").splitlines())
    ]
    assert left == []
