"""The gallery: every figure once, in one page that asks for nothing."""

import re
from html import unescape

import pytest

from course import widgets
from course.widgets.gallery import TO_TRY, filmed, main, name_of, page


def test_every_figure_is_in_the_gallery():
    """Has each name of `course.widgets` a title, its sentences, its code, a place in the page?"""
    assert sorted(TO_TRY) == sorted(widgets.__all__)
    html = page()
    for name, (title, words, _, sentence) in TO_TRY.items():
        figure = getattr(widgets, name).figure
        assert html.count(f'<section id="{figure}">\n<h2>{title}</h2>') == 1
        assert html.count(f'href="#{figure}"') == 1
        assert words.endswith(".")
        assert sentence.endswith((".", "?"))


def test_the_code_shown_makes_the_figure_shown():
    """Run as it stands, does each line of code give the figure above it?"""
    codes = re.findall(r"In a notebook: <code>(.*?)</code>", page())
    assert len(codes) == len(widgets.__all__)
    for code, (name, (*_, settings, _)) in zip(codes, TO_TRY.items(), strict=True):
        figure = eval(unescape(code), vars(widgets))
        assert figure.state() == getattr(widgets, name)(**settings).state()


def test_the_page_asks_for_nothing():
    """Is there no address but that of SVG and of pictures that stand in it, and a policy for it?"""
    html = page()
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)|@import", html)
    assert not re.search(r"\bsrc=(?!\"data:image/png;base64,)", html)
    assert "default-src 'none'" in html


def test_the_command_writes_the_page_or_says_why_not(tmp_path, capsys):
    """Is the page written where asked, and a folder that is missing named on stderr?"""
    assert main([str(tmp_path / "gallery.html")]) == 0
    assert (tmp_path / "gallery.html").read_text("utf-8") == page()
    assert main([str(tmp_path / "missing" / "gallery.html")]) == 2
    assert "cannot be written: No such file or directory." in capsys.readouterr().err


def test_a_film_begins_with_no_output_chosen():
    """Has each figure of the gallery one to be filmed, found however its name is written?"""
    for name in TO_TRY:
        figure = filmed(name)
        assert figure.selection is None
        assert name_of(figure.figure) == name_of(name.lower()) == name


def test_without_a_chromium_the_command_says_what_to_do(tmp_path, monkeypatch, capsys):
    """Does it name what to install, write nothing, and end with an error?"""
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert main(["--gif", "Im2Col", str(tmp_path / "a.gif")]) == 2
    assert "No Chromium: install Debian's chromium" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "said"), [("echo hello", "drawn nothing"), ("sleep 9", "ended")]
)
def test_a_browser_that_draws_nothing_is_named(tmp_path, monkeypatch, capsys, script, said):
    """Does the command end with a sentence where the browser fails, or takes too long?"""
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\nexec {script}\n")
    browser.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))
    monkeypatch.setattr("course.widgets.film.LONGEST", 1)
    assert main(["--gif", "Im2Col", str(tmp_path / "a.gif")]) == 2
    assert said in capsys.readouterr().err


def test_nothing_asked_for_says_what_can_be_asked_for(capsys):
    """Without a file and without a figure, does it name both?"""
    with pytest.raises(SystemExit, match="2"):
        main([])
    assert "--gif Im2Col" in capsys.readouterr().err
