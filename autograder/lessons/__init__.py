"""The lessons, each in a folder: its exercises, inputs, mistakes, right solutions.

A room is a folder named as the lesson's topic.  Its ``__init__.py`` says which `LESSON` it is;
``exercises.py`` holds what is asked, ``inputs.py`` the inputs on which answers are tried,
``mistakes.py`` the wrong answers that are recognised, ``solutions.py`` right ones in several
styles, ``allowed.py`` what draws random inputs for the proof.  Rooms are found by looking.  What
several lessons share stands beside the rooms.
"""

import importlib
import pkgutil
from types import ModuleType

from autograder import CommandError
from autograder.lessons.exercise import Lesson


def load(lesson: Lesson, file: str) -> ModuleType:
    """Import one file of a lesson's room: ``load(lesson, "inputs")``.

    Raises
    ------
    CommandError
        If the room lacks the file, or an entry in it is refused; the message names the file.
    """
    name = f"{__name__}.{lesson.topic}.{file}"
    where = f"{name.replace('.', '/')}.py"
    try:
        return importlib.import_module(name)
    except CommandError as error:
        raise CommandError(f"{where}: {error}") from None
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise CommandError(f"lesson {lesson.name} has no {where}: write it.") from None


def _found() -> tuple[Lesson, ...]:
    rooms = [room.name for room in pkgutil.iter_modules(__path__) if room.ispkg]
    found = [importlib.import_module(f"{__name__}.{room}").LESSON for room in rooms]
    return tuple(sorted(found, key=lambda lesson: lesson.number))


LESSONS = _found()
