"""What became of each submission: one small file a learner, which export and reports read.

The gradebook holds scores and nothing else, so it cannot tell a submission that could not be read
from one that earned no points.  These files can.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

GRADED = "graded"
PARTLY = "partly graded"
UNREADABLE = "unreadable"
MISSING = "missing"
ELSEWHERE = "not this lesson"
FAILED = "not graded"  # the grader's own failure, never the learner's


@dataclass(frozen=True)
class Record:
    """One submission's status.

    Attributes
    ----------
    status : one of this module's constants
    reason : why it is not simply graded, and from which file it was read where that is unusual
    sandbox : the isolation that was in force when it ran
    key : digest of everything that the grade depends on; "" when unknown
    """

    status: str
    reason: str = ""
    sandbox: str = ""
    key: str = ""

    @property
    def is_graded(self) -> bool:
        """Whether the gradebook's scores are this submission's."""
        return self.status in (GRADED, PARTLY)

    @property
    def said(self) -> str:
        """The status and, where there is one, the reason."""
        return f"{self.status}: {self.reason}" if self.reason else self.status


def record_path(root: Path, lesson: str, student: str) -> Path:
    """Return where the record of one learner's submission is kept."""
    return Path(root) / ".autograder" / "status" / lesson / f"{student}.json"


def write_record(root: Path, lesson: str, student: str, record: Record) -> None:
    """Keep `record`, replacing the earlier one in a single step."""
    path = record_path(root, lesson, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(record), indent=1) + "\n", encoding="utf-8")
    os.replace(draft, path)


def read_record(root: Path, lesson: str, student: str) -> Record | None:
    """Return the record of one learner's submission, or None when there is none."""
    try:
        text = record_path(root, lesson, student).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Record(**json.loads(text))


def recorded_students(root: Path, lesson: str) -> list[str]:
    """Return the learners of whom there is a record, sorted."""
    folder = record_path(root, lesson, "x").parent
    return sorted(path.stem for path in folder.glob("[!.]*.json"))
