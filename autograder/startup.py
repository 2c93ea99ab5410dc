"""What a program of this package does before it imports anything slow."""

import io
import sys

# Runs a module in another process, as `python -m` does, without the grammars of the function below.
START = """import runpy, sys
sys.modules["rfc3987_syntax"] = None
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)"""


def skip_address_grammars() -> None:
    """Let jsonschema do without `rfc3987_syntax`, in a process that runs nothing but this package.

    On its import jsonschema lets that package compile grammars of web addresses: a second of every
    command's time, for a format that no notebook's schema asks for.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def print_any_letter() -> None:
    """Let a terminal or log that lacks a letter of somebody's name show its number instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # and no stand-in of a program that runs this
            stream.reconfigure(errors="backslashreplace")


def version_gradebooks_here() -> None:
    """Let nbgrader look up the version of a new gradebook's tables in this process.

    It would start `alembic` for that, by its bare name: two seconds for each gradebook, and an
    error where the environment is not activated.
    """
    from nbgrader import api

    api.get_alembic_version = _newest_tables


def _newest_tables() -> str:
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    return ScriptDirectory(ALEMBIC_DIR).get_current_head()
