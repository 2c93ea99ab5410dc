"""Who may import whom: parsed from the imports of every module."""

import ast
import graphlib
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
INSTRUCTOR = {"autograder", "nbgrader", "jupytext", "pytest", "torch", "scipy"}

RULES = [
    # files, top-level packages that they may never import
    ("course/**/*.py", INSTRUCTOR),
    ("autograder/reference/**/*.py", {"course", "torch", "scipy", "nbgrader", "matplotlib"}),
    ("autograder/lessons/**/*.py", {"torch", "scipy", "nbgrader"}),
    ("autograder/lessons/*/mistakes.py", {"course"}),
    ("autograder/lessons/*/solutions.py", {"course"}),
]


def imported(source: str) -> set[str]:
    """List the top-level packages that a source text imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def guarded(source: str) -> set[str]:
    """List the packages that a source text imports only where it can do without them."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        caught = [ast.unparse(h.type) for h in getattr(node, "handlers", ()) if h.type]
        if any("ImportError" in kinds for kinds in caught):
            found |= imported("\n".join(map(ast.unparse, node.body)))
    return found


@pytest.mark.parametrize(("files", "never"), RULES, ids=[rule[0] for rule in RULES])
def test_a_package_imports_only_what_its_direction_allows(files, never):
    """Does no module of this package import what stands above it?"""
    modules = sorted(ROOT.glob(files))
    assert modules
    wrong = {
        str(module.relative_to(ROOT)): sorted(imported(module.read_text("utf-8")) & never)
        for module in modules
    }
    assert {name: found for name, found in wrong.items() if found} == {}


def rooms_imported(source: str, package: str) -> set[str]:
    """List the rooms of a package that a source text imports, anywhere in it; flat files too."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{name.name}" for name in node.names]
        inside = [name.removeprefix(f"{package}.") for name in names if name.startswith(package)]
        found |= {name.split(".")[0] for name in inside}
    return found


def rooms_of(package: str) -> dict[str, set[str]]:
    """Return which room of a package imports which others; a file beside the rooms is one too."""
    folder, graph = ROOT / package.replace(".", "/"), {}
    for path in sorted(folder.rglob("*.py")):
        room = path.relative_to(folder).parts[0].removesuffix(".py")
        found = rooms_imported(path.read_text("utf-8"), package) - {room}
        graph.setdefault(room, set()).update(found)
    return graph


def test_the_pipelines_rooms_import_each_other_in_one_direction():
    """Can the rooms be put in an order in which each imports only earlier ones?"""
    graph = rooms_of("autograder.pipeline")
    assert graph["commands"] > {"grading", "reports"}
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_the_grader_knows_nothing_of_nbgraders_steps():
    """Does the grader take its limits and steps from its setup, and import no step itself?"""
    text = (ROOT / "autograder/pipeline/grading/grader.py").read_text("utf-8")
    assert "nbgrader_hooks" not in rooms_imported(text, "autograder.pipeline")
    assert "nbgrader.preprocessors" not in text


def test_a_circle_of_rooms_would_be_seen():
    """Would two rooms that import each other, one of them in a function, be told?"""
    texts = {
        "inbox": "from autograder.pipeline.grading import run",
        "grading": "def f():\n    import autograder.pipeline.inbox.reader",
    }
    graph = {name: rooms_imported(text, "autograder.pipeline") for name, text in texts.items()}
    assert graph == {"inbox": {"grading"}, "grading": {"inbox"}}
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter(graph).prepare()


def test_the_reference_needs_numpy_alone():
    """Does the reference import nothing but numpy and the standard library?"""
    allowed = {"numpy", "autograder"} | set(sys.stdlib_module_names)
    for module in (ROOT / "autograder/reference").rglob("*.py"):
        assert imported(module.read_text("utf-8")) <= allowed, module


def test_released_lessons_import_what_students_have():
    """Does every released code cell need only what a student's install brings?

    Lesson 11 runs a layer on PyTorch and on CuPy where they are installed.
    """
    installed = {"course", "numpy", "matplotlib", "ipywidgets", "array_api_compat"}
    allowed = installed | set(sys.stdlib_module_names)
    for path in (ROOT / "release").glob("*/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                optional = guarded(cell.source) & {"torch", "cupy"}
                assert imported(cell.source) - optional <= allowed, (path, cell.source)


# Threads, processes, signals, sockets, calls into C: a browser's Python has none that work.
NOT_IN_A_BROWSER = {
    *("_thread", "asyncio", "concurrent", "multiprocessing", "threading"),
    *("ctypes", "fcntl", "pty", "pwd", "resource", "signal", "subprocess"),
    *("http", "selectors", "socket", "ssl", "urllib"),
}


def test_the_course_needs_nothing_that_a_browser_lacks():
    """Does `course` import only what Pyodide runs, or do without it where it is missing?"""
    wrong = {}
    for path in (ROOT / "course").rglob("*.py"):
        source = path.read_text("utf-8")
        found = (imported(source) - guarded(source)) & NOT_IN_A_BROWSER
        wrong |= {path.name: found} if found else {}
    assert wrong == {}


def test_every_lesson_asks_for_what_a_browser_loads():
    """Does a lesson's first code cell import numpy and matplotlib itself?

    A browser's kernel loads from Pyodide's release what a cell names, not what `course` imports.
    """
    for path in (ROOT / "release").glob("*/*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        first = next(cell.source for cell in cells if cell.cell_type == "code")
        assert {"numpy", "matplotlib"} <= imported(first), path


def test_a_wrong_import_would_be_seen():
    """Would the parser see an import inside a function, or one with a new name?"""
    assert imported("def f():\n    from autograder.reference import x as y\n") == {"autograder"}
    assert imported("import scipy.signal as s") == {"scipy"}


def test_only_a_guarded_import_is_optional():
    """Does an import count as needed unless its cell catches that it is missing?"""
    tried = "try:\n    import torch\nexcept {}:\n    pass\n"
    assert guarded(tried.format("ImportError")) == {"torch"}
    assert guarded(tried.format("(OSError, ImportError)")) == {"torch"}
    assert guarded(tried.format("ValueError")) == guarded("import torch") == set()
