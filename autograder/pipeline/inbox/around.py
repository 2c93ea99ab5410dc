"""Which folders lie around the learners' entries at the top of an archive or a folder."""

import re
from pathlib import Path

from autograder import CommandError
from autograder.pipeline.inbox.platforms import named
from autograder.words import shown

# The archive's own name and the lesson's are others.
AROUND = re.compile(r"submitted|submissions|assignment_\d+_export|.+-submissions")
CLASSROOM = re.compile(r"(?P<assignment>.+)-submissions")
PACKAGE = {"course", "release"}  # at the top of what learners were given


def folders_around(
    path: Path, names: list[str], notebooks: list[str], lesson: str
) -> tuple[list[str], str]:
    """Return which folders lie around the learners' entries, and GitHub Classroom's name of
    the assignment, "" where the folders do not say it.

    Parameters
    ----------
    names, notebooks : of all files with their folders, and of those that are called notebooks

    Raises
    ------
    CommandError : where one folder holds all, and it cannot be told whether it is a learner's
    """
    trees = [name.split("/")[:-1] for name in notebooks or names]
    depth, around = 0, [path.stem]
    while trees and all(len(tree) > depth and tree[depth] == trees[0][depth] for tree in trees):
        name = trees[0][depth]
        is_package = _level(names, trees[0][: depth + 1]) >= PACKAGE
        if is_package or not (AROUND.fullmatch(name) or name in (path.stem, lesson)):
            break
        around.append(name)
        depth += 1
    if _level(names, trees[0][:depth] if trees else []) >= PACKAGE:
        raise CommandError(
            f"{path} is one learner's whole folder, and does not say whose. Grade its notebook "
            "alone and name the learner with --student."
        )
    classroom = next(filter(None, map(CLASSROOM.fullmatch, reversed(around))), None)
    assignment = classroom["assignment"] if classroom else ""
    _refuse_unclear(path, trees, depth, lesson, assignment, names)
    return (trees[0][:depth] if trees else []), assignment


def _level(names: list[str], folders: list[str]) -> set[str]:
    """Return what lies in a folder."""
    inside = "".join(f"{folder}/" for folder in folders)
    return {name[len(inside) :].split("/")[0] for name in names if name.startswith(inside)}


def _refuse_unclear(
    path: Path, trees: list[list[str]], depth: int, lesson: str, assignment: str, names: list[str]
) -> None:
    tops = {tree[depth] if len(tree) > depth else "" for tree in trees}
    inner = {tree[depth + 1] for tree in trees if lesson in tree[depth + 2 :]}
    if len(tops) != 1 or not inner:
        return
    [top] = tops
    is_learners = (
        named(top, lesson, is_folder=True).account
        or (assignment and top.startswith(f"{assignment}-"))
        or _level(names, trees[0][: depth + 1]) >= PACKAGE
    )
    if not is_learners:
        raise CommandError(
            f"{path} holds one folder, {shown(top)}/, with {len(inner)} others in it that hold "
            f"{lesson}/: whose they are cannot be told. Call the folder at the top `submitted`, "
            "or put the learners' folders at the top."
        )
