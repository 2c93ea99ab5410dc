"""What the judge says of a submission."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CellVerdict:
    """One autograded test cell.

    Attributes
    ----------
    outcome : "right", "wrong", "not written", "barred", or "stopped" where no answer came
        (a crash, a limit, data that is no value)
    reports : what each check said, as plain data
    outputs : the judge's own notebook outputs, the only ones a test cell gets
    """

    grade_id: str
    score: float
    points: float
    outcome: str
    reports: list[dict]
    outputs: list[Any]


@dataclass(frozen=True)
class Verdict:
    """One submission.

    Attributes
    ----------
    status : "graded", or "partly graded" where a cell of the learner's had to be stopped
    reason : which limits were hit, or ""
    cells : one for each autograded test cell of the source, in the source's order
    notebook : the autograded notebook, a `nbformat.NotebookNode`
    sandbox : what isolation was in force, in one line
    seconds : wall time
    """

    status: str
    reason: str
    cells: dict[str, CellVerdict]
    notebook: Any
    sandbox: str
    seconds: float

    @property
    def score(self) -> float:
        """The automatic points."""
        return sum(cell.score for cell in self.cells.values())

    @property
    def points(self) -> float:
        """The most automatic points there are."""
        return sum(cell.points for cell in self.cells.values())
