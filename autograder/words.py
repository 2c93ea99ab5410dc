"""Make text from outside safe to show on a terminal, in a log, in a table and on a page."""

import unicodedata

# Marks that turn the direction of what follows, so that a name could forge a line.
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
# Half characters, control characters, and the ends of lines and paragraphs.  All other letters,
# spaces of any width and joiners among them, are somebody's honest name.
_ESCAPED = {"Cs", "Cc", "Zl", "Zp"}


def shown(text: str, longest: int = 500) -> str:
    r"""Return text with everything escaped that a terminal or a page would act on.

    Examples
    --------
    >>> shown("Eve\n[9|9] Bob: graded \x1b[32m18")
    'Eve\\n[9|9] Bob: graded \\x1b[32m18'
    >>> shown("山田　太郎")
    '山田　太郎'
    """
    kept = "".join(_one(c) for c in text[:longest])
    return kept if len(text) <= longest else f"{kept}…"


def _one(c: str) -> str:
    if unicodedata.category(c) not in _ESCAPED and ord(c) not in _TURNING:
        return c
    return c.encode("unicode_escape", "backslashreplace").decode()
