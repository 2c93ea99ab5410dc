"""Where a course keeps its files, and where the build asks about lessons and exercises."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import CommandError, exercises

CASES = Path("course/checks/cases")


@dataclass(frozen=True)
class Course:
    """A course directory and what the build has to look up.

    Attributes
    ----------
    root : the folder with ``source/``, ``release/``, ``solutions/`` and ``course/``
    lessons : every lesson of the registry, in order
    exercises_of : the exercises of a lesson's name, in lesson order
    visible_cases : the visible check cases of a lesson's name, as JSON-able data
    omissions : what the exercises of a lesson's name still lack beside its text
    """

    root: Path
    lessons: Sequence
    exercises_of: Callable[[str], Sequence]
    visible_cases: Callable[[str], dict]
    omissions: Callable[[str], list[str]] = lambda name: []

    def text_path(self, name: str) -> Path:
        """Return the path of a lesson's text."""
        return self.root / "source" / f"{name}.py"

    def written_lessons(self) -> list[str]:
        """Return the names of the lessons that have a text, in the registry's order.

        Raises
        ------
        CommandError
            If ``source/`` holds a text that the registry does not know.
        """
        texts = {path.stem for path in (self.root / "source").glob("*.py")}
        known = [lesson.name for lesson in self.lessons]
        for stranger in sorted(texts - set(known)):
            raise CommandError(
                f"source/{stranger}.py is no lesson of the registry. Rename it to one of "
                f"{', '.join(known)}, or give it a room in autograder/lessons/."
            )
        return [name for name in known if name in texts]

    def chosen_lessons(self, asked: Sequence[str]) -> list[str]:
        """Return the names of the lessons asked for by number or name; all written ones for none.

        Raises
        ------
        CommandError
            If one of them is unknown or has no text yet.
        """
        written = self.written_lessons()
        if not asked:
            return written
        chosen = {self.name_of(given) for given in asked}
        for name in sorted(chosen - set(written)):
            raise CommandError(f"{name} has no text yet: write source/{name}.py first.")
        return [name for name in written if name in chosen]

    def name_of(self, given: str) -> str:
        """Return a lesson's name from its number, name or topic."""
        return exercises.lesson(given, self.lessons).name

    def title_of(self, name: str) -> str:
        """Return the title of the lesson `name`."""
        return exercises.lesson(name, self.lessons).title


def this_course() -> Course:
    """Return the course that this package stands in, with its own registry and hidden tests."""
    from autograder import hidden_tests
    from autograder.omissions import omissions

    return Course(
        root=Path(__file__).resolve().parents[2],
        lessons=exercises.LESSONS,
        exercises_of=exercises.exercises_of,
        visible_cases=hidden_tests.visible_cases,
        omissions=omissions,
    )


def notebook_path(step: str, name: str) -> str:
    """Return where a lesson's notebook of one step lies: ``release/NAME/NAME.ipynb``."""
    return f"{step}/{name}/{name}.ipynb"


def cases_path(name: str) -> str:
    """Return where a lesson's visible cases lie."""
    return (CASES / f"{name}.json").as_posix()
