"""What a program of this package does before it imports anything slow."""

import sys


def skip_address_grammars() -> None:
    """Let jsonschema do without `rfc3987_syntax`, in a process that runs nothing but this package.

    On its import jsonschema lets that package compile grammars of web addresses: a second of every
    command's time, for a format that no notebook's schema asks for.
    """
    sys.modules.setdefault("rfc3987_syntax", None)
