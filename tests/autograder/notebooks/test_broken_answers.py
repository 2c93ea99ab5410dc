"""Run All with answers that give something else: does each lesson go through to its end?"""

import ast
import linecache
import warnings

import matplotlib.pyplot as plt
import pytest

from tests.autograder.notebooks.test_lessons import NAMES, committed

GIVES = {
    "nothing": "None",
    "a matrix": "np.zeros((2, 3))",
    "a text": "'abc'",
}


def broken(source, gives):
    """Return an answer's cell in which each function and method, but a constructor, gives this."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name != "__init__":
            node.body = ast.parse(f"return {gives}").body
    return ast.unparse(tree)


def errors_of(name, gives):
    """Run a solved lesson without its checks, all answers broken; return what cells raise."""
    errors, names = [], {"__name__": "__main__"}
    for number, cell in enumerate(committed("solutions", name).cells):
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or (mark.get("grade") and not mark.get("solution")):
            continue
        kept = [line for line in cell.source.split("\n") if not line.startswith("check(")]
        source, file = "\n".join(kept), f"<cell {number} of {name}>"
        if mark.get("solution"):
            source = broken(source, gives)
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        try:
            exec(compile(source, file, "exec"), names)
        except Exception as error:
            errors.append(f"{source.strip().splitlines()[0]}: {type(error).__name__}: {error}")
        plt.close("all")
    return errors


@pytest.mark.parametrize("gives", GIVES.values(), ids=GIVES)
@pytest.mark.parametrize("name", NAMES)
def test_no_cell_of_a_lesson_shows_a_traceback(name, gives, monkeypatch, tmp_path):
    """Does every cell beside the checks say in a sentence that an answer does not fit yet?"""
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert errors_of(name, gives) == []
