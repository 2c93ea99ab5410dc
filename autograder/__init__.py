"""The instructor's side of the course: build, judge, grade, report.  Never given to students."""


class CommandError(Exception):
    """A failure that the user can mend.

    The message says what came in, what was expected and what to do; the command line prints it
    without a traceback.
    """
