"""Is what was handed in told by its content, in folders and archives alike?"""

import io
import json
import os
import zipfile

import nbformat
import pytest
from tiny_course import LESSON, RIGHT, solved

from autograder.exercises import LESSONS
from autograder.pipeline import records
from autograder.pipeline.inbox.archive import from_archive
from autograder.pipeline.inbox.candidates import best_of, candidates, told
from autograder.pipeline.inbox.folders import from_tree
from tests.attacks import archives

NOTEBOOK = b'{"cells": [], "metadata": {}}'
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def zipped(**files):
    """Return a zip archive of files; two underscores stand for a dot, three for a slash."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("___", "/").replace("__", "."), content)
    return buffer.getvalue()


def handed_in(tmp_path, way, files):
    """Return what ada handed in: her files in a folder, or in an archive of the class."""
    if way == "folder":
        for age, (name, content) in enumerate(files.items()):
            path = tmp_path / "ada" / LESSON / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (age, age))
        return from_tree(tmp_path, LESSON)["ada"]()
    path = archives.archive(
        tmp_path / "class.zip",
        {
            **{f"Ada Ox_7_assignsubmission_file_/{name}": text for name, text in files.items()},
            f"Bo_8_assignsubmission_file_/{LESSON}.ipynb": NOTEBOOK,
        },
    )
    return from_archive(path, LESSON)["Ada Ox"]()


READ = {
    f"{LESSON}.IPYNB": NOTEBOOK,
    f"{LESSON}.ipynb.txt": NOTEBOOK,
    f"{LESSON}.ipynb.json": NOTEBOOK,
    f"{LESSON}.json": NOTEBOOK,
    "my work": NOTEBOOK,
    "utf-16.json": NOTEBOOK.decode().encode("utf-16"),
    f"{LESSON} (1).ipynb": NOTEBOOK,
    f"{LESSON}/{LESSON}.ipynb": NOTEBOOK,
    f"{LESSON}.ipynb/{LESSON}.ipynb": NOTEBOOK,
    "mine.zip": zipped(work__ipynb=NOTEBOOK),
    f"{LESSON}.ipynb": zipped(work__ipynb=NOTEBOOK),
    "folder.zip": zipped(work___lesson__ipynb=NOTEBOOK, __MACOSX___x__ipynb=b"mac"),
    "twice.zip": zipped(inner__zip=zipped(work__ipynb=NOTEBOOK)),
}


@pytest.mark.parametrize("way", ["folder", "archive"])
@pytest.mark.parametrize("name", READ)
def test_a_notebook_is_read_under_any_name(tmp_path, way, name):
    """Is a notebook found by what is in the file, and the file named where that is not usual?"""
    handed = handed_in(tmp_path, way, {name: READ[name]})
    assert handed.status == "", handed.reason
    assert handed.content.decode("utf-16" if "utf-16" in name else "utf-8") == NOTEBOOK.decode()
    usual = name.split("/")[-1] == f"{LESSON}.ipynb" and READ[name] == NOTEBOOK
    assert bool(handed.note) != usual
    assert handed.note.startswith("" if usual else f"read from {name}")


TOLD = {
    "essay.pdf": (b"%PDF-1.7", "is a PDF, not the notebook; hand in the file .ipynb"),
    "work.docx": (zipped(word___document__xml=b""), "is a Word document, not the notebook"),
    "work.py": (b"def f(x):\n    return x\n", "is a Python script, not the notebook"),
    "work.txt": (b"my answer", "is a text, not the notebook"),
    "photo.jpg": (b"\xff\xd8\xff\xe0", "is a picture, not the notebook"),
    "work.rar": (b"Rar!\x1a\x07", "is a RAR archive, not the notebook; unpack it"),
    "work.tar.gz": (b"\x1f\x8b\x08", "is a gzip archive, not the notebook; unpack it"),
    f"{LESSON}.ipynb": (b"", "is an empty file, not the notebook; save the notebook"),
    f"login/{LESSON}.ipynb": (
        b'<!DOCTYPE html><html><form><input type="password"></form></html>',
        "is a web page to log in, saved in the notebook's place; download the notebook again",
    ),
    f"page/{LESSON}.ipynb": (b"\n<html><body>404</body></html>", "is a web page, saved in"),
    "work.ipynb.html": (b"<!doctype html><title>x</title>", "is a web page, saved in"),
    "work.gdoc": (
        b'{"url": "https://drive.example/x", "doc_id": "7"}',
        "is a link to a file elsewhere, not the file itself; download the file itself",
    ),
    f"lfs/{LESSON}.ipynb": (b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of"),
    "work.url": (b"[InternetShortcut]\nURL=https://example.org", "is a link to a web page"),
    "empty.zip": (zipped(), "is a zip archive without a notebook; hand in"),
    "notes.zip": (zipped(a__pdf=b"%PDF-1.7"), "is a PDF, not the notebook"),
    "damaged.zip": (zipped(a__ipynb=NOTEBOOK)[:40], "is a damaged zip archive"),
    "deep.zip": (zipped(a__zip=zipped(b__zip=zipped(c__ipynb=NOTEBOOK))), "is a zip archive"),
}


@pytest.mark.parametrize("way", ["folder", "archive"])
@pytest.mark.parametrize("name", TOLD)
def test_what_is_no_notebook_is_told_with_what_to_do(tmp_path, way, name):
    """Does a learner who handed in something else read what it is?"""
    content, says = TOLD[name]
    handed = handed_in(tmp_path, way, {name: content})
    assert (handed.status, handed.content) == (records.UNREADABLE, None)
    assert says in handed.reason
    assert name.split("/")[-1] in handed.reason


@pytest.mark.parametrize("way", ["folder", "archive"])
def test_what_lies_beside_a_notebook_is_named(tmp_path, way):
    """Is a document that nobody grades named, and a picture kept for the person who grades?"""
    files = {f"{LESSON}.ipynb": NOTEBOOK, "essay.pdf": b"%PDF-1.7", "photo.png": PNG, "d.csv": b"1"}
    handed = handed_in(tmp_path, way, files)
    assert handed.note == "not graded: essay.pdf (a PDF)"
    assert handed.pictures == (("photo.png", PNG),)


@pytest.mark.parametrize("way", ["folder", "archive"])
def test_the_right_name_comes_first(tmp_path, way):
    """Do several notebooks come in the order of their names, then of their times?"""
    names = ["Untitled.ipynb", f"{LESSON} (1).ipynb", f"{LESSON}.ipynb", "zz newest.ipynb"]
    handed = handed_in(tmp_path, way, dict.fromkeys(names, NOTEBOOK))
    order = [handed.name, *(name for name, _ in handed.others)]
    assert order == [names[2], names[1], names[3], names[0]]


def test_checkpoints_and_hidden_files_are_left_out(tmp_path):
    """Is an editor's own copy nobody's hand-in?"""
    files = {f".ipynb_checkpoints/{LESSON}.ipynb": NOTEBOOK, ".hidden.ipynb": NOTEBOOK}
    assert handed_in(tmp_path, "folder", files).status == records.MISSING


def _bytes(notebook):
    return nbformat.writes(notebook).encode()


@pytest.mark.parametrize("way", ["folder", "archive"])
def test_the_worked_notebook_counts(tmp_path, blank, way):
    """Is it graded in place of the untouched one that has the lesson's name, and both told?"""
    worked = solved(blank, **RIGHT)
    half = solved(blank, double=RIGHT["double"])
    files = {
        f"{LESSON} (1).ipynb": _bytes(worked),
        f"{LESSON}.ipynb": _bytes(blank),
        "half.ipynb": _bytes(half),
        "cut.ipynb": _bytes(worked)[:200],
        "other.ipynb": json.dumps({"cells": []}).encode(),
    }
    handed = handed_in(tmp_path, way, files)
    found = candidates(handed, blank, LESSON)
    best = best_of(found)
    assert best.name == f"{LESSON} (1).ipynb"
    said = told(best, found, handed)
    assert said.startswith(f"read from {LESSON} (1).ipynb; {LESSON}.ipynb is not graded: as it was")
    assert "half.ipynb is not graded: 1 answer in it" in said
    assert "cut.ipynb is not valid JSON" in said
    assert f"other.ipynb has none of the exercises of {LESSON}" in said


@pytest.mark.parametrize("way", ["folder", "archive"])
def test_of_two_that_are_worked_alike_the_first_counts(tmp_path, blank, way):
    """Does the notebook with the lesson's name count where as much is written in another?"""
    content = _bytes(solved(blank, **RIGHT))
    handed = handed_in(tmp_path, way, {"a.ipynb": content, f"{LESSON}.ipynb": content})
    found = candidates(handed, blank, LESSON)
    assert best_of(found).name == f"{LESSON}.ipynb"
    assert told(best_of(found), found, handed) == "a.ipynb is not graded: 3 answers in it"


@pytest.mark.parametrize("way", ["folder", "archive"])
def test_a_worked_notebook_is_found_among_many(tmp_path, way):
    """Do copies of one notebook and other lessons' leave room for one under another name?"""
    files = {"x.ipynb": b'{"cells": [1]}'}
    files |= {f"{LESSON}-{number}.ipynb": NOTEBOOK for number in range(12)}
    files |= {f"{known.name}.ipynb": known.name.encode() for known in LESSONS}
    handed = handed_in(tmp_path, way, files)
    assert b'{"cells": [1]}' in [handed.content, *(content for _, content in handed.others)]


@pytest.mark.parametrize("way", ["folder", "archive"])
def test_many_files_in_a_learners_archive_cost_the_notebook_nothing(tmp_path, monkeypatch, way):
    """Is the notebook near the top read, and said that not all is?"""
    monkeypatch.setattr("autograder.pipeline.inbox.choose.FILES_MAX", 20)
    library = {f"libraries___deep___{number}__txt": b"text" for number in range(30)}
    handed = handed_in(tmp_path, way, {"a.zip": zipped(**library, mine___x__ipynb=NOTEBOOK)})
    assert handed.content == NOTEBOOK
    assert "more than 20 files" in handed.note
