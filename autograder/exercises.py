"""The registry: every lesson's exercises, their signatures, parts, points and barred calls.

Lessons, visible cases, hidden tests, the judge and the reports all read it, so that each fact about
an exercise is written once.  Each lesson's entries stand in its room, ``autograder/lessons/TOPIC``.
"""

from collections.abc import Sequence

from autograder import CommandError, lessons
from autograder.lessons.exercise import Exercise, Lesson, Part

__all__ = ["EXERCISES", "LESSONS", "Exercise", "Lesson", "Part", "exercises_of", "lesson"]

LESSONS: tuple[Lesson, ...] = lessons.LESSONS
EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for entry in LESSONS
    for exercise in lessons.load(entry, "exercises").EXERCISES
}


def lesson(key: str, among: Sequence[Lesson] = LESSONS) -> Lesson:
    """Return the lesson of this number, name or topic; every command looks lessons up here.

    Raises
    ------
    CommandError
        If there is no such lesson; the message lists those there are.

    Examples
    --------
    >>> {lesson(key).name for key in ("1", "01", "01_sliding_window", "sliding_window")}
    {'01_sliding_window'}
    """
    for candidate in among:
        number = candidate.number
        if key in (number, number.lstrip("0"), candidate.name, candidate.topic):
            return candidate
    names = ", ".join(candidate.name for candidate in among)
    raise CommandError(f"There is no lesson {key!r}. The lessons are: {names}.")


def exercises_of(key: str) -> list[Exercise]:
    """Return the exercises of a lesson, named as in `lesson`, in the order it asks them.

    Examples
    --------
    >>> [exercise.name for exercise in exercises_of("03") if exercise.kind == "function"]
    ['numerical_gradient', 'relative_error', 'first_mismatch']
    """
    number = lesson(key).number
    return [exercise for exercise in EXERCISES.values() if exercise.lesson == number]
