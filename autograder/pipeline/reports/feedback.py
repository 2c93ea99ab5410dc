"""Feedback pages: what a learner earned, what the checks recognised, what to look at again.

``python -m autograder feedback LESSON`` and ``nbgrader generate_feedback`` write the same pages.
"""

import functools
import multiprocessing
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode, v4
from traitlets.config import Config

from autograder import CommandError
from autograder.files import write_whole
from autograder.judge.clean import as_typed
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.late import reckon_penalties
from autograder.pipeline.gradebook.sheets import Sheet, read_class
from autograder.pipeline.gradebook.writer import SUBMISSION_SECRET
from autograder.pipeline.html.one_pass import OnePassExporter
from autograder.pipeline.html.sentence import sentence
from autograder.pipeline.inbox.timestamps import TIMESTAMP
from autograder.pipeline.jobs import jobs_for
from autograder.pipeline.records import FAILED, Record
from autograder.pipeline.reports.feedback_content import summarize
from autograder.startup import skip_address_grammars

TOGETHER = 60  # pages from which on other processes are worth their start
# Letters of code on a page that are coloured.  The lexer looks from each letter of a line, and from
# each blank line, to the end of them: long ones would take their square in time.
COLOURED = 60_000
LONG_LINE, BLANK_LINES = re.compile(r"[^\n]{1000}"), re.compile(r"(?:[^\S\n]{0,99}\n){100}")


@dataclass(frozen=True)
class Page:
    """One page to write: of whom, from which autograded notebook, and where to."""

    student: str
    notebook: Path
    page: Path
    sheet: Sheet
    record: Record | None


def write_feedback(
    course: NbgraderCourse, lesson: str, students: list[str] | None = None, jobs: int | None = None
) -> tuple[list[Path], dict[str, str]]:
    """Write the page of every graded submission of `lesson`; one failure stops no other.

    Parameters
    ----------
    students : only these learners; all of whom something is known when None or empty
    jobs : processes to share the work of many pages; None for one a processor

    Returns
    -------
    (pages, failures) : the files written, and why there is none by learner
    """
    reckon_penalties(course, [lesson])
    records, sheets = read_class(course.coursedir.db_url, lesson, students or None)
    if not (students or records or sheets):
        raise CommandError(
            f"Nothing of {lesson} is graded. Run `python -m autograder grade {lesson}` first."
        )
    works, failures = [], {}
    for student in students or sorted({*records, *sheets}):
        record, sheet = records.get(student), sheets.get(student)
        place = course.coursedir.format_path(course.coursedir.autograded_directory, student, lesson)
        notebook = Path(course.root, place, f"{lesson}.ipynb")
        if record is None and not (sheet and sheet.is_graded and notebook.is_file()):
            failures[student] = FAILED
        elif record is not None and not record.is_graded:
            failures[student] = record.said
        else:
            page = feedback_page(course, lesson, student)
            works.append(Page(student, notebook, page, sheet or Sheet(), record))
    pages = []
    for work, problem in _written(works, course.app.config, lesson, jobs):
        if problem:
            failures[work.student] = problem
        else:
            pages.append(work.page)
    return pages, failures


def feedback_page(course: NbgraderCourse, lesson: str, student: str) -> Path:
    """Return where the feedback page of one learner is written."""
    folder = course.coursedir.format_path(course.coursedir.feedback_directory, student, lesson)
    return Path(course.root, folder, f"{lesson}.html")


def _written(
    works: list[Page], config: Config, lesson: str, jobs: int | None
) -> Iterator[tuple[Page, str]]:
    """Write pages and yield each with what went wrong, "" where nothing did."""
    jobs = jobs_for(jobs, len(works))
    if jobs == 1 or len(works) < TOGETHER:
        writer = PageWriter(config, lesson)
        yield from ((work, writer.write(work)) for work in works)
        return
    spawn = multiprocessing.get_context("spawn")
    # Grammars are skipped before a new process imports this module, with its first pages.
    with ProcessPoolExecutor(jobs, spawn, skip_address_grammars) as pool:
        write = functools.partial(_write, config, lesson)
        yield from zip(works, pool.map(write, works, chunksize=16), strict=True)


_writer: "PageWriter | None" = None  # of a process that has a part of the pages


def _write(config: Config, lesson: str, work: Page) -> str:
    global _writer
    _writer = _writer or PageWriter(config, lesson)
    return _writer.write(work)


class PageWriter:
    """Writes pages of one lesson, with one exporter for all of them."""

    def __init__(self, config: Config, lesson: str):
        self.lesson = lesson
        self.exporter = FeedbackExporter(config=config)

    def write(self, work: Page) -> str:
        """Write one page in one step; return why there is none, "" where there is."""
        try:
            notebook = OwnNotebook(v4.reads(work.notebook.read_text("utf-8")))
            feedback = summarize(notebook, self.lesson, work.student, work.sheet, work.record)
            page, _ = self.exporter.from_notebook_node(notebook, {"feedback": feedback})
            write_whole(work.page, page.encode("utf-8"))
            for name in (TIMESTAMP, SUBMISSION_SECRET):  # nbgrader's exchange reads them here
                if (beside := work.notebook.with_name(name)).is_file():
                    write_whole(work.page.with_name(name), beside.read_bytes())
        except Exception as error:  # whatever is in the notebook, the next learner gets a page
            return f"{type(error).__name__}: {error}"
        return ""


class OwnNotebook(NotebookNode):
    """A notebook that is read for one page: nbconvert need not copy it before it changes it."""

    def __deepcopy__(self, memo: dict) -> "OwnNotebook":
        return self


class FeedbackExporter(OnePassExporter):
    """The course's template, which carries all it needs and no script."""

    def default_filters(self):
        """Add the filter with which the template shows a report's sentences."""
        yield from super().default_filters()
        yield ("sentence", sentence)

    def colours(self) -> "Colours":
        """Return the filter that colours a learner's code."""
        return Colours()


class Colours:
    """Colours the code of one page, as far as that takes little time."""

    def __init__(self):
        self.left = COLOURED

    def __call__(self, source: str, metadata: dict | None = None) -> str:
        """Return code as HTML; `metadata` is nbconvert's and changes nothing."""
        self.left -= len(source)
        if self.left < 0 or LONG_LINE.search(source) or BLANK_LINES.search(source):
            return f'<div class="highlight">{as_typed(source)}</div>'
        return _highlighted(source)


@functools.lru_cache(maxsize=1000)
def _highlighted(source: str) -> str:
    """Colour a cell's code once: most cells are the same in all submissions."""
    return Highlight2HTML(pygments_lexer="ipython3")(source)
