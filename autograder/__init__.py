"""The instructor's side of the course: build, judge, grade, report.  Never given to students."""

import sys

# On its import, jsonschema lets this package compile grammars of web addresses: a second of every
# command's time, for a format that no notebook's schema asks for.  None makes it do without.
sys.modules.setdefault("rfc3987_syntax", None)


class CommandError(Exception):
    """A failure that the user can mend.

    The message says what came in, what was expected and what to do; the command line prints it
    without a traceback.
    """
