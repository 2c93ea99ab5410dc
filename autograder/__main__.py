"""Run one of the instructor's commands: ``python -m autograder COMMAND --help``."""

import argparse
import importlib
import sys

from autograder import CommandError
from autograder.startup import print_any_letter, skip_address_grammars
from autograder.words import shown

COMMANDS = {
    "build": ("autograder.notebooks.build", "build notebooks, visible cases and the student zip"),
    "verify": ("autograder.notebooks.verify", "say which built files are stale"),
    "grade": ("autograder.pipeline.commands.grade", "grade the submissions of one lesson"),
    "students": (
        "autograder.pipeline.commands.students",
        "enter a platform's class list into the gradebook",
    ),
    "feedback": (
        "autograder.pipeline.commands.feedback",
        "write feedback pages for graded submissions",
    ),
    "report": (
        "autograder.pipeline.commands.report",
        "say what to explain to the class again",
    ),
    "similar": (
        "autograder.pipeline.commands.similar",
        "name pairs of answers that share what few others have",
    ),
    "export": (
        "autograder.pipeline.commands.export",
        "write the points as CSV, or into a platform's own table",
    ),
    "gradescope": (
        "autograder.pipeline.commands.gradescope",
        "write a lesson's autograder for Gradescope",
    ),
    "demo": ("autograder.pipeline.commands.demo", "grade a simulated class from end to end"),
    "slides": ("autograder.pages.slides", "write lessons as slides that are live offline"),
    "pages": ("autograder.pages.pages", "write solved lessons as pages that are live offline"),
    "site": ("autograder.site.build", "write the course as a site, lessons unsolved"),
    "proof": ("autograder.proof", "say how many wrong answers each check catches and names"),
    "doctor": ("autograder.judge.doctor", "say what the sandbox can hold on this machine"),
}


def main(argv: list[str] | None = None) -> int:
    """Run the command named in `argv` and return its exit code.

    Only the module of the chosen command is imported, so that ``--help`` is quick.
    """
    argv = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = argv[0] if argv and argv[0] in COMMANDS else None
    try:
        module = importlib.import_module(COMMANDS[chosen][0]) if chosen else None
    except (CommandError, SyntaxError) as error:
        return _refused(error)
    for name, (_, summary) in COMMANDS.items():
        # The chosen command's own parser answers --help; the others are listed with one line.
        sub = commands.add_parser(name, help=summary, description=summary.capitalize() + ".")
        if name == chosen:
            module.configure(sub)
    args = parser.parse_args(argv)
    try:
        return module.run(args)
    except (CommandError, SyntaxError) as error:
        return _refused(error)
    except OSError as error:
        place = error.filename or "Reading or writing"
        return _refused(CommandError(f"{place}: {error.strerror or error}."))
    except Exception as error:
        if not type(error).__module__.startswith("sqlalchemy"):  # slow to import
            raise
        return _refused(CommandError(_of_the_gradebook(error)))
    except KeyboardInterrupt:
        print("Stopped. Nothing that was written before is lost.", file=sys.stderr)
        return 130


def _of_the_gradebook(error: Exception) -> str:
    """Say in a sentence why a database did not do what was asked."""
    why = str(getattr(error, "orig", None) or error).splitlines()[0]
    if "locked" in why or "busy" in why:
        return (
            f"The gradebook is held by another program ({why}). Close Formgrader or whatever "
            "writes to it, and run this again; what was written before is kept."
        )
    return f"The gradebook cannot be used: {why}."


def _refused(error: CommandError | SyntaxError) -> int:
    """Say what is wrong with what came in, and return the exit code for it.

    A slip of the pen in the registry or in a hidden test is an author's, not this program's.
    """
    if isinstance(error, SyntaxError):
        line = (error.text or "").strip()
        error = f"{error.filename}:{error.lineno}: this is no Python ({error.msg}): {line}"
    print("\n".join(map(shown, str(error).split("\n"))), file=sys.stderr)
    return 2


if __name__ == "__main__":
    skip_address_grammars()
    print_any_letter()
    sys.exit(main())
