"""Does a check say in a sentence that the cell of its answer has not been run?"""

from types import SimpleNamespace

import pytest

from course.checks import CheckFailed, check
from course.checks.unrun import Unrun, asked, watch


class Shell:
    """A notebook's shell, as far as names and events go."""

    def __init__(self):
        self.user_ns, self.events, self.calls = {"check": check}, self, {}

    def register(self, event, function):
        self.calls[event] = function

    def run(self, cell):
        self.calls["pre_run_cell"](SimpleNamespace(raw_cell=cell))
        try:
            exec(cell, self.user_ns)
        finally:
            self.calls["post_run_cell"](None)


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    watch()
    return shell


def test_a_check_before_its_answer_says_what_to_do(shell):
    """Is there a sentence in place of a NameError, and does the name stay undefined?"""
    with pytest.raises(CheckFailed) as failed:
        shell.run('check("correlate1d", correlate1d, "values")')
    said = "not run yet. Run the cell of your answer above, then this one again."
    assert str(failed.value) == f"… correlate1d, values: {said}"
    assert "correlate1d" not in shell.user_ns


def test_an_answer_that_is_there_is_left_alone(shell, capsys):
    """Is what a learner has defined checked, and still there afterwards?"""
    shell.user_ns["last_output"] = 26
    shell.run('check("last_output", last_output)')
    assert "right" in capsys.readouterr().out
    assert shell.user_ns["last_output"] == 26


def test_what_a_cell_defines_itself_stays(shell, capsys):
    """Does an answer in the cell of its check outlive the cell?"""
    shell.run('last_output = 26\ncheck("last_output", last_output)')
    assert shell.user_ns["last_output"] == 26
    assert not any(isinstance(value, Unrun) for value in shell.user_ns.values())


def test_other_names_are_still_missed(shell):
    """Is a name that no check asks about a NameError, as ever?"""
    with pytest.raises(NameError):
        shell.run("correlate1d")
    assert list(asked("this is no Python")) == []
    assert list(asked('other("pad1d", pad1d)\ncheck("pad1d")\ncheck("pad1d", 3)')) == []
