"""The pages command: every solved lesson as one page that is live offline."""

import argparse

from autograder.pages.export import LessonExporter, add_lessons, write


class PageExporter(LessonExporter):
    """A lesson as a page to read, with its code and all that it shows."""

    course_template = "course_page"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Write solved lessons as HTML to dist/pages/: figures are live, formulas and pictures are "
        "inside, no kernel and no network is needed. The pages hold the answers."
    )
    add_lessons(parser)


def run(args: argparse.Namespace) -> int:
    """Write the pages."""
    write(PageExporter(), args.lessons, "pages")
    return 0
