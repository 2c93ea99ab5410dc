"""Tests of the repository's own lessons, built once from nothing in another folder.

They are built there as the oldest processor would, if this one can run its kernels.
"""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from autograder.notebooks.layout import cases_path, notebook_path, this_course
from autograder.notebooks.lesson import build_lessons
from autograder.notebooks.student import FILES, TOP, ZIP
from autograder.notebooks.verify import stale_files
from tests.autograder.notebooks.processors import OLDEST, environment_of

FIRST = this_course().written_lessons()[0]


@pytest.fixture(scope="module")
def oldest():
    """The environment in which numpy computes as the oldest processor would; or None."""
    return environment_of(OLDEST)


@pytest.fixture(scope="module")
def built_copy(real_course, oldest, tmp_path_factory):
    """Return a function that waits for a lesson in a copy of the sources, and returns the copy.

    The copy is in another folder, without PyTorch, and one command builds everything there, lesson
    by lesson; "all" waits for its end.
    """
    copy = tmp_path_factory.mktemp("copy")
    skip = shutil.ignore_patterns("__pycache__", "*.ipynb", "*_*.json")
    for folder in ("autograder", "course", "source", "docs/student"):
        shutil.copytree(real_course.root / folder, copy / folder, ignore=skip)
    for name in FILES:
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(real_course.root / name, copy / name)
    absent = tmp_path_factory.mktemp("absent")
    (absent / "torch.py").write_text("raise ImportError")
    environment = {**(oldest or os.environ), "PYTHONHASHSEED": "7", "PYTHONPATH": str(absent)}
    command = [sys.executable, "-m", "autograder", "build", "--upto", FIRST]
    errors = tmp_path_factory.mktemp("errors") / "errors.txt"
    printed = set()
    with (
        errors.open("w") as file,
        subprocess.Popen(
            command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=file, text=True
        ) as building,
    ):

        def built(lesson):
            while lesson not in printed:
                line = building.stdout.readline()
                if not line:
                    assert building.wait() == 0, errors.read_text()
                    assert lesson == "all"
                    break
                printed.add(line.split()[0])
            return copy

        yield built
        building.kill()


@pytest.mark.parametrize("name", this_course().written_lessons())
def test_the_built_files_fit_the_text(real_course, built_copy, name):
    """Was the lesson built after its last change?"""
    paths = [notebook_path(step, name) for step in ("source", "release", "solutions")]
    copy = built_copy(name)
    files = {path: (copy / path).read_bytes() for path in (*paths, cases_path(name))}
    stale = [f"{file.path}: {file.why}" for file in stale_files(real_course, name, files)]
    assert stale == []


@pytest.mark.slow
def test_the_copy_is_built_as_the_oldest_processor_would(oldest):
    """Do the tests above show, too, that no other kernels and vectors change what is built?"""
    if oldest is None:
        pytest.skip(f"OpenBLAS has no {OLDEST.kernels} kernels here")
    code = "import numpy; print(numpy.show_config('dicts')['SIMD Extensions'].get('found', []))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=oldest, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_real_lesson_is_built_the_same_in_another_folder(
    real_course, oldest, built_copy, monkeypatch
):
    """Do another folder, process, hash seed and a kernel that was not forked change no byte?"""
    for name, value in (oldest or {}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delattr("os.pidfd_open", raising=False)
    [(name, files)] = build_lessons(real_course, real_course.chosen_lessons(["01"]))
    assert b"image/png" in files[notebook_path("solutions", name)]
    copy = built_copy(name)
    for path, content in files.items():
        assert (copy / path).read_bytes() == content, path


def test_the_unpacked_tree_can_be_installed(built_copy, tmp_path):
    """Does pip find everything that pyproject.toml names, with nothing of the repository there?"""
    with zipfile.ZipFile(built_copy("all") / ZIP) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    done = subprocess.run(command, cwd=tmp_path / TOP, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [wheel] = (tmp_path / TOP / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert "course/checks/__init__.py" in archive.namelist()
