"""Digests that tell what a grade depends on, so that only what changed is graded again."""

import hashlib
import json
import platform
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path

import autograder
import course
from autograder.pipeline.records import Handed

# What learners' cells and the tests run on; a new version of one may change an answer.
RUNS_ON = ("numpy", "matplotlib", "ipython", "ipywidgets", "anywidget", "nbgrader", "nbconvert")


def digest(*parts: bytes) -> str:
    """Return a digest of several byte strings, which changes when any of them does."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def key_of(files: str, work: str) -> str:
    """Return a grade's key: the digests of the files as they came, and of the work in them."""
    return f"{files} {work}"


def is_of_files(key: str, files: str) -> bool:
    """Tell whether the same files got this key, so that they need not be read."""
    return key.partition(" ")[0] == files


def is_of_work(key: str, work: str) -> bool:
    """Tell whether the same work got this key: only what no grade depends on has changed."""
    return key.partition(" ")[2] == work


def files_digest(handed: Handed, tests: str) -> str:
    """Return a digest of a submission's files and of all else that its grade depends on.

    Parameters
    ----------
    tests : see `tests_digest`
    """
    fields = asdict(replace(handed, student="", content=None, others=(), pictures=()))
    files = ((handed.name, handed.content or b""), *handed.others, *handed.pictures)
    counts = [len(handed.others), len(handed.pictures)]
    return digest(
        json.dumps([fields, counts], sort_keys=True).encode(),
        *(part for name, content in files for part in (name.encode(), content)),
        tests.encode(),
    )


def tests_digest(source: str, secret: bytes, settings: str) -> str:
    """Return a digest of all that a grade depends on beside the submission.

    Parameters
    ----------
    source : the instructor's notebook, as text
    secret : the course's, from which withheld cases are drawn
    settings : what the course's configuration says about grading
    """
    packages = [Path(package.__file__).parent for package in (autograder, course)]
    return digest(
        source.encode(),
        secret,
        settings.encode(),
        code_digest(packages).encode(),
        versions().encode(),
    )


def code_digest(packages: list[Path]) -> str:
    """Return a digest of every Python and data file of some packages: the tests and the judge."""
    found = sorted(
        (str(path.relative_to(package)), path)
        for package in packages
        for path in package.rglob("*")
        if path.suffix in (".py", ".json", ".npz") and "__pycache__" not in path.parts
    )
    return digest(*(part for name, path in found for part in (name.encode(), path.read_bytes())))


def versions() -> str:
    """Return one line for Python and each installed package that an answer runs on."""
    lines = [f"Python {platform.python_version()}"]
    for name in RUNS_ON:
        try:
            lines.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{name} is not installed")
    return "\n".join(lines)
