"""The gallery: every figure once, in one page that asks for nothing."""

import re
from html import unescape

from course import widgets
from course.widgets.gallery import TO_TRY, main, page


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
