"""The plain records that the rooms pass on: a submission, its grade, and its status."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from traitlets.config import Config

from autograder.judge import Limits
from autograder.words import shown

if TYPE_CHECKING:  # slow to import
    from nbconvert.preprocessors import Preprocessor

GRADED = "graded"
PARTLY = "partly graded"
UNREADABLE = "unreadable"
MISSING = "missing"
ELSEWHERE = "not this lesson"
FAILED = "not graded"  # the grader's own failure, never the learner's


@dataclass(frozen=True)
class Account:
    """How a platform knows a learner.

    Attributes
    ----------
    platform : its name, "" for names that no platform gave
    number : its own id of the learner, or their login; "" where it gives none
    name : as it writes the learner's name
    lesson : the one for whose submissions alone the number holds; "" where it holds for all
    """

    platform: str
    number: str
    name: str
    lesson: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all other accounts."""
        return self.platform, self.lesson, self.number

    @property
    def said(self) -> str:
        """The platform and its number, as people read them."""
        return f"{self.platform} {self.number}".strip()


@dataclass(frozen=True)
class Handed:
    """What one learner handed in for one lesson.

    Attributes
    ----------
    name : the file's name
    content : the file's bytes, None where there is nothing to grade
    status, reason : one of this module's statuses and why, "" where there is something to grade
    note : what is worth telling about a file that can be graded, such as an unusual name
    timestamp : when it was handed in, as nbgrader's timestamp.txt has it; "" when unknown
    named : whether the file has the lesson's name
    others : name and bytes of further notebooks, in the order in which they count
    pictures : name and bytes of pictures beside the notebook
    """

    student: str
    name: str = ""
    content: bytes | None = None
    status: str = ""
    reason: str = ""
    note: str = ""
    timestamp: str = ""
    named: bool = True
    others: tuple[tuple[str, bytes], ...] = ()
    pictures: tuple[tuple[str, bytes], ...] = ()

    def __post_init__(self):
        """Escape what others will read of it."""
        for text in ("name", "reason", "note"):
            object.__setattr__(self, text, shown(getattr(self, text)))
        for files in ("others", "pictures"):
            made = tuple((shown(name), content) for name, content in getattr(self, files))
            object.__setattr__(self, files, made)


@dataclass(frozen=True)
class Cell:
    """What the judge said of one test cell.

    Attributes
    ----------
    grade_id : the cell's name in nbgrader
    exercise, part : its two halves, see `autograder.pipeline.gradebook.verdicts.exercise_and_part`
    score, points : earned, and the most that it is worth
    outcome : "right", "wrong", "not written", "barred" or "stopped"
    misconception, hint : of the mistake that was recognised; "" where none was
    name : of that mistake, else where the answer goes wrong, where that is known
    headline : what the check said in one sentence, "" where the part is right
    """

    grade_id: str
    exercise: str
    part: str
    score: float
    points: float
    outcome: str
    misconception: str = ""
    name: str = ""
    hint: str = ""
    headline: str = ""


@dataclass(frozen=True)
class Record:
    """What became of one submission.

    Attributes
    ----------
    status : one of this module's statuses
    reason : why it is not simply graded, and from which file it was read where that is unusual
    sandbox : the isolation that was in force when it ran
    key : tells whether the grade stands, see `autograder.pipeline.keys.key_of`; "" when unknown
    seconds : wall time that judging took, None where nothing was judged
    graded_at : when this was written, in UTC
    score, points : automatic points, earned and possible; None where nothing was judged
    cells : one for each automatic test cell, in the notebook's order
    """

    status: str
    reason: str = ""
    sandbox: str = ""
    key: str = ""
    seconds: float | None = None
    graded_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    score: float | None = None
    points: float | None = None
    cells: tuple[Cell, ...] = ()

    def __post_init__(self):
        """Escape what others will read of it."""
        object.__setattr__(self, "reason", shown(self.reason, 2000))

    @property
    def is_graded(self) -> bool:
        """Whether the gradebook's scores are this submission's."""
        return self.status in (GRADED, PARTLY)

    @property
    def said(self) -> str:
        """The status and, where there is one, the reason."""
        return f"{self.status}: {self.reason}" if self.reason else self.status


@dataclass(frozen=True)
class Work:
    """One submission to grade.

    Attributes
    ----------
    known : the key of the grade that there is already; "" to grade in any case
    """

    handed: Handed
    known: str = ""


@dataclass(frozen=True)
class GradingOutcome:
    """What came of one submission.

    Attributes
    ----------
    record : what to keep; None where the earlier grade stands, since nothing has changed
    notebook : the autograded notebook, as text; "" where nothing was judged
    grades : automatic score of each graded cell by its name, None where a person has to give it
    comments : automatic comment on each answer by its name
    answers : digest of each answer by its name, see `autograder.pipeline.gradebook.answers`
    timestamp : when it was handed in, "" when unknown
    """

    student: str
    record: Record | None
    notebook: str = ""
    grades: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    timestamp: str = ""


def failed(student: str, why: str) -> GradingOutcome:
    """Return the outcome where the grader itself failed."""
    return GradingOutcome(student, Record(FAILED, f"the grader failed: {why}"))


@dataclass(frozen=True)
class Setup:
    """What all submissions of one lesson share.  It can be sent to another process or machine.

    Attributes
    ----------
    source : the instructor's notebook, as text
    config : nbgrader's settings for the course
    limits : what one submission may use
    require_sandbox : whether to refuse to run code without a sandbox
    steps : nbgrader's steps after the judge's, in their order
    secret : the course's, from which the withheld cases are drawn
    tests : digest of everything but the submission that a grade depends on
    """

    lesson: str
    source: str
    config: Config
    limits: Limits
    require_sandbox: bool
    steps: "tuple[type[Preprocessor], ...]"
    secret: bytes
    tests: str
