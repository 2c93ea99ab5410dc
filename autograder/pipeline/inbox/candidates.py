"""Which of a learner's notebooks is graded: the one in which the most answers are written."""

from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.pipeline import records
from autograder.pipeline.inbox.elsewhere import other_lesson
from autograder.pipeline.inbox.reader import Unreadable, parse_notebook
from autograder.pipeline.inbox.repair import Repaired, repair
from autograder.pipeline.records import Handed


@dataclass(frozen=True)
class Candidate:
    """One notebook: repaired, or a status and a reason why it cannot be graded."""

    name: str
    repaired: Repaired | None = None
    status: str = ""
    reason: str = ""

    @property
    def written(self) -> int:
        """How many answers are written in it; -1 where it cannot be graded."""
        return self.repaired.written if self.repaired else -1

    @property
    def said(self) -> str:
        """Its name and why it is not the one that is graded."""
        if self.repaired is None:
            return self.reason
        many = f"{self.written} answer{'' if self.written == 1 else 's'} in it"
        return f"{self.name} is not graded: {many if self.written else 'as it was given out'}"


def candidates(handed: Handed, blank: NotebookNode, lesson: str) -> list[Candidate]:
    """Return each notebook that was handed in, in the order in which they count."""
    files = [(handed.name, handed.content), *handed.others]
    return [_candidate(name, content, blank, lesson) for name, content in files]


def _candidate(name: str, content: bytes, blank: NotebookNode, lesson: str) -> Candidate:
    try:
        notebook = parse_notebook(content, name)
        if other := other_lesson(notebook, lesson, blank):
            reason = f"{name} is the notebook of {other}"
            return Candidate(name, status=records.ELSEWHERE, reason=reason)
        repaired = repair(notebook, blank)
    except Unreadable as error:
        return Candidate(name, status=records.UNREADABLE, reason=str(error))
    if repaired.expected and not repaired.found:
        reason = f"{name} has none of the exercises of {lesson}"
        return Candidate(name, status=records.ELSEWHERE, reason=reason)
    return Candidate(name, repaired)


def best_of(found: list[Candidate]) -> Candidate:
    """Return the notebook with the most answers written; of several, the first."""
    return max(found, key=lambda candidate: candidate.written)


def told(best: Candidate, found: list[Candidate], handed: Handed) -> str:
    """Say which of several notebooks is graded, and what the others are; "" for a single one."""
    if len(found) == 1:
        return ""
    usual = best is found[0] and handed.named
    others = [other.said for other in found if other is not best]
    return "; ".join(([] if usual else [f"read from {best.name}"]) + others)
