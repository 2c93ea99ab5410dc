"""Released lessons as pages of the site: unsolved, with what their cells show before any answer."""

import copy
import re

import nbformat
from nbformat import NotebookNode

from autograder import CommandError
from autograder.notebooks.execute import run_release
from autograder.notebooks.layout import Course, notebook_path
from autograder.notebooks.solution import steady

ASKS = re.compile(r"\b[Pp]redict\b")
SETUP = re.compile(r"setup|given(_\d+)?")


def lesson_page(course: Course, name: str, links: str = "") -> NotebookNode:
    """Return a lesson as a notebook to be shown: run unsolved, its answers and checks labelled.

    Parameters
    ----------
    links : HTML that stands below the title

    Raises
    ------
    CommandError
        If the lesson is not built, or does not run.
    """
    path = course.root / notebook_path("release", name)
    if not path.is_file():
        raise CommandError(f"{path} is missing. Run `python -m autograder build {name}` first.")
    release = nbformat.read(path, as_version=4)
    page = copy.deepcopy(release)
    page.cells = []
    outputs = run_release(release, course.root)
    prose = ""
    for cell, shown in zip(release.cells, outputs, strict=True):
        if label := label_of(cell):
            page.cells.append(nbformat.v4.new_markdown_cell(f'<p class="cell-label">{label}</p>'))
        if cell.cell_type == "code":
            cell.outputs = [steady(_told(output), cell) for output in shown]
        folded = cell.cell_type == "code" and not label and is_told_first(prose, cell)
        cell.metadata = NotebookNode(tags=["hide-output"] if folded else [])
        prose = cell.source if cell.cell_type == "markdown" else prose
        page.cells.append(cell)
    title, _, rest = page.cells[0].source.partition("\n")
    page.cells[0].source = f"{title}\n\n{links}\n\n{rest}"
    return page


def label_of(cell: NotebookNode) -> str:
    """Return what a cell is to its learner, where its code does not say it.

    Examples
    --------
    >>> test = nbformat.v4.new_code_cell("check(...)")
    >>> test.metadata.nbgrader = {"grade": True, "solution": False, "points": 2}
    >>> label_of(test)
    'Check, 2 points'
    """
    grading = cell.metadata.get("nbgrader", {})
    points = grading.get("points", 0)
    worth = f", {points:g} point{'s' if points != 1 else ''}" if points else ""
    if grading.get("solution"):
        if "prediction" in cell.metadata.get("tags", ()):
            return "Your prediction"
        return f"Your answer{worth}"
    if grading.get("grade") or "raises-exception" in cell.metadata.get("tags", ()):
        return f"Check{worth}"
    return "Given" if SETUP.fullmatch(grading.get("grade_id", "")) else ""


def is_told_first(prose: str, cell: NotebookNode) -> bool:
    """Whether the reader is asked to predict what the cell shows, so that it has to wait."""
    figure = any("course-figure" in o.get("data", {}).get("text/html", "") for o in cell.outputs)
    return bool(ASKS.search(prose)) and bool(cell.outputs) and not figure


def _told(output: NotebookNode) -> NotebookNode:
    """Return an output with a check's refusal as the words that it is, not as an error."""
    if output.output_type != "error":
        return output
    return nbformat.v4.new_output("stream", name="stdout", text=output.evalue)
