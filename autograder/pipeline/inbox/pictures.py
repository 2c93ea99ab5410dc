"""Pictures that were handed in beside a notebook: put into it, so that who grades sees them."""

import base64
import re
from collections.abc import Sequence
from urllib.parse import unquote

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_grade, is_solution

from autograder.judge.outputs import SIGNATURES

# A picture in markdown, and as a tag.
SHOWN = re.compile(r"(!\[[^\]]{0,500}\]\(\s*<?|<img\b[^>]{0,500}?\bsrc=[\"'])([^)>\"'\s]{1,500})")
HEAD = "Handed in beside the notebook:"


def with_pictures(notebook: NotebookNode, pictures: Sequence[tuple[str, bytes]]) -> NotebookNode:
    """Return a notebook with pictures attached to the cells of text that show them.

    One that no cell shows goes to the first written answer that is as it was given out, so that a
    person looks at it, else into a cell of its own at the end.
    """
    files = {}
    for name, content in pictures:
        kind = next((k for k, start in SIGNATURES.items() if content.startswith(start)), "")
        if kind:
            files[_short(name)] = {kind: base64.b64encode(content).decode()}
    left = dict(files)
    for cell in notebook.cells if files else ():
        if cell.cell_type == "markdown":
            for name in _attach(cell, files):
                left.pop(name, None)
    if left:
        lines = "\n\n".join(f"![{name}](attachment:{name})" for name in left)
        cell = next(filter(_is_untouched, notebook.cells), None)
        if cell is None:
            cell = NotebookNode(cell_type="markdown", source="", metadata=NotebookNode())
            cell.id = "beside-the-notebook"
            notebook.cells.append(cell)
        cell.source = f"{cell.source}\n\n{HEAD}\n\n{lines}".strip()
        cell.attachments = NotebookNode({**cell.get("attachments", {}), **left})
    return notebook


def _attach(cell: NotebookNode, files: dict[str, dict]) -> set[str]:
    """Attach the pictures that a cell shows; return their names."""
    used = set()

    def attached(match: re.Match) -> str:
        name = _short(unquote(match[2]))
        if name not in files or match[2].startswith(("attachment:", "data:")):
            return match[0]
        used.add(name)
        return f"{match[1]}attachment:{name}"

    cell.source = SHOWN.sub(attached, cell.source)
    if used:
        given = cell.get("attachments", {})
        cell.attachments = NotebookNode({**given, **{name: files[name] for name in used}})
    return used


def _short(name: str) -> str:
    """Return a file's name as an attachment's may be: without folders, spaces and brackets."""
    return re.sub(r"[^\w.-]", "_", name.split("/")[-1])[-100:]


def _is_untouched(cell: NotebookNode) -> bool:
    mark = cell.metadata.get("nbgrader")
    if not mark or cell.cell_type != "markdown" or not (is_grade(cell) and is_solution(cell)):
        return False
    return mark.get("checksum") == compute_checksum(cell)
