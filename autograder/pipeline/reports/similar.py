"""Pairs of answers that share what few others have: something to look at, never a verdict.

A short exercise leaves few ways to be right, so that likeness alone says nothing.  What is compared
are pieces of a few dozen letters (k-grams, as in S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing:
local algorithms for document fingerprinting", SIGMOD 2003; copydetect has them).  Left out are
those of the given cells, of the stub, of the course's own solutions in eight styles, and those that
many learners have.  They are compared as typed and, for code, once more with all names alike.
"""

import inspect
import io
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from copydetect import CodeFingerprint, compare_files
from copydetect.utils import highlight_overlap
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbformat import NotebookNode

from autograder import CommandError, right_solutions
from autograder.exercises import LESSONS
from autograder.files import write_whole
from autograder.pipeline.coursedir import NbgraderCourse
from autograder.pipeline.gradebook.database import read_records
from autograder.pipeline.lesson import blank_notebook, source_notebook
from autograder.pipeline.reports.class_report import TEMPLATES

PIECE = 20  # letters
LEAST = 40  # pieces in common from which on a pair is worth a look: 60 letters in a row, or more
MOST_COMMON = 5  # learners who may have a piece that still counts, in a small class
COMMON_SHARE = 0.1  # of those who wrote the answer, in a large one
COMMON_LIMIT = 30
SHARE = 0.5  # of the shorter answer's own pieces
LONGEST = 20_000  # letters of an answer; longer ones are not looked at
SHOWN = 100  # pairs on the page


@dataclass(frozen=True)
class Pair:
    """Two answers to one exercise.

    Attributes
    ----------
    typed, renamed : share of the shorter one's own pieces that both have, as typed and with all
        names alike; 0 where that is too little to say
    shared : how many pieces both have
    texts : the two answers as HTML, what they share marked
    """

    exercise: str
    first: str
    second: str
    typed: float = 0.0
    renamed: float = 0.0
    shared: int = 0
    texts: tuple[str, str] = ("", "")


def write_similar(
    course: NbgraderCourse, lesson: str, groups: Iterable[Iterable[str]] = ()
) -> tuple[list[Pair], Path]:
    """Write the page of a lesson; return the pairs, those that share most first, and its path.

    Parameters
    ----------
    groups : learners who handed in together

    Raises
    ------
    CommandError : when nothing is graded
    """
    source = source_notebook(course.coursedir, lesson, lesson)
    blank = blank_notebook(source, course.app.config)
    answers = _answers(course, lesson, blank)
    together = {frozenset(two) for group in groups for two in itertools.combinations(group, 2)}
    pairs = []
    for exercise, texts in answers.items():
        found = similar(texts, _known(exercise, source, blank), exercise, _is_code(exercise, blank))
        pairs += [pair for pair in found if frozenset((pair.first, pair.second)) not in together]
    pairs.sort(key=lambda pair: (-pair.shared, pair.exercise, pair.first, pair.second))
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / "course_similar", TEMPLATES / "course_feedback"]),
        autoescape=True,
    )
    css = environment.loader.get_source(environment, "page.css")[0]
    titles = {known.name: known.title for known in LESSONS}
    page = environment.get_template("similar.html.j2").render(
        css=Markup(css),
        title=titles.get(lesson, lesson),
        lesson=lesson,
        pairs=pairs[:SHOWN],
        more=len(pairs) - SHOWN,
        learners=len({student for texts in answers.values() for student in texts}),
    )
    path = Path(course.root, "reports", lesson, "similar.html")
    write_whole(path, page.encode("utf-8"))
    return pairs, path


def similar(
    answers: Mapping[str, str], known: Iterable[str], exercise: str, is_code: bool = True
) -> list[Pair]:
    """Return the pairs of answers to one exercise that share what few others have.

    Parameters
    ----------
    answers : text of each learner's answer
    known : texts that everybody has, or may well write

    Examples
    --------
    >>> odd = "def f(x):\\n    # as my dog likes it\\n    return sum(t * t for t in x) / 2\\n"
    >>> [(p.first, p.second) for p in similar({"ann": odd, "bob": odd, "cy": "pass"}, [], "f")]
    [('ann', 'bob')]
    """
    found: dict[tuple[str, str], Pair] = {}
    for view in ("typed", "renamed") if is_code else ("typed",):
        prints = _own_pieces(answers, known, exercise, is_renamed=view == "renamed")
        for (first, second), count in _shared(prints).items():
            one, other = prints[first], prints[second]
            share = count / min(len(one.hashes), len(other.hashes))
            if count < LEAST or share < SHARE:
                continue
            pair = found.get((first, second), Pair(exercise, first, second))
            if count > pair.shared:
                _, _, places = compare_files(one, other)
                texts = tuple(
                    _marked(p.raw_code, at) for p, at in zip((one, other), places, strict=True)
                )
                pair = replace(pair, shared=count, texts=texts)
            found[first, second] = replace(pair, **{view: share})
    return list(found.values())


def _own_pieces(
    answers: Mapping[str, str], known: Iterable[str], exercise: str, is_renamed: bool
) -> dict[str, CodeFingerprint]:
    """Return the fingerprint of each answer, without the pieces that many have."""

    def fingerprint(text: str) -> CodeFingerprint:
        name = f"{exercise}.py"
        return CodeFingerprint(name, PIECE, 1, filter=is_renamed, fp=io.StringIO(text))

    prints = {student: fingerprint(text) for student, text in answers.items()}
    usual = set().union(*(fingerprint(text).hashes for text in known))
    counts = Counter(piece for one in prints.values() for piece in one.hashes)
    most = max(MOST_COMMON, min(COMMON_SHARE * len(prints), COMMON_LIMIT))
    for one in prints.values():
        one.hashes = {piece for piece in one.hashes if counts[piece] <= most} - usual
        one.hash_idx = {piece: one.hash_idx[piece] for piece in one.hashes}
    return prints


def _shared(prints: Mapping[str, CodeFingerprint]) -> Counter:
    """Count the pieces that each pair of learners has in common."""
    owners: dict[int, list[str]] = {}
    for student, one in sorted(prints.items()):
        for piece in one.hashes:
            owners.setdefault(piece, []).append(student)
    return Counter(
        pair for students in owners.values() for pair in itertools.combinations(students, 2)
    )


def _marked(text: str, places: np.ndarray) -> str:
    """Return a text as HTML in which some places are marked."""
    marked, _ = highlight_overlap(text, places, "<mark>", "</mark>", escape_html=True)
    return marked


def _answers(course: NbgraderCourse, lesson: str, blank: NotebookNode) -> dict[str, dict[str, str]]:
    """Return exercise -> learner -> text of each answer that is written, as the judge found it."""
    stubs = {
        cell.metadata.nbgrader.grade_id: cell.source.strip()
        for cell in blank.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    found: dict[str, dict[str, str]] = {name: {} for name in stubs}
    records = read_records(course.coursedir.db_url, lesson)
    for student in [name for name, record in records.items() if record.is_graded]:
        place = course.coursedir.format_path(course.coursedir.autograded_directory, student, lesson)
        path = Path(course.root, place, f"{lesson}.ipynb")
        if not path.is_file():
            continue
        for cell in json.loads(path.read_bytes())["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            text = "".join(cell["source"]).strip()
            if name in stubs and text != stubs[name] and len(text) <= LONGEST:
                found[name][student] = text
    if not any(found.values()):
        raise CommandError(
            f"No answer of {lesson} is graded. Run `python -m autograder grade {lesson}` first."
        )
    return found


def _known(exercise: str, source: NotebookNode, blank: NotebookNode) -> list[str]:
    """Return what learners were given, and right answers as anybody may write them."""
    solved = [c.source for c in source.cells if _name(c) == exercise]
    styles = [inspect.getsource(solution) for solution in right_solutions.solutions(exercise)]
    return [cell.source for cell in blank.cells] + solved + styles


def _is_code(exercise: str, blank: NotebookNode) -> bool:
    return any(c.cell_type == "code" for c in blank.cells if _name(c) == exercise)


def _name(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")
