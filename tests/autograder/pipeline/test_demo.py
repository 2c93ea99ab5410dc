"""Does the demonstration show a class, and notice when someone gets what they should not get?"""

import argparse
from dataclasses import replace

import nbformat
import pytest
from tiny_course import REPOSITORY

from autograder import CommandError
from autograder.exercises import exercises_of
from autograder.pipeline import demo, simulated
from autograder.pipeline.simulated import CLASS, LESSON

pytestmark = pytest.mark.skipif(
    not (REPOSITORY / "release" / LESSON).is_dir(), reason=f"{LESSON} is not built"
)


def run(folder, monkeypatch, *names, size=None, **changed):
    """Run the command for some of the class, with their expectations changed, or for `size`."""
    chosen = [replace(learner, **changed) for learner in CLASS if learner.who in names]
    monkeypatch.setattr(demo, "CLASS", chosen)
    monkeypatch.chdir(REPOSITORY)
    return demo.run(argparse.Namespace(dir=folder, learners=size, seed=0))


def test_the_class_is_large_and_varied():
    """Are there enough learners, in every status, with distinct names?"""
    assert len(CLASS) >= 14
    assert len({learner.who for learner in CLASS}) == len(CLASS)
    statuses = {learner.status for learner in CLASS}
    assert statuses == {"graded", "partly graded", "unreadable", "missing", "not this lesson"}


def test_automatic_points_are_the_registrys():
    """Do the expectations count the same points as the registry?"""
    graded = [exercise for exercise in exercises_of(LESSON) if exercise.kind != "written"]
    assert sum(exercise.points for exercise in graded) == simulated.AUTOMATIC


def test_every_submission_is_made_from_the_release():
    """Does each simulated answer find its cell in the notebook that is given out?"""
    path = REPOSITORY / "release" / LESSON / f"{LESSON}.ipynb"
    release = nbformat.read(path, as_version=4)
    marked = [cell for cell in release.cells if "nbgrader" in cell.metadata]
    names = {cell.metadata.nbgrader.grade_id for cell in marked}
    answers = {exercise.name for exercise in exercises_of(LESSON)}
    assert set(simulated.LOOPS) == answers <= names


def test_right_wrong_hostile_and_broken_get_what_they_should(tmp_path, monkeypatch, capsys):
    """Does the whole way, judge included, end in the expected table and feedback pages?"""
    assert run(tmp_path / "demo", monkeypatch, "emma", "noah", "olga") == 0
    shown = capsys.readouterr().out
    assert "NOT AS EXPECTED" not in shown
    assert "correlate1d: flips-the-kernel" in shown
    pages = sorted((tmp_path / "demo" / "feedback").glob("*/*/*.html"))
    assert [page.parent.parent.name for page in pages] == ["emma", "noah"]
    texts = [page.read_text(encoding="utf-8") for page in pages]
    report = (tmp_path / "demo" / "reports" / LESSON / "report.html").read_text(encoding="utf-8")
    assert not any("<script" in text.lower() for text in [*texts, report])
    assert "First difference at index [0]: computed 10, expected 14." in texts[0]
    assert "the kernel is flipped" in report
    assert "it ends too early" in report


def test_an_unexpected_result_fails_the_command(tmp_path, monkeypatch, capsys):
    """Would anyone notice if a hostile submission gained points?"""
    assert run(tmp_path / "demo", monkeypatch, "olga", status="graded", points=18.0) == 1
    shown = capsys.readouterr().out
    assert "NOT AS EXPECTED: olga" in shown
    assert "expected 18" in shown


def test_a_folder_of_someone_elses_is_left_alone(tmp_path, monkeypatch):
    """Can --dir wipe a folder that the command did not make?"""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CommandError, match="left as it is"):
        run(tmp_path, monkeypatch, "olga")
    assert (tmp_path / "thesis.txt").exists()


def test_a_class_of_any_size_gets_what_it_should(tmp_path, monkeypatch, capsys):
    """Does the whole way hold for learners drawn at random, and is their number checked?"""
    assert run(tmp_path / "demo", monkeypatch, size=6) == 0
    assert "s0006" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Expected 1 or more"):
        run(tmp_path / "none", monkeypatch, size=0)
