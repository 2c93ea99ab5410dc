"""Build one lesson in memory: every file that its text gives, by path."""

from collections.abc import Iterable, Iterator

from autograder import CommandError
from autograder.notebooks.execute import run_solution
from autograder.notebooks.expand import expanded
from autograder.notebooks.layout import Course, cases_path, notebook_path
from autograder.notebooks.release import ReleaseCourse
from autograder.notebooks.roles import source_notebook
from autograder.notebooks.rules import check_lesson
from autograder.notebooks.serialize import cases_bytes, notebook_bytes
from autograder.notebooks.solution import make_solution
from autograder.notebooks.text import read_lesson, without_notes


def build_lessons(
    course: Course, names: Iterable[str]
) -> Iterator[tuple[str, dict[str, bytes] | CommandError]]:
    """Yield each lesson's name with its built files, by path, or with what is wrong with it."""
    with ReleaseCourse() as nbgrader:
        for name in names:
            try:
                yield name, build_lesson(course, name, nbgrader)
            except CommandError as error:
                yield name, error


def build_lesson(course: Course, name: str, nbgrader: ReleaseCourse) -> dict[str, bytes]:
    """Return the content of every file built from a lesson's text, by its path in the course.

    Nothing is written, so a failure leaves what was built before as it is.

    Raises
    ------
    CommandError
        If the text breaks a rule or its solution does not run; the message names the place.
    """
    text = expanded(read_lesson(course.text_path(name)), course)
    exercises = course.exercises_of(name)
    omitted = course.omissions(name)
    try:
        check_lesson(text, exercises)
    except CommandError as error:
        omitted.append(str(error))
    if omitted:
        raise CommandError("\n".join(omitted))
    text = without_notes(text)
    source = source_notebook(text, exercises)
    release = nbgrader.make_release(name, source)
    cases = {cases_path(name): cases_bytes(name, course.visible_cases(name))}
    outputs = run_solution(text, source, course.root, cases)
    return {
        notebook_path("source", name): notebook_bytes(source),
        notebook_path("release", name): notebook_bytes(release),
        notebook_path("solutions", name): notebook_bytes(make_solution(source, release, outputs)),
        **cases,
    }
