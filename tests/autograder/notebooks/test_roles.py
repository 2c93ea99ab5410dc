"""Tests of autograder.notebooks.roles: what a source notebook says to nbgrader and the judge."""

import nbformat
from nbgrader.nbgraderformat import MetadataValidator

from autograder.notebooks.roles import source_notebook
from autograder.notebooks.text import _lesson_of, read_lesson


def cells_by_id(notebook):
    """Return a notebook's cells by their ids."""
    return {cell.id: cell for cell in notebook.cells}


def test_roles_become_nbgrader_metadata(author):
    """Is each role what nbgrader calls it?"""
    _, notebook = author.source()
    cells = cells_by_id(notebook)
    seen = {
        name: tuple(cells[name].metadata.nbgrader[key] for key in ("grade", "solution", "locked"))
        for name in ("setup", "guess", "double", "double-values", "why")
    }
    assert seen == {
        "setup": (False, False, True),
        "guess": (False, True, False),
        "double": (False, True, False),
        "double-values": (True, False, True),
        "why": (True, True, False),
    }
    MetadataValidator().validate_nb(notebook)
    nbformat.validate(notebook)


def test_points_come_from_the_registry(author):
    """Do the cells' points add up to the registry's?"""
    _, notebook = author.source()
    points = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in notebook.cells
        if "points" in cell.metadata.get("nbgrader", {})
    }
    assert points == {"double_values": 2, "double_shape": 1, "why": 2}


def test_tags_tell_setup_predictions_and_cells_that_may_fail(author):
    """Can the judge find its setup, and does an unsolved notebook run on?"""
    _, notebook = author.source()
    tags = {cell.id: cell.metadata.get("tags") for cell in notebook.cells}
    assert tags["setup"] == ["judge-setup"]
    assert tags["guess"] == ["prediction"]
    assert tags["double-values"] == tags["double-shape"] == ["raises-exception"]
    assert [cell.metadata.get("tags") for cell in notebook.cells][4] == ["raises-exception"]
    assert tags["double"] is None


def test_nothing_of_the_text_format_reaches_the_notebook(author):
    """Are pairing metadata and header keys gone?  With them solutions come back by themselves."""
    _, notebook = author.source()
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"nbgrader", "tags", "slideshow"}
    assert notebook.cells[0].metadata.slideshow == {"slide_type": "slide"}


def test_what_learners_write_is_not_on_the_slides(author):
    """Does every cell with a role stay off the deck, unless its header says otherwise?"""
    text, notebook = author.source()
    shown = {
        cell.metadata.get("role"): made.metadata.get("slideshow")
        for cell, made in zip(text.notebook.cells[1:], notebook.cells[1:], strict=True)
    }
    assert shown.pop(None) is None
    assert set(shown) >= {"setup", "answer", "test", "written"}
    assert all(slideshow == {"slide_type": "skip"} for slideshow in shown.values())
    author.edit('role="setup"', 'role="setup" slideshow={"slide_type": "slide"}')
    _, notebook = author.source()
    assert cells_by_id(notebook)["setup"].metadata.slideshow == {"slide_type": "slide"}


def test_a_figure_has_a_slide_of_its_own(author):
    """Does it begin a slide, with room enough, unless its header says otherwise?"""
    author.edit("# %%\nprint(np.arange(3))", "# %%\nFlipAndSlide()\n\n# %%\nprint(np.arange(3))")
    _, notebook = author.source()
    (figure,) = [cell for cell in notebook.cells if cell.source == "FlipAndSlide()"]
    assert figure.metadata.slideshow == {"slide_type": "subslide"}


def test_ids_depend_on_content_alone(author):
    """Are ids the same in every build, and unique where cells repeat?  jupytext's are random."""
    first = read_lesson(author.path)
    _lesson_of.cache_clear()
    again = read_lesson(author.path)
    assert [c.id for c in first.notebook.cells] != [c.id for c in again.notebook.cells]
    author.edit(
        "# %%\nprint(np.arange(3))",
        '# %%\nx = 1\n\n# %%\nx = 1\n\n# %% role="given"\na = 1\n\n# %% role="given"\na = 1\n\n'
        "# %%\nprint(np.arange(3))",
    )
    text, notebook = author.source()
    exercises = author.course.exercises_of(author.name)
    ids = [cell.id for cell in notebook.cells]
    assert ids == [cell.id for cell in source_notebook(text, exercises).cells]
    assert len(set(ids)) == len(ids)
    assert ids[6] == f"{ids[5]}-2"
    assert ids[7:9] == ["given", "given-2"]
