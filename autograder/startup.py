"""What a program of this package does before it imports anything slow."""

import os
import sys
import sysconfig


def skip_address_grammars() -> None:
    """Let jsonschema do without `rfc3987_syntax`, in a process that runs nothing but this package.

    On its import jsonschema lets that package compile grammars of web addresses: a second of every
    command's time, for a format that no notebook's schema asks for.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def find_programs() -> None:
    """Put this environment's programs on the PATH, where the environment is not activated.

    nbgrader starts `alembic` by its bare name when it makes a gradebook.
    """
    programs, path = sysconfig.get_path("scripts"), os.environ.get("PATH", "")
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, path])
