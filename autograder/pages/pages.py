"""The pages command: every solved lesson as one page that is live offline."""

import argparse
from pathlib import Path

from autograder.notebooks.layout import this_course
from autograder.pages.export import LessonExporter, add_lessons, write
from autograder.pages.sheet import SHEET, sheet_bytes


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
    first, *_ = write(PageExporter(), args.lessons, "pages")
    sheet = first.with_name(Path(SHEET).name)
    sheet.write_bytes(sheet_bytes(this_course().root))
    print(f"{sheet.name}  formulas, probes and mistakes on one sheet")
    return 0
