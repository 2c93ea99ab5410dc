"""A figure as a film: each of its steps is a frame of a GIF that loops."""

import base64
import io
import os
import re
import shutil
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

try:
    import subprocess
except ImportError:  # a browser's Python can start no other, and finds none
    subprocess = None

# The first opens no window, and takes two thirds of the second's time.
BROWSERS = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "chrome", "microsoft-edge"),
)
SECONDS = 0.9  # of a frame, as long as Play shows a step
WIDTH, HEIGHT = 1000, 800  # pixels of the window that the figure stands in
LONGEST = 120  # seconds that the browser may take
AREAS = 64  # of 256 colours

# Runs after the figure's module. Each click on Step gives a picture; all of them are as high as the
# one with the most words. An image can be read once it has been loaded, and so has the page then.
STEPS = """
const { shadowRoot } = document.querySelector(".course-figure > div:last-child > div");
const shown = (part) => shadowRoot.querySelector(part);
const walkThrough = (act) => {
  do {
    shown(".step").click();
    act();
  } while (shown(".step").textContent === "Step");
  shown(".player button").click(); // Start over
};
const heights = [];
walkThrough(() => heights.push(shown(".words-line").offsetHeight));
shown(".words-line").style.minHeight = `${Math.max(...heights)}px`;
const images = [];
walkThrough(() => images.push(make("img", { src: addressOf(svgOf(shown(".figure"), STYLE, 1)) })));
document.body.append(...images);
addEventListener("load", () => {
  document.body.replaceChildren(...images.map((image) => make("img", { src: painted(image) })));
});
"""


def executable():
    """Return the path of a Chromium: $CHROMIUM, else the first known one on the path, else None."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)


def frames(figure):
    """Draw a figure after each of its steps, from the first to the last.

    Parameters
    ----------
    figure : Figure
        Without a selection: its own Step leads through it.

    Returns
    -------
    list of PIL.Image.Image
        RGB, of one size, without the figure's controls.

    Raises
    ------
    RuntimeError
        If there is no Chromium, or it draws nothing in two minutes.
    """
    chromium = executable()
    if chromium is None:
        raise RuntimeError("No Chromium: install Debian's chromium, or name one in $CHROMIUM.")
    html = figure.html().rstrip().removesuffix("</script>")
    with TemporaryDirectory() as folder:
        page = Path(folder) / "figure.html"
        page.write_text(f'<!doctype html><meta charset="utf-8">{html}{STEPS}</script>', "utf-8")
        command = [
            *(chromium, "--headless", "--no-sandbox", "--disable-gpu"),
            *(f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}"),
            *("--dump-dom", page.as_uri()),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(f"{chromium} has not ended after {LONGEST} seconds.") from error
    pictures = re.findall(r'<img src="data:image/png;base64,([^"]*)"', done.stdout)
    if not pictures:
        raise RuntimeError(f"{chromium} has drawn nothing. It says: {done.stderr.strip()[-400:]}")
    return [on_white(Image.open(io.BytesIO(base64.b64decode(one)))) for one in pictures]


def on_white(picture):
    """Return a picture as RGB, white where it is clear."""
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    return paper.convert("RGB")


def write_gif(pictures, to):
    """Write pictures of one size into a GIF that starts over after the last one.

    Parameters
    ----------
    pictures : list of PIL.Image.Image
        What `frames` returns.
    to : path
        The file to write.
    """
    width, height = pictures[0].size
    strip = Image.new("RGB", (width, height * len(pictures)))
    for at, one in enumerate(pictures):
        strip.paste(one, (0, height * at))
    # With one palette for all, a frame holds no more than what has changed. The colours of areas
    # are in it as they are; those of letters' edges are brought to the nearest of the rest.
    counts = sorted(strip.getcolors(width * height * len(pictures)), reverse=True)[:AREAS]
    areas = [colour for _, colour in counts]
    edges = strip.quantize(256 - AREAS, Image.Quantize.MAXCOVERAGE, dither=0).getpalette()
    edges = [tuple(edges[at : at + 3]) for at in range(0, len(edges), 3)]
    palette = Image.new("P", (1, 1))
    palette.putpalette(apart([*areas, *edges]))
    few = [one.quantize(palette=palette, dither=0) for one in pictures]
    few[0].save(to, save_all=True, append_images=few[1:], duration=int(1000 * SECONDS), loop=0)


def apart(colours):
    """Return colours as a palette, without those that Pillow would take for one before them.

    It looks up the nearest colour of one whose last two bits are 0.

    Examples
    --------
    >>> apart([(255, 255, 255), (250, 248, 251), (0, 0, 0)])
    [255, 255, 255, 0, 0, 0]
    """
    kept = []
    for colour in colours:
        if all(max(abs(a - b) for a, b in zip(colour, one, strict=True)) > 9 for one in kept):
            kept.append(colour)
    return [*chain.from_iterable(kept)]
