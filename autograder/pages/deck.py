"""A solved lesson as a deck of titled slides, a screen each, with the lecturer's notes."""

import copy
import math
import re
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from autograder import CommandError
from autograder.notebooks.text import LessonText

# Heights are in lines of text on a slide of 1280 by 760 pixels, as slides.css sets it.
SCREEN = 19.5
LETTERS = 92  # in a line of prose
BETWEEN = 0.4  # from one paragraph to the next
SQUEEZED = 3.0  # lines too many for which the last ones are not sent to a slide of their own
PICTURE = 13.0
LABEL = re.compile(r"\*\*[^*]+\*\*")  # a paragraph that names the next one
HEADING = re.compile(r"(#{1,4}) (.+)")
FIGURE = 'class="course-figure"'
IMAGE = 'src="data:image/png'


def deck_of(lesson: LessonText, solved: NotebookNode) -> NotebookNode:
    """Return the cells of a lesson's deck, with nbconvert's marks of where slides begin.

    Parameters
    ----------
    lesson : the lesson's text with every cell written out, the lecturer's notes among them
    solved : the lesson's solution, whose cells are those of the text without the notes

    Raises
    ------
    CommandError
        If the solution was built from another text.
    """
    deck = NotebookNode({**solved, "cells": []})
    title, level, notes = lesson.name, 1, []
    for slide in _slides(with_notes(lesson, solved)):
        own_notes = [cell for cell in slide if _kind(cell) == "notes"]
        shown = [part for cell in slide if _kind(cell) != "notes" for part in _parts(cell)]
        heading = HEADING.match(shown[0].source) if shown[0].cell_type == "markdown" else None
        if heading:
            level, title, notes = len(heading[1]), heading[2], own_notes
            shown = (
                [_without_heading(shown[0]), *shown[1:]] if "\n" in shown[0].source else shown[1:]
            )
        else:
            notes = own_notes or notes
        for number, page in enumerate(_pages(shown)):
            going_on = " (continued)" if number or not heading else ""
            top = nbformat.v4.new_markdown_cell(f"{'#' * level} {title}{going_on}")
            top.metadata.slideshow = {"slide_type": "subslide" if going_on else "slide"}
            deck.cells += [top, *page, *copy.deepcopy(notes)]
    for number, cell in enumerate(deck.cells):
        cell.id = f"deck-{number}"
    return deck


def with_notes(lesson: LessonText, solved: NotebookNode) -> list[NotebookNode]:
    """Return the solution's cells with the text's notes between them."""
    cells = []
    left = iter(solved.cells)
    for cell in lesson.notebook.cells:
        if cell.metadata.get("role") == "notes":
            note = nbformat.v4.new_markdown_cell(cell.source)
            note.metadata.slideshow = {"slide_type": "notes"}
            cells.append(note)
        else:
            cells.append(next(left, None))
    if None in cells or next(left, None) is not None:
        raise CommandError(
            f"solutions/{lesson.name} was built from another text. "
            f"Run `python -m autograder build {lesson.name}` first."
        )
    return cells


def _kind(cell: NotebookNode) -> str:
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


def _slides(cells: list[NotebookNode]) -> Iterator[list[NotebookNode]]:
    """Yield the cells of each slide; what is skipped is left out."""
    slide: list[NotebookNode] = []
    for cell in cells:
        if _kind(cell) == "skip":
            continue
        if _kind(cell) in ("slide", "subslide") and slide:
            yield slide
            slide = []
        slide.append(cell)
    yield slide


def _parts(cell: NotebookNode) -> list[NotebookNode]:
    """Cut prose into its paragraphs; code stays whole, with what it shows."""
    if cell.cell_type != "markdown":
        return [_going_on(cell, cell.source)]
    paragraphs, within = [], False
    for text in cell.source.split("\n\n"):
        if within or (paragraphs and LABEL.fullmatch(paragraphs[-1])):
            paragraphs[-1] += f"\n\n{text}"
        else:
            paragraphs.append(text)
        opened = paragraphs[-1]
        within = opened.count("<details") > opened.count("</details>") or opened.count("```") % 2
    return [_going_on(cell, text) for text in paragraphs if text.strip()]


def _going_on(cell: NotebookNode, source: str) -> NotebookNode:
    """Return a copy of a cell that begins no slide of its own."""
    part = NotebookNode({**copy.deepcopy(cell), "source": source})
    part.metadata.slideshow = {"slide_type": "fragment" if _kind(cell) == "fragment" else "-"}
    return part


def _without_heading(cell: NotebookNode) -> NotebookNode:
    return _going_on(cell, cell.source.partition("\n")[2])


def _pages(parts: list[NotebookNode]) -> Iterator[list[NotebookNode]]:
    """Fill one screen after the other; a figure gets one to itself and what is asked of it."""
    page, left = [], SCREEN - 2
    rest = sum(map(height_of, parts))
    for part in parts:
        full = height_of(part) > left and rest > left + SQUEEZED
        if page and (full or _is_figure(part)):
            yield page
            page, left = [], SCREEN - 2
        page.append(part)
        left -= height_of(part)
        rest -= height_of(part)
    yield page


def _is_figure(cell: NotebookNode) -> bool:
    return any(FIGURE in html for html in _html_of(cell))


def _html_of(cell: NotebookNode) -> list[str]:
    return [o.get("data", {}).get("text/html", "") for o in cell.get("outputs", ())]


def height_of(cell: NotebookNode) -> float:
    r"""Estimate how many lines of a slide a part of it takes.

    Examples
    --------
    >>> height_of(nbformat.v4.new_markdown_cell("$$y_i = 1$$"))
    2.0
    >>> height_of(nbformat.v4.new_code_cell("x = 1\ny = 2"))
    2.2
    """
    if cell.cell_type == "markdown":
        return _height_of_prose(cell.source)
    html = "".join(_html_of(cell))
    if FIGURE in html or IMAGE in html:
        printed = sum(o.text.count("\n") for o in cell.outputs if o.output_type == "stream")
        return PICTURE + 0.9 * printed
    lines = [cell.source, *(o.get("text", "") for o in cell.outputs)]
    return sum(0.9 * len(text.strip().split("\n")) + BETWEEN for text in lines if text.strip())


def _height_of_prose(text: str) -> float:
    if text.startswith("<details"):
        return 1 + BETWEEN  # it is closed
    if text.startswith("$$"):
        return 2.0 + 1.0 * text.count("\\\\")
    if text.startswith("|"):
        return 1.3 * text.count("\n") + BETWEEN
    items = re.split(r"\n(?=[-*]|\d+\.)", text)
    return sum(math.ceil(len(item) / LETTERS) for item in items) + BETWEEN
