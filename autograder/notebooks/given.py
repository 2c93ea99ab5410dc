"""Give functions of earlier lessons by name: a cell's `from` names them, their texts hold them."""

import ast

from autograder.marks import SOLUTION, unmarked
from autograder.notebooks.layout import Course
from autograder.notebooks.text import LessonText, read_lesson


def definitions(lesson: LessonText, number: int, course: Course) -> list[str]:
    """Return the functions and classes that the `from` of a cell names, solved.

    ``from="sliding_window.correlate1d, geometry.pad2d"`` names them by topic and name; they stand
    in an answer or a given cell of that lesson's text.

    Raises
    ------
    CommandError
        If an entry names no earlier lesson, or nothing that its text defines.
    """
    topics = [entry.topic for entry in course.lessons]
    own = [entry.name for entry in course.lessons].index(lesson.name)
    earlier = topics[:own]
    known = ", ".join(earlier) or "none"
    found = []
    for wanted in map(str.strip, lesson.notebook.cells[number].metadata["from"].split(",")):
        topic, _, name = wanted.partition(".")
        if topic not in earlier:
            kind = "a later lesson or this one" if topic in topics else "no lesson"
            raise lesson.error(
                f"from names {wanted!r}, but {topic!r} is {kind}. Each entry reads "
                f'"topic.name", with the topic of an earlier lesson: {known}.',
                number,
            )
        defined = _defined(read_lesson(course.text_path(course.lessons[topics.index(topic)].name)))
        if name not in defined:
            raise lesson.error(
                f"from names {wanted!r}, but the text of {topic} defines no {name!r} in an "
                f"answer or a given cell. It defines: {', '.join(sorted(defined)) or 'nothing'}.",
                number,
            )
        found.append(defined[name])
    return found


def _defined(lesson: LessonText) -> dict[str, str]:
    """Return the code of every function and class in a text's answer and given cells, by name."""
    found = {}
    for cell in lesson.notebook.cells:
        if cell.metadata.get("role") not in ("answer", "given"):
            continue
        code = unmarked(cell.source, SOLUTION)
        for node in ast.parse(code).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found[node.name] = ast.get_source_segment(code, node)
    return found
