"""Does each symbol mean in every lesson what the sheet's table of symbols says?

A program cannot read what a symbol means.  It can see where one stands: a symbol that is not in
the table, or one that turns up in a lesson in which it has not stood before, is reported, and
whoever wrote it compares its meaning with the table before adding the lesson here.
"""

import ast
import re
from pathlib import Path

import pytest

from autograder.misconceptions import CATALOGUE
from autograder.notebooks.text import read_lesson
from autograder.pages.sheet import TEXT

ROOT = Path(__file__).parents[3]
LESSONS = {path.name[:2]: path for path in sorted((ROOT / "source").glob("*.py"))}
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
GREEK = ("theta", "ell", "mu", "varepsilon", "hat", "bar", "tilde")
# Names of more than one letter, and the gradients: a d before what it belongs to.
NAMES = ("KH", "KW", "OH", "OW", "lr", "dx", "dy", "dw", "db", "dz", "da", "dX", "dY", "dW", "d")
# A label of an axis or of a group, no symbol of its own: s_h, p_w, r_h, d_w, C_g.
LABEL = re.compile(r"(?<=[spr])_[hw]\b|(?<=d)_[hw]\b|(?<=[CF])_g\b")
MATRIX = re.compile(r"\bd?([XW])\^\{\\text\{(col|row)\}\}")

# In which lessons each symbol stands, in formulas or as a name in code.
STANDS = {
    "\\bar": "02 06",
    "\\ell": "12",
    "\\hat": "06",
    "\\mu": "13",
    "\\theta": "06",
    "\\tilde": "06",
    "\\varepsilon": "03",
    "a": "03 09 11 13",
    "b": "02 03 04 05 06 08 09 10 11 13",
    "C": "04 05 06 07 08 09 10 11 13",
    "c": "04 05 06 07 08 10 11 13",
    "D": "11",
    "d": "01 02 05 06 07 12",
    "da": "13",
    "db": "06 09 10 13",
    "dw": "02 06 07 10 13",
    "dx": "02 03 07 09 10 11 12",
    "dY": "09",
    "dy": "02 03 06 07 09 10 12",
    "dz": "13",
    "F": "04 05 06 07 08 09 10 11 13",
    "f": "03 04 05 06 08 09 11",
    "G": "07",
    "g": "05",
    "H": "04 05 06 07 08 09 10 11 13",
    "h": "03 06 10 13",
    "i": "01 02 03 04 05 06 07 08 09 10 11 12 13",
    "j": "01 04 05 06 07 08 09 10 11 13",
    "k": "01 02 05 06 07 08 11 12 13",
    "KH": "04 05 06 07 08 09 10 11",
    "KW": "04 05 06 07 08 09 10 11",
    "L": "02 03 07 09 10 13",
    "lr": "07 13",
    "M": "07 09",
    "m": "02 05 06 12",
    "N": "04 05 06 07 08 09 10 11 13",
    "n": "01 02 04 05 06 07 08 09 10 11 12 13",
    "o": "10 13",
    "OH": "04 05 06 07 08 09 10 11",
    "OW": "04 05 06 07 08 09 11",
    "P": "13",
    "p": "01 02 04 05 06 07 08 12 13",
    "Q": "09",
    "q": "07 08 09 11",
    "R": "09 10",
    "r": "02 03 06 07 09 11 12 13",
    "S": "09",
    "s": "01 02 04 05 06 07 08 10 11 12 13",
    "t": "01 02 03 08 09 10",
    "u": "04 05 06 07 08 09 10 11 13",
    "v": "04 05 06 07 08 09 10 11 13",
    "W": "04 05 06 07 08 09 10 11 13",
    "w": "01 02 03 04 05 06 07 08 09 10 11 12 13",
    "W_row": "08 09",
    "x": "01 02 03 04 05 06 07 08 09 10 11 13",
    "X_col": "08 09 11",
    "Y": "09",
    "y": "01 02 03 04 05 06 07 08 09 10 11 12 13",
    "z": "03 10 13",
}
# Letters that are words, or part of one, in sentences.
WORDS = {"a", "s", "A", "I"}


def symbols(formula):
    """Return the symbols of a formula in TeX."""
    found = {f"{of}_{kind}" for of, kind in MATRIX.findall(formula)}
    formula = MATRIX.sub(" ", formula)
    formula = re.sub(r"\\(text|mathrm|begin|end)\s*\{[^}]*\}", " ", LABEL.sub(" ", formula))
    for token in re.findall(r"\\?[A-Za-z]+", formula):
        if token.startswith("\\"):
            found |= {token} if token[1:] in GREEK else set()
        elif token in NAMES:
            found.add(token)
        else:  # a product, such as is
            found |= set(token)
    return found


def formulas(text):
    """Return the formulas of a text."""
    return ["".join(found) for found in FORMULA.findall(re.sub(r"```.*?```", "", text, flags=re.S))]


def names(code):
    """Return the names of one letter in a cell of code."""
    nodes = list(ast.walk(ast.parse(code)))
    found = {node.id for node in nodes if isinstance(node, ast.Name)}
    found |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return {name for name in found if len(name) == 1 and name != "_"}


def of_the_sheet():
    """Return the symbols of the sheet's table."""
    text = (ROOT / TEXT).read_text("utf-8").partition("## Symbols")[2].partition("## ")[0]
    return set().union(*map(symbols, formulas(text)))


def letters(text):
    """Return the letters that stand alone in a sentence."""
    return set(re.findall(r"(?<![\w'.-])[A-Za-z](?![\w'-])", text)) - WORDS


def stands_in(path):
    """Return the symbols of a lesson."""
    found = set()
    for cell in read_lesson(path).notebook.cells:
        if cell.cell_type == "code":
            found |= names(cell.source)
        else:
            found |= set().union(*map(symbols, formulas(cell.source)))
    return found


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_the_symbols_that_were_compared_with_the_table(lesson):
    """Is every symbol known to stand here, and every one that is known still here?"""
    known = {symbol for symbol, lessons in STANDS.items() if lesson in lessons.split()}
    assert stands_in(LESSONS[lesson]) == known


def test_the_sheet_says_what_each_symbol_means():
    """Is every symbol of the lessons in the table, and every one of the table in a lesson?"""
    table = of_the_sheet()
    gradients = {"d" + symbol for symbol in table}
    assert set(STANDS) - table - gradients == set()
    assert table - set(STANDS) == set()


def test_hints_name_nothing_that_the_sheet_does_not():
    """Are the letters in names and hints of mistakes symbols of the table?"""
    for row in CATALOGUE.values():
        assert letters(f"{row.name} {row.hint}") <= of_the_sheet(), row


def test_figures_name_nothing_that_the_sheet_does_not():
    """Are the letters in what a figure says symbols of the table?"""
    said = r"`([^`\n]*)`|\"([^\"\n]* [^\"\n]*)\""
    for path in sorted((ROOT / "course/widgets/static").glob("*.js")):
        code = re.sub(r"(?m)^\s*(//|\*).*$", "", path.read_text("utf-8"))
        for found in re.findall(said, code):
            text = re.sub(r"\$\{[^{}]*\}", " ", "".join(found))
            assert letters(text) <= of_the_sheet(), (path.name, text)
