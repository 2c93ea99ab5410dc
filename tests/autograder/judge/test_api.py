"""The function that callers use, in processes of its own, on the real lesson."""

import argparse
import subprocess
import sys

import nbformat
import pytest

from autograder import CommandError
from autograder.judge import Verdict, api, judge_notebook
from autograder.judge.host import ROOT
from tests.autograder.judge import kit

LESSON = "01_sliding_window"
pytestmark = pytest.mark.slow


def read(folder: str, lesson: str = LESSON):
    path = ROOT / folder / lesson / f"{lesson}.ipynb"
    return nbformat.read(path, 4)


def outcomes(grade, source, submission, lesson):
    """Return each test's outcome in a real lesson, judged in this process."""
    names = api.registered(lesson)
    return kit.outcomes(grade(api.plain(submission), source=api.plain(source), names=names))


def test_a_barred_call_is_found_in_the_answers_cell_alone(grade):
    """Does np.convolve in the answer earn nothing, and elsewhere cost nothing?"""
    source, submission = read("source"), read("source")
    for cell in submission.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "convolve1d":
            cell.source = "def convolve1d(x, w):\n    return np.convolve(x, w, mode='valid')"
    submission.cells.insert(3, nbformat.v4.new_code_cell("import numpy\nnumpy.correlate([1], [1])"))
    told = outcomes(grade, source, submission, LESSON)
    assert {told[key] for key in told if key.startswith("convolve1d")} == {"barred"}
    assert {told[key] for key in told if key.startswith("correlate1d")} == {"right"}


def test_a_call_of_a_given_function_earns_nothing(grade):
    """Does the judge find the given loops behind lesson 08's own answer?"""
    lesson, name = "08_im2col", "conv2d_im2col"
    source, submission = read("source", lesson), read("source", lesson)
    for cell in submission.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            cell.source = (
                "def conv2d_im2col(x, w, b, stride=1, padding=0):\n"
                "    return conv2d_loops(x, w, b, stride, padding)"
            )
    told = outcomes(grade, source, submission, lesson)
    assert {told[key] for key in told if key.startswith(name)} == {"barred"}
    assert "right" in told.values()


def test_an_own_function_of_a_given_name_costs_nothing(grade):
    """May lesson 08's answer call a `conv2d` of its own, from a cell above?"""
    lesson, name = "08_im2col", "conv2d_im2col"
    source, submission = read("source", lesson), read("source", lesson)
    marks = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in submission.cells]
    place = marks.index(name)
    submission.cells[place].source = (
        "def conv2d_im2col(x, w, b, stride=1, padding=0):\n"
        "    y = conv2d(w, im2col(x, w.shape[2:], stride, padding)) + b[:, None]\n"
        "    OH, OW = output_shape(x.shape[2:], w.shape[2:], stride, padding)\n"
        "    return y.reshape(len(w), OH, OW, len(x)).transpose(3, 0, 1, 2)"
    )
    own = "def conv2d(W, X):\n    return W.reshape(len(W), -1) @ X"
    submission.cells.insert(place, nbformat.v4.new_code_cell(own))
    told = outcomes(grade, source, submission, lesson)
    assert {told[key] for key in told if key.startswith(name)} == {"right"}


def test_a_source_that_does_not_run_is_the_lessons_fault():
    """Is a broken setup cell named, rather than held against the learner?"""
    source = kit.source()
    source["cells"][1]["source"] = (
        "SAMPLE = [1]\nimport no_such_module_at_all\nno_such_module_at_all"
    )
    with pytest.raises(CommandError, match="setup cell 1 of the source raised ModuleNotFound"):
        judge_notebook(source, kit.solved(), lesson="01", secret=b"s", names=kit.NAMES)


def test_a_required_sandbox_that_is_missing_is_refused(monkeypatch):
    """Does the caller hear what to do?"""

    def refused(*_args, **_rest):
        return subprocess.CompletedProcess([], 0, b'{"refused": "NO SANDBOX (why)"}', b"")

    monkeypatch.setattr(api.subprocess, "run", refused)
    with pytest.raises(CommandError, match="doctor"):
        judge_notebook({"cells": []}, {"cells": []}, lesson="01", secret=b"s", require_sandbox=True)


def test_a_judge_that_dies_is_reported(monkeypatch):
    """Is the end of the judge's own process an error with its last words?"""

    def died(*_args, **_rest):
        return subprocess.CompletedProcess([], 1, b"", b"Traceback\nKilled: by someone")

    monkeypatch.setattr(api.subprocess, "run", died)
    with pytest.raises(CommandError, match="by someone"):
        judge_notebook({"cells": []}, {"cells": []}, lesson="01", secret=b"s")


@pytest.fixture(scope="module")
def from_elsewhere(tmp_path_factory):
    """Return the verdict on right answers, asked for in a folder that holds modules' names."""
    folder = tmp_path_factory.mktemp("caller")
    for name in ("numpy.py", "json.py", "autograder.py"):
        (folder / name).write_text("open('imported', 'w').write('x')\n")
    code = "import sys\nprint([m for m in sys.modules if 'autograder' in m or 'nbgrader' in m])"
    submission = kit.inserted(kit.solved(), code)
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.chdir(folder)
        verdict = judge_notebook(
            kit.source(), submission, lesson="01", secret=b"s", names=kit.NAMES, limits=kit.CALM
        )
    return verdict, folder


def test_the_caller_imports_nothing_that_the_learner_could_reach(from_elsewhere):
    """Does the learner's side hold no module of `autograder`, whatever the judge has imported?"""
    verdict, _ = from_elsewhere
    assert verdict.notebook.cells[2].outputs[0].text == "[]\n"


def test_nothing_is_imported_from_the_callers_folder(from_elsewhere):
    """Does a numpy.py beside the submission, where nbgrader works, stay unread?"""
    verdict, folder = from_elsewhere
    assert verdict.score == kit.POINTS
    assert not (folder / "imported").exists()


def test_right_answers_earn_all_points(from_elsewhere):
    """Do all of them pass, and does the notebook that comes back tell no test?"""
    verdict, _ = from_elsewhere
    assert isinstance(verdict, Verdict)
    assert (verdict.status, verdict.reason) == ("graded", "")
    assert verdict.score == verdict.points == kit.POINTS
    nbformat.validate(verdict.notebook)
    assert "withheld" in repr(kit.source())
    assert "withheld" not in "".join(
        cell.source for cell in verdict.notebook.cells if cell.cell_type == "code"
    )


def test_doctor_says_what_holds(sandboxed):
    """Does the command answer, and exit with 0 where the sandbox is whole?"""
    command = [sys.executable, "-m", "autograder", "doctor"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "the sandbox can be built" in done.stdout
    assert "NO " not in done.stdout


def test_doctor_says_what_is_missing(monkeypatch, capsys):
    """Does a host that refuses get told what is lost and what to do?"""
    from autograder.judge import doctor
    from autograder.judge.users import CannotIsolate

    def refuse(*_args, **_rest):
        raise CannotIsolate("unshare: Operation not permitted")

    monkeypatch.setattr(doctor, "Zygote", refuse)
    assert doctor.run(argparse.Namespace(inside=False)) == 1
    told = capsys.readouterr().out
    assert "MISSING" in told
    assert "unshare: Operation not permitted" in told
    assert "gradebook" in told
