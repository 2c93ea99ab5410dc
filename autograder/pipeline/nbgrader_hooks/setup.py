"""From the course's nbgrader settings to what grading a lesson needs."""

import json
from pathlib import Path

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.judge import Limits
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.keys import tests_digest
from autograder.pipeline.lesson import source_notebook
from autograder.pipeline.nbgrader_hooks.preprocessors import JudgeExecutor, SaveVerdict
from autograder.pipeline.records import Setup
from autograder.pipeline.secret import course_secret


def setup_of(course: NbgraderCourse, lesson: str) -> Setup:
    """Return what grading `lesson` needs of the course."""
    source = nbformat.writes(source_notebook(course.coursedir, lesson, lesson))
    config = course.app.config
    executor = JudgeExecutor(config=config)
    limits = Limits(**executor.limits)
    secret = course_secret(Path(course.root))
    chosen = {name: config.get(name, {}) for name in ("Autograde", "LimitOutput")}
    settings = json.dumps(limits.as_dict() | chosen, default=str, sort_keys=True)
    return Setup(
        lesson,
        source,
        config,
        limits=limits,
        require_sandbox=executor.require_sandbox,
        steps=later_steps(config),
        secret=secret,
        tests=tests_digest(source, secret, settings),
    )


def later_steps(config: Config) -> tuple[type[Preprocessor], ...]:
    """Return nbgrader's steps after the judge's, without those that write to the gradebook.

    Nor is the cells' metadata checked again: it is the lesson's own, checked when it was
    registered.
    """
    done = (JudgeExecutor, SaveVerdict, AssignLatePenalties, CheckCellMetadata)
    steps = [
        import_item(step) if isinstance(step, str) else step
        for step in Autograde(config=config).autograde_preprocessors
    ]
    return tuple(s for s in steps[steps.index(JudgeExecutor) + 1 :] if s not in done)
