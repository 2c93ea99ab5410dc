"""Compute what is committed, as another processor would: run in a process with its own settings.

    python -m tests.autograder.notebooks.elsewhere FOLDER [LESSON ...]

It writes every lesson's visible cases into FOLDER, and what the named lessons' solved cells print
into FOLDER/printed.json.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell

import course.figures
from autograder import hidden_tests
from autograder.exercises import LESSONS
from autograder.notebooks.layout import notebook_path
from autograder.notebooks.serialize import cases_bytes

ROOT = Path(__file__).parents[3]


def printed(name: str) -> dict[str, str]:
    """Return what the solved lesson's cells print, by their number; what fails is left out.

    Cells that measure times are left out, and so is what needs a name of theirs.
    """
    notebook = json.loads((ROOT / notebook_path("solutions", name)).read_text("utf-8"))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    found = {}
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code" or "volatile" in cell["metadata"].get("tags", ()):
            continue
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            done = shell.run_cell("".join(cell["source"]), silent=True)
        if done.success and any(output["output_type"] == "stream" for output in cell["outputs"]):
            found[str(number)] = text.getvalue()
    return found


def main(folder: Path, lessons: list[str]) -> None:
    """Write the cases of all lessons and the printed text of some."""
    matplotlib.use("agg")
    course.figures.show = lambda figure, alt: plt.close(figure)
    for lesson in LESSONS:
        cases = cases_bytes(lesson.name, hidden_tests.visible_cases(lesson.number))
        (folder / f"{lesson.name}.json").write_bytes(cases)
    texts = {name: printed(name) for name in lessons}
    (folder / "printed.json").write_text(json.dumps(texts), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
