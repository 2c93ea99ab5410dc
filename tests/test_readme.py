"""Does the README say what the course does, and can its commands install what they name?"""

import os
import re
import shutil
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import numpy as np
import pytest
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from course.checks import CheckFailed, check

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONSTRAINTS = (ROOT / "constraints.txt").read_text("utf-8")


def test_the_wrong_answer_on_the_first_screen_is_told_what_stands_there():
    """Does the check say of the README's answer what the README shows?"""
    code, shown = re.findall(r"```(?:python)?\n(.*?)```", README, re.DOTALL)[:2]
    with pytest.raises(CheckFailed) as failed:
        exec(code, {"np": np, "check": check})
    assert str(failed.value) == shown.strip()


@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0", "3.14.0"])
def test_every_pinned_version_may_be_installed_on(python):
    """Does the first command get what it asks for?  Debian 12 has Python 3.11.2."""
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)$", CONSTRAINTS, re.MULTILINE))
    pinned = {canonicalize_name(name): version for name, version in pinned.items()}
    asked = {
        one.name: one.metadata.get("Requires-Python", "")
        for one in distributions()
        if pinned.get(canonicalize_name(one.name)) == one.version
    }
    assert len(asked) > 100
    assert {name: why for name, why in asked.items() if python not in SpecifierSet(why)} == {}


def test_an_environment_that_could_not_be_made_is_made_anew(tmp_path):
    """Does a second `make lab` begin again, where Debian's package python3-venv was missing?"""
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / "python3"
    broken = '{ mkdir -p .venv/bin; cp "$0" .venv/bin/python; exit 1; }'
    python.write_text(f'#!/bin/sh\n[ "$2" != venv ] || {broken}')
    python.chmod(0o755)
    command = ["make", ".venv/bin/python", f"PYTHON={python}"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert made.returncode == 2, made.stderr
    assert list(tmp_path.glob(".venv/bin/*")) == []


# Stands in for the environment's programs: notes where it was called, and with what.
NOTES = """#!/bin/sh
printf '%s: %s: %s\\n' "$PWD" "$*" "$(cat "${PIP_CONSTRAINT:-/dev/null}")" >> "$NOTES"
"""


def test_a_folder_whose_name_has_spaces_will_do(tmp_path):
    """Does pip find the pinned versions there, and does JupyterLab open the lessons?"""
    course, notes = tmp_path / "my course, spring é", tmp_path / "notes"
    (course / "release").mkdir(parents=True)
    (course / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", course)
    (course / "pyproject.toml").touch()
    (course / "constraints.txt").write_text("pinned")
    for name in ["python", "jupyter"]:
        program = course / ".venv" / "bin" / name
        program.write_text(NOTES)
        program.chmod(0o755)
    environment = os.environ | {"NOTES": str(notes)}
    made = subprocess.run(["make", "lab"], cwd=course, env=environment, capture_output=True)
    assert made.returncode == 0, made.stderr
    installed, _, opened = notes.read_text("utf-8").splitlines()
    assert installed.startswith(f"{course}: -m pip install ")
    assert installed.endswith(": pinned")
    assert opened.startswith(f"{course}/release: lab ")
