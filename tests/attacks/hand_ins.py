"""Grade honest hand-ins of lesson 01 as `python -m autograder grade` does, in this process."""

import copy
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.judge.host import ROOT
from autograder.judge.warm import WarmJudge
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.grading.grader import Grader
from autograder.pipeline.grading.run import handed_by
from autograder.pipeline.inbox.submitted import inbox
from autograder.pipeline.nbgrader_hooks.setup import setup_of
from autograder.pipeline.records import GradingOutcome, Work
from autograder.pipeline.simulated.course import make_course
from tests.attacks.honest import LESSON, Kind, solved
from tests.attacks.ways import MOODLE, Way, zipped


@dataclass(frozen=True)
class Told:
    """What came of one hand-in: points that it lost, and what of it went wrong ("" for nothing)."""

    lost: float
    status: str
    said: str
    wrong: str = ""


class HandIns:
    """Grades hand-ins of lesson 01, one after the other; close it at the end."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.root = make_course(Path(self._folder.name, "course"), [], ROOT)
        setup = setup_of(NbgraderCourse(self.root), LESSON)
        self._judge = WarmJudge(LESSON, setup.limits, setup.secret)
        self._judge.wait()
        self.grader = Grader(setup, self._judge.judge)
        self._judge.keep_figures(self.grader.source)

    def __enter__(self) -> "HandIns":
        return self

    def __exit__(self, *exception) -> None:
        self._judge.close()
        self._folder.cleanup()

    def graded(self, files: dict[str, bytes], *, archive: bool = False) -> GradingOutcome:
        """Return what comes of a learner's files, in a folder or in an archive of the class."""
        with tempfile.TemporaryDirectory() as folder:
            place, who = Path(folder, "submitted"), "ada"
            if archive:
                place, who = Path(folder, "class.zip"), "Ada Ox"
                place.write_bytes(zipped({f"{MOODLE}/{name}": files[name] for name in files}))
            for name, content in () if archive else files.items():
                path = place / who / LESSON / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return self.grader.grade(Work(handed_by(who, inbox(place, LESSON)[who])))

    def tried(self, kind: Kind, way: Way) -> Told:
        """Return what came of an honest notebook, and what it should not have lost."""
        made = copy.deepcopy(solved())
        kind.change(made)
        outcome = self.graded(way.files(made), archive=way.archive)
        record = outcome.record
        lost = kind.points - (record.score or 0.0)
        of_kind = kind.says if way.names else kind.nameless or kind.says
        wrong = [
            f"says nothing of {says!r}" for says in (of_kind, way.says) if says not in record.said
        ]
        if (
            not (of_kind or way.says)
            and record.reason
            and not record.reason.startswith("read from")
        ):
            wrong.append("has a reason")
        if kind.again not in " ".join(cell.headline for cell in record.cells):
            wrong.append(f"says nothing of {kind.again!r}")
        if "the notebook ends" not in kind.says and outcome.grades.get("why_flip", 0) is not None:
            wrong.append("the written answer waits for nobody")
        return Told(lost, record.status, record.reason, "; ".join(wrong))
