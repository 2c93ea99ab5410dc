"""Static HTML tables of numbers, for a figure's readers without scripts."""

from decimal import ROUND_HALF_UP, Decimal
from html import escape


def number(value):
    """Write a number as the live figures do: at most three decimals, a true minus sign.

    Parameters
    ----------
    value : int or float

    Returns
    -------
    str

    Examples
    --------
    >>> number(2.0), number(1 / 3), number(0.0625)
    ('2', '0.333', '0.063')
    >>> number(-4) == "\\N{MINUS SIGN}4"
    True
    """
    if value == int(value):
        text = str(int(value))
    elif abs(value) < 0.001:
        text = f"{value:.1e}".replace("e-0", "e-")
    else:
        rounded = Decimal(value).quantize(Decimal("0.001"), ROUND_HALF_UP)
        text = f"{rounded:f}".rstrip("0").rstrip(".")
    return text.replace("-", "\N{MINUS SIGN}")


def factor(value):
    """Write a factor of a product: a negative one stands in parentheses."""
    return f"({number(value)})" if value < 0 else number(value)


def table(caption, rows, columns=()):
    """Write an HTML table whose rows, and columns if given, have headings.

    Parameters
    ----------
    caption : str
        What the table shows.
    rows : iterable of (str, iterable of str)
        A heading and the cells of each row.
    columns : iterable of str
        Headings of all columns, that of the row headings first.

    Returns
    -------
    str

    Examples
    --------
    >>> table("Signal", [("x", ["1", "2"])]).count("<td>")
    2
    """
    lines = [f"<table>\n<caption>{escape(caption)}</caption>"]
    if columns:
        heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in columns)
        lines.append(f"<thead><tr>{heads}</tr></thead>")
    lines.append("<tbody>")
    for heading, cells in rows:
        cells = "".join(f"<td>{escape(text)}</td>" for text in cells)
        lines.append(f'<tr><th scope="row">{escape(heading)}</th>{cells}</tr>')
    return "\n".join([*lines, "</tbody>\n</table>"])
