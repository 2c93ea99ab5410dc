"""The course folder of a simulated class, and where its grades differ from the expected ones."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import nbformat
import sqlalchemy as sa
from nbgrader.api import Student

from autograder import CommandError
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.results import Result
from autograder.pipeline.secret import secret_file
from autograder.pipeline.simulated.answers import SECRET
from autograder.pipeline.simulated.crowd import full_name
from autograder.pipeline.simulated.learners import LESSON, SimulatedLearner

CONFIG = '''"""nbgrader's settings for the simulated class; made by `python -m autograder demo`."""

import sys
from pathlib import Path

sys.path.insert(0, {repository!r})

from autograder.pipeline.nbgrader_hooks.config import configure

c = get_config()
configure(c, Path(__file__).resolve().parent)
# A loop is a loop after three seconds as well.
c.JudgeExecutor.limits = {{"cell_seconds": 3.0, "call_seconds": 2.0}}
'''
# Lessons whose own cells measure or train for longer than that, with what learners wrote.
SLOW = ("11_layouts_and_speed", "13_capstone")
PATIENT = f'{CONFIG}c.JudgeExecutor.limits = {{{{"cell_seconds": 60.0}}}}\n'
MARKER = ".made-by-demo"


def open_demo(root: Path, learners: Sequence[SimulatedLearner]) -> NbgraderCourse:
    """Open the course in `root`, with a name in the gradebook for every learner."""
    course = NbgraderCourse(root)
    names = [full_name(number) for number in range(len(learners))]
    rows = [
        {"id": learner.who, "first_name": first, "last_name": last}
        for learner, (first, last) in zip(learners, names, strict=True)
    ]
    with course.gradebook() as gradebook:
        gradebook.db.execute(sa.insert(Student), rows)
        gradebook.db.commit()
    return course


def make_course(
    folder: Path,
    learners: Sequence[SimulatedLearner],
    repository: Path | None = None,
    lesson: str = LESSON,
) -> Path:
    """Make a course directory with one lesson and what `learners` hand in; return its path.

    Raises
    ------
    CommandError : when the lesson is not built, or `folder` holds something else
    """
    repository = (repository or Path.cwd()).resolve()
    release = repository / "release" / lesson / f"{lesson}.ipynb"
    source = repository / "source" / lesson / f"{lesson}.ipynb"
    if not (release.is_file() and source.is_file()):
        raise CommandError(
            f"{lesson} is not built: {release} is missing. Run `python -m autograder build`."
        )
    root = folder.resolve()
    if root.exists() and not (root / MARKER).exists():
        raise CommandError(
            f"{folder} exists and was not made by this command, so it is left as it is. "
            "Name another folder with --dir, or remove it."
        )
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / MARKER).touch()
    config = PATIENT if lesson in SLOW else CONFIG
    (root / "nbgrader_config.py").write_text(config.format(repository=str(repository)))
    secret_file(root).parent.mkdir()
    secret_file(root).write_bytes(SECRET)
    for step, path in (("source", source), ("release", release)):
        (root / step / lesson).mkdir(parents=True)
        shutil.copy(path, root / step / lesson)
    given_out = nbformat.read(release, as_version=4)
    for learner in learners:
        place = root / "submitted" / learner.who / lesson
        place.mkdir(parents=True)
        content = learner.hand_in(given_out)
        if content is not None:
            (place / learner.name).write_bytes(content)
    return root


def problems(learner: SimulatedLearner, results: dict[str, Result]) -> list[str]:
    """Return how a learner's result differs from what it should be."""
    row = results[learner.who]
    found = []
    if row.record.status != learner.status:
        found.append(f"status {row.record.said}, expected {learner.status}")
    if row.score != learner.points:
        found.append(f"{row.score} points, expected {learner.points}")
    if learner.says is not None and row.diagnosis != learner.says:
        found.append(f"the diagnosis is {row.diagnosis!r}, expected {learner.says!r}")
    if row.record.is_graded and not row.record.cells:
        found.append("the record holds no verdict")
    return [f"{learner.who} ({learner.did}): {problem}" for problem in found]
