"""What of a learner's outputs others may see."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judge.outputs import attachments, sanitised

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 30).decode()
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["output_type", "name", "text", "data", "image/png", "text/html"]),
            inner,
        )
    ),
    max_leaves=10,
)


def display(**data):
    kinds = {"html": "text/html", "plain": "text/plain", "png": "image/png"}
    named = {kinds[key]: value for key, value in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": {"x": "<script>"}}


def said(text):
    """Return what is kept of a printed text."""
    return sanitised([{"output_type": "stream", "name": "stdout", "text": text}], 10**6)[0]["text"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        ("\x1b[38;5;1mred", "\x1b[38;5;1mred"),
        ("up\x1b[1A\x1b[2K", "up"),
        ("\x1b]0;title", "]0;title"),
        ("\x1b[" + "1;" * 5000 + "m.", "."),
        ("\x1b[31m." * 501, "." * 501),
    ],
)
def test_few_colours_are_kept_and_no_other_escape(text, kept):
    """Do the colours of a traceback stay, and nothing that a page would take long to show?"""
    assert said(text) == kept


def test_text_and_pictures_are_kept():
    """Do a stream, a result and a real picture come through, metadata not?"""
    stream = {"output_type": "stream", "name": "stderr", "text": "careful\n"}
    made = sanitised([stream, display(plain="3", png=PNG)], 10_000)
    assert made[0] == stream
    assert made[1]["data"] == {"text/plain": "3", "image/png": PNG}
    assert made[1]["metadata"] == {}


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>a</a>",
        "<iframe src='//evil'></iframe>",
        "<link rel=stylesheet href='//evil'>",
        "<style>@import '//evil'</style>",
        "<td style='background:url(//evil)'>a</td>",
        "<b onmouseover='alert(1)'>a</b>",
        "<form action='//evil'><input name=a></form>",
        "<!-- <script>alert(1)</script> -->",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<meta http-equiv=refresh content='0;url=//evil'>",
    ],
)
def test_html_runs_and_fetches_nothing(html):
    """Is every way to run or to fetch something gone?"""
    made = sanitised([display(html=html, plain="p")], 10_000)
    text = made[0]["data"].get("text/html", "")
    for bad in ("script", "alert", "evil", "onerror", "<svg", "<iframe", "<link", "<style"):
        assert bad not in text
    for bad in ("<form", "<meta", "<input", "url(", "href", "src=", "<!--"):
        assert bad not in text


def test_a_picture_must_be_one():
    """Is base64 of something else, or no base64 at all, left out?"""
    page = base64.b64encode(b"<html>").decode()
    for fake in (page, "not base64!", "", PNG[:5], 7):
        assert sanitised([display(png=fake, plain="p")], 1000)[0]["data"] == {"text/plain": "p"}


def test_too_much_is_cut_and_said():
    """Is what fits kept, the rest left out, and the cut named?"""
    outputs = [display(plain="a" * 600), display(plain="b" * 600), display(plain="c" * 100)]
    made = sanitised(outputs, 1000)
    assert [output["output_type"] for output in made] == ["display_data", "display_data", "stream"]
    assert made[1]["data"]["text/plain"] == "c" * 100
    assert "1000 bytes" in made[2]["text"]


def test_control_characters_go_and_colours_stay():
    """Is a terminal's colour kept, and a bell, a NUL and a lone surrogate not?"""
    text = "\x1b[31mred\x1b[0m\x07\x00\ud800\ttab\n"
    made = sanitised([{"output_type": "stream", "name": "stdout", "text": text}], 1000)
    assert made[0]["text"] == "\x1b[31mred\x1b[0m?\ttab\n"


def test_attached_pictures_are_checked():
    """Do attachments of a markdown cell follow the same rule?"""
    found = {"a.png": {"image/png": PNG}, "b.svg": {"image/svg+xml": "<svg/>"}, "c": "x"}
    assert attachments(found, 10_000) == {"a.png": {"image/png": PNG}}
    assert attachments(found, 10) == {}
    assert attachments(["x"], 10) == {}


@settings(deadline=None)
@given(JUNK)
def test_junk_gives_only_known_outputs(junk):
    """Whatever the learner's side sends, are only valid outputs kept?"""
    for output in sanitised([junk, *([junk] if isinstance(junk, dict) else [])], 1000):
        assert output["output_type"] in ("stream", "error", "display_data", "execute_result")
