"""Does the bundle grade a submission as Gradescope's container runs it?"""

import contextlib
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile

import nbformat
import pytest
from tiny_course import REPOSITORY, solved

from autograder.__main__ import main
from autograder.pipeline.gradescope.submission import VISIBILITIES

LESSON = "01_sliding_window"
FLIPPED = """def correlate1d(x, w):
    if len(w) > len(x):
        raise ValueError("does not fit")
    k = len(w)
    return np.array([x[i : i + k] @ w[::-1] for i in range(len(x) - k + 1)])
"""
PADDED = """def pad1d(x, padding):
    padded = np.zeros(len(x) + 2 * padding, dtype=x.dtype)
    padded[padding : padding + len(x)] = x
    return padded
"""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="Gradescope's containers run Linux"),
]


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    """Return a folder laid out as /autograder, with the bundle unpacked by its own modes."""
    course = tmp_path_factory.mktemp("course")
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    shutil.copytree(REPOSITORY / "source" / LESSON, course / "source" / LESSON)
    with contextlib.chdir(course):
        assert main(["gradescope", "01", "--visibility", "after_due_date"]) == 0
    root = tmp_path_factory.mktemp("autograder")
    with zipfile.ZipFile(course / "dist" / "gradescope" / f"{LESSON}.zip") as archive:
        for info in archive.infolist():
            path = archive.extract(info, root / "source")
            os.chmod(path, info.external_attr >> 16)
    shutil.copy(root / "source" / "run_autograder", root)
    secrets = [place / ".autograder" / "secret" for place in (course, root / "source")]
    assert secrets[0].read_bytes() != secrets[1].read_bytes()
    return root


@pytest.fixture
def graded(container):
    """Return a function that grades a submission's files: name -> bytes; returns the results."""

    def graded(files, python=sys.executable):
        shutil.rmtree(container / "results", ignore_errors=True)
        shutil.rmtree(container / "submission", ignore_errors=True)
        (container / "submission").mkdir()
        for name, content in files.items():
            (container / "submission" / name).write_bytes(content)
        environment = {
            "PATH": os.environ["PATH"],
            "AUTOGRADER_ROOT": str(container),
            "AUTOGRADER_PYTHON": python,
            "OPENBLAS_NUM_THREADS": "1",
        }
        done = subprocess.run(
            [container / "run_autograder"], env=environment, cwd=container, capture_output=True
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads((container / "results" / "results.json").read_text("utf-8"))

    return graded


def work(**answers):
    """Return the lesson's release with some answers written."""
    blank = nbformat.read(REPOSITORY / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)
    return nbformat.writes(solved(blank, **answers)).encode()


def test_results_have_gradescopes_shape(graded):
    """Has each part its points and text, in the fields that Gradescope documents?"""
    found = graded({"my work.ipynb": work(correlate1d=FLIPPED, pad1d=PADDED)})
    assert set(found) == {"score", "output", "output_format", "visibility", "tests"}
    tests = {test["name"]: test for test in found["tests"]}
    fields = {"name", "number", "score", "max_score", "status", "output", "visibility"}
    assert all(set(test) == fields for test in tests.values())
    assert {test["visibility"] for test in tests.values()} == {"after_due_date"}
    assert {"after_due_date"} < set(VISIBILITIES)
    values, right = tests["correlate1d, values"], tests["pad1d, values"]
    assert (values["status"], values["score"], values["number"]) == ("failed", 0, "1.1")
    assert "What this looks like: the kernel is flipped." in values["output"]
    assert "computed 10, expected 14" in values["output"]
    assert (right["status"], right["score"]) == ("passed", right["max_score"])
    assert found["score"] == sum(test["score"] for test in tests.values()) > 0
    assert "Graded by a person: why_flip (2 points)." in found["output"]
    source = nbformat.read(REPOSITORY / "source" / LESSON / f"{LESSON}.ipynb", as_version=4)
    assert sum(test["max_score"] for test in tests.values()) + 2 == sum(
        cell.metadata.get("nbgrader", {}).get("points", 0) for cell in source.cells
    )


def test_what_cannot_be_graded_gets_a_sentence(graded):
    """Is a learner whose notebook is none told why, and nothing shown as failed?"""
    found = graded({f"{LESSON}.ipynb": b'{"cells": ['})
    assert "ends too early" in found["output"]
    assert "This is no grade" in found["output"]
    assert (found["score"], found.get("tests")) == (0, None)


def test_an_image_that_was_not_built_is_told(container, graded):
    """Is there a result even where Python does not start, and all closed that holds a test?"""
    assert "no grade" in graded({}, python="/nowhere/python")["output"]
    for name in ("source/autograder", "source/source", "source/.autograder", "results"):
        assert stat.S_IMODE((container / name).stat().st_mode) & 0o077 == 0
    # A learner's code may run as another user, who needs this.
    assert stat.S_IMODE((container / "source" / "course").stat().st_mode) & 0o005 == 0o005
