"""One page with every figure, live without a kernel and without a network; or one figure as a film.

Run ``python -m course.widgets.gallery gallery.html`` and open the file in a browser.
``python -m course.widgets.gallery --gif Im2Col`` writes ``im2col.gif``, which needs Chromium.
"""

import argparse
import sys
from html import escape
from pathlib import Path

from course import widgets
from course.widgets import film

# For each figure: its title, what it shows, its settings as one writes them, and what to try.
TO_TRY = {
    "FlipAndSlide": (
        "Flip and slide",
        "A kernel slides along a signal, as it is or flipped; backward, on the same picture.",
        {"mode": "convolution", "dy": [1, 10, 100], "editable": True, "selection": 1},
        "Switch between Correlation and Convolution: what happens to the kernel? Then choose "
        "Backward, point at dx, and read in its digits which dy came back. Type over any number "
        "of x, w and dy.",
    ),
    "PaddingAndStride": (
        "Padding and stride",
        "A window goes over an image, and the rule counts the outputs.",
        {"padding": 1, "stride": 2, "editable": True, "selection": 1},
        "Raise the stride until one output is left, and read why it goes no further. Type another "
        "pixel: double click it, or press Enter.",
    ),
    "KernelLab": (
        "Kernel lab",
        "A photograph under a kernel of your own, its output at once.",
        {"kernel": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]},
        "Choose Sharpen, then drag the weight in the middle down until nothing but edges is left: "
        "what is the sum of the weights there? Then drop a picture of your own on it.",
    ),
    "Im2Col": (
        "im2col",
        "Every window stands upright as a column, and the layer is one matrix product.",
        {"selection": 7},
        "Point at an output and find its window standing upright as a column; then point at a "
        "pixel in the middle and count its copies.",
    ),
    "Col2Im": (
        "col2im",
        "Columns go back to their windows, and add up where windows overlap.",
        {"selection": 2},
        "Step through the columns and watch them add back into the image; then look at what is "
        "left when each one overwrites instead.",
    ),
    "GradientFlow": (
        "Gradient flow",
        "Every product that makes an entry of dx, dw or db.",
        {"selection": ("dx", 1, 1)},
        "Read the middle of dx: its digits, 1234, say which dy and which weight made them. "
        "Then point at an entry of dw.",
    ),
    "MatrixView": (
        "Matrix view",
        "The layer as one sparse matrix beside the picture.",
        {"selection": 1},
        "Point at a weight and see all its copies; point at a pixel and see its column. How many "
        "of the 36 entries can ever differ from 0?",
    ),
    "TransposedConvolution": (
        "Transposed convolution",
        "A small map lays down one kernel after the other, and the output is larger than the map.",
        {"kernel": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "stride": 2, "selection": 1},
        "Step through the four kernels and watch them overlap. Then raise the stride: at which "
        "strides do equally many kernels lie on all pixels away from the edges?",
    ),
    "Layout": (
        "Layout",
        "Where each element of an image lies in memory, channels last or first.",
        {"selection": 4},
        "Keep one patch and switch between NHWC and NCHW: into how many runs does it fall?",
    ),
    "ReceptiveField": (
        "Receptive field",
        "A stack of layers, and what one output sees of the input through each of them.",
        {"selection": 0},
        "Choose Dilated and look for the holes, on one axis and on two; then set one dilation to 1 "
        "and see them go. ResNet-50 has more layers than ResNet-34: which of the two sees more?",
    ),
    "DrawDigit": (
        "Draw a digit",
        "A drawing on its way through the network of the last lesson, layer by layer.",
        {"image": 5, "selection": ("a2", 10, 1, 2)},
        "Clear, and draw a digit with mouse, finger or keys. Then choose As drawn and draw it "
        "small in a corner: what does the network say now, and why?",
    ),
}

# A film of the photograph would have a step for each of its 15,876 outputs.
FILMED = {"KernelLab": {"image": "digit"}}

WORDS = """Figures of the convolution layer, forward and backward. Point at a cell to see what
it is made of, in numbers; click to keep it. Arrow keys walk, Step goes through the outputs, Play
does it for you. Take along saves a figure as it stands, as a picture or as the line of Python that
makes it. Everything on this page runs in the page: no kernel, no network."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; script-src 'unsafe-inline';
 style-src 'unsafe-inline'">
<title>Figures to play with: the convolution layer</title>
<style>
:root {{ --ink: #1c1c22; --quiet: #55555f; --paper: #fff; --shade: #f4f4f7; --accent: #00687d; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e6e6ea; --quiet: #a9a9b4; --paper: #121214; --shade: #1e1e22;
    --accent: #56d4e8; }}
}}
html {{ scroll-padding-top: 4.5rem; background: var(--paper); }}
body {{ max-width: 66rem; margin: 0 auto; padding: 0 1rem 4rem; color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }}
h1 {{ margin: 2.2rem 0 0.4rem; font-size: 2.1rem; }}
h2 {{ margin: 0; font-size: 1.45rem; }}
p {{ max-width: 46rem; margin: 0.3rem 0; }}
nav {{ position: sticky; top: 0; z-index: 20; margin: 1rem -1rem 0; padding: 0.5rem 1rem;
  border-bottom: 1px solid var(--shade); background: var(--paper); }}
nav ul {{ display: flex; gap: 0.3rem; margin: 0; padding: 0; list-style: none; overflow-x: auto; }}
nav a {{ display: block; padding: 0.25rem 0.7rem; border-radius: 1rem; background: var(--shade);
  color: var(--ink); text-decoration: none; white-space: nowrap; }}
nav a:hover {{ color: var(--accent); }}
nav a:focus-visible {{ outline: 2px solid var(--accent); outline-offset: -2px; }}
section {{ margin: 3.2rem 0; }}
.try {{ margin: 0.7rem 0; padding-inline-start: 0.8rem;
  border-inline-start: 3px solid var(--accent); }}
code {{ padding: 0.1rem 0.4rem; border-radius: 4px; background: var(--shade); font-size: 0.9em;
  overflow-wrap: anywhere; }}
.quiet {{ color: var(--quiet); }}
</style>
</head>
<body>
<main>
<h1>Figures to play with</h1>
<p>{words}</p>
<nav aria-label="Figures"><ul>
{links}
</ul></nav>
{sections}
</main>
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
    for title, words, figure, code, sentence in figures(names):
        links.append(f'<li><a href="#{figure.figure}">{escape(title)}</a></li>')
        sections.append(
            f'<section id="{figure.figure}">\n<h2>{escape(title)}</h2>\n'
            f"<p>{escape(words)}</p>\n"
            f'<p class="try"><b>Try this.</b> {escape(sentence)}</p>\n{figure.html()}\n'
            f'<p class="quiet">In a notebook: <code>{escape(code)}</code></p>\n'
            f"</section>"
        )
    return PAGE.format(words=WORDS, links="\n".join(links), sections="\n".join(sections))


def figures(names=tuple(widgets.__all__)):
    """Yield of each of `names`: title, what it shows, the figure, its code, and what to try."""
    for name in [name for name in TO_TRY if name in names]:
        title, words, settings, sentence = TO_TRY[name]
        code = ", ".join(f"{setting}={value!r}" for setting, value in settings.items())
        yield title, words, getattr(widgets, name)(**settings), f"{name}({code})", sentence


def name_of(text):
    """Return the figure that is meant, however it is written: Im2Col, im2col, flip_and_slide."""
    return next((name for name in TO_TRY if name.lower() == text.lower().replace("_", "")), text)


def filmed(name):
    """Return the figure of this name as it is filmed: with no output chosen yet."""
    settings = TO_TRY[name][2] | FILMED.get(name, {}) | {"selection": None}
    return getattr(widgets, name)(**settings)


def write_film(name, to):
    """Write a figure's steps as a GIF, and return what it holds, in words."""
    pictures = film.frames(filmed(name))
    film.write_gif(pictures, to)
    return f"{len(pictures)} steps of {name}"


def write_page(to):
    """Write the page, and return what it holds, in words."""
    to.write_text(page(), encoding="utf-8")
    return f"{len(TO_TRY)} figures"


def main(arguments=None):
    """Write the page or a film to a file, and say how large it is."""
    parser = argparse.ArgumentParser(
        prog="python -m course.widgets.gallery",
        description="Write one HTML page with every figure, live without a kernel or a network; "
        "or a GIF that steps through one figure again and again.",
    )
    parser.add_argument(
        "to", type=Path, nargs="?", metavar="OUT", help="file to write; a GIF has a name of its own"
    )
    parser.add_argument(
        "--gif",
        type=name_of,
        choices=TO_TRY,
        metavar="NAME",
        help=f"the figure of a GIF, which Chromium draws: {', '.join(TO_TRY)}",
    )
    asked = parser.parse_args(arguments)
    name, to = asked.gif, asked.to
    if name is None and to is None:
        parser.error("say which file to write, as gallery.html, or which figure, as --gif Im2Col")
    to = to or Path(f"{getattr(widgets, name).figure}.gif")
    try:
        held = write_film(name, to) if name else write_page(to)
    except OSError as error:
        print(f"{to} cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{to}: {held}, {to.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
