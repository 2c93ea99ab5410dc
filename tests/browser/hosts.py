"""What the tests of hosts share: notebooks, and whether a figure in them is alive."""

import nbformat
from playwright.sync_api import expect

from course import widgets

FIGURES = {name: getattr(widgets, name).figure for name in widgets.__all__}
LABELS = {
    "Col2Im": "col2im",
    "DrawDigit": "Draw a digit",
    "FlipAndSlide": "Flip and slide",
    "GradientFlow": "Gradient flow",
    "Im2Col": "im2col",
    "KernelLab": "Kernel lab",
    "Layout": "Layout in memory",
    "MatrixView": "Matrix view",
    "PaddingAndStride": "Padding and stride",
    "ReceptiveField": "Receptive field",
    "TransposedConvolution": "Transposed convolution",
}

# One of each kind: a board of two rows, sheets, a stack, a picture of pixels, many maps of them.
# Figures do not know in which host they are, and one host and one page prove every one of them.
KINDS = ["FlipAndSlide", "Im2Col", "ReceptiveField", "KernelLab", "DrawDigit"]

# The sources that show each figure once, in the order of `course.widgets`, and one of each kind.
EVERY_FIGURE, SOME_FIGURES = (
    ["from course.widgets import *", *(f"{name}()" for name in names)] for names in (FIGURES, KINDS)
)


def notebook_of(*sources):
    """Make a notebook of code cells, each of them a slide."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    for at, source in enumerate(sources):
        cell = nbformat.v4.new_code_cell(source, id=f"cell-{at}")
        cell.metadata.slideshow = {"slide_type": "slide"}
        notebook.cells.append(cell)
    return notebook


def answers(panel):
    """Expect the figure in `panel`, a locator of its group, to answer pointer and keyboard."""
    status = panel.get_by_role("status").first
    idle = status.inner_text()
    cell = panel.get_by_role("gridcell").first
    cell.hover()
    expect(status).not_to_have_text(idle)
    cell.press("Space")  # Enter may open a field
    expect(cell).to_have_attribute("aria-selected", "true")


def figure(place, name):
    """Return the figure of a class's name inside a page or an output."""
    return place.get_by_role("group", name=LABELS[name], exact=True)


def all_alive(notebook, names):
    """Expect each figure to answer, to let go at Esc, and no letter to reach the notebook."""
    cells = notebook.count()
    for name in names:
        panel = figure(notebook.cell(f"{name}()"), name)
        answers(panel)
        for key in ["a", "b", "Escape"]:
            notebook.page.keyboard.press(key)
        expect(panel.locator("[aria-selected=true]")).to_have_count(0)
    assert notebook.count() == cells
