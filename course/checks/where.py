"""Find the line of the answer that raised an exception, and the shapes of its arrays."""

import ast
import linecache
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from course.checks.source import code_of
from course.protocol import line_of

HERE = str(Path(__file__).parent)
MOST = 3  # shapes that are named


def where(error: BaseException, answer: Any) -> tuple[str, str]:
    """Return the answer's line that led to an exception, and the shapes that met there.

    The line is the last one of the answer's own cell, wherever the exception was raised: in the
    answer, in a function that the lesson gives, or in numpy.

    Examples
    --------
    The second is a sentence such as "There `x[1:]` has shape (4,) and `w` has shape (3,).", or "".
    """
    if line := line_of(error):  # the judge brings it along
        return (f"line {line.number}: {line.text.strip()}" if line.number else ""), ""
    code = code_of(answer)
    steps = list(traceback.walk_tb(error.__traceback__))
    stack = traceback.extract_tb(error.__traceback__)
    own = [i for i, (f, _) in enumerate(steps) if code and f.f_code.co_filename == code.co_filename]
    for place in own[::-1] or range(len(steps) - 1, -1, -1):
        name = stack[place].filename
        if not own and (name.startswith(HERE) or "site-packages" in name or "/lib/python" in name):
            continue
        if name.startswith("<frozen"):
            continue
        number = stack[place].lineno
        text = stack[place].line or linecache.getline(name, number)
        return f"line {number}: {text.strip()}", _shapes(steps[place][0], stack[place])
    return "", ""


def _shapes(frame: FrameType, summary: traceback.FrameSummary) -> str:
    """Say which shapes the arrays have that stand in the part of the line that failed."""
    lines = linecache.getlines(frame.f_code.co_filename)[summary.lineno - 1 : summary.end_lineno]
    if not lines or summary.colno is None or summary.lineno != summary.end_lineno:
        return ""
    # Columns count bytes; a name may hold other letters than ASCII.
    part = lines[0].encode()[summary.colno : summary.end_colno].decode(errors="ignore")
    try:
        tree = ast.parse(part.strip(), mode="exec")
    except (SyntaxError, ValueError):
        return ""
    found: dict[str, str] = {}
    for node in _operands(tree):
        value = _value(node, frame)
        if isinstance(value, np.ndarray):
            found[ast.unparse(node)] = f"has shape {value.shape}"
        elif isinstance(value, (int, np.integer)) and isinstance(node, ast.Name):
            found[ast.unparse(node)] = f"is {value}"
    told = [f"`{text}` {what}" for text, what in list(found.items())[:MOST]]
    if not told or not any("shape" in entry for entry in told):
        return ""
    return f"There {', '.join(told[:-1])}{' and ' if told[1:] else ''}{told[-1]}."


def _operands(tree: ast.AST) -> list[ast.expr]:
    """List what is joined in an expression, from the outside in."""
    found: list[ast.expr] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        whole = isinstance(node, (ast.Name, ast.Subscript, ast.Attribute))
        if whole and not any(isinstance(inner, ast.Call) for inner in ast.walk(node)):
            found.append(node)
            waiting += [node.slice] if isinstance(node, ast.Subscript) else []
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def _value(node: ast.expr, frame: FrameType) -> Any:
    """Look up names, attributes and entries; nothing is called, so nothing can happen."""
    names = {**frame.f_globals, **frame.f_locals}
    read = ast.parse(ast.unparse(node), mode="eval")
    for inner in ast.walk(read):
        if isinstance(inner, ast.Name) and not _plain(names.get(inner.id)):
            return None
    try:
        return eval(compile(read, "<where>", "eval"), {"__builtins__": {}}, names)
    except Exception:
        return None


def _plain(value: Any) -> bool:
    return type(value) in (np.ndarray, int, float, tuple, list, dict) or isinstance(
        value, np.integer
    )
