"""Tests of autograder.notebooks.solution: what is kept of a run, and what is not."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.notebooks.solution import make_solution

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def solution(doubling_files):
    """The small course's solution."""
    path = "solutions/01_doubling/01_doubling.ipynb"
    return nbformat.reads(doubling_files[path].decode(), as_version=4)


def one_cell(outputs, **metadata):
    """Return the outputs that a solution keeps of a cell that showed `outputs`."""
    notebook = new_notebook(cells=[new_code_cell("x", id="x", metadata=metadata)])
    solved = make_solution(notebook, copy.deepcopy(notebook), [outputs])
    return solved.cells[0].outputs


def test_answers_are_in_and_marks_are_out(solution):
    """Does the solution read like a lesson, with its answers?"""
    sources = {cell.id: cell.source for cell in solution.cells}
    assert sources["double"].endswith("    doubled_signal = x + x\n    return doubled_signal")
    assert sources["guess"].endswith("guess = 42 * 1")
    assert sources["why"] == "Because addition is multiplication by two."
    assert sources["double-values"] == "assert list(double(np.array([1, 2]))) == [2, 4]"
    assert not any("###" in source or "hidden" in source for source in sources.values())


def test_a_solution_can_be_handed_in(doubling_files, solution):
    """Has it the release's metadata, so that nbgrader knows its cells?"""
    release = nbformat.reads(
        doubling_files["release/01_doubling/01_doubling.ipynb"].decode(), as_version=4
    )
    assert [cell.metadata for cell in solution.cells] == [c.metadata for c in release.cells]
    assert solution.metadata == release.metadata


def test_cells_are_counted_from_one(solution):
    """Do the counts follow the visible cells, whatever ran between them?"""
    counts = [cell.execution_count for cell in solution.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    results = [o for cell in solution.cells for o in cell.get("outputs", ())]
    assert [o.execution_count for o in results if o.output_type == "execute_result"] == [8]


def test_no_run_leaves_times_or_widget_state(solution):
    """Is a solution the same tomorrow?"""
    assert "widgets" not in solution.metadata
    for cell in solution.cells:
        assert "execution" not in cell.metadata


def test_pictures_are_kept(solution):
    """Does the figure stand in the solution?"""
    data = [o.data for cell in solution.cells for o in cell.get("outputs", ()) if "data" in o]
    assert any("image/png" in one for one in data)


def test_a_widget_is_its_page():
    """Is the view, which needs a kernel, dropped, and its id replaced in the page?"""
    data = {VIEW: {"model_id": "0f" * 16}, "text/html": f"<b id='{'0f' * 16}'>", "text/plain": "W"}
    [kept] = one_cell([new_output("display_data", data)])
    assert kept.data == {"text/html": "<b id='x'>", "text/plain": "W"}


def test_a_figure_follows_no_model_of_the_run():
    """Is the name of the kernel's model, which differs in every run, left out?"""
    shown = f'<div data-figure="im2col" data-model="{"0f" * 16}">'
    [kept] = one_cell([new_output("display_data", {"text/html": shown})])
    assert kept.data == {"text/html": '<div data-figure="im2col">'}


def test_addresses_are_dropped():
    """Is an object's address, which differs in every run, left out?"""
    result = new_output("execute_result", {"text/plain": "<f at 0x7f00aa11bb22>"})
    printed = new_output("stream", text="<g at 0x7f00aa11bb22>\n")
    kept = one_cell([result, printed])
    assert kept[0].data["text/plain"] == "<f>"
    assert kept[1].text == "<g>\n"


def test_measured_times_are_not_kept():
    """Does a cell tagged volatile show nothing, because it never shows the same twice?"""
    assert one_cell([new_output("stream", text="3.2 ms\n")], tags=["volatile"]) == []
