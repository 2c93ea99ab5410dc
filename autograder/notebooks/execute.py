"""Run a solved lesson in a clean kernel and keep what each cell showed."""

import contextlib
import copy
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder import CommandError
from autograder.marks import HIDDEN, SOLUTION, inside, outside, unmarked
from autograder.notebooks.kernels import kernel_manager
from autograder.notebooks.text import LessonText

SECONDS = 300  # a cell of a lesson that takes longer is broken

# The first import of matplotlib on a machine writes a message about its fonts to stderr.
PREPARATION = "import matplotlib.font_manager"

# What a run may not take from the person who builds.
ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
}


def run_solution(
    lesson: LessonText, source: NotebookNode, root: Path, cases: dict[str, bytes]
) -> list[list[NotebookNode]]:
    """Return the outputs of each cell of the solved lesson; markdown cells have none.

    Hidden tests run right after the cell that holds them and have to pass; what they show is
    dropped, because the solution does not hold them.

    Parameters
    ----------
    source : the lesson's source notebook
    root : the folder that holds ``course`` and ``autograder``
    cases : the visible cases as they are being built, by path from `root`

    Raises
    ------
    CommandError
        If a cell raises, writes to stderr, takes too long or kills the kernel.  Tests tagged
        `raises-exception` are no exception: in a solution nothing may fail.
    """
    steps = list(_steps(source))
    notebook = nbformat.v4.new_notebook(metadata=copy.deepcopy(source.metadata))
    notebook.cells = [nbformat.v4.new_code_cell(code) for _, _, code in steps]
    started = []
    try:
        _run(notebook, root, cases, lambda cell, cell_index: started.append(cell_index))
    except CellExecutionError as error:
        raise _failure(lesson, steps[started[-1]], error) from None
    except CellTimeoutError:
        number, _, _ = steps[started[-1]]
        raise lesson.error(f"the cell takes longer than {SECONDS} s.", number) from None
    except DeadKernelError:
        number, _, _ = steps[started[-1]]
        raise lesson.error("the kernel died in this cell.", number) from None

    outputs: list[list[NotebookNode]] = [[] for _ in source.cells]
    for (number, kind, _), cell in zip(steps, notebook.cells, strict=True):
        if kind == "preparation":
            continue
        _refuse_noise(lesson, number, cell.outputs)
        if kind == "cell":
            outputs[number] = cell.outputs
    return outputs


def run_release(release: NotebookNode, root: Path) -> list[list[NotebookNode]]:
    """Return the outputs of each cell of an unsolved lesson; markdown cells have none.

    Checks say that nothing is written yet, which is an error of their cells.

    Parameters
    ----------
    release : the lesson's notebook as students get it
    root : the folder that holds ``course``

    Raises
    ------
    CommandError
        If a cell without the tag `raises-exception` raises, takes too long or kills the kernel.
    """
    notebook = copy.deepcopy(release)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(PREPARATION))
    try:
        _run(notebook, root, {}, None)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise CommandError(f"A released lesson does not run unsolved: {error}") from None
    return [cell.get("outputs", []) for cell in notebook.cells[1:]]


def _run(notebook: NotebookNode, root: Path, cases: dict[str, bytes], on_cell_start) -> None:
    """Run a notebook in a clean kernel and an empty folder; its cells keep what they show."""
    with _workplace(root, cases) as (folder, environment):
        client = NotebookClient(
            notebook,
            km=kernel_manager(Path(folder).parent),
            timeout=SECONDS,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
            on_cell_start=on_cell_start,
            shutdown_kernel="immediate",  # all is said: it need not put its own things away
        )
        # The kernel manager is ours, so that its channels are closed only when told to.
        client.execute(env=environment, cleanup_kc=True)


def _steps(source: NotebookNode) -> Iterator[tuple[int, str, str]]:
    """Yield what is run: the number of the lesson's cell, what it is, and the code."""
    yield 0, "preparation", PREPARATION
    for number, cell in enumerate(source.cells):
        if cell.cell_type == "code":
            yield number, "cell", unmarked(outside(cell.source, HIDDEN), SOLUTION)
            if hidden := inside(cell.source, HIDDEN):
                yield number, "hidden tests", hidden


@contextlib.contextmanager
def _workplace(root: Path, cases: dict[str, bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Make an empty folder to run in, and an environment whose `course` has the new cases."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        tree, empty = place / "tree", place / "empty"
        for path in (tree, empty, place / "ipython"):
            path.mkdir()
        if (root / "course").is_dir():
            # With its compiled files, which fit as long as the sources keep their times.
            skip = shutil.ignore_patterns(".ipynb_checkpoints")
            shutil.copytree(root / "course", tree / "course", ignore=skip)
        for path, content in cases.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(content)
        if (root / "autograder").is_dir():
            (tree / "autograder").symlink_to(root / "autograder")
        path = os.pathsep.join(filter(None, [str(tree), os.environ.get("PYTHONPATH")]))
        yield (
            str(empty),
            {
                # As lesson 13 sets it, too late where numpy is imported before a lesson.
                "OPENBLAS_NUM_THREADS": "1",
                **os.environ,
                **ENVIRONMENT,
                "PYTHONPATH": path,
                "IPYTHONDIR": str(place / "ipython"),
            },
        )


def _failure(lesson: LessonText, step: tuple, error: CellExecutionError) -> CommandError:
    number, kind, code = step
    plain = re.sub(r"\x1b\[[0-9;]*m", "", error.traceback)
    # The first frame is the cell that failed; a CheckFailed shows no frames at all.
    frame = re.search(r"Cell In\s?\[\d+\], line (\d+)", plain)
    line = int(frame[1]) - 1 if frame else -1
    if frame and code:
        text = code.split("\n")[line] if line < len(code.split("\n")) else ""
        source = lesson.notebook.cells[number].source.split("\n")
        line = source.index(text) if text in source else -1
    what = "the hidden tests fail" if kind == "hidden tests" else "the solved cell fails"
    return lesson.error(f"{what}: {error.ename}: {error.evalue}", number, line)


def _refuse_noise(lesson: LessonText, number: int, outputs: list[NotebookNode]) -> None:
    """Refuse errors that were only shown, and warnings: they name paths and alarm learners."""
    for output in outputs:
        if output.output_type == "error":
            raise lesson.error(f"the cell shows an error: {output.ename}.", number)
        if output.output_type == "stream" and output.name == "stderr":
            raise lesson.error(
                f"the solved cell writes to stderr: {output.text.strip()[:300]}", number
            )
