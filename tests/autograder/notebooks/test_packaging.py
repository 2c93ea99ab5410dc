"""Tests of what pyproject.toml puts into the wheel and the sdist: never an answer."""

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile

import pytest


@pytest.fixture(scope="module")
def packages(tmp_path_factory, real_course):
    """The folder with the course's wheel and sdist."""
    folder = tmp_path_factory.mktemp("packages")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--sdist"]
    command += ["--outdir", str(folder), str(real_course.root)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def files_of_the_course(real_course):
    """Return the files of the students' package, as the repository has them."""
    return {
        path.relative_to(real_course.root).as_posix()
        for path in (real_course.root / "course").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_students_package_only(packages, real_course):
    """Is it all there (modules, scripts, cases), and nothing besides?"""
    [wheel] = packages.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == files_of_the_course(real_course)


def test_the_sdist_holds_the_students_package_only(packages, real_course):
    """Are answers and grades left out of the source archive, which takes everything by default?"""
    [sdist] = packages.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {m.name.split("/", 1)[1] for m in archive.getmembers() if m.isfile()}
    metadata = {"PKG-INFO", "pyproject.toml", "README.md", ".gitignore"}
    metadata |= {"LICENSE", "LICENSE-TEXT.md"}
    assert names - metadata == files_of_the_course(real_course)


def test_one_version_is_told_everywhere(real_course):
    """Do package, citation and list of changes name the same version?"""
    root = real_course.root
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (root / "CITATION.cff").read_text("utf-8")
    changes = (root / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## (\S+)", changes, re.MULTILINE)[1] == version
