"""What a learner added to a cell that is locked: it runs in the learner's own process."""

import ast

from autograder.judge.code import bound, parsed

_IMPORTS = (ast.Import, ast.ImportFrom)
_BINDS = (*_IMPORTS, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
HEAD = "# Added to the cell above, which is locked."


def added(given: str, theirs: str) -> str:
    """Return what a learner's version of a cell binds beyond the lesson's own; "" for nothing.

    What the lesson's cell binds stays as it is, whatever the learner made of it.

    Examples
    --------
    >>> added("import math\\nN = 3", "import math, random\\nN = 4\\nM = 5")
    '# Added to the cell above, which is locked.\\nimport random\\nM = 5'
    """
    if given == theirs:
        return ""
    kept, own = [], bound(given)
    for node in parsed(theirs).body:
        if isinstance(node, _IMPORTS):
            node.names = [a for a in node.names if (a.asname or a.name).split(".")[0] not in own]
            if not node.names:
                continue
        elif not isinstance(node, _BINDS) or bound(ast.unparse(node)) & own:
            continue
        kept.append(ast.unparse(node))
    return "\n".join([HEAD, *kept]) if kept else ""
