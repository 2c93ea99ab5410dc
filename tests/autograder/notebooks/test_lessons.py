"""Tests of every lesson that has a text: leaks, clean runs, ids and points.

Each release is run here, each solution by `test_built_files.py` with its hidden tests.
`tests/browser/test_jupyterlab.py` runs one in JupyterLab.
"""

import os
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.exercises import exercises_of
from autograder.notebooks.execute import ENVIRONMENT
from autograder.notebooks.kernels import kernel_manager
from autograder.notebooks.layout import notebook_path
from autograder.notebooks.leaks import FORBIDDEN, find_leaks
from autograder.notebooks.text import canonical
from autograder.notebooks.verify import unexpected
from course import widgets

ROOT = Path(__file__).parents[3]
NAMES = sorted(path.stem for path in (ROOT / "source").glob("*.py"))
every_lesson = pytest.mark.parametrize("name", NAMES)


def committed(step, name):
    """Return a built notebook as it lies in the repository."""
    return nbformat.read(ROOT / notebook_path(step, name), as_version=4)


def run_all(notebook, folder):
    """Run a notebook in a clean kernel that finds the `course` package."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": path}
    client = NotebookClient(
        notebook, km=kernel_manager(folder), timeout=120, shutdown_kernel="immediate"
    )
    client.execute(env=environment, cleanup_kc=True)


RUNS = {}
# Between both runs: the second forgets the first's names, and need not draw the same again.
AGAIN = """%reset -sf
get_ipython().without_pictures = True"""


@pytest.fixture
def runs(name, tmp_path):
    """Run a release in a clean kernel, then, its names deleted, without the answers' cells.

    One kernel for both: importing costs as much as the rest.
    """
    if name not in RUNS:
        unsolved, without = committed("release", name), committed("release", name)
        without.cells = [
            cell
            for cell in without.cells
            if cell.cell_type == "markdown" or not cell.metadata.get("nbgrader", {}).get("solution")
        ]
        both = nbformat.v4.new_notebook(metadata=unsolved.metadata)
        both.cells = [*unsolved.cells, nbformat.v4.new_code_cell(AGAIN), *without.cells]
        run_all(both, tmp_path)
        RUNS[name] = unsolved, without
    return RUNS[name]


def shown(cell):
    """Return what a code cell's only output says."""
    [output] = cell.outputs
    return output.get("data", {}).get("text/plain") or "\n".join(output["traceback"])


def checks_of(notebook):
    """Return the cells in which a learner calls `check`."""
    return [cell for cell in notebook.cells if cell.source.startswith("check(")]


def assert_figures_are_shown(notebook):
    """Expect each figure of `course.widgets` to come out as a figure, not as its text alone."""
    names = tuple(f"{name}(" for name in widgets.__all__)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.lstrip().startswith(names):
            assert "data-figure=" in cell.outputs[0].data["text/html"], cell.source


def test_nothing_built_is_left_over(real_course):
    """Has every built folder a text?"""
    assert unexpected(real_course) == []


@every_lesson
def test_the_text_is_canonical(name):
    """Does reading and writing the text leave it as it is?"""
    text = (ROOT / "source" / f"{name}.py").read_text("utf-8")
    assert canonical(text) == text


def test_no_answer_reaches_the_students(real_course):
    """Do releases and the students' package show no line of a solution still to come?"""
    assert find_leaks(real_course) == []


@every_lesson
def test_a_release_says_nothing_of_the_instructors_side(name):
    """Has it no hidden test, no mark, no output, and not the word `autograder`?"""
    path = ROOT / notebook_path("release", name)
    for word in (*FORBIDDEN, "withheld"):
        assert word not in path.read_text("utf-8")
    assert not any(cell.get("outputs") for cell in committed("release", name).cells)


@every_lesson
def test_the_solution_shows_that_all_is_right(name):
    """Has the committed solution no error, no warning, no cell left waiting, and every check right?

    What a cell shows is what the build saw in a clean kernel; `test_built_files.py` runs it again.
    """
    notebook = committed("solutions", name)
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    assert not [o.text for o in outputs if "waits for" in o.get("text", "")]
    assert checks_of(notebook)
    for cell in checks_of(notebook):
        assert "✓" in shown(cell), cell.source
    assert_figures_are_shown(notebook)


@pytest.mark.slow
@every_lesson
def test_run_all_goes_through_an_unsolved_release(runs):
    """Does every check say "not written yet", and does nothing else complain?"""
    notebook, _ = runs
    for cell in notebook.cells:
        if any(output.output_type == "error" for output in cell.get("outputs", ())):
            assert "raises-exception" in cell.metadata.tags
    assert checks_of(notebook)
    for cell in checks_of(notebook):
        assert "not written yet" in shown(cell), cell.source
    assert_figures_are_shown(notebook)
    assert notebook.cells[-1].cell_type == "markdown" or notebook.cells[-1].execution_count


@pytest.mark.slow
@every_lesson
def test_run_all_goes_through_a_release_without_its_answers(runs):
    """Where every answer's cell is gone, does each check say so, and does nothing else fail?"""
    _, notebook = runs
    assert checks_of(notebook)
    for cell in checks_of(notebook):
        assert "not run yet" in shown(cell), cell.source


@every_lesson
def test_grade_ids_are_unique_words(name):
    """Can every cell be found by its id, in a gradebook and in a URL?"""
    ids = [
        cell.metadata.nbgrader.grade_id
        for cell in committed("source", name).cells
        if "nbgrader" in cell.metadata
    ]
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", one) for one in ids)


@every_lesson
def test_points_add_up_to_what_the_lesson_says(name):
    """Do text, notebook and registry agree on the total?"""
    notebook = committed("release", name)
    graded = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    total = sum(meta.points for meta in graded if meta.grade)
    assert total == sum(exercise.points for exercise in exercises_of(name))
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.search(r"\b(\d+) points\b", prose)[1] == str(total)
