"""Read a cell's code: what it defines, what it mentions."""

import ast
import functools
import re

# By what code can bind names that do not stand in it.
_WAYS = {"exec", "eval", "globals", "locals", "vars", "setattr", "get_ipython", "run_path"}
_RUNS = re.compile(r"^\s*%+(?:run|rerun|load|macro)", re.MULTILINE)


def normal(text: str) -> str:
    """Return a cell's text without the space that editors add or drop."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def python_lines(code: str) -> str:
    """Return a cell's code with IPython's own lines emptied."""
    lines = ["" if line.lstrip()[:1] in ("%", "!", "?") else line for line in code.splitlines()]
    return "\n".join(lines)


def parsed(code: str) -> ast.Module:
    """Parse a cell; IPython's own lines count as empty, and what cannot be read as nothing."""
    try:
        return ast.parse(python_lines(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


@functools.lru_cache(maxsize=256)  # most cells of a class are the lesson's own
def mentioned(code: str) -> frozenset[str]:
    """Return the names that a cell uses or sets."""
    return frozenset(node.id for node in ast.walk(parsed(code)) if isinstance(node, ast.Name))


@functools.lru_cache(maxsize=256)
def defined(code: str) -> frozenset[str]:
    """Return the names that a cell's own lines define or assign."""
    found = set()
    for node in parsed(code).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(found)


@functools.lru_cache(maxsize=256)
def bound(code: str) -> frozenset[str]:
    """Return the names that a cell imports, defines or assigns, at any depth."""
    found = set()
    for node in ast.walk(parsed(code)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return frozenset(found)


def defines(code: str, name: str) -> bool:
    """Whether a line of a cell defines or assigns a name, also where the cell cannot be read."""
    pattern = rf"^(?:async\s+def|def|class)\s+{name}\b|^{name}\s*(?::[^=\n]+)?=(?!=)"
    return re.search(pattern, code, re.MULTILINE) is not None


@functools.lru_cache(maxsize=256)
def runs_alike(code: str, other: str) -> bool:
    """Whether two cells differ in comments alone."""
    mine, theirs = parsed(code), parsed(other)
    if not mine.body or len(mine.body) != len(theirs.body):
        return False
    try:
        return ast.dump(mine) == ast.dump(theirs)
    except RecursionError:
        return False


@functools.lru_cache(maxsize=256)
def may_define(code: str, name: str) -> bool:
    """Whether a cell can give a name its value, in whatever way it may have to do so."""
    if defines(code, name) or {name, "*"} & bound(code):
        return True
    return bool(_WAYS & mentioned(code)) or _RUNS.search(code) is not None


def has_lines(code: str) -> bool:
    """Whether a cell holds more than comments."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in code.splitlines())


def without(name: str, code: str) -> str:
    """Say, after a cell's name, why a name has no value although the cell ran without an error."""
    if name in defined(code) and not code.lstrip().startswith("%%"):
        return f"defines {name}, which is gone when its test runs"
    return f"defines no {name}"
