"""Take the figure's picture for the README, from its fallback HTML in Chromium."""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from course.widgets import FlipAndSlide
from tests.browser.chromium import executable, launch

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
FIGURES = {
    "flip_and_slide": FlipAndSlide(
        [1, 2, 3, 4, 5], [1, 2, 3], "convolution", padding=1, selection=2
    ),
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>One figure</title>
<body style="margin: 0; width: 760px; font-family: system-ui, sans-serif">"""


def take(figure, path):
    """Save what a page without a kernel shows of `figure`, at twice the usual resolution."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(
            viewport={"width": 760, "height": 600}, device_scale_factor=2, reduced_motion="reduce"
        )
        page.set_content(PAGE + figure.html())
        page.get_by_role("status").wait_for()
        page.locator(".course-figure").screenshot(path=path)


def main():
    """Write every picture, and say where it is and how large."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.browser.picture",
        description="Take the pictures of the figures that the README and the previews show.",
    )
    parser.add_argument("--to", type=Path, default=PICTURES, help="folder (docs/pictures)")
    folder = parser.parse_args().to
    if executable() is None:
        print("No Chromium: install Debian's chromium, or name one in $CHROMIUM.", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in FIGURES.items():
        path = folder / f"{name}.png"
        take(figure, path)
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
