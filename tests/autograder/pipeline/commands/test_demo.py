"""Does the demonstration show a class, and notice when someone gets what they should not get?"""

import argparse
import functools
from dataclasses import replace

import pytest
from tiny_course import REPOSITORY

from autograder import CommandError
from autograder.judge import cores
from autograder.pipeline.commands import demo
from autograder.pipeline.simulated import answers, learners
from autograder.pipeline.simulated.learners import LESSON

class_of = functools.cache(learners.class_of)  # it finds out what each answer is worth


def run(folder, monkeypatch, *names, size=None, lesson="01", **changed):
    """Run the command for some of the class, with their expectations changed, or for `size`."""
    chosen = [replace(one, **changed) for one in class_of(lesson) if one.who in names]
    monkeypatch.setattr(demo, "class_of", lambda lesson: chosen)
    monkeypatch.chdir(REPOSITORY)
    return demo.run(argparse.Namespace(lesson=lesson, dir=folder, learners=size, seed=0))


def test_a_variant_keeps_the_points_of_the_parts_it_passes():
    """Is what a mistake costs known: same values, a kernel that does not fit not refused?"""
    answer = answers.wrong_answer("output_length", "size-of-a-kernel-that-does-not-fit")
    assert answer.keeps == 4
    assert answer.says == ("size-of-a-kernel-that-does-not-fit",)
    answer = answers.wrong_answer("correlate1d", "flips-the-kernel")
    assert answer.keeps == 0


@pytest.mark.slow
def test_another_lesson_goes_the_whole_way(tmp_path, monkeypatch, capsys):
    """Do right, wrong, barred, crashing and hostile ones of lesson 08 end as expected?"""
    monkeypatch.setattr(cores, "usable", lambda: 1)  # two would take turns with other tests
    names = ("ben", "felix", "ines", "kira", "noah", "sana")
    assert run(tmp_path / "demo", monkeypatch, *names, lesson="08") == 0
    shown = capsys.readouterr().out
    assert "conv2d_im2col: flips-the-kernel" in shown
    page = tmp_path / "demo" / "feedback" / "felix" / "08_im2col" / "08_im2col.html"
    assert "the kernel is flipped" in page.read_text(encoding="utf-8")


def test_a_lesson_that_is_not_there_is_named(tmp_path, monkeypatch):
    """Does a slip of the pen end in a list of the lessons?"""
    monkeypatch.chdir(REPOSITORY)
    with pytest.raises(CommandError, match="no lesson '80'.*08_im2col"):
        demo.run(argparse.Namespace(lesson="80", dir=tmp_path, learners=None, seed=0))


@pytest.mark.slow
def test_right_wrong_hostile_and_broken_get_what_they_should(
    tmp_path, same_worker, monkeypatch, capsys
):
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


@pytest.mark.slow
def test_an_unexpected_result_fails_the_command(tmp_path, same_worker, monkeypatch, capsys):
    """Would anyone notice if a hostile submission gained points, or a mistake another name?"""
    changed = {"status": "graded", "points": 18.0, "says": "correlate1d: averages"}
    assert run(tmp_path / "demo", monkeypatch, "emma", "olga", **changed) == 1
    shown = capsys.readouterr().out
    assert "NOT AS EXPECTED: olga" in shown
    assert "expected 18" in shown
    assert "expected 'correlate1d: averages'" in shown


def test_a_folder_of_someone_elses_is_left_alone(tmp_path, monkeypatch):
    """Can --dir wipe a folder that the command did not make?"""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CommandError, match="left as it is"):
        run(tmp_path, monkeypatch, "olga")
    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.slow
def test_a_class_of_any_size_gets_what_it_should(tmp_path, same_worker, monkeypatch, capsys):
    """Does the whole way hold for learners drawn at random, and is their number checked?"""
    assert run(tmp_path / "demo", monkeypatch, size=6) == 0
    assert "s0006" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Expected 1 or more"):
        run(tmp_path / "none", monkeypatch, size=0)
