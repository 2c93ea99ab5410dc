"""A sentence with code in it, as HTML."""

import html


def sentence(text: str) -> str:
    """Escape a sentence and set what stands between backquotes in a code font.

    Examples
    --------
    >>> sentence("`x < y` is wrong")
    '<code>x &lt; y</code> is wrong'
    """
    pieces = html.escape(text or "").split("`")
    if len(pieces) % 2 == 0:
        return html.escape(text)
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(pieces))
