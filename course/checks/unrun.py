"""Let a check speak where the cell of its answer has not been run, and the name means nothing."""

import ast
import builtins
from collections.abc import Iterator


class Unrun:
    """Stands for an answer that no cell has defined, while the cell of its check runs."""


def watch() -> None:
    """In a notebook, lend an `Unrun` to every answer that a cell checks and that is not defined."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if not hasattr(shell, "events"):
        return
    lent = []

    def lend(info) -> None:
        for name in asked(info.raw_cell):
            if name not in shell.user_ns and not hasattr(builtins, name):
                shell.user_ns[name] = Unrun()
                lent.append(name)

    def take_back(result) -> None:
        while lent:
            name = lent.pop()
            if isinstance(shell.user_ns.get(name), Unrun):
                del shell.user_ns[name]

    shell.events.register("pre_run_cell", lend)
    shell.events.register("post_run_cell", take_back)


def asked(cell: str) -> Iterator[str]:
    """Yield the names of the answers that a cell gives to `check`.

    Examples
    --------
    >>> list(asked('check("pad1d", pad1d, "values")'))
    ['pad1d']
    """
    try:
        tree = ast.parse(cell)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "check"
            and len(node.args) > 1
            and isinstance(node.args[1], ast.Name)
        ):
            yield node.args[1].id
