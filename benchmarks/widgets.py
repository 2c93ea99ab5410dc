"""Time the course's figures from the event to the paint, beside `interact` with matplotlib.

Both are shown in one JupyterLab, one at a time, and moved with a real pointer and real keys in
headless Chromium.  The full command writes docs/widgets-speed.md.
"""

import argparse
import math
import os
import sys
import tempfile
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from benchmarks.twins import CASES
from tests.browser.chromium import executable, launch
from tests.browser.hosts import notebook_of
from tests.browser.jupyter import serve
from tests.browser.lab import Lab, Notebook

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "widgets-speed.md"

# From the first event of a kind to the end of the frame that paints what it changed in `watch`;
# a picture counts once it is another one, and decoded.
LATENCY = """(watch, [kind, picture]) => {
  const source = () => watch.querySelector("img")?.src;
  const before = source();
  let start = null;
  const begin = (event) => (start ??= event.timeStamp);
  addEventListener(kind, begin, { capture: true });
  window.latency = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`nothing was painted within 20 s of a ${kind}`)), 20000);
    const seen = new MutationObserver(async () => {
      if (start === null || (picture && (!source() || source() === before))) return;
      seen.disconnect();
      removeEventListener(kind, begin, { capture: true });
      if (picture) await watch.querySelector("img").decode();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - start);
        port2.postMessage(null);
      });
    });
    seen.observe(watch, { subtree: true, childList: true, characterData: true });
  });
}"""


class Stage:
    """The one output of a notebook, and what can be done to it."""

    def __init__(self, notebook: Notebook):
        self.notebook, self.page = notebook, notebook.page
        self.watch = None

    def show(self, words: str):
        """Run the cell with these words, and keep what is watched while it is moved."""
        if self.watch is not None:
            self.watch.dispose()
        self.notebook.write("# shown", f"{words}  # shown")
        self.cell = self.notebook.cell("# shown")
        self.picture = words.startswith("interact")
        self.watch = self.cell.locator("img") if self.picture else self.cell.get_by_role("status")
        self.watch.first.wait_for()
        if self.picture:
            self.watch = self.cell.locator(".jp-OutputArea").first
        self.watch = self.watch.first.element_handle()
        self.page.request_gc()  # what was shown before takes no time from now on

    def times(self, kind, acts):
        """Return the milliseconds from each act's event to its paint."""
        found = []
        for act in acts:
            self.watch.evaluate(LATENCY, [kind, self.picture])
            act()
            found.append(self.page.evaluate("window.latency"))
        return found

    def hover(self, row, count):
        """Point at cells one after the other."""
        mouse = self.page.mouse
        places = islice(cycle(self.middles(row)), count)
        found = self.times(
            "pointermove", [lambda place=place: mouse.move(*place) for place in places]
        )
        mouse.move(2, 2)
        return found

    def draw(self, count):
        """Draw a round line, a point after the other."""
        mouse = self.page.mouse
        pad = self.cell.get_by_role("application")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        angles = [0.4 * at for at in range(count + 1)]
        places = [(x + 60 * math.cos(angle), y + 60 * math.sin(angle)) for angle in angles]
        mouse.move(*places[0])
        mouse.down()
        found = self.times("pointermove", [lambda p=place: mouse.move(*p) for place in places[1:]])
        mouse.up()
        mouse.move(2, 2)
        return found

    def cells(self, row):
        """Return the row's cells that are in view."""
        return self.cell.locator(f'[data-row="{row}"]:not(.padding, [hidden] *)')

    def middles(self, row):
        """Yield the middles of the row's first cells."""
        self.page.mouse.move(2, 2)
        cells = self.cells(row)
        cells.first.scroll_into_view_if_needed()
        if cells.count() == 1:  # a picture: its one cell moves
            box = self.cell.locator(f".sheet-{row} .pixels").bounding_box()
            for share in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
                yield box["x"] + share * box["width"], box["y"] + share * box["height"]
            return
        for at in range(min(6, cells.count())):
            box = cells.nth(at).bounding_box()
            yield box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def keys(self, row, count):
        """Press the right and the left arrow in turns, on a cell or on the slider's handle."""
        if row is None:
            place = self.cell.get_by_role("slider")
        elif row == "pad":
            place = self.cell.get_by_role("application")
        else:
            place = self.cells(row).first
        place.focus()
        press = self.page.keyboard.press
        if row == "pad":
            press(" ")  # the pen is put down
        turns = ["ArrowRight", "ArrowLeft"] * (count // 2)
        return self.times("keydown", [lambda key=key: press(key) for key in turns])

    def drag(self, most, count):
        """Drag the slider's handle to and fro, one value at a time."""
        handle = self.cell.get_by_role("slider")
        handle.scroll_into_view_if_needed()
        track = self.cell.locator(".noUi-base").bounding_box()
        y = track["y"] + track["height"] / 2
        mouse = self.page.mouse
        mouse.move(track["x"], y)
        mouse.down()
        there = [*range(1, most + 1), *range(most - 1, -1, -1)]
        places = [
            track["x"] + track["width"] * there[at % len(there)] / most for at in range(count)
        ]
        found = self.times("pointermove", [lambda x=x: mouse.move(x, y) for x in places])
        mouse.up()
        return found


def measure(stage: Stage, case, size: str, count: int) -> dict[str, list[float]]:
    """Return the latencies of one figure and of its twin, in milliseconds."""
    few = few_of(count)
    stage.show(f'ours("{case.kind}", "{size}")')
    point = stage.draw if case.row == "pad" else partial(stage.hover, case.row)
    most = case.most - case.least
    slide = partial(stage.drag, most)
    point(6)  # the first ones find nothing compiled
    found = {"hover": point(count), "keys": stage.keys(case.row, count)}
    slide(2 * most * math.ceil(3 / most))  # to and fro: nor have all cells been made
    found["drag"] = slide(count)
    stage.show(f'interact("{case.kind}", "{size}")')
    stage.keys(None, 2)
    found["twin keys"] = stage.keys(None, few)
    found["twin drag"] = stage.drag(most, few)
    return found


def few_of(count: int) -> int:
    """Return how many events of a twin are measured: each takes a quarter of a second."""
    return max(6, count // 9)


def summary(times: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile.

    Examples
    --------
    >>> summary([3.0] * 19 + [100.0])
    (3.0, 95.15)
    """
    return median(times), quantiles(times, n=20)[-1]


def table(results: dict) -> str:
    """Write the latencies, median / p95, and how many times as long the twin takes."""
    heads = "pointing | arrow keys | slider | `interact`, keys | `interact`, slider | ratio"
    lines = [f"| figure | {heads} |", "|---|---|---|---|---|---|---|"]
    for kind, found in results.items():
        cells = [" / ".join(f"{value:.0f}" for value in summary(found[of])) for of in found]
        pairs = [("twin keys", "keys"), ("twin drag", "drag")]
        ratios = [median(found[twin]) / median(found[own]) for twin, own in pairs]
        lines.append(f"| {kind} | {' | '.join(cells)} | {ratios[0]:.0f}, {ratios[1]:.0f} |")
    return "\n".join(lines)


HEADER = """# Speed of the figures

`python -m benchmarks.widgets` wrote this page; it is measured, never edited.

Milliseconds from the event to the end of the frame that paints its effect, median / 95th
percentile, in JupyterLab in headless Chromium, {count} events each; six more before pointing and
six or more before the slider do not count.  A frame lasts 17 ms, and an event waits for the next
one.  In DrawDigit, pointing and keys draw.  `interact` shows the same arrays as an inline
matplotlib figure, with the numbers in the cells while there are at most 400, {few} events each;
ratio is how many times as long it takes, by keys and by its slider.  The figures' own sliders are
ipywidgets linked with `jsdlink`.
Load when it was taken: {load:.1f} on {processors} processors.
"""

TITLES = {
    "lesson": "As in the lessons",
    "largest": (
        "As large as a figure goes: 16×16 images, 4 channels, 3 in a batch, 224 pixels in a row, "
        "pictures of 256×256, 64 filters"
    ),
}


def report(results: dict, count: int, load: float) -> str:
    """Write the page."""
    parts = [HEADER.format(count=count, few=few_of(count), load=load, processors=os.cpu_count())]
    for size, found in results.items():
        parts.append(f"## {TITLES[size]}\n\n{table(found)}\n")
    return "\n".join(parts)


# The notebook in which figures and twins are shown, one at a time.
SOURCES = ["%matplotlib inline\nfrom benchmarks.twins import ours, interact", "0  # shown"]


def run(sizes, count: int) -> dict:
    """Measure every figure of these sizes in one JupyterLab."""
    results = {size: {} for size in sizes}
    with (
        tempfile.TemporaryDirectory() as root,
        tempfile.TemporaryDirectory() as private,
        serve(Path(root), Path(private)) as server,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        view = {"width": 1200, "height": 1400}
        page = browser.new_page(viewport=view, reduced_motion="reduce")
        notebook = Lab(page, server).open(notebook_of(*SOURCES))
        notebook.run("import ours")
        stage = Stage(notebook)
        for (kind, size), case in CASES.items():
            if size in sizes:
                print(f"  {kind}, {size}", file=sys.stderr)
                results[size][kind] = measure(stage, case, size, count)
    return results


def main(argv: list[str] | None = None) -> int:
    """Measure, print the tables, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.widgets", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a minute: lesson sizes, few events, nothing written"
    )
    args = parser.parse_args(argv)
    if executable() is None:
        print("No Chromium: install Debian's chromium, or name one in $CHROMIUM.", file=sys.stderr)
        return 2
    count, sizes = (12, ["lesson"]) if args.quick else (120, list(TITLES))
    load = os.getloadavg()[0]
    page = report(run(sizes, count), count, load)
    print(page)
    if not args.quick:
        PAGE.write_text(page, encoding="utf-8")
        print(f"Written: {PAGE.relative_to(ROOT)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
