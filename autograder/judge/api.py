"""The one function that callers need: a notebook in, a verdict out."""

import json
import os
import subprocess
import sys
from typing import Any

from autograder import CommandError, exercises
from autograder.judge.host import ROOT
from autograder.judge.limits import Limits
from autograder.judge.verdict import CellVerdict, Verdict

_START_SECONDS = 120.0


def judge_notebook(
    source: Any,
    submission: Any,
    *,
    lesson: str,
    secret: bytes,
    limits: Limits | None = None,
    require_sandbox: bool = False,
    names: dict[str, str] | None = None,
) -> Verdict:
    """Grade one submission in processes of its own.

    Parameters
    ----------
    source : the built source notebook, hidden tests included
    submission : the learner's notebook, nbformat 4
    lesson : the lesson's name or number
    secret : the course's secret, from which withheld cases are drawn
    limits : what the submission may use
    require_sandbox : refuse where the host cannot build the sandbox
    names : kind of each exercise; the registry's when left out

    Raises
    ------
    CommandError
        If the sandbox is required and missing, or the source's own cells do not run.

    Notes
    -----
    The caller may be a thread of a Jupyter server: nothing is forked from it.
    """
    if os.name != "posix":
        raise CommandError("Grading needs Linux or macOS; on Windows, grade in WSL.")
    limits = limits or Limits()
    job = {
        "source": plain(source),
        "submission": plain(submission),
        "names": registered(lesson) if names is None else names,
        "secret": secret.hex(),  # JSON has no bytes
        "limits": limits.as_dict(),
        "require_sandbox": require_sandbox,
    }
    # Cells and tests have their own time; beyond three times that, something is broken.
    patience = _START_SECONDS + 4 * limits.submission_seconds
    environment = {**os.environ, "PYTHONPATH": python_path()}
    # Never from the caller's folder: nbgrader's is the submission's, and numpy.py may lie there.
    command = [sys.executable, "-P", "-m", "autograder.judge"]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=patience,
            env=environment,
            cwd=ROOT,
        )
    except subprocess.TimeoutExpired:
        raise CommandError(f"The judge gave no verdict in {patience:.0f} s.") from None
    return judged(_result(done))


def registered(lesson: str) -> dict[str, str]:
    """Return the kind of each exercise of a lesson whose name becomes a stand-in."""
    found = exercises.exercises_of(lesson)
    return {exercise.name: exercise.kind for exercise in found if exercise.kind != "written"}


def plain(notebook: Any) -> dict:
    """Return a notebook as plain dicts, each cell's source as one text."""
    plain = json.loads(json.dumps(notebook))
    for cell in plain["cells"]:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
        cell.pop("outputs", None)  # what a submission says it showed is not read
        cell.setdefault("metadata", {})
    return plain


def python_path() -> str:
    """Return where the judge's process finds what this one has imported."""
    return os.pathsep.join([str(ROOT), *(path for path in sys.path if os.path.isabs(path))])


def _result(done: subprocess.CompletedProcess) -> dict:
    if done.returncode != 0 or not done.stdout:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise CommandError("The judge failed: " + (lines[-1] if lines else "it said nothing"))
    return json.loads(done.stdout)


def judged(result: dict) -> Verdict:
    """Return the verdict in what `autograder.judge.job.answer` gave.

    Raises
    ------
    CommandError
        If there is none.
    """
    if "refused" in result:
        raise CommandError(
            f"A sandbox is required, and this machine has none: {result['refused']}. "
            "`python -m autograder doctor` says what is missing."
        )
    if "broken" in result:
        raise CommandError(f"The judge cannot grade: {result['broken']}.")
    return _verdict(result["verdict"])


def _verdict(found: dict) -> Verdict:
    from nbformat import NotebookNode, from_dict  # slow to import: its users have it already

    cells = {}
    for key, cell in found["cells"].items():
        shown = [from_dict(output) for output in cell["outputs"]]
        cells[key] = CellVerdict(**{**cell, "outputs": shown})
    notebook: NotebookNode = from_dict(found["notebook"])
    return Verdict(**{**found, "cells": cells, "notebook": notebook})
