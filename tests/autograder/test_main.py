"""The command line: help, errors that a user can mend, exit codes."""

import os
import subprocess
import sys
import types

import pytest

from autograder import CommandError, __main__


@pytest.fixture
def command(monkeypatch):
    """Stand in for a command's module; return the list of what it was run with."""
    calls = []
    module = types.SimpleNamespace(
        configure=lambda parser: parser.add_argument("lesson"),
        run=lambda args: calls.append(args.lesson) or 0,
    )
    monkeypatch.setattr(__main__.importlib, "import_module", lambda name: module)
    module.calls = calls
    return module


def test_a_command_gets_its_arguments_and_gives_the_exit_code(command):
    """Is the chosen command run with its own arguments?"""
    assert __main__.main(["grade", "01_sliding_window"]) == 0
    assert command.calls == ["01_sliding_window"]


def test_a_failure_that_can_be_mended_prints_its_message_alone(command, capsys):
    """Does a CommandError end in its message on stderr and exit code 2, without a traceback?"""

    def fail(args):
        raise CommandError("There is no lesson '99'.")

    command.run = fail
    assert __main__.main(["grade", "99"]) == 2
    assert capsys.readouterr().err == "There is no lesson '99'.\n"


@pytest.mark.parametrize("when", ["reading", "running"])
def test_a_slip_in_the_registry_names_its_line(when, command, monkeypatch, capsys):
    """Does an author's file that is no Python end in file, line and text, without a traceback?"""

    def slip(*args):
        compile("Part('values' 2)", "slip.py", "exec")

    if when == "reading":
        monkeypatch.setattr(__main__.importlib, "import_module", slip)
    command.run = slip
    assert __main__.main(["grade", "01"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("slip.py:1: this is no Python")
    assert "Part('values' 2)" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_letter_that_a_terminal_lacks_is_no_traceback(encoding):
    """Is a name in any script printed in some form, and what follows it as well?"""
    found = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", "Zoë 山 \U0001f600"],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
    )
    assert found.returncode == 2
    assert b"Traceback" not in found.stderr
    assert ("Zoë 山" if encoding == "utf-8" else "\\u5c71").encode() in found.stderr


def test_ctrl_c_is_no_traceback(command, capsys):
    """Does an interrupt end quietly, with the shell's usual exit code?"""

    def interrupted(args):
        raise KeyboardInterrupt

    command.run = interrupted
    assert __main__.main(["grade", "01"]) == 130
    assert "Stopped" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [[], ["polish"]])
def test_a_missing_or_unknown_command_lists_those_there_are(argv, capsys):
    """Does the usage message name the commands?"""
    with pytest.raises(SystemExit) as stop:
        __main__.main(argv)
    assert stop.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(__main__.COMMANDS))
def test_every_command_has_help(name, capsys):
    """Does each command's own --help work, with the real module?"""
    with pytest.raises(SystemExit) as stop:
        __main__.main([name, "--help"])
    assert stop.value.code == 0
    assert f"python -m autograder {name}" in capsys.readouterr().out


def test_to_import_the_package_blocks_no_other():
    """Can a program that imports `autograder` still import what jsonschema uses?"""
    code = "import autograder, rfc3987_syntax; print(bool(rfc3987_syntax.is_valid_syntax))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True\n", "")
