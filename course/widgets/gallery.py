"""One page with every figure, live without a kernel and without a network.

Run ``python -m course.widgets.gallery gallery.html`` and open the file in a browser.
"""

import argparse
import sys
from html import escape
from pathlib import Path

from course import widgets

# For each figure: its title, its settings, and what to try.
TO_TRY = {
    "FlipAndSlide": (
        "Flip and slide",
        {"mode": "convolution", "dy": [1, 10, 100], "selection": 1},
        "Switch between Correlation and Convolution: what happens to the kernel? Then choose "
        "Backward, point at dx, and read in its digits which dy came back.",
    ),
    "PaddingAndStride": (
        "Padding and stride",
        {"padding": 1, "stride": 2, "selection": 1},
        "Raise the stride until one output is left, and read why it goes no further.",
    ),
    "Im2Col": (
        "im2col",
        {"selection": 7},
        "Point at an output and find its window standing upright as a column; then point at a "
        "pixel in the middle and count its copies.",
    ),
    "Col2Im": (
        "col2im",
        {},
        "Step through the columns and watch them add back into the image; then look at what is "
        "left when each one overwrites instead.",
    ),
    "GradientFlow": (
        "Gradient flow",
        {},
        "Point at the middle of dx: its digits, 1234, say which dy and which weight made them. "
        "Then point at an entry of dw.",
    ),
    "MatrixView": (
        "Matrix view",
        {"selection": 1},
        "Point at a weight and see all its copies; point at a pixel and see its column. How many "
        "of the 36 entries can ever differ from 0?",
    ),
    "Layout": (
        "Layout",
        {"selection": 4},
        "Keep one patch and switch between NHWC and NCHW: into how many runs does it fall?",
    ),
    "ReceptiveField": (
        "Receptive field",
        {"selection": 0},
        "Choose Dilated and look for the holes; then set one dilation to 1 and see them go. "
        "VGG-16 shows how little of a wide field counts for much.",
    ),
}

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>Figures to play with: the convolution layer</title>
<style>
body {{ max-width: 62rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5;
  font-family: system-ui, sans-serif; }}
section {{ margin: 3rem 0; }}
h2 {{ margin-bottom: 0.2rem; }}
nav ul {{ display: flex; flex-wrap: wrap; gap: 0.4rem 1.4rem; padding: 0; list-style: none; }}
nav a {{ display: inline-block; padding: 0.15rem 0; color: inherit; }}
</style>
</head>
<body>
<h1>Figures to play with</h1>
<p>Point at a cell to see what it is made of; click it to keep it. Arrow keys walk along the
cells, and Step goes through the outputs. Everything on this page runs in the page.</p>
<nav aria-label="Figures"><ul>
{links}
</ul></nav>
{sections}
</body>
</html>
"""


def page(names=tuple(widgets.__all__)):
    """Write the figures of `names` into one HTML page.

    Parameters
    ----------
    names : iterable of str
        Names of `course.widgets`.

    Returns
    -------
    str
        The page, which asks for nothing outside itself.

    Examples
    --------
    >>> page(["Layout"]).count("<section")
    1
    """
    links, sections = [], []
    for name in [name for name in TO_TRY if name in names]:
        title, settings, sentence = TO_TRY[name]
        figure = getattr(widgets, name)(**settings)
        links.append(f'<li><a href="#{figure.figure}">{escape(title)}</a></li>')
        sections.append(
            f'<section id="{figure.figure}">\n<h2>{escape(title)}</h2>\n'
            f"<p>{escape(sentence)}</p>\n{figure.html()}\n</section>"
        )
    return PAGE.format(links="\n".join(links), sections="\n".join(sections))


def main(arguments=None):
    """Write the page to a file, and say how large it is."""
    parser = argparse.ArgumentParser(
        prog="python -m course.widgets.gallery",
        description="Write one HTML page with every figure, live without a kernel or a network.",
    )
    parser.add_argument("to", type=Path, metavar="OUT.html", help="file to write")
    to = parser.parse_args(arguments).to
    try:
        to.write_text(page(), encoding="utf-8")
    except OSError as error:
        print(f"{to} cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    print(f"{to}: {len(TO_TRY)} figures, {to.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
