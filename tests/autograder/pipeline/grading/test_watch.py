"""Is what arrives graded at once, and nothing before it is whole?"""

import io
import itertools
import threading

import nbformat
import pytest
from tiny_course import LESSON, RIGHT, solved

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.gradebook.database import read_records
from autograder.pipeline.grading import watch
from autograder.pipeline.grading.run import open_course
from autograder.pipeline.grading.watch import Folders, watch_lesson


class Steps:
    """Watches in a thread of its own; each look waits until the test has done its next thing."""

    def __init__(self, root, **options):
        self.out, self.course = io.StringIO(), open_course(root)
        self._go, self._looked, self._stop = threading.Semaphore(0), threading.Semaphore(0), False
        run = {"out": self.out, "until": self._until, **options}
        self._thread = threading.Thread(target=watch_lesson, args=(self.course, LESSON), kwargs=run)
        self._thread.start()

    def _until(self):
        self._looked.release()
        self._go.acquire(timeout=60)
        return self._stop

    def look(self, times=1):
        """Let it look so often, and return what it has said in all."""
        for _ in range(times):
            assert self._looked.acquire(timeout=60)
            self._go.release()
        return self.out.getvalue().splitlines()

    def lines(self, count):
        """Let it look until it has said so many lines, and return them."""
        for _ in range(1500):
            if len(said := self.look()) >= count:
                return said
        raise AssertionError(f"{count} lines are expected; it said {said}")

    def stop(self):
        """Let it end."""
        self._stop = True
        self._go.release()
        self._thread.join(timeout=60)
        assert not self._thread.is_alive()


@pytest.fixture
def steps(root, judged):
    """Return a function that starts to watch."""
    started = []

    def start(**options):
        started.append(Steps(root, **options))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def test_each_submission_is_graded_as_it_comes(root, steps, hand_in):
    """Is what lay there graded first, then what arrives, then what is handed in again?"""
    hand_in("ann", **RIGHT)
    watching = steps()
    watching.lines(2)
    hand_in("bob")
    watching.lines(3)
    hand_in("bob", **RIGHT)
    lines = watching.lines(4)
    assert [line.split(" | ")[0] for line in lines[1:]] == [
        "[1] ann: graded", "[2] bob: graded", "[3] bob: graded",
    ]  # fmt: skip
    assert "5 / 7" in lines[-1]


def test_a_groups_notebook_counts_for_each_member(root, steps, hand_in):
    """Is one graded with the others' notebook as it comes, and by an own one once it is there?"""
    table = "student,group\nann,Team 1\nbob,Team 1\ncat,Team 2\n"
    (root / "groups.csv").write_text(table, encoding="utf-8")
    watching = steps()
    hand_in("ann", **RIGHT)
    watching.lines(3)
    hand_in("bob")
    lines = watching.lines(4)
    said = [line.split("] ")[1].split(" | ")[0] for line in lines[1:]]
    assert said == ["ann: graded", "bob: graded (handed in by ann)", "bob: graded"]
    assert "5 / 7" in lines[2]


def test_a_file_is_taken_when_it_is_whole(root, steps, blank, hand_in):
    """Does an upload that pauses in the middle end in a grade, not in "unreadable"?"""
    content = nbformat.writes(solved(blank, **RIGHT)).encode()
    watching = steps()
    path = hand_in("ann", content[:500])
    assert len(watching.look(20)) == 1
    path.write_bytes(content[:2000])
    assert len(watching.look(20)) == 1
    path.write_bytes(content)
    assert "ann: graded" in watching.lines(2)[-1]


@pytest.mark.parametrize("reported", [True, False], ids=["reported", "not reported"])
def test_a_file_is_found_with_and_without_a_report(root, steps, hand_in, monkeypatch, reported):
    """Is a file graded that the system reports, and one that it does not report?"""
    if not reported:
        monkeypatch.setattr(watch.watchfiles, "watch", lambda *_, **__: itertools.repeat(set()))
    monkeypatch.setattr(watch, "LOOK", 1e6 if reported else 0.0)
    watching = steps()
    watching.look(4)
    hand_in("ann", **RIGHT)
    assert "ann: graded" in watching.lines(2)[-1]


def test_a_system_that_reports_nothing_is_told(root, judged, monkeypatch):
    """Does the user read what to do where no more folders can be watched?"""

    def full(*_, **__):
        raise OSError("inotify watch limit reached")
        yield

    monkeypatch.setattr(watch.watchfiles, "watch", full)
    with pytest.raises(CommandError, match="limit reached. With WATCHFILES_FORCE_POLLING=1"):
        watch_lesson(open_course(root), LESSON, out=io.StringIO())


def test_what_stays_broken_is_told(root, steps, hand_in, monkeypatch):
    """Does a file that never becomes a notebook get its status, once?"""
    monkeypatch.setattr(watch, "PATIENCE", 0.0)
    watching = steps()
    hand_in("ann", b'{"cells": [')
    assert len(watching.lines(2)) == len(lines := watching.look(8)) == 2
    assert "unreadable" in lines[-1]
    found = read_records(watching.course.coursedir.db_url, LESSON)
    assert found["ann"].status == records.UNREADABLE


def test_each_state_of_a_file_is_told_once_and_again_when_it_has_settled(tmp_path, monkeypatch):
    """Is a growing file looked at as it grows, then left alone until it is old enough?"""
    folders = Folders(tmp_path, LESSON)
    path = tmp_path / "ann" / LESSON / "x.ipynb"
    path.parent.mkdir(parents=True)
    assert folders.arrived() == []
    for size in range(3):
        path.write_text("x" * size)
        assert folders.arrived() == [("ann", False)]
    assert folders.arrived() == []
    monkeypatch.setattr(watch, "PATIENCE", 0.0)
    assert folders.arrived() == [("ann", True)]
    folders.taken("ann")
    assert folders.arrived() == []


def test_only_a_folder_can_be_watched(root, tmp_path):
    """Is an archive refused with what to do?"""
    path = tmp_path / "class.zip"
    path.write_bytes(b"")
    with pytest.raises(CommandError, match="needs a folder"):
        watch_lesson(open_course(root), LESSON, submitted=path)
