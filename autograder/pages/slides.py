"""The slides command: every lesson as a deck that is live offline."""

import argparse

from autograder.pages.export import LessonExporter, add_lessons, write

LIVE = (
    "For a deck that runs code: `make teach`, open a notebook of solutions/ or release/, and "
    "choose View > Slideshow Mode."
)


class DeckExporter(LessonExporter):
    """A lesson as slides: nbconvert marks where they begin and end."""

    course_template = "course_slides"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Write lessons as slides to dist/slides/: prose, figures and what code prints, without "
        f"answers and checks. Figures are live, no kernel and no network is needed. {LIVE}"
    )
    add_lessons(parser)


def run(args: argparse.Namespace) -> int:
    """Write the decks, and say how to show a live one."""
    write(DeckExporter(), args.lessons, "slides")
    print("Open one in a browser; arrow keys turn, Esc shows all slides, F fills the screen.")
    print(LIVE)
    return 0
