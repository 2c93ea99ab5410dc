"""Grade the submissions of one lesson: ``python -m autograder grade LESSON``."""

import argparse
import contextlib
import glob
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from traitlets.config import Config

import autograder
import course as student_package
from autograder import CommandError
from autograder.exercises import LESSONS
from autograder.pipeline import records
from autograder.pipeline.blank import blank_notebook, source_notebook, source_path
from autograder.pipeline.course import Course
from autograder.pipeline.records import Record, read_record, write_records
from autograder.pipeline.results import Result, results
from autograder.pipeline.secret import course_secret, renew_secret
from autograder.pipeline.submissions import (
    Submission,
    code_digest,
    digest,
    read_submission,
    submission_folders,
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lesson", nargs="?", help="lesson, as 01 or 01_sliding_window")
    parser.add_argument("--submitted", type=Path, metavar="DIR", help="default: submitted/")
    parser.add_argument(
        "--student", action="append", default=[], metavar="NAME", help="only this learner"
    )
    parser.add_argument("--force", action="store_true", help="grade again what has not changed")
    parser.add_argument(
        "--require-sandbox", action="store_true", help="refuse to run code without a sandbox"
    )
    parser.add_argument(
        "--new-secret",
        action="store_true",
        help="draw the withheld cases anew, for every lesson, from now on",
    )


def run(args: argparse.Namespace) -> int:
    """Grade and print one line a learner; 1 if the grader itself failed on any of them."""
    root = Path.cwd()
    if args.new_secret:
        renew_secret(root)
        print("The course has a new secret; withheld cases are drawn anew.")
        if args.lesson is None:
            return 0
    if args.lesson is None:
        raise CommandError("No lesson was named. Expected one, as in: grade 01_sliding_window")
    course = open_course(root, require_sandbox=args.require_sandbox)
    lesson = lesson_name(course, args.lesson)
    rows = grade_lesson(
        course,
        lesson,
        submitted=args.submitted,
        students=args.student,
        force=args.force,
        show=_print_row,
    )
    for line in sandbox_lines(rows):
        print(line, file=sys.stderr if line.startswith("WARNING") else sys.stdout)
    return 1 if any(row.record.status == records.FAILED for row in rows) else 0


def open_course(root: Path, *, require_sandbox: bool = False) -> Course:
    """Open the course at `root` for grading."""
    settings = Config()
    settings.JudgeExecutor.require_sandbox = require_sandbox
    return Course(root, settings)


def lesson_name(course: Course, wanted: str) -> str:
    """Return the full name of the lesson called `wanted`, which may be its number.

    Raises
    ------
    CommandError : when no built lesson has that name
    """
    by_number = {lesson.number: lesson.name for lesson in LESSONS}
    name = by_number.get(wanted, wanted)
    if not source_path(course.coursedir, name, name).is_file():
        raise CommandError(
            f"There is no lesson {wanted!r}: {source_path(course.coursedir, name, name)} is not "
            "there. Expected a built lesson's name; `python -m autograder build` makes it."
        )
    return name


@dataclass(frozen=True)
class _Job:
    """What all submissions of one run share."""

    course: Course
    lesson: str
    blank: NotebookNode
    tests: bytes  # digest of everything but the submission that a grade depends on


def grade_lesson(
    course: Course,
    lesson: str,
    *,
    submitted: Path | None = None,
    students: Iterable[str] = (),
    force: bool = False,
    show: Callable[[int, int, Result], None] = lambda number, total, row: None,
) -> list[Result]:
    """Grade every learner's submission of `lesson` through nbgrader, one after the other.

    One that cannot be graded gets a status that says so, and never stops the others.

    Parameters
    ----------
    submitted : folder laid out as STUDENT/LESSON/; None for the course's own submitted/
    students : only these learners; all that have a folder or stand in the gradebook when empty
    force : grade again where neither the submission nor the tests have changed
    show : called with the number, the total and the row of each learner as soon as it is known
    """
    coursedir = course.coursedir
    folder = submitted or Path(course.root, coursedir.submitted_directory)
    if submitted is not None and not submitted.is_dir():
        raise CommandError(f"There is no folder {submitted}. Expected STUDENT/{lesson}/ in it.")
    course.register(lesson)
    source = source_notebook(coursedir, lesson, lesson)
    packages = [Path(package.__file__).parent for package in (autograder, student_package)]
    tests = digest(
        nbformat.writes(source).encode(),
        course_secret(course.root),
        code_digest(tuple(packages)).encode(),
    )
    job = _Job(course, lesson, blank_notebook(source, course.app.config), tests.encode())
    folders = _expected(course, folder, lesson, list(students))
    rows = []
    for number, (student, place) in enumerate(folders.items(), start=1):
        _grade_one(job, read_submission(student, place, lesson, job.blank), force)
        rows.append(results(course, lesson, [student])[student])
        show(number, len(folders), rows[-1])
    return rows


def _expected(course: Course, submitted: Path, lesson: str, students: list[str]) -> dict[str, Path]:
    """Return the folder of each learner of whom a submission is expected."""
    folders = submission_folders(submitted, lesson)
    if students:
        return {name: folders.get(name, submitted / name / lesson) for name in students}
    with course.gradebook() as gradebook:
        names = {student.id for student in gradebook.students} | set(folders)
    return {name: folders.get(name, submitted / name / lesson) for name in sorted(names)}


def _grade_one(job: _Job, submission: Submission, force: bool) -> None:
    """Grade one submission into the gradebook, and record what became of it."""
    course, lesson, student = job.course, job.lesson, submission.student
    db_url = course.coursedir.db_url
    if submission.notebook is None:
        with course.gradebook() as gradebook:
            gradebook.update_or_create_student(student)
        record = Record(submission.status, submission.reason)
        write_records(db_url, lesson, {student: record})
        return
    key = digest(nbformat.writes(submission.notebook).encode(), job.tests)
    earlier = read_record(db_url, lesson, student)
    if not force and earlier is not None and earlier.is_graded and earlier.key == key:
        return
    try:
        _autograde(course, lesson, submission)
    except Exception as error:  # whatever it was, the next learner's work is graded
        reason = f"the grader failed: {error}"
        write_records(db_url, lesson, {student: Record(records.FAILED, reason)})
        return
    record = read_record(db_url, lesson, student)
    reason = "; ".join(filter(None, (record.reason, submission.note)))
    write_records(db_url, lesson, {student: replace(record, reason=reason, key=key)})


def _autograde(course: Course, lesson: str, submission: Submission) -> None:
    """Run nbgrader's autograde on the one notebook, from a folder that holds nothing else."""
    with tempfile.TemporaryDirectory() as stage:
        folder = Path(stage).resolve() / submission.student / lesson
        folder.mkdir(parents=True)
        nbformat.write(submission.notebook, folder / f"{lesson}.ipynb")
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(submission.folder / "timestamp.txt", folder / "timestamp.txt")
        course.convert(
            Autograde,
            lesson,
            submitted_directory=str(Path(stage).resolve()),
            student_id=glob.escape(submission.student),
        )


def _print_row(number: int, total: int, row: Result) -> None:
    """Print one learner's line."""
    record = row.record
    status = record.status + (f" ({record.reason})" if record.reason else "")
    parts = [status, row.points, row.diagnosis]
    print(f"[{number}/{total}] {row.student}: " + " | ".join(filter(None, parts)), flush=True)


def sandbox_lines(rows: list[Result]) -> list[str]:
    """Say which isolation was in force, loudly where there was none."""
    lines = sorted({row.record.sandbox for row in rows} - {""})
    warning = "WARNING: learners' code ran without isolation: "
    return [
        warning + line if line.startswith("no sandbox") else f"Sandbox: {line}" for line in lines
    ]
