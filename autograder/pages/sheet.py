"""The sheet: shapes, formulas, probes and mistakes on one page that learners print and keep."""

import html
from pathlib import Path

from autograder import CommandError
from autograder.pipeline.html.sanitize import markdown_to_html

TEXT = "source/sheet.md"
SHEET = "release/sheet.html"
STYLE = Path(__file__).parent / "templates" / "sheet.css"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def sheet_bytes(root: Path) -> bytes:
    """Return the sheet as one HTML file: formulas are MathML, nothing comes from outside.

    Parameters
    ----------
    root : the course's folder, which holds ``source/sheet.md``

    Raises
    ------
    CommandError
        If the text is missing, or does not begin with a title.
    """
    path = root / TEXT
    if not path.is_file():
        raise CommandError(f"{TEXT} is missing: it is the text of {SHEET}.")
    text = path.read_text("utf-8")
    title = text.split("\n", 1)[0]
    if not title.startswith("# "):
        raise CommandError(f"{TEXT}:1: the first line is {title!r}; a title begins with '# '.")
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title[2:])}</title>
<style>
{STYLE.read_text("utf-8")}</style>
</head>
<body>
<main>
{markdown_to_html(text)}
</main>
</body>
</html>
"""
    return page.encode("utf-8")
