"""The slides command: every lesson as a deck that is live offline."""

import argparse

from nbformat import NotebookNode

from autograder.notebooks.expand import expanded
from autograder.notebooks.layout import Course, this_course
from autograder.notebooks.text import read_lesson
from autograder.pages.deck import deck_of
from autograder.pages.export import LessonExporter, add_lessons, write
from autograder.pages.pdf import browser, print_deck

KEYS = (
    "Open one in a browser. Space or the right arrow turns, S opens the speaker notes, Q shows a "
    "pointer, O all slides, F fills the screen, ? lists the keys."
)
LIVE = (
    "For a deck that runs code: `make teach`, open a notebook of solutions/ or release/, and "
    "choose View > Slideshow Mode."
)


class DeckExporter(LessonExporter):
    """A lesson as slides: nbconvert marks where they begin and end."""

    course_template = "course_slides"

    def cells_of(self, course: Course, name: str, solved: NotebookNode) -> NotebookNode:
        """Return the deck's cells: the slides, and the notes that stand in the lesson's text."""
        return deck_of(expanded(read_lesson(course.text_path(name)), course), solved)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Write lessons as slides to dist/slides/: prose, figures and what code prints, without "
        f"answers and checks. Figures are live, no kernel and no network is needed. {LIVE}"
    )
    add_lessons(parser)
    parser.add_argument("--pdf", action="store_true", help="print each deck as PDF, too")


def run(args: argparse.Namespace) -> int:
    """Write the decks, print them where that is asked for, and say how to show a live one."""
    program = browser() if args.pdf else None
    course = this_course()
    for deck in write(DeckExporter(), args.lessons, "slides"):
        if program:
            print(print_deck(deck, program).relative_to(course.root), flush=True)
    print(KEYS)
    print(LIVE)
    return 0
