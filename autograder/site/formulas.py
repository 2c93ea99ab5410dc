"""A Sphinx extension that writes formulas as MathML: no script, and nothing from elsewhere."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.writers.html5 import HTML5Translator

from autograder.pipeline.html.formulas import to_mathml

# The theme's script lets the keyboard scroll what has the second class and is too wide.
BLOCK = "formula pst-scrollable-table-container"


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the renderer that the site's settings name."""
    app.add_html_math_renderer("mathml", (write_inline, None), (write_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write_inline(page: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    _write(page, node, block=False)


def write_block(page: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    _write(page, node, block=True)


def _write(page: HTML5Translator, node: nodes.Element, *, block: bool) -> None:
    formula = to_mathml(node.astext(), block=block)
    if not formula.startswith("<math"):
        raise SphinxError(f"{node.source}:{node.line}: no MathML for the formula {node.astext()}")
    page.body.append(f'<div class="{BLOCK}">{formula}</div>' if block else formula)
    raise nodes.SkipNode
