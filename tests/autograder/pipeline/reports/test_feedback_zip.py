"""Does Moodle find each learner's page in the archive that it takes back?"""

import re
import zipfile

import nbformat
from tiny_course import LESSON, RIGHT, solved

from autograder.__main__ import main
from autograder.pipeline.grading.run import grade_lesson, open_course
from tests.attacks import archives


def moodles_reading(name, participants):
    """Return whose file it is and what it is called, as Moodle's importziplib.php reads names."""
    parts = name.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) < 4 or not info[1].isdigit() or info[1] not in participants:
            continue
        if tuple(info[2:4]) == ("assignsubmission", "file"):
            inside = info[4] if len(info) > 4 else ""
            return info[1], "/".join([inside, *parts])
    return None


def test_moodle_finds_each_learners_page(
    root, judged, blank, tmp_path, monkeypatch, capsys, hand_in
):
    """Has each learner of Moodle's archive a page under their number, and who is not is told?"""
    monkeypatch.chdir(root)
    work = nbformat.writes(solved(blank, **RIGHT)).encode()
    entries = {
        "O'Neil Zoë_31_assignsubmission_file_/x.ipynb": work,
        "Kim Lee_32_assignsubmission_file_/x.ipynb": work,
        "Kim Lee_33_assignsubmission_file_/x.ipynb": work,
        "Bo Bad_34_assignsubmission_file_/x.pdf": b"%PDF-1.7",
    }
    course = open_course(root)
    grade_lesson(course, LESSON, submitted=archives.archive(tmp_path / "class.zip", entries))
    hand_in("ann", **RIGHT)
    grade_lesson(course, LESSON)
    main(["feedback", LESSON, "--for", "moodle"])
    said = capsys.readouterr().out
    assert f"feedback/{LESSON}-moodle.zip: 3 of them, for Moodle" in said
    assert f"Not in it, since no archive of Moodle had them for {LESSON}: ann" in said
    with zipfile.ZipFile(root / "feedback" / f"{LESSON}-moodle.zip") as made:
        read = {
            number: (file, re.search(r"Kim Lee_\d+|O'Neil Zoë|O&#39;Neil Zoë", page)[0])
            for name in made.namelist()
            for number, file in [moodles_reading(name, {"31", "32", "33", "34"})]
            for page in [made.read(name).decode()]
        }
    assert {number: file for number, (file, _) in read.items()} == {
        number: f"/{LESSON}.html" for number in ("31", "32", "33")
    }
    assert [read[number][1] for number in ("32", "33")] == ["Kim Lee_32", "Kim Lee_33"]
