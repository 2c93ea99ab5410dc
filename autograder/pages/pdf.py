"""Print a deck as PDF: a page for each slide, by a Chromium without a window."""

import os
import subprocess
import tempfile
from pathlib import Path

from autograder import CommandError
from course.widgets.film import executable

SECONDS = 120


def browser() -> str:
    """Return the path of a Chromium, see `course.widgets.film.executable`.

    Raises
    ------
    CommandError
        If there is none.
    """
    found = executable()
    if found is None:
        raise CommandError(
            "A PDF is printed by Chromium, and there is none on the path. Install Debian's "
            "chromium or Google Chrome, or name its program in $CHROMIUM."
        )
    return found


def print_deck(deck: Path, program: str) -> Path:
    """Print a deck's HTML file beside it as PDF, and return the PDF's path.

    Parameters
    ----------
    deck : the file, whose slides lay themselves out on pages when its address says so
    program : what `browser` returns

    Raises
    ------
    CommandError
        If the browser fails, or takes more than two minutes.
    """
    pdf = deck.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program,
            "--headless",
            "--disable-gpu",
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={pdf}",
            f"{deck.resolve().as_uri()}?print-pdf",
        ]
        # A Chromium of root starts only without its own sandbox; the deck is of our own making.
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise CommandError(f"{program} did not print {deck} in {SECONDS} seconds.") from None
    if done.returncode or not pdf.is_file():
        raise CommandError(f"{program} did not print {deck}:\n{done.stderr[-1000:]}")
    return pdf
