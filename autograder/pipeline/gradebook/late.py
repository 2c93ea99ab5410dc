"""What lateness costs by the course's rule, and the extra time of single learners.

A penalty depends on the score, and a person's points change that: it is reckoned again at each
grading and before each export and feedback page.
"""

import math
from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.orm import Session, joinedload
from traitlets import Dict, Float
from traitlets.config import Configurable

from autograder import CommandError
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import connected, prepare
from autograder.pipeline.lesson import is_meant

DAY = 24 * 60 * 60  # seconds


class LateRule(LateSubmissionPlugin):
    """So many percent of the score for each day that has begun; nothing as it is given out.

    `penalty_method`, nbgrader's own, comes first where it is set.
    """

    percent_a_day = Float(0.0, help="Percent of the score for each begun day after the due date")
    most_percent = Float(100.0, help="Percent of the score that lateness costs at most")
    grace_minutes = Float(0.0, help="Minutes after the due date that cost nothing")
    extra_hours = Dict(
        help="Hours after the due date that single learners have: {'ann': 48} in every lesson, "
        "{'ann': {'03': 48}} in one"
    )
    for _trait in (percent_a_day, most_percent, grace_minutes, extra_hours):
        _trait.tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points that lateness costs, None where it costs nothing.

        Parameters
        ----------
        score : points, before the penalty
        total_seconds_late : seconds after the learner's due date, extra time counted in
        """
        if self.penalty_method != "none":
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        if not self.percent_a_day or total_seconds_late <= 60 * self.grace_minutes:
            return None
        days = math.ceil(total_seconds_late / DAY)
        return score * min(days * self.percent_a_day, self.most_percent) / 100

    def extra_time(self, student: str, lesson: str) -> timedelta | None:
        """Return the extra time of a learner, None where the settings name none.

        Raises
        ------
        CommandError : where the setting is no number of hours
        """
        hours = self.extra_hours.get(student)
        if isinstance(hours, dict):
            hours = next((hours[key] for key in hours if is_meant(lesson, str(key))), None)
        if hours is None:
            return None
        try:
            return timedelta(hours=float(hours))
        except (TypeError, ValueError, OverflowError) as error:
            raise CommandError(
                f"c.LateRule.extra_hours has {hours!r} for {student!r}. Expected hours, as in "
                f"{{{student!r}: 48}} or {{{student!r}: {{{lesson!r}: 48}}}}."
            ) from error


class Lateness:
    """Enters penalties and extra time by the settings of one of nbgrader's programs.

    Parameters
    ----------
    program : whose settings hold
    """

    def __init__(self, program: Configurable):
        self._step = AssignLatePenalties(parent=program)
        self._step.init_plugin()
        self._rule = LateRule(parent=program)

    def enter(self, session: Session, lesson: str, students: Iterable[str] | None = None) -> None:
        """Enter what the lateness of submissions costs now; the caller commits.

        Parameters
        ----------
        students : only these; all when None

        Notes
        -----
        Who is in time, and has no penalty from before, is not even read.
        """
        who = SubmittedAssignment.student_id
        query = (
            sa.select(SubmittedNotebook)
            .join(SubmittedNotebook.assignment)
            .join(SubmittedAssignment.assignment)
            .where(Assignment.name == lesson, Assignment.duedate.is_not(None))
            .where(
                sa.or_(
                    SubmittedAssignment.timestamp > Assignment.duedate,
                    SubmittedNotebook.late_submission_penalty.is_not(None),
                )
            )
            .options(joinedload(SubmittedNotebook.assignment))
        )
        if students is not None:
            query = query.where(who.in_(list(students)))
        for notebook in session.scalars(query).unique():
            submission = notebook.assignment
            extra = self._rule.extra_time(submission.student_id, lesson)
            if extra is not None:
                submission.extension = extra
            notebook.late_submission_penalty = self._penalty(submission, notebook)

    def _penalty(
        self, submission: SubmittedAssignment, notebook: SubmittedNotebook
    ) -> float | None:
        """Return what nbgrader's step of the same purpose would enter."""
        late = submission.total_seconds_late
        if late <= 0:
            return None
        plugin = self._step.plugin_inst
        penalty = plugin.late_submission_penalty(submission.student_id, notebook.score, late)
        return None if penalty is None else self._step._check_late_penalty(notebook, penalty)


def reckon_penalties(course: NbgraderCourse, lessons: Iterable[str]) -> None:
    """Enter what lateness costs by the scores as they are now, a person's points included."""
    prepare(course.coursedir.db_url)
    lateness = Lateness(course.app)
    with (
        connected(course.coursedir.db_url) as connection,
        Session(connection) as session,
        session.begin(),
    ):
        for lesson in lessons:
            lateness.enter(session, lesson)
