"""Show a learner's text and outputs so that nothing in them runs or loads.

Feedback pages and Formgrader both go through here: Formgrader's page acts with the instructor's
rights, so that a script in a submission could change grades.
"""

import base64
import binascii
import functools
import re
import secrets

from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from autograder.judge.clean import as_typed, clean_html, has_too_many_tags
from autograder.pipeline.html.formulas import to_mathml

PICTURE_TYPES = ("image/png", "image/jpeg", "image/svg+xml")
# Beyond these, text is shown as it was typed: rendering would take its square in time.
LONGEST, ENVIRONMENTS = 60_000, 200
ATTACHED = re.compile(r"(<img\b[^>]{0,500}?\bsrc=[\"'])(attachment:[^>\"'\s]{1,500})")
LATEX_MARKS = re.compile(r"^\s*(?:\$\$?|\\\[|\\\()|(?:\$\$?|\\\]|\\\))\s*$")


def markdown_to_html(source: str, attachments: dict | None = None) -> str:
    r"""Return markdown as harmless HTML, with its formulas as MathML.

    Examples
    --------
    >>> markdown_to_html("*flip* <script>alert(1)</script>")
    '<p><em>flip</em> </p>\n'
    """
    return _harmless(source) if not attachments else _rendered(source, attachments)


@functools.lru_cache(maxsize=1000)  # most of a lesson's text is the same in all submissions
def _harmless(source: str) -> str:
    return _rendered(source, None)


def _rendered(source: str, attachments: dict | None) -> str:
    if len(source) > LONGEST or source.count(r"\begin{") > ENVIRONMENTS:
        return as_typed(source)
    # Formulas are made after cleaning, from nothing but their own source: what a learner writes
    # as MathML is dropped.  The mark between them cannot be guessed.
    mark = secrets.token_hex(8)
    renderer = _Renderer(mark, attachments)
    made = MarkdownWithMath(renderer=renderer).render(source)
    if has_too_many_tags(made):
        return as_typed(source)
    text = clean_html(made)
    return re.sub(f"{mark}-([0-9]+)-", lambda m: renderer.formulas[int(m[1])], text)


@pass_context
def markdown_filter(context, source: str) -> str:
    """Replace nbconvert's ``markdown2html`` in templates."""
    return markdown_to_html(source, context.get("cell", {}).get("attachments"))


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, with marks in the place of formulas."""

    def __init__(self, mark: str, attachments: dict | None):
        super().__init__(escape=False, attachments=attachments, exclude_anchor_links=True)
        self.mark = mark
        self.formulas: list[str] = []

    def _formula(self, tex: str, *, block: bool) -> str:
        self.formulas.append(to_mathml(tex, block=block))
        return f"{self.mark}-{len(self.formulas) - 1}-"

    def inline_math(self, body: str) -> str:
        return self._formula(body, block=False)

    def block_math(self, body: str) -> str:
        return self._formula(body, block=True)

    def latex_environment(self, name: str, body: str) -> str:
        return self._formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    def _embed_image_or_attachment(self, src: str) -> str:
        known = src.removeprefix("attachment:") in self.attachments
        return super()._embed_image_or_attachment(src) if known else src

    def block_html(self, html: str) -> str:
        """Show attached pictures in a tag, too."""
        return super().block_html(self._with_attached(html))

    def inline_html(self, html: str) -> str:
        """Show attached pictures in a tag, too."""
        return super().inline_html(self._with_attached(html))

    def _with_attached(self, html: str) -> str:
        return ATTACHED.sub(lambda m: m[1] + self._embed_image_or_attachment(m[2]), html)


class SanitizeOutputs(Preprocessor):
    """Keep of every output one harmless form: HTML, a picture or text."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Clean the notebook's cells; widget state goes, for only scripts could show it."""
        nb.metadata.pop("widgets", None)
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int):
        """Clean one cell; markdown is cleaned where it is rendered, see `markdown_filter`."""
        if cell.cell_type == "raw":
            cell.cell_type, cell.metadata = "code", NotebookNode()
            cell.outputs, cell.execution_count = [], None
        if cell.cell_type == "code":
            cell.outputs = [_clean_output(output) for output in cell.outputs]
        if not cell.metadata.get("nbgrader", {}).get("grade_id", "x").isidentifier():
            del cell.metadata["nbgrader"]
        return cell, resources


def _clean_output(output: NotebookNode) -> NotebookNode:
    """Return one output with text as it is and the best of its other forms made harmless."""
    if output.output_type in ("stream", "error"):
        return output
    data = {kind: _joined(value) for kind, value in output.data.items()}
    pictures = [kind for kind in PICTURE_TYPES if _is_base64(kind, data.get(kind, ""))]
    if "text/html" in data:
        kept = {"text/html": clean_html(data["text/html"])}
    elif pictures:
        kept = {pictures[0]: data[pictures[0]]}
    elif "text/markdown" in data:
        kept = {"text/html": markdown_to_html(data["text/markdown"])}
    elif "text/latex" in data:
        tex = LATEX_MARKS.sub("", data["text/latex"])
        kept = {"text/html": to_mathml(tex, block=True)}
    else:
        kept = {"text/plain": data.get("text/plain", "")}
    output.data = NotebookNode(kept)
    output.metadata = NotebookNode()
    return output


def _joined(value) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def _is_base64(kind: str, value: str) -> bool:
    """Whether `value` is what a picture's ``src`` may hold; SVG is text that is encoded later."""
    if kind == "image/svg+xml":
        return bool(value)
    try:
        return bool(base64.b64decode("".join(value.split()), validate=True))
    except (binascii.Error, ValueError):
        return False
