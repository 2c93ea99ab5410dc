"""Predicted values as digests: a check recognises the answer, a reader of the case files does not.

A prediction's right value, and each wrong one that has a name, stands in the files as the salted
digest of how it is written.  That keeps the answer from whoever opens or searches the files.  It
does not keep it from whoever tries: a lesson's six words or the first hundred numbers are digested
in a moment, as they are tried in a moment in the notebook, where the check answers at once too.
Salted by exercise and place, equal answers of two exercises do not look alike.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

DIGITS = 10  # significant ones that two floats have to share


@dataclass(frozen=True)
class Sealed:
    """A value that can be recognised and not read.

    Attributes
    ----------
    kind : "number" or "word"
    salt : the exercise and, in a list, the place
    digest : 12 hexadecimal digits
    """

    kind: str
    salt: str
    digest: str

    def holds(self, value: Any) -> bool:
        """Tell whether this number or word is the sealed one.

        Examples
        --------
        >>> seal(26, "last_output").holds(26.0), seal("kernel", "bug").holds(" Kernel")
        (True, True)
        """
        return seal(value, self.salt) == self


def seal(value: Any, salt: str) -> Any:
    """Seal a number or a word; in a list, each entry by itself.

    Raises
    ------
    TypeError
        If the value is something else.

    Examples
    --------
    >>> seal("kernel", "bug").digest == seal("batch", "bug").digest
    False
    >>> len(seal([3, 2, 1], "impulse_response"))
    3
    """
    if isinstance(value, (list, tuple)):
        return [seal(item, f"{salt}[{place}]") for place, item in enumerate(value)]
    kind, plain = _written(value)
    digest = hashlib.sha256(f"{salt}: {plain}".encode()).hexdigest()[:12]
    return Sealed(kind, salt, digest)


def _written(value: Any) -> tuple[str, str]:
    """Return a value's kind, and one spelling for all of its spellings."""
    if isinstance(value, str):
        return "word", value.strip().lower()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"a number or a word can be sealed, not a {type(value).__name__}")
    if isinstance(value, float):
        value = float(f"{value:.{DIGITS}g}")
        if value.is_integer():
            value = int(value)
    return "number", hex(value) if isinstance(value, int) else repr(value)
