"""Honest notebooks in disorder lose nothing."""

import json
from copy import deepcopy

import pytest

from tests.autograder.judge import kit

MESSY = {
    "prints everywhere": "for i in range(100):\n    print('step', i)",
    "warnings on stderr": "import warnings, sys\nwarnings.warn('careful')\n"
    "print('to stderr', file=sys.stderr)",
    "other imports": "import math, random, itertools, collections, json, os, time\nimport pandas_",
    "magics": "%matplotlib inline\n%time x = 3\n!ls -l\nfiles = !ls",
    "cell magic": "%%time\ny = 4",
    "cell in another language": "%%bash\necho hello",
    "question marks": "np.convolve?",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "figure left open": "import matplotlib.pyplot as plt\nplt.imshow(np.eye(3))",
    "input": "name = input('your name? ')",
    "syntax error": "def broken(:\n    pass",
    "name error": "undefined_name + 1",
    "trailing result": "np.arange(6).reshape(2, 3)",
    "quit": "quit()",
    "global seed": "np.random.seed(0)\nnp.random.rand(3)",
    "print options": "np.set_printoptions(precision=1)\nnp.seterr(all='raise')",
    "await": "import asyncio\nawait asyncio.sleep(0)",
    "thread": "import threading\nt = threading.Thread(target=print)\nt.start()\nt.join()",
    "file": "open('notes.txt', 'w').write('a')\nnp.save('a.npy', np.ones(3))\nnp.load('a.npy')",
    "empty": "",
    "comment": "# nothing to see",
    "unicode": "größe = '✓ 卷积'\nprint(größe)",
    "surrogate": "print('\\ud800')",
    "own check of the answer": "assert scale(SAMPLE, 2)[0] == 2",
    "no output": "import sys\nsys.stdout = None",
    "no output for errors": "import sys\nsys.stderr = None",
    "output closed": "import sys\nsys.stdout.close()\nsys.stderr.close()",
    "output that cannot be written": "import sys\nsys.stdout.write = None\ndel sys.stderr",
    "output of a class of one's own": "import sys\nclass Tee:\n    __slots__ = ()\n"
    "    def write(self, text): return len(text)\nsys.stdout = Tee()",
    "a shell that runs no cells": "get_ipython().run_cell = None",
}


@pytest.mark.parametrize("cell", MESSY.values(), ids=MESSY.keys())
@pytest.mark.parametrize("after", ["setup", "guess_value"])
def test_extra_cells_cost_nothing(grade, cell, after):
    """Whatever an extra cell does short of hanging, is the notebook graded in full?"""
    verdict = grade(kit.inserted(kit.solved(), cell, after))
    assert kit.score(verdict) == kit.POINTS
    assert verdict["status"] == "graded"
    assert verdict["reason"] == ""


@pytest.mark.parametrize(
    ("cell", "printed"),
    [("sys.stdout = None", "below"), ("sys.stdout = io.StringIO()", "then 'below\\\\n'")],
)
def test_only_an_unusable_output_is_put_back(grade, cell, printed):
    """Is what is printed below seen again, and does an output of the learner's own stay?"""
    made = kit.inserted(kit.solved(), f"import io, sys\n{cell}")
    made = kit.inserted(made, "print('below')", "scale")
    made = kit.inserted(
        made,
        "if sys.stdout.__class__ is io.StringIO:\n"
        "    text, sys.stdout = sys.stdout.getvalue(), sys.stderr\n    print('then', repr(text))",
        "total",
    )
    verdict = grade(made)
    assert kit.score(verdict) == kit.POINTS
    assert printed in kit.shown(verdict)


def test_a_shell_that_is_broken_costs_cells_and_not_the_process(grade):
    """Where a cell takes IPython apart, do the cells above it keep their points?"""
    made = kit.inserted(kit.solved(), "get_ipython()._run_cell = None", "guess_value")
    made = kit.inserted(made, "1 + 1", "guess_value")
    verdict = grade(made)
    assert kit.score(verdict) == kit.POINTS
    assert verdict["status"] == "graded"
    assert "exit code" not in verdict["reason"]


def test_outputs_of_the_learner_are_kept(grade):
    """Does the human grader see prints, results, errors and figures?"""
    cell = (
        "import matplotlib.pyplot as plt\n"
        "print('printed')\n"
        "plt.plot([1, 2])\n"
        "plt.show()\n"
        "np.arange(3)"
    )
    verdict = grade(kit.inserted(kit.solved(), cell))
    outputs = verdict["notebook"]["cells"][2]["outputs"]
    assert outputs[0]["text"] == "printed\n"
    kinds = [list(output.get("data", {})) for output in outputs]
    assert ["image/png", "text/plain"] in kinds
    assert outputs[-1]["data"]["text/plain"] == "array([0, 1, 2])"


def test_tables_of_pandas_style_are_kept(grade):
    """Does an HTML table stay a table?"""
    cell = (
        "from IPython.display import HTML\n"
        "HTML('<table border=\"1\"><tr><th>a</th></tr><tr><td>1</td></tr></table>')"
    )
    text = kit.shown(grade(kit.inserted(kit.solved(), cell)))
    assert "<table" in text
    assert "<td>1</td>" in text


def _without_metadata(made):
    for cell in made["cells"]:
        cell["metadata"] = {}


def _without_metadata_and_ids(made):
    _without_metadata(made)
    for number, cell in enumerate(made["cells"]):
        cell["id"] = f"new-{number}"


def _without_tests(made):
    made["cells"] = [c for c in made["cells"] if "assert" not in c["source"]]


def _without_setup(made):
    del made["cells"][kit.index_of(made, "setup")]


def _every_cell_twice(made):
    made["cells"] = [deepcopy(cell) for cell in made["cells"] for _ in range(2)]


def _tests_first(made):
    tests = [c for c in made["cells"] if "assert" in c["source"]]
    made["cells"] = tests + [c for c in made["cells"] if c not in tests]


def _answers_last(made):
    answers = [c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("solution")]
    made["cells"] = [c for c in made["cells"] if c not in answers] + answers


def _other_kernel(made):
    made["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}


def _windows_lines(made):
    for cell in made["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def _answers_as_text(made):
    for cell in made["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["cell_type"] = "raw"
            cell.pop("outputs", None)


def _same_ids_everywhere(made):
    for cell in made["cells"]:
        cell["id"] = "same"


MANGLED = [
    _without_metadata,
    _without_metadata_and_ids,
    _without_tests,
    _without_setup,
    _every_cell_twice,
    _tests_first,
    _answers_last,
    _other_kernel,
    _windows_lines,
    _answers_as_text,
    _same_ids_everywhere,
]


@pytest.mark.parametrize("mangle", MANGLED, ids=lambda mangle: mangle.__name__.strip("_"))
def test_mangled_notebooks_lose_nothing(grade, mangle):
    """Are the cells found again, whatever an editor did to the notebook?"""
    submission = kit.solved()
    mangle(submission)
    verdict = grade(submission)
    assert kit.score(verdict) == kit.POINTS
    ids = [
        cell["metadata"]["nbgrader"]["grade_id"]
        for cell in verdict["notebook"]["cells"]
        if "nbgrader" in cell["metadata"]
    ]
    graded = [key for key in (*kit.TESTS, "setup", "why")]
    assert all(ids.count(key) == 1 for key in graded)


@pytest.mark.parametrize("mangle", MANGLED, ids=lambda mangle: mangle.__name__.strip("_"))
def test_the_written_answer_survives(grade, mangle):
    """Does the human grader find the learner's text, marked as the one to grade?"""
    submission = kit.solved()
    submission["cells"][kit.index_of(submission, "why")]["source"] = "Because of the flip."
    mangle(submission)
    made = grade(submission)["notebook"]
    written = made["cells"][kit.index_of(made, "why")]
    assert written["source"] == "Because of the flip."
    assert written["cell_type"] == "markdown"
    assert written["metadata"]["nbgrader"]["points"] == 3


def test_the_autograded_notebook_is_valid_and_nbgrader_reads_the_scores(grade):
    """Does nbgrader's own rule find the judge's score in every test cell?"""
    nbformat = pytest.importorskip("nbformat")
    from nbgrader.utils import determine_grade

    answers = {"total": "def total(x):\n    return 0", "guess": "guess = 5"}
    verdict = grade(kit.solved(**answers))
    made = nbformat.from_dict(json.loads(json.dumps(verdict["notebook"])))
    nbformat.validate(made)
    for cell in made.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade") and not marks.get("solution"):
            judged = verdict["cells"][marks["grade_id"]]
            assert determine_grade(cell) == (judged["score"], judged["points"])


def test_partial_credit_is_nbgraders(grade):
    """Does an instructor's last line that is a number give that many points, within bounds?"""
    test = "sum([scale(1, 2) == 2, scale(2, 2) == 5]) * 0.5"
    for expression, points in ((test, 0.5), ("7", 2.0), ("-3", 0.0), ("'text'", 2.0)):
        source = kit.source()
        source["cells"][kit.index_of(source, "scale_values")]["source"] = expression
        verdict = grade(kit.solved(), source=source)
        assert verdict["cells"]["scale_values"]["score"] == points


def test_the_same_name_as_a_test_constant_is_no_trouble(grade):
    """Does a learner who reuses a constant's name keep the points of right answers?"""
    verdict = grade(kit.inserted(kit.solved(), "SAMPLE = 'mine'"))
    assert kit.score(verdict) == kit.POINTS


def test_renamed_parameters_are_fine(grade):
    """Are learners called by position?"""
    verdict = grade(kit.solved(scale="def scale(vector, factor):\n    return vector * factor"))
    assert kit.score(verdict) == kit.POINTS


def test_helpers_in_cells_of_their_own_are_found(grade):
    """Does an answer that calls a helper from an extra cell work?"""
    submission = kit.solved(total="def total(x):\n    return helper(x)")
    helper = "def helper(x):\n    return float(np.sum(x))"
    assert kit.score(grade(kit.inserted(submission, helper))) == kit.POINTS
