"""Do the stubs that learners get say what the registry says?"""

import ast
import functools
import inspect
import re
from pathlib import Path

import pytest

from autograder.exercises import EXERCISES, lesson
from autograder.notebooks.text import read_lesson

SOURCES = Path(__file__).parents[3] / "source"
# A shape at the beginning of an entry: "(n - k + 1,) the cross-correlation of x with w".
SHAPE = re.compile(r"\((?:[^()]|\([^()]*\))*\)")


@functools.cache
def answers(name):
    """Return the code of a lesson's answer cells, by exercise."""
    return {
        cell.metadata["exercise"]: cell.source
        for cell in read_lesson(SOURCES / f"{name}.py").notebook.cells
        if cell.metadata.get("role") in ("answer", "prediction")
    }


@pytest.fixture
def code(exercise):
    """Return the code of an exercise's answer cell."""
    return answers(lesson(exercise.lesson).name)[exercise.name]


def of_kind(kind):
    """Parametrize a test over the exercises of one kind."""
    found = [exercise for exercise in EXERCISES.values() if exercise.kind == kind]
    return pytest.mark.parametrize("exercise", found, ids=lambda exercise: exercise.name)


def definition(exercise, code):
    """Return the syntax tree of the exercise's own function or class."""
    (found,) = [node for node in ast.parse(code).body if getattr(node, "name", "") == exercise.name]
    return found


def parameters(arguments: str):
    """Return names and defaults of a parameter list."""
    space = {}
    exec(f"def f({arguments}): pass", space)
    return [(p.name, p.default) for p in inspect.signature(space["f"]).parameters.values()]


def dense(text: str) -> str:
    """Return a text without its spaces."""
    return re.sub(r"\s+", "", text)


@of_kind("function")
def test_the_docstring_of_a_stub_names_what_it_takes_and_returns(exercise, code):
    """Does it name every parameter, and give the registry's shapes?"""
    function = definition(exercise, code)
    assert parameters(ast.unparse(function.args)) == parameters(exercise.signature[1:-1])
    docstring = ast.get_docstring(function)
    for name, entry in [*exercise.takes.items(), ("returns", exercise.returns)]:
        assert re.search(rf"\b{name}\b", docstring), name
        if shape := SHAPE.match(entry):
            assert dense(shape[0]) in dense(docstring), name


@of_kind("class")
def test_a_class_has_the_parameters_and_methods_of_the_registry(exercise, code):
    """Does the stub have `__init__`, and each method that `returns` names, with its arguments?"""
    methods = {
        node.name: ast.unparse(node.args).removeprefix("self, ")
        for node in definition(exercise, code).body
        if isinstance(node, ast.FunctionDef)
    }
    assert parameters(methods["__init__"]) == parameters(exercise.signature[1:-1])
    assert list(exercise.takes) == [name for name, _ in parameters(methods["__init__"])]
    promised = re.findall(r"(\w+)\((\w+)\)", exercise.returns)
    assert promised
    assert set(promised) <= set(methods.items())


@of_kind("prediction")
def test_a_prediction_asks_for_what_the_registry_expects(exercise, code):
    """Does the comment beside None ask for a number, a list of so many, a pair, or a word?"""
    (comment,) = re.findall(rf"(?m)^{exercise.name} = None  # (.*)$", code)
    expected = exercise.returns.split(":")[0]
    if expected.startswith("a list"):
        assert "list" in comment or "[" in comment, comment
    elif expected.startswith("a word"):
        assert "word" in comment, comment
    elif expected == "a pair":
        assert "pair" in comment, comment
    else:
        assert expected.split()[-1] == "number"
        assert "number" in comment, comment
