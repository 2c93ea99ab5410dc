"""The report of a check: as plain text, as a card in a notebook, as data for the grader."""

import html
import os
import sys
from dataclasses import asdict, dataclass, field
from typing import Any

from course.protocol import collector

STATUSES = ("right", "wrong", "not written", "barred", "stopped")
MARKS = {"right": "✓", "wrong": "✗", "not written": "…", "barred": "✗", "stopped": "✗"}


@dataclass
class Report:
    """The result of one check.

    Attributes
    ----------
    exercise, part : what was checked; `part` is "" where all parts were
    status : one of `STATUSES`
    headline : one sentence
    details : further lines: the call, what differs, what was tried
    misconception : id in the catalogue, where exactly one fits
    name, hint : that misconception's name, and the question that helps to find it
    line, place : the line that has to change where no name fits, and what stands there; 0 and ""
        where none is known
    setting : the property of all failed cases and of no other; "" where none is known
    extent : which part of every failed result is wrong, and how; "" where more is known
    fault : kind of what differs in the first failed case, see `Difference`; "" where none does
    """

    exercise: str
    part: str
    status: str
    headline: str
    details: list[str] = field(default_factory=list)
    misconception: str | None = None
    name: str = ""
    hint: str = ""
    line: int = 0
    place: str = ""
    setting: str = ""
    extent: str = ""
    fault: str = ""

    @property
    def title(self) -> str:
        """The exercise and, where there is one, the part: ``correlate1d, values``."""
        return f"{self.exercise}, {self.part}" if self.part else self.exercise

    def text(self) -> str:
        """Return the whole report as plain lines."""
        lines = [f"{MARKS[self.status]} {self.title}: {self.headline}"]
        lines += [f"  {line}" for line in self.details]
        if self.name:
            lines.append(f"  What this looks like: {self.name}.")
        if self.hint:
            lines.append(f"  {self.hint}")
        return "\n".join(lines)

    def html(self) -> str:
        """Return the report as a card: no script, no outside resource, every text escaped."""
        hue = "--jp-success-color1, #2e7d32" if self.status == "right" else _hue(self.status)
        parts = [
            f'<div role="status" style="border-left:4px solid var({hue});padding:2px 12px;'
            'margin:4px 0;font-family:var(--jp-content-font-family, sans-serif);line-height:1.45">'
            f"<strong>{MARKS[self.status]} {_safe(self.title)}:</strong> {_safe(self.headline)}"
        ]
        if self.details:
            lines = "\n".join(html.escape(line) for line in self.details)
            parts.append(
                '<pre style="margin:4px 0;white-space:pre-wrap;background:transparent;'
                f'color:inherit;font-size:.92em">{lines}</pre>'
            )
        if self.name:
            parts.append(f"<div>What this looks like: <strong>{_safe(self.name)}</strong>.</div>")
        if self.hint:
            parts.append(f"<div>{_safe(self.hint)}</div>")
        return "".join(parts) + "</div>"

    def as_dict(self) -> dict:
        """Return the report as plain data."""
        return asdict(self)


def _hue(status: str) -> str:
    waiting = status == "not written"
    return "--jp-info-color1, #1565c0" if waiting else "--jp-warn-color1, #b35900"


def _safe(text: str) -> str:
    """Escape a sentence and set its `code` in a code font."""
    pieces = html.escape(text).split("`")
    if len(pieces) % 2 == 0:  # an odd number of backquotes: leave them as they are
        return html.escape(text)
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(pieces))


class CheckFailed(Exception):
    """A check that is not right yet; in a notebook only its headline shows, never its inside."""

    def __init__(self, report: Report, shown: bool = False):
        super().__init__(report.text())
        self.report = report
        self._shown = shown

    def _render_traceback_(self) -> list[str]:
        """Tell IPython what to print in place of a traceback."""
        if self._shown:  # the card above says the rest
            return [f"{self.report.title}: not right yet"]
        return self.report.text().split("\n")


def _display(report: Report, below: str) -> bool:
    """Show a report where it is being run; return whether a failed one was shown in full."""
    if _in_notebook() and (report.status != "not written" or somebody_reads()):
        from IPython.display import display

        display({"text/plain": report.text(), "text/html": report.html() + below}, raw=True)
        return True
    if report.status == "right":
        print(report.text())
    return False


def somebody_reads() -> bool:
    """Tell whether a person runs the cell: a notebook that runs by itself takes no input.

    In a browser nothing else runs one, and Voila runs all cells for the person who opens a page.
    """
    kernel, in_browser = _kernel(), sys.platform == "emscripten"
    takes_input = getattr(kernel, "_allow_stdin", in_browser)
    return kernel is not None and bool(takes_input or in_voila())


def in_voila() -> bool:
    """Tell whether Voila runs the cell, which shows an exception as a fault of the page."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila/")


class Notice:
    """A line on the screen for as long as something takes; nothing is left of it."""

    def __init__(self, text: str):
        self._text, self._handle = text, None
        if _in_notebook():
            from IPython.display import display

            self._handle = display({"text/plain": text}, raw=True, display_id=True)
        elif sys.stdout.isatty():
            print(text, end="", flush=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._handle is not None:
            self._handle.update({"text/plain": "", "text/html": ""}, raw=True)
        elif sys.stdout.isatty():
            print(f"\r{' ' * len(self._text)}\r", end="", flush=True)


def _in_notebook() -> bool:
    return _kernel() is not None


def _kernel() -> Any:
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return getattr(get_ipython(), "kernel", None)


def show(report: Report, below: str = "") -> bool:
    """Show or collect a report; return whether it is now on the screen in full.

    Parameters
    ----------
    report : what a check says
    below : HTML that a notebook shows under it; nobody collects it
    """
    if collect := collector():
        collect(report)
        return False
    return _display(report, below)
