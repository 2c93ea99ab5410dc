"""Say who handed in and which file counts, and grade nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.pipeline import records
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.people import read_people
from autograder.pipeline.grading.run import handed_by, handed_in
from autograder.pipeline.inbox.candidates import best_of, candidates, told
from autograder.pipeline.lesson import blank_notebook, source_notebook
from autograder.pipeline.names import composed
from autograder.pipeline.records import Account, Handed


@dataclass(frozen=True)
class Listed:
    """One learner.

    Attributes
    ----------
    is_known : whether they are in the gradebook
    accounts : what the platform calls them
    file : what would be graded, "" where nothing can be
    said : why not, and what else lies there
    """

    student: str
    is_known: bool
    accounts: tuple[Account, ...]
    file: str = ""
    said: str = ""

    @property
    def line(self) -> str:
        """What people read of it."""
        names = {a.name for a in self.accounts} - {self.student}
        known = [*(a.said for a in self.accounts), *(f"called {name}" for name in sorted(names))]
        who = f"{self.student} ({', '.join(known)})" if known else self.student
        new = "" if self.is_known else ", new"
        return f"{who}{new}: " + "; ".join(filter(None, (self.file, self.said)))


@dataclass(frozen=True)
class Listing:
    """Who handed in, whose files are nobody's, and of whom in the gradebook there is nothing."""

    learners: list[Listed]
    left: list[str]
    absent: list[str]


def list_lesson(
    course: NbgraderCourse,
    lesson: str,
    *,
    submitted: Path | None = None,
    students: Iterable[str] = (),
) -> Listing:
    """Look at everything that `grade_lesson` would grade.

    Parameters
    ----------
    submitted, students : see `autograder.pipeline.grading.run.grade_lesson`
    """
    wanted = [composed(name) for name in students]
    known = {one.student for one in read_people(course.coursedir.db_url, lesson)}
    inbox = handed_in(course, lesson, submitted, *wanted[:1])
    blank = blank_notebook(source_notebook(course.coursedir, lesson, lesson), course.app.config)
    found = []
    for student, read in inbox.items():
        if wanted and student not in wanted:
            continue
        accounts = inbox.accounts.get(student, ())
        file, said = _counts(handed_by(student, read), blank, lesson)
        found.append(Listed(student, student in known, accounts, file, said))
    absent = [] if wanted else sorted(known - inbox.keys())
    return Listing(found, inbox.left, absent)


def _counts(handed: Handed, blank: NotebookNode, lesson: str) -> tuple[str, str]:
    """Return which file would be graded, and what else is to say."""
    if handed.content is None:
        return "", f"{handed.status}: {handed.reason}"
    try:
        found = candidates(handed, blank, lesson)
    except Exception as error:  # whatever it is, the next learner's turn comes
        return "", f"{records.FAILED}: {error or type(error).__name__}"
    best = best_of(found)
    beside = told(best, found, handed)
    said = "; ".join(filter(None, (beside, handed.note)))
    if best.repaired is None:
        return "", "; ".join(filter(None, (f"{best.status}: {best.reason}", said)))
    return best.name, "; ".join(filter(None, (best.repaired.note, said)))
