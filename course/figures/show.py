"""Show a matplotlib figure with alt text."""

import base64
import io
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.transforms import Bbox
from PIL import Image

from course.protocol import draws_pictures

# As in the widgets, positive is purple and negative is orange, as matplotlib's scale PuOr runs from
# low to high: never told apart by colour alone.
COLOURS = {"positive": "#5e3c99", "negative": "#b35806", "neutral": "#555555"}

# A drawing is turned to light on dark where the page is dark, and keeps its hues; a photograph
# would become its own negative, and stays.
DARK = """<style>
.course-drawing { --dark: invert(0.9) hue-rotate(180deg); }
[data-jp-theme-light="false"] .course-drawing { filter: var(--dark); }
@media screen and (prefers-color-scheme: dark) {
  :root:not(:has([data-jp-theme-light])) .course-drawing { filter: var(--dark); }
}
</style>"""

DPI = 110
PADDING = 11  # pixels around the ink
MARGIN = 110  # pixels around the figure in which titles and legends may stand


def show(figure: plt.Figure, alt: str) -> None:
    """Display a figure as a picture with alt text, and close it.

    Parameters
    ----------
    figure : the finished figure
    alt : one sentence that says what a reader who cannot see it should know

    Examples
    --------
    >>> figure, axes = plt.subplots()
    >>> show(figure, alt="An empty pair of axes.")
    An empty pair of axes.
    """
    from IPython import get_ipython
    from IPython.display import display

    shell = get_ipython()
    if shell is None:
        print(alt)
    elif draws_pictures(shell):
        picture = base64.b64encode(_picture(figure)).decode("ascii")
        # As HTML, because JupyterLab shows an image/png without its alt text. The words come first:
        # where an output is hidden, JupyterLab shows its first line.
        kind = "photograph" if _shows_photographs(figure) else "drawing"
        words = f'<img alt="{escape(alt)}"'
        image = f'{words}\nclass="course-{kind}" src="data:image/png;base64,{picture}">'
        display({"text/html": f"{image}\n{DARK}", "text/plain": alt}, raw=True)
    plt.close(figure)


def _shows_photographs(figure: plt.Figure) -> bool:
    """Tell whether a figure shows brightnesses as they are: in colours, or as grey from 0 up."""
    images = [image for axes in figure.axes for image in axes.images]
    return any(np.ndim(image.get_array()) == 3 or image.cmap.name == "gray" for image in images)


def _picture(figure: plt.Figure) -> bytes:
    """Draw a figure as PNG, cut to its ink, titles outside of it included.

    matplotlib's own "tight" draws each figure twice, first to measure it; it is only needed for
    what reaches over the margin.
    """
    pixels = _pixels(figure)
    colours = pixels.view(np.uint32)[:, :, 0]
    ink = colours != colours[0, 0]
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return _png(pixels[MARGIN:-MARGIN, MARGIN:-MARGIN])
    top, left = rows[0] - PADDING, columns[0] - PADDING
    bottom, right = rows[-1] + 1 + PADDING, columns[-1] + 1 + PADDING
    if min(top, left) < 0 or bottom > len(pixels) or right > len(pixels[0]):
        buffer = io.BytesIO()
        nameless = {"Software": None}
        figure.savefig(buffer, format="png", dpi=DPI, bbox_inches="tight", metadata=nameless)
        return buffer.getvalue()
    return _png(pixels[top:bottom, left:right])


def _pixels(figure: plt.Figure) -> np.ndarray:
    """Draw a figure with a margin all around: (height, width, 4), uint8."""
    width, height = (round(DPI * inches) + 2 * MARGIN for inches in figure.get_size_inches())
    # Half a pixel more, since matplotlib rounds down.
    box = Bbox.from_bounds(-MARGIN / DPI, -MARGIN / DPI, (width + 0.5) / DPI, (height + 0.5) / DPI)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", dpi=DPI, bbox_inches=box)
    return np.frombuffer(buffer.getbuffer(), np.uint8).reshape(height, width, 4)


def _png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(pixels[:, :, :3])
    image.save(buffer, format="png", dpi=(DPI, DPI), compress_level=3)  # a third faster than 6
    return buffer.getvalue()
