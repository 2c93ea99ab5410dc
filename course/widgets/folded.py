"""A figure that is folded away: small in the notebook, running once a reader opens it."""

import base64
import gzip
import json
from functools import cache
from html import escape
from typing import NamedTuple

from course.widgets.base import STATIC
from course.widgets.tables import table


class WrongEntry(NamedTuple):
    """An entry of a result that an answer got wrong.

    Attributes
    ----------
    row : the figure's row or sheet that holds the entry, as "y"
    cell : the number of the entry's cell there
    name : the entry as text, as "[0, 1]" or, where there are several results, "dx[0, 1]"
    computed, expected : the answer's value and the right one, as texts
    """

    row: str
    cell: int
    name: str
    computed: str
    expected: str


def folded(figure, summary, words, wrong):
    """Return a figure as HTML that shows `summary` alone until a reader opens it.

    Its module is packed (gzip, base64) to a third of its size, and neither unpacked nor run
    before that. With scripts off its tables are there.

    Parameters
    ----------
    figure : Figure
    summary : str
        What opens it.
    words : list of str
        Paragraphs between the summary and the figure.
    wrong : list of WrongEntry
        What the figure marks; it opens with the first of them selected.
    """
    marks = [(one.row, one.cell, one.computed, one.expected) for one in wrong]
    state = json.dumps({**figure.state(), "wrong": marks})
    rows = [(one.name, [one.computed, one.expected]) for one in wrong]
    heads = ["entry", "your value", "expected"]
    tables = [table("Wrong values", rows, heads)] if wrong else []
    body = figure.host(
        {"folded": figure.figure, "state": state}, "\n".join([*tables, figure.tables()])
    )
    return "\n".join(
        [
            f'<details class="folded-figure" data-module="{_packed(figure.script())}">',
            '<summary style="cursor:pointer;padding:4px 12px;width:max-content;'
            f'font-family:var(--jp-content-font-family, sans-serif)">{escape(summary)}</summary>',
            *(f'<p style="margin:4px 12px">{escape(text)}</p>' for text in words),
            body,
            "</details>",
            f'<script type="module">\n{(STATIC / "unfold.js").read_text("utf-8")}</script>',
        ]
    )


@cache
def _packed(script):
    """Pack a script, into the same text each time."""
    return base64.b64encode(gzip.compress(script.encode(), 9, mtime=0)).decode("ascii")
