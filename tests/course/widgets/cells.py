"""Read a figure's static tables back."""

from html.parser import HTMLParser


class Cells(HTMLParser):
    """The tables of an HTML text: a list of rows of cell texts for each caption."""

    def __init__(self, html):
        super().__init__()
        self.tables, self.caption, self.inside = {}, "", None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.inside = tag
        if tag == "tr":
            self.tables[self.caption].append([])
        elif tag in {"td", "th"}:
            self.tables[self.caption][-1].append("")

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, text):
        if self.inside == "caption":
            self.caption = text
            self.tables[text] = []
        elif self.inside in {"td", "th"}:
            self.tables[self.caption][-1][-1] = text


def tables_of(figure):
    """Return a figure's static tables: rows of cell texts for each caption."""
    return Cells(figure.tables()).tables


def rows_of(figure, start):
    """Return the rows of the table whose caption begins so."""
    return next(rows for caption, rows in tables_of(figure).items() if caption.startswith(start))


def value_of(text):
    """Return a number as the tables write it."""
    return float(text.replace("\N{MINUS SIGN}", "-"))
