"""What a program that runs a lesson by itself agrees on with `course`.

In JupyterLab a check asks Python for all that it has to know.  The course's own grader asks a
learner's answers from another process, where Python cannot tell.  It uses these five things, and
nothing else of `course` knows that there is a grader:

1. `set_text`: the text of the cell that an answer comes from.  Barred calls are looked for in it,
   and the grader may say which of its lines has to change.
2. `set_line`: the line of a learner's cell at which an exception was raised.
3. `collected`: the reports of the checks that run, as data, in the place of cards and text.
4. `Shell.without_pictures`: nobody looks at this run of a cell, so that no figure is drawn.
5. `set_layers`: the classes by which a check makes the layers that it hands to a stack.  They make
   them in the process in which the stack runs.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from course.checks.report import Report

_TEXT, _LINE, _LAYERS = "__course_text__", "__course_line__", "__course_layers__"
_collectors: list[Callable[["Report"], None]] = []


class Repair(NamedTuple):
    """A line whose change in one place makes every case pass, or leaves one catalogued mistake.

    Attributes
    ----------
    number : as the learner's cell counts
    text : the line as it stands
    place : the kind of place, such as "an index"; several kinds are joined by "or"
    misconception : id of the mistake that is left, "" where every case passes
    """

    number: int
    text: str
    place: str
    misconception: str = ""


class AnswerText(NamedTuple):
    """The text of the cell that holds an answer, of the notebook's other cells, and its name.

    `repair` finds the line to change, where the program that runs the lesson can.
    """

    cell: str
    others: tuple[str, ...] = ()
    name: str = ""
    repair: Callable[[], Repair | None] = lambda: None


class CellLine(NamedTuple):
    """A line of a learner's cell, counted from 1; 0 where it is not known."""

    number: int
    text: str


class Shell(Protocol):
    """What `course.figures.show` asks of IPython's shell, where it has such an attribute."""

    without_pictures: bool


def set_text(answer: Any, text: AnswerText) -> None:
    """Say which cell a function or class comes from."""
    setattr(answer, _TEXT, text)


def text_of(answer: Any) -> AnswerText | None:
    """Return what `set_text` said of an answer, or None."""
    found = getattr(answer, _TEXT, None)
    return found if isinstance(found, AnswerText) else None


def set_line(error: BaseException, line: CellLine) -> None:
    """Say where in the learner's cell an exception was raised."""
    setattr(error, _LINE, line)


def line_of(error: BaseException) -> CellLine | None:
    """Return what `set_line` said of an exception, or None."""
    found = getattr(error, _LINE, None)
    return found if isinstance(found, CellLine) else None


def set_layers(answer: Any, classes: Mapping[str, type]) -> None:
    """Say by which classes the layers are made that an answer is given, by their names."""
    setattr(answer, _LAYERS, classes)


def layers_of(answer: Any) -> Mapping[str, type] | None:
    """Return what `set_layers` said of an answer, or None."""
    return getattr(answer, _LAYERS, None)


@contextlib.contextmanager
def collected() -> Iterator[list["Report"]]:
    """Collect the reports of the checks that run inside; none of them is shown.

    Examples
    --------
    >>> from course.checks.report import Report, show
    >>> with collected() as reports:
    ...     show(Report("pad1d", "", "right", "all 20 inputs"))
    False
    >>> [report.headline for report in reports]
    ['all 20 inputs']
    """
    reports: list[Report] = []
    _collectors.append(reports.append)
    try:
        yield reports
    finally:
        _collectors.pop()


def collector() -> Callable[["Report"], None] | None:
    """Return what takes reports now, or None where they are shown."""
    return _collectors[-1] if _collectors else None


def draws_pictures(shell: Any) -> bool:
    """Return whether anybody sees the figures of the cell that this shell runs."""
    return not getattr(shell, "without_pictures", False)
