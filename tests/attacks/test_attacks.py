"""Hostile notebooks gain nothing, and the next learner is graded as if they had not been."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.attacks import archives, harmful, hostile
from tests.attacks.__main__ import limits_of, submission_of
from tests.autograder.judge import kit

WITHOUT_SANDBOX = [
    *hostile.FOOL_THE_INTERPRETER,
    *hostile.FOOL_THE_COMPARISON,
    *hostile.PRETEND,
    *harmful.CHANNEL,
]
WITH_SANDBOX = [*harmful.REACH, *harmful.EXHAUST]


def _check(grade, attack: hostile.Attack) -> None:
    verdict = grade(submission_of(attack), limits_of(attack))
    told = verdict["reason"] + kit.shown(verdict)
    assert kit.score(verdict) == 0, told
    assert attack.status in (verdict["status"], "either"), told
    assert attack.says in told
    if attack.silent:
        assert attack.silent not in told
    test, answer = "assert f(20) == 40", "def f(x):\n    return 2 * x"
    rest = {"source": kit.one_test(test), "names": {"f": "function"}}
    assert kit.score(grade(kit.one_test(test, answer), **rest)) == 1


@pytest.mark.parametrize("attack", WITHOUT_SANDBOX, ids=lambda attack: attack.name)
def test_gains_nothing(grade, attack):
    """Does it earn 0, get the status it deserves, and leave the next submission alone?"""
    _check(grade, attack)


@pytest.mark.parametrize("attack", WITH_SANDBOX, ids=lambda attack: attack.name)
def test_reaches_nothing(grade, sandboxed, attack):
    """The same for what only a sandbox can hold."""
    _check(grade, attack)


@pytest.mark.parametrize("attack", archives.ATTACKS, ids=lambda attack: attack.name)
def test_an_archive_reaches_nothing(tmp_path, attack):
    """Is it refused or unreadable, nothing unpacked, and an honest notebook in it still read?"""
    status, reason, unharmed = archives.tried(attack, tmp_path)
    assert status in ("refused", "unreadable")
    assert attack.says in reason
    assert unharmed


def test_a_channel_that_is_read_empty_ends_in_time(grade):
    """Does a thread that steals every request cost no more than the notebook's own time?"""
    steal = (
        "import threading, time\n"
        "def steal(fd):\n"
        "    while os.read(fd, 1 << 20):\n"
        "        pass\n"
        "for fd in 4 * list(channels()):\n"
        "    threading.Thread(target=steal, args=(fd,), daemon=True).start()\n"
        "time.sleep(0.2)"  # they wait for requests before the owner does
    )
    limits = replace(kit.QUICK, cell_seconds=0.5, call_seconds=0.5, submission_seconds=1.0)
    submission = kit.inserted(kit.blank(), harmful.FORGE + steal)
    verdict = grade(submission, limits)
    assert kit.score(verdict) == 0
    assert verdict["status"] == "partly graded"
    assert verdict["seconds"] < 10


def test_no_process_outlives_its_submission(grade, sandboxed):
    """Is a child that left its session and its parent gone when the verdict is there?"""
    child = (
        "import ctypes, os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        ctypes.CDLL(None).prctl(15, b'outliver-7f3a', 0, 0, 0)\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
        "time.sleep(0.2)\n"
        "print('started')"
    )
    verdict = grade(kit.inserted(kit.solved(), child))
    assert "started" in kit.shown(verdict)
    assert kit.score(verdict) == kit.POINTS
    names = set()
    for entry in Path("/proc").glob("[0-9]*/comm"):
        try:
            names.add(entry.read_text().strip())
        except OSError:
            continue
    assert "outliver-7f3a" not in names


def _tests_of(made: dict) -> list[dict]:
    return [c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]


def _points(made):
    for cell in _tests_of(made):
        cell["metadata"]["nbgrader"]["points"] = 1000


def _source(made):
    for cell in _tests_of(made):
        cell["source"] = "pass" if cell["cell_type"] == "code" else cell["source"]


def _deleted(made):
    made["cells"] = [c for c in made["cells"] if c not in _tests_of(made)]


def _doubled(made):
    made["cells"] += [{**c, "source": "pass"} for c in _tests_of(made)]


def _raw(made):
    for cell in _tests_of(made):
        cell["cell_type"] = "raw"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _ids_swapped(made):
    """Give every test the id of the one that the blank notebook passes least badly."""
    for cell in _tests_of(made):
        cell["metadata"]["nbgrader"]["grade_id"] = "guess_value"


def _marked_as_solution(made):
    for cell in _tests_of(made):
        cell["metadata"]["nbgrader"] |= {"solution": True, "grade": False}


def _setup_of_ones_own(made):
    payload = "np = None\nSAMPLE = [0]\nassert 'GO' + 'T'"
    cell = kit.code(payload, "own_setup", ("judge-setup",), locked=True)
    made["cells"].insert(0, {**cell, "id": "own"})


def _setup_edited(made):
    made["cells"][kit.index_of(made, "setup")]["source"] = "SAMPLE = np = None"


def _results_written(made):
    for cell in _tests_of(made):
        result = {"output_type": "execute_result", "data": {"text/plain": "9"}, "metadata": {}}
        cell["outputs"] = [{**result, "execution_count": 1}]


def _verdict_written(made):
    cells = {"scale_values": {"score": 2.0, "points": 2.0, "outcome": "right"}}
    made["metadata"]["autograder"] = {"status": "graded", "cells": cells}


EDITS = [
    _points,
    _source,
    _deleted,
    _doubled,
    _raw,
    _ids_swapped,
    _marked_as_solution,
    _setup_of_ones_own,
    _setup_edited,
    _results_written,
    _verdict_written,
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__.strip("_"))
def test_editing_the_notebook_gains_nothing(grade, edit):
    """Do the source's tests, ids and points count, whatever the submission says they are?"""
    submission = kit.blank()
    edit(submission)
    verdict = grade(submission)
    assert kit.score(verdict) == 0
    assert {key: cell["points"] for key, cell in verdict["cells"].items()} == {
        key: points for key, (points, _, _) in kit.TESTS.items()
    }
    assert "autograder" in verdict["notebook"]["metadata"]
    assert verdict["notebook"]["metadata"]["autograder"]["cells"]["scale_values"]["score"] == 0


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__.strip("_"))
def test_editing_the_notebook_costs_right_answers_nothing(grade, edit):
    """Does a learner whose tool mangled the locked cells keep the points of right answers?"""
    submission = kit.solved()
    edit(submission)
    assert kit.score(grade(submission)) == kit.POINTS


SCRIPT = "<script>alert(1)</script>"
SHOWN = {
    "html": f"from IPython.display import HTML, display\ndisplay(HTML('<b>kept</b>{SCRIPT}'))",
    "attributes": "from IPython.display import HTML, display\n"
    'display(HTML(\'<b onclick="alert(1)" style="x:url(//a)">kept</b>\'))\n'
    "display(HTML('<a href=\"javascript:x\">y</a>'))",
    "javascript": "from IPython.display import Javascript, display\n"
    "display(Javascript('alert(1)'))\nprint('kept')",
    "svg": "from IPython.display import SVG, display\n"
    f"display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\">{SCRIPT}</svg>'))\nprint('kept')",
    "picture that is a page": "from IPython.display import display\nimport base64\n"
    f"text = base64.b64encode(b'{SCRIPT}').decode()\n"
    "display({'image/png': text, 'text/plain': 'kept'}, raw=True)",
    "unknown kind": "from IPython.display import display\n"
    "display({'application/x-evil': 'alert(1)', 'text/plain': 'kept'}, raw=True)",
    "widget page": "from IPython.display import display\n"
    "display({'application/vnd.jupyter.widget-view+json': 'alert(1)', 'text/plain': 'kept'},"
    " raw=True)",
}


@pytest.mark.parametrize("payload", SHOWN.values(), ids=SHOWN.keys())
def test_no_script_gets_into_the_autograded_notebook(grade, payload):
    """Is what a cell shows free of scripts, handlers, addresses and unknown kinds?"""
    verdict = grade(kit.inserted(kit.solved(), payload))
    text = kit.shown(verdict)
    assert "kept" in text
    for bad in ("<script", "onclick", "javascript:", "url(", "evil", "<svg", "widget-view", "PHNj"):
        assert bad not in text


def test_raw_cells_and_notebook_metadata_carry_nothing(grade):
    """Do a raw cell, a cell's own metadata and saved widgets reach no converter unescaped?"""
    submission = kit.solved()
    raw = {"cell_type": "raw", "source": SCRIPT, "metadata": {"raw_mimetype": "text/html"}}
    submission["cells"].append({**raw, "id": "raw"})
    submission["metadata"]["widgets"] = {"state": SCRIPT}
    made = grade(submission)["notebook"]
    assert all(cell["cell_type"] != "raw" for cell in made["cells"])
    assert "widgets" not in made["metadata"]
    assert made["cells"][-1]["source"].startswith("```")
