"""Hidden tests: withheld cases drawn from the course's secret, compared with the reference.

A lesson's `inputs.py` says which inputs are shown to learners and how withheld ones are drawn; the
expected outcomes and the misconceptions' are always computed, never written down.
"""

import functools
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np

from autograder import CommandError, exercises, lessons, misconceptions, reference
from autograder.hidden_tests.cases import computed_case
from autograder.lessons.inputs import Inputs, PartInputs
from course.checks.cases import Case, PartCases, Spec, encode, encode_wrong
from course.checks.examine import examine
from course.checks.report import CheckFailed, Report, show
from course.checks.run import Outcome
from course.checks.sealed import seal

# An author who runs a lesson by hand has no secret; the judge sets the course's own.
_secret = b"authoring"


def set_seed(secret: bytes) -> None:
    """Draw withheld cases from this secret from now on."""
    global _secret
    _secret = secret


def draw_all(lesson: str) -> None:
    """Draw and compute every withheld case of a lesson, as a process does that stays warm."""
    for exercise in exercises.exercises_of(lesson):
        for part in exercise.parts if exercise.kind != "written" else ():
            for case in _withheld_cases(exercise.name, part.name, _secret).cases:
                len(case.wrong)


def withheld(exercise: str, answer: Any, part: str) -> None:
    """Try an answer on the withheld cases of one part and show what comes of it.

    Raises
    ------
    CheckFailed
        If a case differs.  The message names no withheld input and no expected number.
    """
    report = withheld_report(exercise, answer, part)
    shown = show(report)
    if report.status != "right":
        raise CheckFailed(report, shown)


def withheld_report(
    exercise: str,
    answer: Any,
    part: str,
    secret: bytes | None = None,
    known: dict[int, Outcome] | None = None,
) -> Report:
    """Return what `withheld` shows, where a `secret` is given on the cases drawn from it.

    `known` is as `examine` takes it.
    """
    cases = _withheld_cases(exercise, part, _secret if secret is None else secret)
    return examine(_spec(exercise, (cases,)), answer, [cases], withheld=True, known=known)


def withheld_cases(exercise: str, part: str) -> tuple[Case, ...]:
    """Return the withheld cases of one part, drawn from the secret that is set."""
    return _withheld_cases(exercise, part, _secret).cases


def forget_cases() -> None:
    """Let go of the cases that were computed, as a process does that tries many secrets."""
    _withheld_cases.cache_clear()
    shown_spec.cache_clear()


def _inputs(number: str) -> ModuleType:
    return lessons.load(exercises.lesson(number), "inputs")


@functools.cache
def _withheld_cases(exercise: str, part: str, secret: bytes) -> PartCases:
    return _cases(exercise, part, drawn(exercise, part, secret))


def drawn(exercise: str, part: str, secret: bytes | None = None) -> list[Inputs]:
    """Draw the withheld inputs of one part: the same for every learner and every run."""
    secret = _secret if secret is None else secret
    lesson = exercises.EXERCISES[exercise].lesson
    message = f"{lesson}/{exercise}/{part}".encode()
    seed = int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest()[:16], "big")
    return inputs_of(exercise, part).draw(np.random.default_rng(seed))


@functools.cache
def shown_spec(exercise: str) -> Spec:
    """Return the visible cases of an exercise, computed."""
    parts = tuple(
        _cases(exercise, part.name, list(inputs_of(exercise, part.name).shown))
        for part in exercises.EXERCISES[exercise].parts
    )
    return _spec(exercise, parts)


def visible_cases(lesson: str) -> dict:
    """Return a lesson's visible cases as data for JSON, as `course.checks.cases` reads them."""
    entries, mentioned = {}, set()
    for exercise in exercises.exercises_of(lesson):
        if exercise.kind == "written":
            continue
        spec = shown_spec(exercise.name)
        entries[exercise.name] = {
            "kind": spec.kind,
            "signature": spec.signature,
            "barred": list(spec.barred),
            "fresh": spec.fresh,
            "parts": {
                part.name: {
                    "points": part.points,
                    "tries": part.tries,
                    "cases": [_as_data(case) for case in part.cases],
                }
                for part in spec.parts
            },
        }
        mentioned |= {key for part in spec.parts for case in part.cases for key in case.wrong}
    catalogue = misconceptions.CATALOGUE
    return {
        "lesson": exercises.lesson(lesson).name,
        "exercises": entries,
        "misconceptions": {
            key: [catalogue[key].name, catalogue[key].hint] for key in sorted(mentioned)
        },
    }


def _as_data(case: Case) -> dict:
    data = {"args": [encode(arg) for arg in case.args], "expected": encode(case.expected)}
    data["wrong"] = {
        key: [encode_wrong(value, case.expected) for value in values]
        for key, values in case.wrong.items()
    }
    if case.how != "call":
        data["how"] = case.how
    return data


def reference_of(exercise: str) -> Callable:
    """Return the reference of an exercise, or the computation of a predicted value.

    A lesson's module may wrap a reference whose result has more than one right type.

    Raises
    ------
    CommandError : when there is neither
    """
    module = _inputs(exercises.EXERCISES[exercise].lesson)
    right = getattr(module, "COMPUTED", {}).get(exercise) or getattr(reference, exercise, None)
    if right is None:
        raise CommandError(
            f"the exercise {exercise!r} has no right answer to compare with: write a function of "
            "that name in autograder/reference/ and import it in its __init__.py, or, for a "
            f"prediction, add it to COMPUTED in {_file(module)}."
        )
    return right


def inputs_of(exercise: str, part: str) -> PartInputs:
    """Return what one part tries; raise `CommandError` that says where to write it otherwise."""
    entry = exercises.EXERCISES[exercise]
    entry.part(part)
    module = _inputs(entry.lesson)
    inputs = module.INPUTS.get(exercise, {}).get(part)
    if inputs is None:
        raise CommandError(
            f"part {part!r} of {exercise!r} has no inputs: add "
            f"INPUTS[{exercise!r}][{part!r}] = PartInputs(shown, draw) in {_file(module)}."
        )
    return inputs


def _file(module) -> str:
    return f"{module.__name__.replace('.', '/')}.py"


def _cases(exercise: str, part: str, inputs: list[Inputs]) -> PartCases:
    entry = exercises.EXERCISES[exercise].part(part)
    right = reference_of(exercise)
    wrong = misconceptions.variants(exercise)
    cases = tuple(computed_case(given, right, wrong) for given in inputs)
    if exercises.EXERCISES[exercise].kind == "prediction":
        cases = tuple(_sealed(case, exercise) for case in cases)
    return PartCases(part, entry.points, entry.tries, cases)


def _sealed(case: Case, exercise: str) -> Case:
    """Return a prediction's case whose values can be recognised and not read."""
    wrong = {key: tuple(seal(value, exercise) for value in case.wrong[key]) for key in case.wrong}
    return replace(case, expected=seal(case.expected, exercise), wrong=wrong)


def _spec(exercise: str, parts: tuple[PartCases, ...]) -> Spec:
    entry = exercises.EXERCISES[exercise]
    catalogue = misconceptions.CATALOGUE
    return Spec(
        name=exercise,
        kind=entry.kind,
        signature=entry.signature,
        barred=entry.barred,
        fresh=entry.fresh,
        parts=parts,
        misconceptions={
            key: (catalogue[key].name, catalogue[key].hint)
            for key in sorted(misconceptions.variants(exercise))
        },
    )
