"""The kinds of place that a slip may name: no other word passes from a learner's process."""

import re

_WORDS = """
True or False; `=` or `+=`; `raise`; `break` or `continue`; a comparison; a condition; a default
a function; a key; a loop's end; a missing argument; a missing call; a missing index
a missing line after it; a missing line before it; a missing line beside it; a missing reversal
a missing term; a missing transposition; a name; a number; a number that is off by one
a range's end; a range's start; a range's step; a sign; a slice's bound; a slice's step
a statement too many; a term too many; a transposition; an argument; an attribute; an axis
an entry of a tuple; an index; an operator; how deep a line is indented; the axes
the brackets of a formula; the direction of a slice; the letters of `einsum`
the order of a pair; the order of the arguments; the order of the axes; the order of the entries
the order of the indices; the order of two lines; the order of two operands
the shape of the new array; the shape that `reshape` is asked for; the type of the new array
the type of the result; what is raised; the argument `keepdims`
"""
PLACES = frozenset(word.strip() for word in re.split("[;\n]", _WORDS) if word.strip())
_OF_A_NAME = re.compile(
    r"(?:an argument of|the arguments? of|the argument|the call of|the order in which) "
    r"`([A-Za-z_]\w{0,40})`(?: reads)?"
)


def is_place(text: object, cell: str) -> bool:
    """Tell whether a text names one kind of place or two, and no name that `cell` does not hold.

    Examples
    --------
    >>> is_place("an index or a sign", ""), is_place("the call of `f`", "f(x)"), is_place("x", "x")
    (True, True, False)
    """
    if not isinstance(text, str) or len(text) > 200:
        return False
    if _is_one(text, cell):
        return True
    cuts = (match.start() for match in re.finditer(" or ", text))
    return any(_is_one(text[:cut], cell) and _is_one(text[cut + 4 :], cell) for cut in cuts)


def _is_one(text: str, cell: str) -> bool:
    if text in PLACES:
        return True
    match = _OF_A_NAME.fullmatch(text)
    return bool(match) and re.search(rf"\b{match[1]}\b", cell) is not None
