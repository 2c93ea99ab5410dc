"""Look for answers where students can read them: in releases, in `course` and on the site."""

import json
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

from autograder.marks import SOLUTION, inside
from autograder.notebooks.layout import CASES, Course, notebook_path
from autograder.notebooks.text import LessonText, read_lesson
from autograder.pipeline.html.sanitize import markdown_to_html

# Shorter lines, loop heads and imports are idioms that many programs share.
SHORTEST = 16
# Words that only the instructor's side says.
FORBIDDEN = ("autograder", "BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "jupytext")
IDIOM = re.compile(r"(#|for |if |elif |else|while |with |def |class |import |from |\"\"\"|raise )")


def find_leaks(course: Course) -> list[str]:
    """Return every solution line that a release or the `course` package shows, in words.

    A release may show answers of earlier lessons only; `course` may show none.
    """
    names = course.written_lessons()
    secrets = secret_lines([read_lesson(course.text_path(name)) for name in names])
    found = []
    for position, name in enumerate(names):
        path = course.root / notebook_path("release", name)
        if not path.is_file():
            continue
        cells = json.loads(path.read_text("utf-8"))["cells"]
        shown = normal("\n".join("".join(cell["source"]) for cell in cells))
        for later in names[position:]:
            found += _matches(notebook_path("release", name), shown, later, secrets[later])
    for path in sorted((course.root / "course").rglob("*")):
        if path.suffix not in (".py", ".js") or CASES.name in path.parts[-2:-1]:
            continue
        shown = normal(path.read_text("utf-8"))
        for name in names:
            where = path.relative_to(course.root).as_posix()
            found += _matches(where, shown, name, secrets[name])
    return found


def find_site_leaks(course: Course, site: Path) -> list[str]:
    """Return what the pages of the site show and should not, in words.

    A lesson's page may show what its release may, and no word of the instructor's side; all other
    pages may show no solution line.  The site's notebooks and packages are copies of releases and
    of `course`, which `find_leaks` reads.
    """
    names = course.written_lessons()
    lessons = [read_lesson(course.text_path(name)) for name in names]
    secrets = secret_lines(lessons)
    for lesson in lessons:  # as a page sets them: model answers are prose with formulas
        for cell in lesson.notebook.cells:
            if cell.metadata.get("role") == "written":
                shown = page_text(markdown_to_html(inside(cell.source, SOLUTION)))
                secrets[lesson.name] |= {line for line in lines(shown) if substantial(line)}
    found = []
    for path in sorted(site.rglob("*.html")):
        where = path.relative_to(site).as_posix()
        shown = page_text(path.read_text("utf-8"))
        is_lesson = path.stem in names
        for later in names[names.index(path.stem) :] if is_lesson else names:
            found += _matches(where, normal(shown), later, secrets[later])
        found += [f"{where} says {word!r}" for word in FORBIDDEN if is_lesson and word in shown]
    return found


def page_text(page: str) -> str:
    r"""Return the text of an HTML page, as it is laid out in the file.

    Examples
    --------
    >>> page_text("<p>y <b>+=</b> 1 &lt; 2</p><script>y</script>")
    'y += 1 < 2'
    """
    parser = _PageText()
    parser.feed(page)
    return "".join(parser.pieces)


class _PageText(HTMLParser):
    """Collects what stands outside of tags, scripts and styles."""

    def __init__(self):
        super().__init__()
        self.pieces, self._within = [], ""

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self._within = tag

    def handle_endtag(self, tag):
        self._within = ""

    def handle_data(self, data):
        if not self._within:
            self.pieces.append(data)


def secret_lines(lessons: Iterable[LessonText]) -> dict[str, set[str]]:
    """Return each lesson's own solution lines: substantial, and not given out by then.

    What an earlier lesson's solution or this lesson's setup holds is no secret any more.

    Parameters
    ----------
    lessons : the lessons' texts, in order
    """
    known: set[str] = set()
    secrets = {}
    for lesson in lessons:
        cells = lesson.notebook.cells
        setup = {
            line
            for cell in cells
            if cell.metadata.get("role") == "setup"
            for line in lines(cell.source)
        }
        own = {line for cell in cells for line in lines(inside(cell.source, SOLUTION))}
        secrets[lesson.name] = {line for line in own - known - setup if substantial(line)}
        known |= own
    return secrets


def substantial(line: str) -> bool:
    """Whether a line says more than an idiom.

    Examples
    --------
    >>> substantial("y[i] = np.sum(x[i:i + k] * w)"), substantial("for i in range(n):")
    (True, False)
    """
    return len(line) >= SHORTEST and not IDIOM.match(line)


def lines(source: str) -> list[str]:
    """Return the lines of `source` in the form in which they are compared."""
    return [line for line in normal(source).split("\n") if line]


def normal(source: str) -> str:
    """Return `source` with its spaces evened out, so that layout hides nothing.

    Examples
    --------
    >>> normal("    y =  x[i : i+k]\\n")
    'y=x[i:i+k]\\n'
    """
    evened = (re.sub(r"\s+", " ", line.strip()) for line in source.split("\n"))
    return "\n".join(re.sub(r" ?([\[\](){}:,+*/@=<>%-]) ?", r"\1", line) for line in evened)


def _matches(where: str, shown: str, lesson: str, secrets: set[str]) -> list[str]:
    return [
        f"{where} shows a solution line of {lesson}: {line}"
        for line in sorted(secrets)
        if line in shown
    ]
