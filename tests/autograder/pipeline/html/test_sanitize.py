"""Does anything that a learner writes run, load or pass for the grader's own?"""

import base64
import time

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from autograder.pipeline.html.sanitize import SanitizeOutputs, clean_html, markdown_to_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" jAvAsCrIpT&#58;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="../../evil.html">x</a>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x.swf></object><embed src=x>",
    "<form action=//x.example><button formaction=javascript:alert(1)>x</button></form>",
    "<meta http-equiv=refresh content='0;url=//x.example'>",
    "<base href=//x.example><link rel=stylesheet href=//x.example/x.css>",
    "<style>@import url(//x.example/x.css)</style>",
    "<div style='background:url(//x.example/x.png);position:fixed'>x</div>",
    "<img src='//x.example/x.png' srcset='//x.example/y.png'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<details open ontoggle=alert(1)>x</details>",
    "<b id=submission_id name=x class='fb-total btn score'>x</b>",
    "<textarea></textarea><script>alert(1)</script>",
    "<input autofocus onfocus=alert(1)>",
    "<!--><script>alert(1)</script>-->",
]
HARMLESS_LINKS = ("http://", "https://", "mailto:", "#")


def assert_harmless(html):
    """Check a page's parts one by one, as a browser would read them."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all():
        assert tag.name not in (
            *("script", "style", "iframe", "object", "embed", "svg", "form", "input", "button"),
            *("link", "base", "meta", "textarea", "noscript", "video", "audio"),
        ), html
        for name, value in tag.attrs.items():
            assert not name.startswith("on"), html
            assert name not in ("id", "name", "srcset", "srcdoc", "action", "formaction"), html
            if name == "href":
                assert value.lower().startswith(HARMLESS_LINKS), html
            if name == "src":
                assert value.startswith("data:image/"), html
                assert ";base64," in value, html
            if name == "style":
                assert "url(" not in value, html
                assert "position" not in value, html


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_html_is_harmless(source):
    """Does any of the usual ways to a script survive cleaning?"""
    assert_harmless(clean_html(source))
    assert "alert(1)</" not in clean_html(source)


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_is_harmless(source):
    """Is markdown, with its blocks, links and code, as harmless as HTML?"""
    for text in (source, f"a {source} b", f"> {source}", f"| a |\n|---|\n| {source} |"):
        assert_harmless(markdown_to_html(text))


def test_markdown_links_and_pictures_are_checked():
    """Do markdown's own links and pictures get the same treatment?"""
    text = (
        "[a](javascript:alert(1)) [b](evil.html) ![c](https://x.example/c.png) [d](https://d.org)"
    )
    soup = BeautifulSoup(markdown_to_html(text), "html.parser")
    assert [a.get("href") for a in soup("a")] == [None, None, "https://d.org"]
    assert soup("img") == []
    assert "[c: not shown]" in soup.get_text()


def test_a_pasted_picture_is_shown():
    """Is a picture that was pasted into the notebook inline, and a missing one no error?"""
    pixel = base64.b64encode(b"\x89PNG").decode()
    html = markdown_to_html(
        "![a](attachment:a.png) ![b](attachment:b.png)", {"a.png": {"image/png": pixel}}
    )
    sources = [img.get("src") for img in BeautifulSoup(html, "html.parser")("img")]
    assert sources == [f"data:image/png;base64,{pixel}"]


def test_formulas_become_mathml():
    """Are inline, displayed and environment formulas all converted?"""
    html = markdown_to_html("a $x_i$\n\n$$y$$\n\n\\begin{align}a &= b\\end{align}\n")
    assert [m["display"] for m in BeautifulSoup(html, "html.parser")("math")] == [
        "inline", "block", "block",
    ]  # fmt: skip
    assert "$" not in html


def test_a_learners_own_mathml_is_dropped():
    """Can MathML, where browsers hide ways to scripts, be written by hand?"""
    html = markdown_to_html("<math><mi xlink:href='javascript:alert(1)'>x</mi></math> and $y$")
    assert html.count("<math") == 1
    assert "javascript" not in html


def test_code_keeps_its_colours_and_foreign_classes_go():
    """Do highlighted code blocks keep their classes, and no others stay?"""
    html = markdown_to_html("```python\nreturn 1\n```\n\n<p class='btn fb-total'>x</p>")
    assert 'class="highlight"' in html
    assert 'class="k"' in html
    assert "btn" not in html


def sanitized(*cells):
    """Return a notebook's cells after the preprocessor."""
    nb = nbformat.v4.new_notebook(cells=list(cells), metadata={"widgets": {"state": {}}})
    nb, _ = SanitizeOutputs().preprocess(nb, {})
    assert "widgets" not in nb.metadata
    return nb.cells


@pytest.mark.parametrize(
    "kind",
    [
        "application/javascript",
        "application/vnd.jupyter.widget-view+json",
        "application/pdf",
        "text/vnd.mermaid",
    ],
)
def test_what_only_a_script_could_show_is_dropped(kind):
    """Does an output that needs a script leave its text and nothing else?"""
    output = new_output("display_data", {kind: "alert(1)", "text/plain": "a widget"})
    (cell,) = sanitized(new_code_cell("x", outputs=[output]))
    assert cell.outputs[0].data == {"text/plain": "a widget"}


def test_a_widgets_static_tables_stay():
    """Is a figure's fallback shown, without its script?"""
    html = "<table><tr><td style='background-color:#b35'>1</td></tr></table><script>run()</script>"
    output = new_output("display_data", {"text/html": html, "text/plain": "x"})
    (cell,) = sanitized(new_code_cell("x", outputs=[output]))
    soup = BeautifulSoup(cell.outputs[0].data["text/html"], "html.parser")
    assert soup.td.string == "1"
    assert "background-color" in soup.td["style"]
    assert "run()" not in cell.outputs[0].data["text/html"]


def test_isolated_html_gets_no_frame_of_its_own():
    """Can an output ask nbconvert for an iframe?"""
    output = new_output(
        "display_data", {"text/html": "<b>x</b>"}, metadata={"text/html": {"isolated": True}}
    )
    (cell,) = sanitized(new_code_cell("x", outputs=[output]))
    assert cell.outputs[0].metadata == {}


def test_pictures_have_to_be_pictures():
    """Can a picture's data break out of its attribute?"""
    good = base64.b64encode(b"\x89PNG").decode()
    outputs = [
        new_output("display_data", {"image/png": good, "text/plain": "good"}),
        new_output("display_data", {"image/png": '"><script>alert(1)', "text/plain": "bad"}),
    ]
    (cell,) = sanitized(new_code_cell("x", outputs=outputs))
    assert cell.outputs[0].data == {"image/png": good}
    assert cell.outputs[1].data == {"text/plain": "bad"}


def test_latex_and_markdown_outputs_are_rendered():
    """Are the outputs that a page would leave to a script converted here?"""
    outputs = [
        new_output("display_data", {"text/latex": r"$\displaystyle x^2$"}),
        new_output("display_data", {"text/markdown": "*a* <script>alert(1)</script>"}),
    ]
    (cell,) = sanitized(new_code_cell("x", outputs=outputs))
    assert "<math" in cell.outputs[0].data["text/html"]
    assert cell.outputs[1].data["text/html"].startswith("<p><em>a</em>")
    assert "script" not in cell.outputs[1].data["text/html"]


def test_raw_cells_and_forged_grade_ids_are_defused():
    """Can a raw cell write HTML, or a grade id break out of Formgrader's attributes?"""
    raw = new_raw_cell("<script>alert(1)</script>", metadata={"raw_mimetype": "text/html"})
    forged = new_markdown_cell("x", metadata={"nbgrader": {"grade_id": '"><script>'}})
    first, second = sanitized(raw, forged)
    assert first.cell_type == "code"
    assert "nbgrader" not in second.metadata


@pytest.mark.parametrize(
    "piece", ["<a ", '<a href="', "<!--", "<div>", "<table>", "</a", "&", "<?"]
)
def test_html_takes_time_in_proportion_to_its_length(piece):
    """Are 60 KB of tags that never end cleaned at once?"""
    started = time.process_time()
    clean_html(piece * (60_000 // len(piece)))
    assert time.process_time() - started < 3


OPENED = "<p>" + "".join(f"<b title={i}>" for i in range(3000)) + "</p>" + "<p>x</p>" * 3000


@pytest.mark.parametrize("source", ["<div>" * 200_000, "<img src=x>" * 95_000, OPENED])
def test_tags_that_would_take_their_square_are_shown_as_typed(source):
    """Is a megabyte of nested tags, of pictures, or of what is opened again and again cheap?"""
    started = time.process_time()
    shown = clean_html(source)
    assert time.process_time() - started < 3
    assert BeautifulSoup(shown, "html.parser").get_text() == f"{source}\n"
    assert len(markdown_to_html(OPENED[:59_000])) < 20 * len(OPENED)


@pytest.mark.parametrize(
    "style",
    [
        *("font-size:9999px", "padding: 1px 9999px", "border-width:999px", "line-height:9999"),
        *("FONT-SIZE:9.9e3PX", "font-size/**/:999px", "font-size:calc(99px*99)", "padding:50vw"),
        *("font-s\\69ze:9999px", 'font-family:"/*";font-size:9999px;x:"*/"', "padding:+999em"),
        *("border: 999px solid red", "font-size:999%"),
    ],
)
def test_no_size_fills_screens(style):
    """Is a size that makes a reader scroll left out, however it is written?"""
    shown = clean_html(f"<div style='{style};color:red'>x</div>")
    assert "9" not in shown
    assert "50" not in shown
    assert (
        clean_html('<img src="data:image/png;base64,iVBORw0KGgo=" height="9999">').count("9") == 0
    )


@pytest.mark.parametrize(
    "style",
    [
        *("font-size:90%", "font-size:1.5em;line-height:1.5", "padding:2px 12px"),
        *("border:1px solid rgb(200, 100, 0)", "border-left:4px solid #99912c", "font-weight:700"),
        *("border-left:4px solid var(--a);padding:0.5em", "background-color:#ffffff"),
    ],
)
def test_ordinary_sizes_stay(style):
    """Do tables and the course's own cards look as they did?"""
    assert clean_html(f"<div style='{style}'>x</div>") == f'<div style="{style}">x</div>'


def test_many_pictures_are_still_told():
    """Does each of a page's pictures get its description, and an inline one stay?"""
    inline = '<img src="data:image/png;base64,iVBORw0KGgo=">'
    assert (
        clean_html('<img src=x alt="a > b">' * 500 + inline)
        == "[a &gt; b: not shown]" * 500 + inline
    )


@pytest.mark.parametrize("piece", [r"\begin{a}", "|a", "`a", "[a](", "*a ", "$x$ "])
def test_text_takes_time_in_proportion_to_its_length(piece):
    """Is a text that would take its square in time shown as it was typed?"""
    started = time.process_time()
    markdown_to_html(piece * (240_000 // len(piece)))
    assert time.process_time() - started < 3
