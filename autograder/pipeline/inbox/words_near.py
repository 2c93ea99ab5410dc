"""A written answer that stands in cells of the learner's own, beside the one given for it."""

from nbformat import NotebookNode

from autograder.judge.find import Wanted, is_given
from autograder.judge.nearby import lesson_texts, texts_near


def words_near(
    wanted: dict[str, Wanted],
    cells: list[NotebookNode],
    chosen: dict[str, int],
    doubles: dict[int, str],
    blank: NotebookNode,
) -> dict[str, list[int]]:
    """Return the cells of the learner's own that hold a written answer whose cell is untouched."""
    texts = lesson_texts(blank)
    taken = {*chosen.values(), *doubles}
    found: dict[str, list[int]] = {}
    for name, index in chosen.items():
        want = wanted[name]
        if want.role == "written" and is_given(want, cells[index]):
            near = texts_near(want.at, cells, taken, texts, {want.at: index})
            taken.update(near)
            if near:
                found[name] = near
    return found


def joined(cell: NotebookNode, near: list[NotebookNode]) -> NotebookNode:
    """Return a cell with the text and the pictures of others below its own."""
    if not near:
        return cell
    parts, pictures = [text_of(cell)], dict(cell.get("attachments") or {})
    for other in near:
        is_code = other.cell_type == "code"
        parts.append(f"```\n{text_of(other)}\n```" if is_code else text_of(other))
        given = other.get("attachments")
        given = given if isinstance(given, dict) else {}
        # nbgrader tells an answer from what was given by its text alone.
        new = [name for name in given if f"attachment:{name})" not in parts[-1]]
        parts += [f"![{name}](attachment:{name})" for name in new]
        pictures |= given
    return NotebookNode({**cell, "source": "\n\n".join(parts), "attachments": pictures})


def text_of(cell: NotebookNode) -> str:
    """Return a cell's text with Unix line ends and no space around it."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(str(line) for line in source)
    return str(source).replace("\r\n", "\n").replace("\r", "\n").strip("\n ")
