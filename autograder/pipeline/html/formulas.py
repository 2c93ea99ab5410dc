"""Formulas as MathML, which browsers show without a script and without a network."""

import html
import re
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element

# What latex2mathml makes, and nothing through which a page could load or run something.
_TAGS = """
math mrow mi mo mn ms mtext mspace mstyle mpadded mphantom menclose mfrac msqrt mroot
msub msup msubsup munder mover munderover mmultiscripts mprescripts none
mtable mtr mtd mlabeledtr
"""
_ATTRIBUTES = """
xmlns display displaystyle scriptlevel mathvariant stretchy fence form separator symmetric
largeop movablelimits accent accentunder lspace rspace width height depth minsize maxsize
linethickness columnalign rowspacing columnspacing columnlines rowlines notation mathcolor
"""
TAGS, ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())
# A macro that the converter does not know is left in the text as it was.
LEFT_OVER = re.compile(r"\\[a-zA-Z]|^&$")
# Environments under the names that the converter knows.
ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|align|eqnarray)\*?\}")
SINGLE = re.compile(r"\\(?:begin|end)\{(?:equation|displaymath)\*?\}")


def to_mathml(tex: str, *, block: bool = False) -> str:
    r"""Return the formula `tex` as MathML, or its source as code where it cannot be converted.

    Parameters
    ----------
    tex : LaTeX without its delimiters
    block : whether it stands on a line of its own

    Examples
    --------
    >>> to_mathml(r"\alpha", block=False)[:45]
    '<math xmlns="http://www.w3.org/1998/Math/Math'
    >>> to_mathml(r"\unheardof{x}")
    '<code>\\unheardof{x}</code>'
    """
    known = ALIGNED.sub(r"\\\1{align*}", SINGLE.sub("", tex)).strip()
    try:
        tree = convert_to_element(known, display="block" if block else "inline")
        for node in tree.iter():
            _check(node)
    except Exception:  # the converter raises whatever its parser stumbles over
        return f"<code>{html.escape(tex.strip())}</code>"
    return tostring(tree, encoding="unicode", short_empty_elements=False)


def _check(node: Element) -> None:
    """Turn the converter's character references into characters; refuse what it should not make.

    Its own way of writing them out would also turn an escaped ``<script>`` into a tag.
    """
    node.text = html.unescape(node.text or "")
    node.tail = html.unescape(node.tail or "")
    if node.tag not in TAGS or LEFT_OVER.search(node.text):
        raise ValueError(f"not MathML that is shown: {node.tag} {node.text}")
    for name in set(node.attrib) - ATTRIBUTES:
        del node.attrib[name]
