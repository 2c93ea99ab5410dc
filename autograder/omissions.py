"""What a new exercise still lacks, in the order in which docs/instructors.md adds one."""

from autograder import CommandError, exercises, hidden_tests, misconceptions, right_solutions
from autograder.mutation.oracle import allowed


def omissions(lesson: str) -> list[str]:
    """Say what the exercises of a lesson lack beside its text, and where to write it."""
    found = []
    for exercise in exercises.exercises_of(lesson):
        if exercise.kind == "written":
            continue
        try:
            hidden_tests.reference_of(exercise.name)
        except CommandError as error:
            found.append(str(error))
        for part in exercise.parts:
            try:
                hidden_tests.inputs_of(exercise.name, part.name)
            except CommandError as error:
                found.append(str(error))
        found += unproven(exercise)
    return found


def unproven(exercise: exercises.Exercise) -> list[str]:
    """Say what a proof lacks: wrong answers, right ones, inputs for changed ones."""
    name = exercise.name
    room = f"autograder/lessons/{exercises.lesson(exercise.lesson).topic}"
    found = []
    if not misconceptions.variants(name):
        found.append(
            f"the exercise {name!r} has no wrong answer to recognise: enter a mistake with "
            f"mistake(id, name, hint), and under @breaks({name!r}, id) the answer as it would be "
            f"written, in {room}/mistakes.py."
        )
    if exercise.kind not in ("function", "class"):
        return found
    if not right_solutions.solutions(name):
        found.append(
            f"the exercise {name!r} has no right answers to accept: write some in several styles "
            f"under @solves({name!r}) in {room}/solutions.py."
        )
    try:
        draw = allowed(name)
    except CommandError:  # the room has no such file
        draw = None
    if draw is None:
        found.append(
            f"the exercise {name!r} has no allowed inputs for changed answers: add "
            f"ALLOWED[{name!r}], a function from a numpy Generator to Inputs, in {room}/allowed.py."
        )
    return found
