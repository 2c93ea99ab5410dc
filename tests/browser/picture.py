"""Take the picture of the README: all figures, as a page without a kernel shows them."""

import argparse
import sys
from html import escape
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from course import widgets
from course.widgets.gallery import TO_TRY
from tests.browser.chromium import executable, launch

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "gallery.png"
WIDTH, DENSITY = 1540, 1.3
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Figures</title>
<style>
body { margin: 0; background: #fff; font-family: system-ui, sans-serif; }
#sheet { columns: 2; column-gap: 16px; padding: 16px; background: #f1f1f4; }
#sheet section { break-inside: avoid; margin: 0 0 16px; padding: 14px 16px 16px;
  border-radius: 10px; background: #fff; }
h2 { margin: 0 0 2px; font-size: 22px; }
p { margin: 0 0 4px; color: #55555f; font-size: 15px; }
</style>
"""
# Half a sheet is narrower than a page: a smaller network fits. A window of the photograph is kept.
ON_SHEET = {
    "KernelLab": {"selection": 5340},
    "ReceptiveField": {"layers": "Dilated", "selection": 2},
}
# On the sheet a figure is its picture and what it says: nobody can press a button of a picture.
BARE = """() => {
  for (const host of document.querySelectorAll("#sheet .course-figure > div:last-child > div")) {
    const style = document.createElement("style");
    style.textContent = `.settings, .steps, .legend, .rule, .reasons, .layers-scroll,
      .layers-scroll + button { display: none }
      .figure { padding: 0; border: 0 }
      .words-line { min-height: 0; margin: 0.4em 0 0 }`;
    host.shadowRoot.append(style);
  }
}"""


def sheet():
    """Write all figures of the gallery as cards."""
    cards = []
    for name, (title, words, settings, _) in TO_TRY.items():
        figure = getattr(widgets, name)(**settings | ON_SHEET.get(name, {}))
        head = f"<h2>{escape(title)}</h2><p>{escape(words)}</p>"
        cards.append(f"<section>{head}{figure.html()}</section>")
    return f'<div id="sheet">{"".join(cards)}</div>'


def take(browser):
    """Return the sheet as a PNG of few colours: cells and letters need no more."""
    page = browser.new_page(
        viewport={"width": WIDTH, "height": 900},
        device_scale_factor=DENSITY,
        reduced_motion="reduce",
    )
    page.set_content(PAGE + sheet())
    page.get_by_role("status").last.wait_for()
    page.evaluate(BARE)
    picture = Image.open(BytesIO(page.locator("#sheet").screenshot())).convert("RGB")
    small = BytesIO()
    few = picture.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=0)
    few.save(small, "PNG", optimize=True)
    return small.getvalue()


def main():
    """Write the picture, and say where it is and how large."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.browser.picture",
        description="Take the picture of all figures that the README shows.",
    )
    parser.add_argument("--to", type=Path, default=PICTURE, help="file (docs/pictures/gallery.png)")
    path = parser.parse_args().to
    if executable() is None:
        print("No Chromium: install Debian's chromium, or name one in $CHROMIUM.", file=sys.stderr)
        return 2
    with sync_playwright() as playwright, launch(playwright) as browser:
        path.write_bytes(take(browser))
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
