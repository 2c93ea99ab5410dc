"""Turn solved lessons into single HTML files: figures live, formulas MathML, nothing from outside.

Only notebooks of our own build come through here.  Learners' notebooks, whose outputs may hold
anything, go through `autograder.pipeline.html.sanitize` instead.
"""

import argparse
import re
import time
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from autograder import CommandError
from autograder.notebooks.layout import Course, notebook_path, this_course
from autograder.pipeline.html.one_pass import OnePassExporter
from autograder.pipeline.html.sanitize import markdown_filter

TEMPLATES = Path(__file__).parent / "templates"
# A figure of `course.widgets`, and a picture of `course.figures`.
SHOWN = re.compile(r'class="course-figure"|src="data:image/png')


class LessonExporter(OnePassExporter):
    """Lessons as HTML with one of this package's templates.

    Subclasses name the template in `course_template`, which holds ``index.html.j2`` and its CSS.
    """

    course_template = ""

    def __init__(self, **kwargs):
        super().__init__(
            config=Config(
                {
                    type(self).__name__: {
                        "template_name": self.course_template,
                        # Slides use the parts of a page's template, too.
                        "extra_template_basedirs": [str(TEMPLATES)],
                        "extra_template_paths": [str(TEMPLATES / "course_page")],
                        "embed_images": True,
                    }
                }
            ),
            **kwargs,
        )

    def cells_of(self, course: Course, name: str, solved: NotebookNode) -> NotebookNode:
        """Return what is shown of the solved lesson `name`: all of it, or what a subclass makes."""
        return solved

    def default_filters(self):
        """Add formulas as MathML, and the test with which a template finds a figure."""
        yield from super().default_filters()
        yield ("markdown2html", markdown_filter)
        yield ("is_shown", is_shown)


def is_shown(cell: NotebookNode) -> bool:
    """Return whether what a code cell shows says more than its code: a figure or a picture."""
    return any(
        SHOWN.search(output.get("data", {}).get("text/html", ""))
        for output in cell.get("outputs", ())
    )


def add_lessons(parser: argparse.ArgumentParser) -> None:
    """Add the lessons as arguments."""
    parser.add_argument(
        "lessons", nargs="*", metavar="LESSON", help="number or name of a lesson; default: all"
    )


def write(exporter: LessonExporter, asked: list[str], folder: str) -> list[Path]:
    """Export the lessons asked for by number or name, all for none, into ``dist/FOLDER``.

    Returns
    -------
    list of Path
        The files written, in the lessons' order; a line is printed for each.

    Raises
    ------
    CommandError
        If a lesson is unknown or not built.
    """
    course = this_course()
    to = course.root / "dist" / folder
    to.mkdir(parents=True, exist_ok=True)
    written = []
    for name in course.chosen_lessons(asked):
        started = time.perf_counter()
        path = to / f"{name}.html"
        path.write_text(exported(course, name, exporter), encoding="utf-8")
        seconds = time.perf_counter() - started
        size = path.stat().st_size / 1000
        print(f"{path.relative_to(course.root)}  {size:.0f} kB  {seconds:.1f} s", flush=True)
        written.append(path)
    return written


def exported(course: Course, name: str, exporter: LessonExporter) -> str:
    """Return the solved lesson `name` as one HTML page.

    Raises
    ------
    CommandError
        If the lesson is not built.
    """
    path = course.root / notebook_path("solutions", name)
    if not path.is_file():
        raise CommandError(f"{path} is missing. Run `python -m autograder build {name}` first.")
    title = course.title_of(name)
    shown = exporter.cells_of(course, name, nbformat.read(path, as_version=4))
    body, _ = exporter.from_notebook_node(shown, {"lesson": {"name": name, "title": title}})
    return body
