"""Is each lesson one room, found by looking?"""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import CommandError, lessons

ROOT = Path(__file__).parents[3]
ROOMS = ROOT / "autograder" / "lessons"
FILES = {
    "__init__.py",
    "allowed.py",
    "exercises.py",
    "inputs.py",
    "mistakes.py",
    "solutions.py",
}


def names_imported(path: Path) -> set[tuple[str, str]]:
    """List what a file imports by name: (module, name)."""
    tree = ast.parse(path.read_text("utf-8"))
    return {
        (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def ids_entered(path: Path) -> set[str]:
    """List the names that a file gives to the mistakes that it enters."""
    return {
        node.targets[0].id
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") == "mistake"
    }


@pytest.mark.parametrize("lesson", lessons.LESSONS, ids=lambda lesson: lesson.name)
def test_a_room_holds_its_lesson_and_nothing_else(lesson):
    """Has every lesson a folder of its topic's name, a text, and the same files?"""
    assert {path.name for path in (ROOMS / lesson.topic).glob("*.py")} == FILES
    assert (ROOT / "source" / f"{lesson.name}.py").is_file()


def test_a_new_room_is_found_without_a_list(tmp_path):
    """Does a copied folder with another number become a lesson?"""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "autograder", tmp_path / "autograder", ignore=ignore)
    room = tmp_path / "autograder/lessons/fourier"
    room.mkdir()
    (room / "__init__.py").write_text(
        "from autograder.lessons.exercise import Lesson\n"
        'LESSON = Lesson("14", "fourier", "Multiply spectra")\n'
    )
    program = "from autograder import lessons; print(lessons.LESSONS[-1].name)"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "14_fourier\n", done.stderr


def test_a_missing_file_is_named():
    """Does a room that lacks a file say which one to write?"""
    where = "autograder/lessons/sliding_window/hints.py"
    with pytest.raises(CommandError, match=f"01_sliding_window has no {where}"):
        lessons.load(lessons.LESSONS[0], "hints")


def test_what_several_lessons_share_stands_in_the_catalogue():
    """Is a mistake's id imported from the catalogue alone, and by two files at least?"""
    imported = {path: names_imported(path) for path in ROOMS.rglob("*.py")}
    for path in [*ROOMS.glob("*/mistakes.py"), ROOMS / "forwards.py", ROOMS / "backwards.py"]:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        others = set().union(*(imported[p] for p in imported if p != path))
        assert {name for name in ids_entered(path) if (module, name) in others} == set()
    for name in ids_entered(ROOMS / "catalogue.py"):
        users = [p for p in imported if ("autograder.lessons.catalogue", name) in imported[p]]
        assert len(users) > 1, name
