"""Check a lesson's text against the registry of exercises."""

import ast
import re
from collections.abc import Iterator

from autograder import CommandError
from autograder.marks import HIDDEN, SOLUTION, MarkError, outside, split
from autograder.notebooks.roles import ROLES, grade_id_of
from autograder.notebooks.text import LessonText

# Outputs of a cell tagged `volatile` (measured times) differ from run to run and are not kept.
TAGS = {"volatile"}
KEYS = {"role", "exercise", "part", "from", "slideshow", "tags"}
SLIDES = ("slide", "subslide", "fragment", "notes", "skip", "-")
# Where jupytext puts what it cannot read in a header.
UNREAD = "incorrectly_encoded_metadata"
TOTAL = re.compile(r"\b(\d+) points\b")
# A heading that names the points of the exercise below it: `### Exercise 2: convolve (3 points)`.
HEADING = re.compile(r"#{2,4} .*\((\d+ points?)\)")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def check_lesson(lesson: LessonText, exercises) -> None:
    """Refuse a text that does not fit the registry.

    Raises
    ------
    CommandError
        Naming lesson, cell and line: unknown roles, exercises and parts, marks that are missing
        or misplaced, ids used twice, parts without a test, wrong points in a heading or in all.
    """
    by_name = {exercise.name: exercise for exercise in exercises}
    seen: dict[str, int] = {}
    for number in range(len(lesson.notebook.cells)):
        _check_header(lesson, number, by_name)
        _check_marks(lesson, number)
        _check_calls(lesson, number, by_name)
        _check_id(lesson, number, seen)
    faults = (
        *_missing_cells(lesson, exercises),
        *_wrong_total(lesson, exercises),
        *_wrong_headings(lesson, by_name),
    )
    if faults:
        raise CommandError("\n".join(map(str, faults)))


def _check_header(lesson: LessonText, number: int, by_name: dict) -> None:
    cell = lesson.notebook.cells[number]
    header = {k: v for k, v in cell.metadata.items() if not k.startswith("lines_to_")}
    if "points" in header:
        raise lesson.error(
            "points stand in the registry alone (autograder/lessons/): remove them here.",
            number,
        )
    if UNREAD in header:
        raise lesson.error(
            f"the header cannot be read from {header[UNREAD]!r} on. Each entry reads "
            'key="value", with both quotes; slideshow reads {"slide_type": "slide"}.',
            number,
        )
    for key in sorted(set(header) - KEYS):
        raise lesson.error(
            f"the header has {key}={header[key]!r}. Known keys: {', '.join(sorted(KEYS))}.", number
        )
    for tag in sorted(set(header.get("tags", ())) - TAGS):
        raise lesson.error(
            f"unknown tag {tag!r}. Roles set the tags; only these may be added by hand: "
            f"{', '.join(sorted(TAGS))}.",
            number,
        )
    slideshow = header.get("slideshow")
    if slideshow is not None and slideshow not in [{"slide_type": kind} for kind in SLIDES]:
        raise lesson.error(
            f'slideshow={slideshow!r} is no kind of slide. It reads {{"slide_type": "..."}} with '
            f"one of: {', '.join(SLIDES)}.",
            number,
        )
    role_name = header.get("role")
    if "from" in header:
        raise lesson.error('from belongs to a cell with role="given": remove it here.', number)
    if role_name is None:
        for key in ("exercise", "part"):
            if key in header:
                raise lesson.error(f"{key}={header[key]!r} without a role: add one.", number)
        return
    if role_name not in ROLES:
        raise lesson.error(f"unknown role {role_name!r}. Roles: {', '.join(ROLES)}.", number)
    role = ROLES[role_name]
    if cell.cell_type != role.cell_type:
        raise lesson.error(
            f"role {role_name!r} is for {role.cell_type} cells, this is a {cell.cell_type} cell.",
            number,
        )
    _check_exercise(lesson, number, header, by_name)


def _check_exercise(lesson: LessonText, number: int, header: dict, by_name: dict) -> None:
    role = ROLES[header["role"]]
    for key, wanted in (("exercise", bool(role.kinds)), ("part", role.part)):
        if (key in header) != wanted:
            does = "names" if wanted else "takes"
            raise lesson.error(
                f"role {header['role']!r} {does} {'its' if wanted else 'no'} {key}"
                + (f': add {key}="...".' if wanted else ": remove it."),
                number,
            )
    if not role.kinds:
        return
    name = header["exercise"]
    if name not in by_name:
        raise lesson.error(
            f"{name!r} is no exercise of this lesson. Exercises: {', '.join(by_name)} "
            "(the lesson's exercises.py in autograder/lessons/).",
            number,
        )
    exercise = by_name[name]
    if exercise.kind not in role.kinds:
        raise lesson.error(
            f"role {header['role']!r} is for a {' or '.join(role.kinds)}, but {name} is a "
            f"{exercise.kind} in the registry.",
            number,
        )
    parts = [part.name for part in exercise.parts]
    if role.part and header["part"] not in parts:
        raise lesson.error(
            f"{name} has no part {header['part']!r}. Parts: {', '.join(parts)}.", number
        )


def _check_marks(lesson: LessonText, number: int) -> None:
    cell = lesson.notebook.cells[number]
    role = ROLES.get(cell.metadata.get("role"))
    for what in (SOLUTION, HIDDEN):
        try:
            _, within = split(cell.source, what)
        except MarkError as error:
            raise lesson.error(f"{error}.", number, error.line) from None
        marked = f"BEGIN {what}" in cell.source
        wanted = role is not None and role.marks == what
        if marked and not wanted:
            raise lesson.error(f"this cell has {what} marks, which its role does not take.", number)
        if wanted and not any(line.strip() for line in within):
            raise lesson.error(
                f"role {cell.metadata['role']!r} needs '### BEGIN {what}' and '### END {what}' "
                "with something between them.",
                number,
            )
    given = cell.source if role is None or not role.marks else outside(cell.source, role.marks)
    for offset, line in enumerate(cell.source.split("\n")):
        if "autograder" in line and line in given.split("\n"):
            raise lesson.error(
                "the word 'autograder' would reach the students. It may stand between solution or "
                "hidden test marks only.",
                number,
                offset,
            )


def _check_calls(lesson: LessonText, number: int, by_name: dict) -> None:
    """Hold check() and withheld() to the exercise and part of the cell's header."""
    cell = lesson.notebook.cells[number]
    header = cell.metadata
    if header.get("role") not in ("test", "check"):
        return
    name = header["exercise"]
    tree = ast.parse(cell.source)
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("check", "withheld")
    ]
    for call in sorted(calls, key=lambda node: node.lineno):
        line = call.lineno - 1
        values = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        found = values[0] if values else None
        if found != name:
            raise lesson.error(
                f"{call.func.id}() names {found!r}, its header names {name!r}.", number, line
            )
        answer = call.args[1] if len(call.args) > 1 else None
        if isinstance(answer, ast.Name) and answer.id != name:
            raise lesson.error(
                f"{call.func.id}() is given `{answer.id}`, but the exercise is `{name}`.",
                number,
                line,
            )
        by_keyword = [k.value.value for k in call.keywords if isinstance(k.value, ast.Constant)]
        part = (values[1:] + by_keyword or [None])[0]
        wanted = header.get("part")
        if part is None and len(by_name[name].parts) == 1:
            continue
        if part != wanted:
            raise lesson.error(
                f"{call.func.id}() names part {part!r}, its header names {wanted!r}.", number, line
            )


def _check_id(lesson: LessonText, number: int, seen: dict[str, int]) -> None:
    header = lesson.notebook.cells[number].metadata
    role = ROLES.get(header.get("role"))
    if role is None or not role.graded or not role.kinds:
        return
    grade_id = grade_id_of(header, 1)
    if not WORD.fullmatch(grade_id):
        raise lesson.error(f"the grade id {grade_id!r} is no word: letters, digits and _.", number)
    if grade_id in seen:
        raise lesson.error(
            f"the grade id {grade_id!r} is used twice, first in cell {seen[grade_id] + 1}.", number
        )
    seen[grade_id] = number


def _missing_cells(lesson: LessonText, exercises) -> Iterator[CommandError]:
    """Every exercise has its answer cell and every part its test; one without points a check."""
    headers = [cell.metadata for cell in lesson.notebook.cells]
    for exercise in exercises:
        roles = {h["role"] for h in headers if h.get("exercise") == exercise.name}
        answer = {"prediction": "prediction", "written": "written"}.get(exercise.kind, "answer")
        if answer not in roles:
            yield lesson.error(
                f"no cell with role={answer!r} for the exercise {exercise.name!r} of the registry."
            )
        if exercise.kind == "written":
            continue
        tested = {h.get("part") for h in headers if h.get("exercise") == exercise.name}
        untested = [
            part.name
            for part in exercise.parts
            if part.name not in tested and (part.points or "check" not in roles)
        ]
        if untested:
            parts = ", ".join(map(repr, untested))
            yield lesson.error(
                f"part {parts} of {exercise.name!r} has no test cell: write "
                f'`# %% role="tests" exercise="{exercise.name}"` where its checks stand.'
            )


def _wrong_total(lesson: LessonText, exercises) -> Iterator[CommandError]:
    """The first mention of points in the prose is the lesson's total."""
    total = sum(part.points for exercise in exercises for part in exercise.parts)
    for number, cell in enumerate(lesson.notebook.cells):
        if cell.cell_type != "markdown":
            continue
        for offset, line in enumerate(cell.source.split("\n")):
            if found := TOTAL.search(line):
                if int(found[1]) != total:
                    yield lesson.error(
                        f"the lesson says {found[1]} points first, the registry adds up to "
                        f"{total}. The first number of points is the lesson's total.",
                        number,
                        offset,
                    )
                return
    yield lesson.error(f"the lesson never says that it has {total} points: say so at its top.")


def _wrong_headings(lesson: LessonText, by_name: dict) -> Iterator[CommandError]:
    """Points in a heading are those of the next exercise that has any."""
    cells = lesson.notebook.cells
    graded = [
        e if (e := by_name.get(c.metadata.get("exercise"))) and e.points else None for c in cells
    ]
    for number, cell in enumerate(cells):
        exercise = next(filter(None, graded[number:]), None)
        for offset, line in enumerate(cell.source.split("\n")):
            found = HEADING.fullmatch(line.strip()) if cell.cell_type == "markdown" else None
            if not found:
                continue
            if exercise is None:
                yield lesson.error("no exercise with points follows this heading.", number, offset)
                continue
            points = f"{exercise.points} point{'s' * (exercise.points != 1)}"
            if found[1] != points:
                yield lesson.error(
                    f"the heading says {found[1]}, but {exercise.name} has {points} in the "
                    "registry.",
                    number,
                    offset,
                )
