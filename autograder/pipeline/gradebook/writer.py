"""The one writer of a class's grades: many submissions in one transaction of nbgrader's schema.

It enters what nbgrader's own autograde enters, row by row the same: students, submissions with
their times, automatic scores and comments, late penalties.  What a person gave is never touched;
a score that a person gave is marked to be looked at again where its answer is another one.
"""

import contextlib
import errno
import os
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.converters import Autograde
from nbgrader.utils import find_all_files, parse_utc
from sqlalchemy.orm import Session

from autograder.files import write_whole
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.answers import (
    changed,
    is_answer_changed,
    load_answers,
    save_answers,
)
from autograder.pipeline.gradebook.database import RECORDS, forget_removed, load, prepare, save
from autograder.pipeline.gradebook.late import Lateness
from autograder.pipeline.gradebook.people import keep_accounts
from autograder.pipeline.gradebook.results import Result, load_results
from autograder.pipeline.inbox.found import Inbox
from autograder.pipeline.inbox.reader import Unreadable, read_file
from autograder.pipeline.inbox.timestamps import TIMESTAMP
from autograder.pipeline.records import (
    FAILED,
    GRADED,
    MISSING,
    PARTLY,
    GradingOutcome,
    Record,
)

SUBMISSION_SECRET = "submission_secret.txt"  # by which nbgrader's exchange gives feedback back
BUSY_SECONDS = 60  # how long to wait for another program that writes to the same SQLite file
# What keeps every file from being written, whoever's it is.
OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}


class Writer:
    """Writes outcomes of one lesson into the gradebook and the autograded folder.

    The lesson must be registered.  Use it as a context manager.
    """

    def __init__(self, course: NbgraderCourse, lesson: str):
        self.course, self.lesson = course, lesson
        prepare(course.coursedir.db_url)
        url = sa.make_url(course.coursedir.db_url)
        busy = {"timeout": BUSY_SECONDS} if url.get_backend_name() == "sqlite" else {}
        self.engine = sa.create_engine(url, connect_args=busy)
        # nbgrader's converter knows the file modes and the files that come with a lesson.
        self._autograde = Autograde(coursedir=course.coursedir, parent=course.app)
        self._lateness = Lateness(course.app)
        self._beside = self._files_of_the_lesson()
        try:
            with Session(self.engine) as session, session.begin():
                self._read_structure(session)
                forget_removed(session.connection())
        except Exception:
            self.engine.dispose()
            raise

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *exception) -> None:
        self.engine.dispose()

    def students(self) -> list[str]:
        """Return every learner whom the gradebook knows, sorted."""
        with Session(self.engine) as session:
            return sorted(session.scalars(sa.select(Student.id)))

    def keys(self) -> dict[str, str]:
        """Return the key of each grade that stands: in the records, the gradebook and on disk."""
        kept = RECORDS.c
        with Session(self.engine) as session:
            rows = session.execute(
                sa.select(kept.student, kept.key)
                .join(SubmittedAssignment, SubmittedAssignment.student_id == kept.student)
                .where(SubmittedAssignment.assignment_id == self._assignment)
                .where(kept.lesson == self.lesson)
                .where(kept.status.in_((GRADED, PARTLY)))
            ).all()
        return {student: key for student, key in rows if self._notebook_of(student).is_file()}

    def results(self, students: Iterable[str]) -> dict[str, Result]:
        """Return these learners' results as they stand now."""
        with self.engine.connect() as connection:
            return load_results(connection, self.lesson, students)

    def keep_accounts(self, inbox: Inbox) -> None:
        """Keep what a platform calls those who handed in through it."""
        owners = [(name, one) for name, theirs in inbox.accounts.items() for one in theirs]
        with self.engine.begin() as connection:
            keep_accounts(connection, owners)

    def write(self, outcomes: Iterable[GradingOutcome]) -> list[GradingOutcome]:
        """Keep outcomes: first the notebooks, then, in one transaction, all that the database has.

        Killed in between, the earlier record says what the earlier key was, so that the next run
        grades these submissions again.

        Returns
        -------
        what was kept: where one learner's files cannot be written, a status that says why
        """
        outcomes = [self._with_files(outcome) for outcome in outcomes]
        judged = [outcome for outcome in outcomes if outcome.notebook]
        with Session(self.engine) as session, session.begin():
            self._add_students(session, [outcome.student for outcome in outcomes])
            self._add_submissions(session, [outcome.student for outcome in judged])
            self._enter_scores(session, judged)
            self._enter_times(session, [o for o in outcomes if o.notebook or o.record is None])
            answers = {outcome.student: outcome.answers for outcome in judged}
            save_answers(session.connection(), self.lesson, answers)
            kept = {o.student: o.record for o in outcomes if o.record is not None}
            save(session.connection(), self.lesson, self._not_lost(session, kept))
        return outcomes

    def _not_lost(self, session: Session, new: dict[str, Record]) -> dict[str, Record]:
        """Leave out that nothing was handed in this time, of those who did another time."""
        missing = [name for name, record in new.items() if record.status == MISSING]
        before = load(session.connection(), self.lesson, missing)
        did = {name for name, record in before.items() if record.status != MISSING}
        return {name: record for name, record in new.items() if name not in did}

    def _read_structure(self, session: Session) -> None:
        """Read which cells each notebook of the lesson has."""
        find = sa.select(Assignment.id).where(Assignment.name == self.lesson)
        self._assignment = session.scalars(find).one()
        of_lesson = Notebook.assignment_id == self._assignment
        self._notebooks = dict(
            session.execute(sa.select(Notebook.id, Notebook.name).where(of_lesson)).all()
        )
        cells = session.execute(
            sa.select(BaseCell.id, BaseCell.name, BaseCell.type, BaseCell.notebook_id)
            .join(Notebook, Notebook.id == BaseCell.notebook_id)
            .where(of_lesson)
        ).all()
        graded = ("GradeCell", "TaskCell")
        answers = ("SolutionCell", "TaskCell")
        self._graded = [cell for cell in cells if cell.type in graded]
        self._answers = [cell for cell in cells if cell.type in answers]

    def _add_students(self, session: Session, students: list[str]) -> None:
        known = set(session.scalars(sa.select(Student.id).where(Student.id.in_(students))))
        new = [{"id": name} for name in students if name not in known]
        if new:
            session.execute(sa.insert(Student), new)

    def _add_submissions(self, session: Session, students: list[str]) -> None:
        """Add a submission with all its empty grades and comments where there is none."""
        known = set(
            session.scalars(
                sa.select(SubmittedAssignment.student_id)
                .where(SubmittedAssignment.assignment_id == self._assignment)
                .where(SubmittedAssignment.student_id.in_(students))
            )
        )
        rows: dict[type, list[dict]] = {
            table: [] for table in (SubmittedAssignment, SubmittedNotebook, Grade, Comment)
        }
        for student in students:
            if student in known:
                continue
            submission = {"id": new_uuid(), "assignment_id": self._assignment}
            rows[SubmittedAssignment].append(submission | {"student_id": student})
            for notebook in self._notebooks:
                handed = {"id": new_uuid(), "assignment_id": submission["id"]}
                rows[SubmittedNotebook].append(handed | {"notebook_id": notebook})
                for table, cells in ((Grade, self._graded), (Comment, self._answers)):
                    rows[table] += [
                        {"id": new_uuid(), "notebook_id": handed["id"], "cell_id": cell.id}
                        for cell in cells
                        if cell.notebook_id == notebook
                    ]
        for table, new in rows.items():
            if new:
                session.execute(sa.insert(table), new)

    def _enter_scores(self, session: Session, judged: list[GradingOutcome]) -> None:
        places = self._places(session, [outcome.student for outcome in judged])
        cells = {cell.name: cell.id for cell in self._graded if self._is_lessons(cell)}
        answers = {cell.name: cell.id for cell in self._answers if self._is_lessons(cell)}
        connection = session.connection()
        before = load_answers(connection, self.lesson, places)
        scores = []
        for outcome in judged:
            differ = changed(before.get(outcome.student), outcome.answers)
            scores += [
                {
                    "in_notebook": places[outcome.student],
                    "of_cell": cells[name],
                    "score": score,
                    "waits": score is None,
                    "other_answer": is_answer_changed(name, differ, outcome.answers),
                    "other_code": bool(differ),
                }
                for name, score in outcome.grades.items()
            ]
        comments = [
            {"in_notebook": places[outcome.student], "of_cell": answers[name], "comment": comment}
            for outcome in judged
            for name, comment in outcome.comments.items()
        ]
        if scores:
            grade = Grade.__table__
            connection.execute(
                _the_row(sa.update(grade), grade).values(
                    auto_score=sa.bindparam("score"), needs_manual_grade=_waits(grade)
                ),
                scores,
            )
        if comments:
            comment = Comment.__table__
            connection.execute(
                _the_row(sa.update(comment), comment).values(auto_comment=sa.bindparam("comment")),
                comments,
            )

    def _enter_times(self, session: Session, outcomes: list[GradingOutcome]) -> None:
        """Enter when each submission came, and what its lateness costs by the course's rule."""
        times = [
            {"of_student": o.student, "when": parse_utc(o.timestamp.strip())}
            for o in outcomes
            if o.timestamp
        ]
        if times:
            table = SubmittedAssignment.__table__
            session.connection().execute(
                sa.update(table)
                .where(table.c.assignment_id == self._assignment)
                .where(table.c.student_id == sa.bindparam("of_student"))
                .values(timestamp=sa.bindparam("when")),
                times,
            )
        self._lateness.enter(session, self.lesson, [o.student for o in outcomes])

    def _places(self, session: Session, students: list[str]) -> dict[str, str]:
        """Return the id of each learner's notebook of the lesson."""
        rows = session.execute(
            sa.select(SubmittedAssignment.student_id, SubmittedNotebook.id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .where(SubmittedAssignment.assignment_id == self._assignment)
            .where(Notebook.name == self.lesson)
            .where(SubmittedAssignment.student_id.in_(students))
        )
        return dict(rows.all())

    def _is_lessons(self, cell: sa.Row) -> bool:
        return self._notebooks[cell.notebook_id] == self.lesson

    def _place(self, directory: str, student: str) -> Path:
        place = self.course.coursedir.format_path(directory, student, self.lesson)
        return Path(self.course.root, place)

    def _folder_of(self, student: str) -> Path:
        return self._place(self.course.coursedir.autograded_directory, student)

    def _notebook_of(self, student: str) -> Path:
        return self._folder_of(student) / f"{self.lesson}.ipynb"

    def _files_of_the_lesson(self) -> dict[str, bytes]:
        """Return what the instructor put beside the notebook, which goes with each copy."""
        coursedir = self.course.coursedir
        place = coursedir.format_path(coursedir.source_directory, ".", self.lesson)
        folder = str(Path(self.course.root, place))
        found = find_all_files(folder, [*coursedir.ignore, "*.ipynb"])
        return {os.path.relpath(path, folder): Path(path).read_bytes() for path in found}

    def _with_files(self, outcome: GradingOutcome) -> GradingOutcome:
        """Write an outcome's files; what keeps one learner's from it stops no other's.

        Raises
        ------
        OSError : where nobody's can be written
        """
        if not outcome.notebook:
            return outcome
        try:
            self._write_files(outcome)
        except OSError as error:
            top = Path(self.course.root, self.course.coursedir.autograded_directory)
            top.mkdir(parents=True, exist_ok=True)
            if error.errno in OF_THE_DISK or not os.access(top, os.W_OK | os.X_OK):
                raise
            place = error.filename2 or error.filename or self._folder_of(outcome.student)
            place = os.path.relpath(place, self.course.root)
            reason = f"{place} cannot be written: {error.strerror}"
            return GradingOutcome(outcome.student, Record(FAILED, reason))
        return outcome

    def _write_files(self, outcome: GradingOutcome) -> None:
        """Write the autograded folder, each file in one step, and take away what is old."""
        folder = self._folder_of(outcome.student)
        files = dict(self._beside)
        if outcome.timestamp:
            files.setdefault(TIMESTAMP, outcome.timestamp.encode())
        with contextlib.suppress(Unreadable):  # there where nbgrader's exchange has brought it
            place = self._place(self.course.coursedir.submitted_directory, outcome.student)
            files[SUBMISSION_SECRET] = read_file(place / SUBMISSION_SECRET, most=1024)
        files[f"{self.lesson}.ipynb"] = outcome.notebook.encode()
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.rglob("*"):
            if path.is_file() and str(path.relative_to(folder)) not in files:
                path.unlink()
        for name, content in files.items():
            write_whole(folder / name, content)
        self._autograde.set_permissions(self.lesson, outcome.student)


def _waits(grade: sa.Table) -> sa.ColumnElement[bool]:
    """Return whether a person has to look at a score.

    At one that they gave they look again where its answer is another one, or where other code of
    the learner's has changed what the tests say.  A mended test alone changes nothing of it.
    """
    waits, other_answer, other_code = (
        sa.bindparam(name, type_=sa.Boolean) for name in ("waits", "other_answer", "other_code")
    )
    other_score = grade.c.auto_score.is_distinct_from(sa.bindparam("score", type_=sa.Float))
    again = grade.c.needs_manual_grade | other_answer | (other_code & other_score)
    return sa.case((grade.c.manual_score.is_not(None), again), else_=waits)


def _the_row(update: sa.Update, table: sa.Table) -> sa.Update:
    """Restrict an update to one cell of one submitted notebook."""
    return update.where(
        table.c.notebook_id == sa.bindparam("in_notebook"),
        table.c.cell_id == sa.bindparam("of_cell"),
    )
