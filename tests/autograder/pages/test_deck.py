"""Is a deck cut into titled slides of a screen's length, with the lecturer's notes beside them?"""

import nbformat
import pytest
from nbformat import NotebookNode

from autograder import CommandError
from autograder.notebooks.layout import this_course
from autograder.notebooks.text import LessonText
from autograder.pages.deck import deck_of, height_of
from autograder.pages.slides import DeckExporter

PARAGRAPH = "A sentence that is as long as a line on a slide, or nearly so, and says nothing. " * 3


def prose(source, slide=None, role=None):
    cell = nbformat.v4.new_markdown_cell(source)
    if slide:
        cell.metadata.slideshow = {"slide_type": slide}
    if role:
        cell.metadata.role = role
    return cell


def code(source, html):
    output = nbformat.v4.new_output("display_data", {"text/html": html})
    return nbformat.v4.new_code_cell(source, outputs=[output])


def deck(*cells):
    """Return the deck of a lesson with these cells: each slide's sources, and its notes."""
    text = NotebookNode(cells=list(cells))
    solved = NotebookNode(
        cells=[c for c in cells if c.metadata.get("role") != "notes"], metadata={}
    )
    slides = []
    for cell in deck_of(LessonText("01_topic", text, []), solved).cells:
        kind = cell.metadata.slideshow.slide_type
        if kind in ("slide", "subslide"):
            slides.append(([], []))
        slides[-1][kind == "notes"].append(cell.source)
    return slides


def test_a_slide_that_is_too_long_goes_on_under_the_same_title():
    """Does no slide hold more than a screen, does each have a title, and is nothing lost?"""
    text = "\n\n".join(["## Say it", *[PARAGRAPH] * 13])
    slides = deck(prose(text, "slide"))
    assert [shown[0] for shown, _ in slides] == ["## Say it"] + ["## Say it (continued)"] * 2
    assert sum(shown.count(PARAGRAPH) for shown, _ in slides) == 13
    for shown, _ in slides:
        assert sum(height_of(prose(part)) for part in shown[1:]) < 19


def test_one_line_too_many_stays_on_its_slide():
    """Is a slide made a little smaller rather than cut, where only a line or two would follow?"""
    text = "\n\n".join(["## Say it", *[PARAGRAPH] * 5, "The end."])
    assert len(deck(prose(text, "slide"))) == 1


def test_a_figure_has_a_slide_to_itself_and_what_is_asked_of_it():
    figure = code("Layout()", '<div class="course-figure">')
    slides = deck(prose("## See it\n\nBelow.", "slide"), figure, prose("**Ask the figure.**"))
    assert [shown[0] for shown, _ in slides] == ["## See it", "## See it (continued)"]
    assert slides[1][0][1:] == ["Layout()", "**Ask the figure.**"]


def test_notes_stay_with_their_title_until_others_come():
    """Are the notes on each slide that goes on, and not on the next title's?"""
    figure = code("Layout()", '<div class="course-figure">')
    slides = deck(
        prose("## One\n\nBelow.", "slide"),
        prose("Say this.", role="notes"),
        figure,
        prose("## Two", "slide"),
    )
    assert [notes for _, notes in slides] == [["Say this."], ["Say this."], []]


def test_what_is_hidden_and_what_is_skipped_is_not_torn_or_shown():
    """Does an answer with empty lines stay whole, and a skipped cell away?"""
    hidden = "<details><summary>Answer</summary>\n\nSeven.\n\n</details>"
    [(shown, _)] = deck(prose(f"## One\n\nWhy?\n\n{hidden}", "slide"), prose("Shift", "skip"))
    assert shown == ["## One", "Why?", hidden]


def test_a_solution_of_another_text_is_refused():
    """Does the message name the command that builds it?"""
    text = LessonText("01_topic", NotebookNode(cells=[prose("# One")]), [])
    with pytest.raises(CommandError, match="autograder build 01_topic"):
        deck_of(text, NotebookNode(cells=[], metadata={}))


@pytest.mark.parametrize("name", this_course().written_lessons())
def test_a_lesson_has_notes_where_its_sections_begin(name):
    """Does every section that explains something tell the lecturer what to do with it?"""
    course = this_course()
    solved = nbformat.read(course.root / f"solutions/{name}/{name}.ipynb", as_version=4)
    cells = DeckExporter().cells_of(course, name, solved).cells
    kinds = [cell.metadata.slideshow.slide_type for cell in cells]
    assert kinds[: kinds.index("slide", 1)].count("notes")  # the title's
    assert kinds.count("notes") >= 10
    assert "Shift + Enter" not in "".join(cell.source for cell in cells)
