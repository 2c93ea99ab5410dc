"""Does a cell do what the function, class or value does from which it was written?"""

import functools
import linecache
import types
import warnings

import numpy as np
import pytest

from autograder import misconceptions, proof, right_solutions
from autograder.hidden_tests import withheld_cases
from autograder.pipeline.simulated.cell_text import cell_text
from course.checks import cases
from course.checks.barred import barred_calls
from course.checks.compare import same
from course.checks.examine import examine
from course.checks.measure import NoTuple
from course.checks.run import run as call
from course.protocol import AnswerText, set_text

EXERCISES = {exercise.name: exercise for exercise in proof.tried_exercises()}


def run(text, name):
    """Return what a cell defines, as the checks get it from a notebook."""
    file = f"<cell {name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    made = defined_by(text, file)[name]
    if callable(made):
        set_text(made, AnswerText(text, ("import numpy as np",), name))
    return made


def defined_by(text, file="<cell>"):
    """Return the names that a cell binds below a lesson's first import."""
    names = {"np": np}
    exec(compile(text, file, "exec"), names)
    return names


def as_handed_in(text, name):
    """Return an answer of which only the text is known, as the grader reads a learner's cell."""
    answer = types.SimpleNamespace()
    set_text(answer, AnswerText(text, ("import numpy as np",), name))
    return answer


def answers(name):
    """Return every answer that stands in the repository, right and wrong."""
    wrong = [v for spellings in misconceptions.variants(name).values() for v in spellings]
    wrong = [proof.answer_of(EXERCISES[name], variant) for variant in wrong]
    return [*right_solutions.solutions(name), *wrong]


@functools.cache
def tried(name):
    """Return an exercise's visible and withheld cases."""
    shown = [case for part in cases.spec(name).parts for case in part.cases]
    parts = EXERCISES[name].parts
    return shown + [case for part in parts for case in withheld_cases(name, part.name)]


def said(name, answer):
    """Return what the check of all parts says."""
    spec = cases.spec(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong answer may divide by 0
        report = examine(spec, answer, list(spec.parts), located=False)
    return report.status, report.misconception


def came_of(answer, case):
    """Return a call's result, or None beside what it raised, and whatever else a check looks at."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcome = call(answer, case)
    odd = outcome.value.description if isinstance(outcome.value, NoTuple) else str(outcome.error)
    value = None if odd != "None" else outcome.value
    return value, (odd, type(outcome.error), outcome.changed, outcome.shares)


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
def test_the_checks_say_the_same_of_a_cell(name):
    """Is every thirtieth answer of the repository still right, or wrong by the same name?

    Where both give the same on every case, visible or withheld, a report can say nothing else.
    """
    for answer in answers(name)[::30]:
        cell = run(cell_text(answer, name), name)
        assert said(name, cell) == said(name, answer)
        if EXERCISES[name].kind != "prediction":
            for case in tried(name):
                (value, more), (expected, as_much) = came_of(cell, case), came_of(answer, case)
                assert same(value, expected)
                assert more == as_much


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
def test_answers_of_the_repository_can_be_written(name):
    """Does every twelfth give a cell that defines it, and none with a library's own convolution?"""
    for answer in answers(name)[::12]:
        text = cell_text(answer, name)
        assert name in defined_by(text)
        assert not barred_calls(as_handed_in(text, name), EXERCISES[name].barred)


SCALE = {"by": 3}


def scaled(x, by=SCALE["by"], *, plus=0):
    """Say what it does."""
    return [by * n + plus for n in x]


def make(change, start=(1, 2)):
    def made(x: list) -> list:
        change_all = lambda items: [change(item) for item in items]  # noqa: E731
        return list(start) + change_all(x)

    return made


def test_closures_defaults_and_two_lambdas_on_a_line_are_kept():
    """Is what a function has around it written down, its docstring and annotations not?"""
    assert cell_text(scaled, "f") == (
        "def f(x, by=3, *, plus=0):\n    return [by * n + plus for n in x]"
    )
    pair = [make(lambda n: n + 1), make(lambda n: n * 10, start=())]
    assert [run(cell_text(f, "f"), "f")([5]) for f in pair] == [[1, 2, 6], [50]]
    assert ":" not in cell_text(pair[0], "f").replace("):", "").replace("lambda items:", "")
    power = functools.partial(pow, mod=7)
    assert run(cell_text(lambda x: power(x, 2), "g"), "g")(3) == 2


def test_a_name_that_an_answer_makes_its_own_is_left_alone():
    """Does a parameter or loop variable keep its name where a helper is called the same?"""

    def outer(scaled):
        return [SCALE for SCALE in scaled]

    assert run(cell_text(outer, "f"), "f")([7]) == [7]


def test_what_cannot_be_written_down_is_refused():
    """Is an answer refused that leans on an object, before it breaks in a learner's cell?"""
    held = object()
    with pytest.raises(TypeError, match="an answer uses what cannot be written down"):
        cell_text(lambda: held, "f")
