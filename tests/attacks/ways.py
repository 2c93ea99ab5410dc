"""How an honest notebook arrives: through an editor, in an archive, beside other files."""

import io
import json
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import nbformat

from tests.attacks.honest import LESSON, released

NAME = f"{LESSON}.ipynb"
MOODLE = "Ada Ox_7_assignsubmission_file_"


@dataclass(frozen=True)
class Way:
    """One way of a notebook.

    Attributes
    ----------
    files : from a notebook to the learner's files, by their names
    says : part of what is told of it, "" where there is nothing to tell
    archive : whether the class comes as an archive of Moodle's
    names : whether cells keep their metadata or their ids
    """

    name: str
    files: Callable[[dict], dict[str, bytes]]
    says: str = ""
    archive: bool = False
    names: bool = True


def text_of(made: dict) -> bytes:
    """Return a notebook as a file."""
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


def _without_metadata(made: dict) -> dict[str, bytes]:
    for cell in made["cells"]:
        cell["metadata"] = {}
    return {NAME: text_of(made)}


def _without_ids(made: dict) -> dict[str, bytes]:
    for cell in made["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    made["nbformat_minor"] = 4
    text = text_of(made).decode().replace("\\n", "\\r\\n").replace("\n", "\r\n")
    return {NAME: text.encode("utf-16")}


def _version_3(made: dict) -> dict[str, bytes]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two cells may have one id
        old = nbformat.convert(nbformat.from_dict(made), 3)
    return {NAME: nbformat.writes(old, version=3).encode()}


WAYS = [
    Way("in its folder", lambda made: {NAME: text_of(made)}),
    Way(
        "as .ipynb.txt, through Moodle",
        lambda made: {f"{NAME}.txt": text_of(made)},
        f"read from {NAME}.txt",
        archive=True,
    ),
    Way(
        "in a zip of a Mac's folder",
        lambda made: {
            "my work.zip": zipped({f"a/{NAME}": text_of(made), f"__MACOSX/a/._{NAME}": b""})
        },
    ),
    Way(
        "in a zip, through Moodle",
        lambda made: {"a.zip": zipped({NAME: text_of(made)})},
        archive=True,
    ),
    Way("from an editor that drops metadata", _without_metadata),
    Way("in UTF-16 with Windows' lines, without ids", _without_ids, names=False),
    Way("in the format of 2013", _version_3),
    Way(
        "as a copy (1) beside the untouched one",
        lambda made: {NAME: text_of(released()), f"{LESSON} (1).ipynb": text_of(made)},
        f"read from {LESSON} (1).ipynb; {NAME} is not graded: as it was given out",
    ),
]

# What is no notebook: name -> content and what is told of it.
TOLD = {
    "essay.pdf": (b"%PDF-1.7", "is a PDF, not the notebook; hand in the file .ipynb"),
    "work.docx": (zipped({"word/document.xml": b""}), "is a Word document, not the notebook"),
    "work.py": (b"def pad1d(x, p):\n    return x\n", "is a Python script, not the notebook"),
    "work.html": (b"<!doctype html><h1>my work</h1>", "is a web page, saved in the notebook's"),
    "photo.jpg": (b"\xff\xd8\xff\xe0", "is a picture, not the notebook"),
    "work.rar": (b"Rar!\x1a\x07", "is a RAR archive, not the notebook; unpack it"),
    "work.tar": (
        b"\0" * 257 + b"ustar" + b"\0" * 250,
        "is a tar archive, not the notebook; unpack it",
    ),
    f"{LESSON} (6).ipynb": (b"def pad1d(x, p):\n    return x\n", "it is another text, such as a"),
    "work.gdoc": (b'{"url": "https://drive.example/x"}', "is a link to a file elsewhere"),
    NAME: (b"<html><form><input type='password'>", "is a web page to log in, saved in"),
    f"{LESSON} (1).ipynb": (
        b"version https://git-lfs.github.com/spec/v1\n",
        "a pointer of Git LFS",
    ),
    f"{LESSON} (2).ipynb": (b"", "is an empty file, not the notebook; save the notebook"),
    f"{LESSON} (4).ipynb": (b"\0" * 4096, "is an empty file, not the notebook; save the notebook"),
    f"{LESSON} (5).ipynb": (
        b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n",
        "a merge conflict of git",
    ),
    f"{LESSON} (3).ipynb": (
        b'{"cells": [{"cell_type": "co',
        "is not valid JSON: it ends too early",
    ),
    "empty.zip": (zipped({}), "is a zip archive without a notebook"),
    "damaged.zip": (zipped({NAME: b"{}"})[:30], "is a damaged zip archive"),
}
