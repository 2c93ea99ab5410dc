"""Is a deck printed with a page for each slide, and is a missing browser named?"""

import re
import zlib

import pytest

from autograder import CommandError
from autograder.notebooks.layout import this_course
from autograder.pages.export import exported
from autograder.pages.pdf import browser, print_deck
from autograder.pages.slides import DeckExporter
from tests.browser.chromium import executable

NAME = "06_backward_loops"
STREAM = re.compile(rb"/Length (\d+)>>\s*stream\r?\n")
PAGE = re.compile(rb"/Type /Page\b.*?/Contents (\d+) 0 R", re.DOTALL)


def pages_of(pdf):
    """Return what each page of one of Chromium's PDFs draws, as PDF's own commands."""
    contents = []
    for number in PAGE.findall(pdf):
        body = pdf[pdf.index(b"\n%s 0 obj" % number) :]
        length = STREAM.search(body)
        contents.append(zlib.decompress(body[length.end() : length.end() + int(length[1])]))
    return contents


@pytest.mark.slow
def test_a_pdf_has_a_page_for_each_slide_and_the_figures_colours(tmp_path):
    """Has it as many pages as the deck has slides, none of them blank, and purple cells?"""
    if executable() is None:
        pytest.skip("no Chromium: install Debian's chromium, or name one in $CHROMIUM")
    deck = tmp_path / "deck.html"
    deck.write_text(exported(this_course(), NAME, DeckExporter()), "utf-8")
    pages = pages_of(print_deck(deck, browser()).read_bytes())
    assert len(pages) == len(re.findall("<section><section>|</section><section>", deck.read_text()))
    assert all(b"Tj" in page or b"TJ" in page for page in pages)
    fills = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", b"".join(pages))
    assert any(float(b) > 1.3 * float(g) < 1.3 * float(r) for r, g, b in fills)


def test_a_missing_browser_is_named(monkeypatch):
    """Does the message say what to install?"""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommandError, match="Install Debian's chromium"):
        browser()


def test_a_browser_that_fails_is_quoted(tmp_path):
    """Does its own message reach the lecturer?"""
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho no room left >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(CommandError, match="no room left"):
        print_deck(tmp_path / "deck.html", str(program))
