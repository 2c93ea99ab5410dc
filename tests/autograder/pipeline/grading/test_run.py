"""Is a whole class graded, each submission with a status that says what became of it?"""

import errno

import nbformat
import pytest
from nbgrader.api import Gradebook
from tiny_course import LESSON, RIGHT, HerePool, fake_judge

from autograder import CommandError
from autograder.pipeline.gradebook.database import read_records
from autograder.pipeline.grading.run import grade_lesson, only_one, open_course
from autograder.pipeline.secret import renew_secret
from tests.attacks import archives


def graded(root, **options):
    """Grade the class and return learner -> row."""
    return {row.student: row for row in grade_lesson(open_course(root), LESSON, **options)[0]}


def test_every_submission_gets_its_status(root, judged, hand_in):
    """Does each kind of trouble have its name, and none of them stop the others?"""
    hand_in("ann", **RIGHT)
    hand_in("bob", b'{"cells": [')
    hand_in("dan", b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}')
    (root / "submitted" / "cy" / LESSON).mkdir(parents=True)
    (root / "submitted" / "eve").mkdir()
    hand_in("fay")
    rows = graded(root)
    assert {name: row.record.status for name, row in rows.items()} == {
        "ann": "graded", "bob": "unreadable", "cy": "missing", "dan": "not this lesson",
        "eve": "missing", "fay": "graded",
    }  # fmt: skip
    assert "ends too early" in rows["bob"].record.reason
    assert (rows["ann"].score, rows["ann"].by_hand) == (5, 1)
    assert rows["ann"].points == "5 / 7 (1 by hand)"
    assert (rows["fay"].score, rows["fay"].by_hand) == (0, 0)
    assert rows["fay"].diagnosis == "not written: double, square"


def test_ungraded_is_never_a_zero_in_the_gradebook(root, judged, hand_in):
    """Does the gradebook hold no grade where nothing was graded?"""
    hand_in("bob", b"")
    rows = graded(root)
    assert rows["bob"].score is None
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        assert [student.id for student in gradebook.students] == ["bob"]
        assert gradebook.assignment_submissions(LESSON) == []


def test_the_graders_own_failure_stops_no_one(root, judged, hand_in, monkeypatch):
    """Is an error in the grader told as such, and the next learner graded?"""

    def fails_for_ann(source, submission, **options):
        if any("x + x" in cell.source for cell in submission.cells):
            raise OSError("no space left")
        return fake_judge(source, submission, **options)

    monkeypatch.setattr(
        "autograder.pipeline.nbgrader_hooks.preprocessors.judge_kept", fails_for_ann
    )
    hand_in("ann", **RIGHT)
    hand_in("bob")
    rows = graded(root)
    assert rows["ann"].record.status == "not graded"
    assert "no space left" in rows["ann"].record.reason
    assert rows["ann"].score is None
    assert rows["bob"].record.status == "graded"


@pytest.mark.parametrize("name", ["山" * 86, "\U0001f600" * 64, "山" * 80 + "a"])
def test_a_name_that_no_folder_can_have_stops_no_one(root, judged, hand_in, tmp_path, name):
    """Are a name's bytes counted, since a file system does?"""
    right = hand_in("ann", **RIGHT).read_bytes()
    entries = {"Ann Lee_1": right, f"{name}_2": right, "Zoë_3": right}
    entries = {f"{top}_assignsubmission_file_/x.ipynb": text for top, text in entries.items()}
    path = archives.archive(tmp_path / "class.zip", entries)
    rows = graded(root, submitted=path)
    assert sorted(row.record.status for row in rows.values()) == ["graded", "graded", "unreadable"]
    assert graded(root, submitted=path).keys() == rows.keys()


@pytest.mark.parametrize("place", ["ann", f"ann/{LESSON}/{LESSON}.ipynb"])
def test_a_file_that_cannot_be_written_stops_no_one(root, judged, hand_in, place):
    """Is what lies in the way of one learner's grade told for them alone, until it is gone?"""
    hand_in("ann", **RIGHT)
    hand_in("bob", **RIGHT)
    in_the_way = root / "autograded" / place
    if place == "ann":
        in_the_way.parent.mkdir()
        in_the_way.write_text("")
    else:
        in_the_way.mkdir(parents=True)
    rows = graded(root)
    assert {name: row.record.status for name, row in rows.items()} == {
        "ann": "not graded", "bob": "graded",
    }  # fmt: skip
    assert f"autograded/{place}" in rows["ann"].record.reason
    assert rows["ann"].score is None
    in_the_way.rmdir() if in_the_way.is_dir() else in_the_way.unlink()
    assert graded(root)["ann"].score == 5


def test_a_full_disk_ends_the_run(root, judged, hand_in, monkeypatch):
    """Is what concerns everybody no status of each learner's?"""

    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr("autograder.pipeline.gradebook.writer.write_whole", full)
    hand_in("ann", **RIGHT)
    with pytest.raises(OSError, match="No space left"):
        graded(root)


def test_only_what_changed_is_graded_again(root, judged, hand_in, monkeypatch):
    """Does a second run judge only new work, and all of it when the tests change or on demand?"""
    judged_students = []

    def counting(source, submission, **options):
        judged_students.append(submission)
        return fake_judge(source, submission, **options)

    monkeypatch.setattr("autograder.pipeline.nbgrader_hooks.preprocessors.judge_kept", counting)
    hand_in("ann", **RIGHT)
    hand_in("bob")

    def count(**options):
        judged_students.clear()
        graded(root, **options)
        return len(judged_students)

    assert count() == 2
    with monkeypatch.context() as broken:  # no worker starts where the files are the same
        broken.setattr(HerePool, "wait", None)
        broken.setattr(HerePool, "submit", None)
        assert count() == 0
    hand_in("bob", **RIGHT)
    assert count() == 1
    assert count(force=True) == 2
    renew_secret(root)
    assert count() == 2


def test_a_grade_that_is_gone_is_given_again(root, judged, hand_in):
    """Is a learner judged anew whose notebook, or whose row in the gradebook, was removed?"""
    hand_in("ann", **RIGHT)
    hand_in("bob", **RIGHT)
    grade_lesson(open_course(root), LESSON)
    (root / "autograded" / "ann" / LESSON / f"{LESSON}.ipynb").unlink()
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.remove_submission(LESSON, "bob")
    rows, unchanged = grade_lesson(open_course(root), LESSON)
    assert unchanged == set()
    assert [row.score for row in rows] == [5, 5]
    assert (root / "autograded" / "ann" / LESSON / f"{LESSON}.ipynb").exists()


def test_a_strange_name_is_read_and_told(root, judged, hand_in):
    """Is a browser's second copy graded, and said to be one?"""
    hand_in("ann", name=f"{LESSON} (1).ipynb", **RIGHT)
    (row,) = graded(root).values()
    assert row.score == 5
    assert row.record.reason == f"read from {LESSON} (1).ipynb"


def test_some_learners_and_another_folder(root, judged, hand_in, tmp_path):
    """Do --student and --submitted pick what is graded?"""
    for name in ("ann", "bob"):
        hand_in(name, **RIGHT)
    (root / "submitted").rename(root / "inbox")
    rows = graded(root, submitted=root / "inbox", students=["bob", "zoe"])
    assert {name: row.record.status for name, row in rows.items()} == {
        "bob": "graded", "zoe": "missing",
    }  # fmt: skip
    with pytest.raises(CommandError, match="There is no"):
        graded(root, submitted=root / "nowhere")


@pytest.mark.parametrize("name", ["", " ", "..", "../ann", "ann/01"])
def test_what_cannot_be_a_learners_name_is_refused(root, judged, hand_in, name):
    """Does a path in place of a name end in a sentence, and leave the gradebook as it is?"""
    hand_in("ann", **RIGHT)
    with pytest.raises(CommandError, match="Expected a learner's name"):
        graded(root, students=[name])
    assert read_records(f"sqlite:///{root}/gradebook.db", LESSON) == {}


def test_a_learner_who_is_known_and_hands_in_nothing_is_missing(root, judged):
    """Does someone who stands in the gradebook only get a status?"""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.update_or_create_student("gus")
    assert graded(root)["gus"].record.status == "missing"


def test_files_beside_the_notebook_stay_out(root, judged, hand_in):
    """Does a page or a link that was handed in reach a folder that Formgrader serves?"""
    path = hand_in("ann", **RIGHT)
    (path.parent / "evil.html").write_text("<script>alert(1)</script>")
    (path.parent / "book").symlink_to(root / "gradebook.db")
    (path.parent / "timestamp.txt").write_text("2025-03-01 12:00:00 UTC")
    graded(root)
    kept = {path.name for path in (root / "autograded" / "ann" / LESSON).iterdir()}
    assert kept == {f"{LESSON}.ipynb", "timestamp.txt"}


def test_a_lesson_that_changed_under_graded_work_is_not_mixed_up(root, judged, hand_in):
    """Does a new test cell after the first grades end in advice, not in a broken gradebook?"""
    hand_in("ann", **RIGHT)
    graded(root)
    path = root / "source" / LESSON / f"{LESSON}.ipynb"
    source = nbformat.read(path, as_version=4)
    source.cells = [cell for cell in source.cells if cell.id != "double-large"]
    nbformat.write(source, path)
    with pytest.raises(CommandError, match="Cannot add or remove cells"):
        graded(root)


def test_two_graders_do_not_write_at_the_same_time(root, judged, hand_in):
    """Is a second program told to wait, and let in when the first has ended?"""
    hand_in("ann", **RIGHT)
    with only_one(root), pytest.raises(CommandError, match="Another program is grading"):
        graded(root)
    assert graded(root)["ann"].score == 5


def test_what_was_judged_is_kept_when_something_stops_the_rest(root, judged, hand_in, monkeypatch):
    """Are finished grades written before Ctrl-C or a full disk ends the run?"""
    hand_in("ann", **RIGHT)
    hand_in("bob", **RIGHT)

    def stops_at_bob(source, submission, **options):
        assert records_of(root) == {}
        if len(seen) == 1:
            raise KeyboardInterrupt
        seen.append(1)
        return fake_judge(source, submission, **options)

    seen = []
    monkeypatch.setattr("autograder.pipeline.nbgrader_hooks.preprocessors.judge_kept", stops_at_bob)
    with pytest.raises(KeyboardInterrupt):
        graded(root, jobs=1)
    assert set(records_of(root)) == {"ann"}


def records_of(root):
    """Return what is recorded by now."""
    return read_records(f"sqlite:///{root}/gradebook.db", LESSON)
