"""A megabyte of anything, near the limits of what is read: what it costs to grade and to show."""

import json
import os
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.pipeline.gradebook.sheets import Sheet
from autograder.pipeline.inbox.reader import CELLS_MAX, CODE_MAX, TEXT_MAX
from autograder.pipeline.records import Handed, Work
from autograder.pipeline.reports.feedback import Page, PageWriter
from tests.attacks.hand_ins import HandIns
from tests.attacks.honest import LESSON, released

SECONDS, MIB = 5.0, 200
SHARE = 0.9  # of a limit, that the lesson's own cells fit in beside it


@dataclass(frozen=True)
class Load:
    """Something that a notebook has a lot of.

    Attributes
    ----------
    add : puts it into the lesson's notebook
    """

    name: str
    add: Callable[[dict], None]


@dataclass(frozen=True)
class Cost:
    """What grading one notebook and writing its page took, beyond a process that is ready."""

    status: str
    seconds: float
    mib: float


def _cell(text: str, kind: str = "code", **more) -> dict:
    rest = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": text, **rest, **more}


def _cells(*texts: str, kind: str = "code") -> Callable[[dict], None]:
    return lambda made: made["cells"].extend(_cell(text, kind) for text in texts)


def _code(piece: str, before: str = "", after: str = "", share: float = SHARE) -> Callable:
    """Return what adds one cell of code, as long as the limit allows."""
    count = int((CODE_MAX * share - 20_000) / len(piece))
    return _cells(before + piece * count + after)


def _text(piece: str, before: str = "", after: str = "", kind: str = "markdown") -> Callable:
    """Return what adds one cell of text, as long as the limit allows."""
    count = int((TEXT_MAX * SHARE - 40_000) / len(piece))
    return _cells(before + piece * count + after, kind=kind)


def _many(text: str, kind: str = "code") -> Callable:
    return _cells(*[text] * (CELLS_MAX - 100), kind=kind)


def _shown(piece: str, show: str = "print(s)") -> Callable:
    """Return what adds a cell that shows a megabyte."""
    head = "from IPython.display import HTML, Markdown, Latex, SVG, display"
    return _cells(f"{head}\ns = {piece!r} * ((1 << 20) // {len(piece)} - 20)\n{show}")


def _metadata(made: dict) -> None:
    made["metadata"]["widgets"] = {"state": "x" * (1 << 20)}
    made["cells"][0]["metadata"]["more"] = [[]] * 200_000


def _saved_outputs(made: dict) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": ["<a \n"] * (1 << 18)}
    made["cells"][1]["outputs"] = [output]


def _attachments(made: dict) -> None:
    picture = {"image/png": "iVBORw0KGgo" + "A" * (1 << 20)}
    made["cells"].append(_cell("![](attachment:a.png)", "markdown", attachments={"a.png": picture}))


def _names(made: dict) -> None:
    lines = [f"x{i} = x{i - 1} if {i} else 0" for i in range(3000)]
    made["cells"] += [_cell("\n".join(lines[i : i + 30])) for i in range(0, len(lines), 30)]


def _copies(made: dict) -> None:
    answers = [c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("solution")]
    made["cells"] += [dict(cell) for cell in answers for _ in range(12)]


LOADS = [
    Load("empty cells", _many("")),
    Load("cells of one line", _many("x = 1")),
    Load("cells that show a line", _many("print('a line')")),
    Load("cells that fail", _many("1 / 0")),
    Load("empty cells of text", _many("", "markdown")),
    Load("cells of formulas", _many("$$\\sum_i x_i$$", "markdown")),
    Load("raw cells", _many("```", "raw")),
    Load("copies of answers", _copies),
    Load("numbers in a list", _code("1, ", "x = [", "]")),
    Load("a sum", _code("1 + ", "x = ", "1")),
    Load("brackets in brackets", _code("(")),
    Load("one long line", _code("x", "y = '", "'")),
    Load("one long name", _code("x", "", " = 1")),
    Load("quotes", _code("'")),
    Load("backslashes", _code("\\")),
    Load("lines of assignments", _code("x = 1\n")),
    Load("functions", _code("def f(x):\n    return x\n")),
    Load("comprehensions", _code("[x for x in [1]]\n")),
    Load("names that need each other", _names),
    Load("comments", _code("# a comment\n")),
    Load("blank lines in code", _code("\n", "x = 1", "y = 1")),
    Load("form feeds", _code("\x0c\n")),
    Load("a chain of attributes", _code(".a", "x = y")),
    Load("statements in one line", _code("x=1;", share=0.5)),
    Load("comparisons in a row", _code("1<", "x = ", "1")),
    Load("lambdas in lambdas", _code("lambda:", "x = ", "0", share=0.4)),
    Load("magic lines", _code("%time 1\n", share=0.3)),
    Load("letters beyond ASCII", _code("größe = '✓'\n", share=0.4)),
    Load("an unfinished tag", _text("<a ")),
    Load("unfinished tags in tags", _text("<div><b title='")),
    Load("stars", _text("*")),
    Load("brackets of links", _text("[](")),
    Load("open brackets", _text("[")),
    Load("quotes in quotes", _text("> ")),
    Load("lists in lists", _text("- ")),
    Load("dollars", _text("$x$ ")),
    Load("unfinished formulas", _text("$\\frac{")),
    Load("environments", _text("\\begin{align}x\\end{align}\n")),
    Load("a table", _text("|a|b|\n|-|-|\n")),
    Load("backquotes", _text("`")),
    Load("entities", _text("&amp;")),
    Load("headings", _text("# a\n")),
    Load("raw text of backquotes", _text("`", kind="raw")),
    Load("printed unfinished tags", _shown("<a ")),
    Load("printed lines", _shown("a\n")),
    Load("printed colours", _shown("\x1b[31m\x1b[1ma")),
    Load("printed escape characters", _shown("\x1b[")),
    Load("printed moves of the cursor", _shown("\x1b[1A\x1b[2K")),
    Load("printed colours of 256", _shown("\x1b[38;5;1m")),
    Load("a long colour", _shown("1;", "print('\\x1b[' + s + 'm')")),
    Load("cells that print a megabyte", _many("print('x' * (1 << 20))")),
    Load(
        "cells that show pictures",
        _many(
            "from IPython.display import Image, display\n"
            "display(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 90_000, format='png'))"
        ),
    ),
    Load("carriage returns", _shown("a\r")),
    Load("HTML of unfinished tags", _shown("<a ", "display(HTML(s))")),
    Load("HTML of tags in tags", _shown("<div>", "display(HTML(s))")),
    Load("HTML of pictures", _shown("<img src=x>", "display(HTML(s))")),
    Load("HTML of tables", _shown("<table><tr><td>1", "display(HTML(s))")),
    Load("displayed formulas", _shown("$x$ ", "display(Markdown(s))")),
    Load("LaTeX", _shown("\\frac{1}{2}", "display(Latex(s))")),
    Load("a long result", _shown("a", "s")),
    Load("a long error", _shown("a", "raise ValueError(s)")),
    Load("metadata", _metadata),
    Load("saved outputs", _saved_outputs),
    Load("a pasted picture", _attachments),
]


def cost_of(load: Load, hand_ins: HandIns) -> Cost:
    """Grade a notebook and write its page in a fork of this process, as a worker does."""
    made = released()
    load.add(made)
    content = json.dumps(made, ensure_ascii=False).encode("utf-8", "surrogatepass")
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, pickle.dumps(_cost(content, hand_ins)))
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        cost = pickle.loads(told.read())  # noqa: S301  (of our own fork)
    os.waitpid(pid, 0)
    return cost


def _cost(content: bytes, hand_ins: HandIns) -> Cost:
    before = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
    started = time.monotonic()
    record = (
        outcome := hand_ins.grader.grade(Work(Handed("eve", f"{LESSON}.ipynb", content)))
    ).record
    status = record.said
    if outcome.notebook:
        path = hand_ins.root / "loaded.ipynb"
        path.write_text(outcome.notebook, encoding="utf-8")
        page = Page("eve", path, path.with_suffix(".html"), Sheet(), record)
        status = PageWriter(hand_ins.grader.setup.config, LESSON).write(page) or status
    return Cost(status, time.monotonic() - started, (_resident("VmHWM") - before) / 1024)


def _resident(name: str) -> int:
    """Return KiB of this process's memory, as the kernel counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
