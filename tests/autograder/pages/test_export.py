"""The slides and pages commands: what they write, say and refuse."""

import re

import pytest

from autograder import CommandError
from autograder.__main__ import main
from autograder.notebooks.layout import this_course
from autograder.pages.export import exported
from autograder.pages.pages import PageExporter
from autograder.pages.slides import DeckExporter

NAME = "01_sliding_window"


@pytest.mark.parametrize(("command", "hint"), [("slides", "Slideshow Mode"), ("pages", "")])
def test_a_command_writes_one_file_a_lesson(command, hint, monkeypatch, capsys):
    """Is the file where the line says, and does a lecturer learn how to show a live one?"""
    real = this_course()
    monkeypatch.chdir(real.root)
    assert main([command, "1"]) == 0
    said = capsys.readouterr().out
    written = real.root / re.match(r"(dist/\S+)  \d+ kB", said)[1]
    assert written.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert hint in said


@pytest.mark.parametrize("exporter", [PageExporter, DeckExporter])
def test_nothing_is_asked_of_a_network(exporter):
    """Has the file no address from which a browser would load anything?"""
    html = exported(this_course(), NAME, exporter())
    assert "default-src 'none'" in html
    tags = r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["'](?!data:)"""
    loading = tags + r"""|@import|url\((?!['"]?data:)"""
    style = "".join(re.findall(r"<style.*?</style>", html, re.DOTALL))
    assert re.search(loading, re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)) is None
    assert re.search(loading, style) is None


def test_a_page_shows_what_a_deck_leaves_out():
    """Are answers and checks on the page, and not on the slides?"""
    course = this_course()
    page, deck = (exported(course, NAME, exporter()) for exporter in (PageExporter, DeckExporter))
    answer = 'nf">correlate1d</span>'  # where the function is defined
    assert answer in page
    assert answer not in deck


def test_an_unbuilt_lesson_is_named_with_the_way_out(tmp_path):
    """Does the message name the file and the command?"""
    course = this_course()
    empty = type(course)(tmp_path, course.lessons, course.exercises_of, course.visible_cases)
    with pytest.raises(CommandError, match=f"solutions/{NAME}.*autograder build {NAME}"):
        exported(empty, NAME, PageExporter())
