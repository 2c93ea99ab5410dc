"""Put a solution together: the release's cells, the solved sources, and what they showed."""

import copy
import re

from nbformat import NotebookNode

from autograder.marks import SOLUTION, unmarked

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
ADDRESS = re.compile(r" at 0x[0-9a-f]{6,}")
MODEL = re.compile(r' data-model="\w+"')  # the kernel's model that a figure followed


def make_solution(
    source: NotebookNode, release: NotebookNode, outputs: list[list[NotebookNode]]
) -> NotebookNode:
    """Return the solved notebook, with outputs that are the same on every run.

    Its cells are the release's, with the release's metadata, so that it can be handed in and
    graded; only the answers differ.  Hidden tests and marks are gone.
    """
    solution = copy.deepcopy(release)
    count = 0
    for cell, origin, shown in zip(solution.cells, source.cells, outputs, strict=True):
        if origin.metadata.get("nbgrader", {}).get("solution"):
            cell.source = unmarked(origin.source, SOLUTION)
        if cell.cell_type != "code":
            continue
        if cell.source.strip():
            count += 1
            cell.execution_count = count
        volatile = "volatile" in cell.metadata.get("tags", ())
        cell.outputs = [] if volatile else [steady(o, cell) for o in shown]
    return solution


def steady(output: NotebookNode, cell: NotebookNode) -> NotebookNode:
    """Return an output without what changes from run to run: ids, addresses, counts."""
    output = copy.deepcopy(output)
    if output.output_type == "execute_result":
        output.execution_count = cell.execution_count
    if output.output_type == "stream":
        output.text = ADDRESS.sub("", output.text)
        return output
    # A view without its kernel shows nothing; the static page beside it stays.
    view = output.data.pop(WIDGET_VIEW, None)
    model = view["model_id"] if view else None
    for kind, value in output.data.items():
        if kind.startswith("text/"):
            value = MODEL.sub("", ADDRESS.sub("", value))
            output.data[kind] = value.replace(model, cell.id) if model else value
    return output
