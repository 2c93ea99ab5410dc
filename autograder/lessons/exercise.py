"""What a lesson says of itself and of each exercise."""

from dataclasses import dataclass, field

from autograder import CommandError
from autograder.lessons.properties import Property


@dataclass(frozen=True)
class Lesson:
    """One notebook: `number` as two digits, `topic` as in its file name, `title` for learners."""

    number: str
    topic: str
    title: str

    @property
    def name(self) -> str:
        """The assignment's name, for nbgrader and for every folder: ``01_sliding_window``."""
        return f"{self.number}_{self.topic}"


@dataclass(frozen=True)
class Part:
    """One graded behaviour of an exercise: a test cell.  `tries` completes "tried: ..."."""

    name: str
    points: int
    tries: str

    def __post_init__(self):
        if type(self.points) is not int or self.points < 0:
            raise CommandError(
                f"part {self.name!r} (tried: {self.tries}) has points {self.points!r}. "
                "Points are a whole number, 0 or more, without quotes."
            )


@dataclass(frozen=True)
class Exercise:
    """What one answer is called, takes and returns, and how it is graded.

    Attributes
    ----------
    kind : "function", "class", "prediction" (a value) or "written" (graded by hand)
    signature : the parameters with their defaults, as the stub has them
    takes : shape and meaning of each parameter, by name
    returns : shape and meaning of the result
    barred : names of what does the exercise's own work: dotted ones of a library, and those of
        functions that the lesson gives to check or compare answers with
    fresh : whether the result has to be a new array, not a view of an argument
    shows : what its visible cases, and its withheld ones, have to show
    """

    lesson: str
    name: str
    kind: str
    parts: tuple[Part, ...]
    signature: str = ""
    takes: dict[str, str] = field(default_factory=dict)
    returns: str = ""
    barred: tuple[str, ...] = ()
    fresh: bool = False
    shows: tuple[Property, ...] = ()

    @property
    def points(self) -> int:
        """The exercise's points, over all its parts."""
        return sum(part.points for part in self.parts)

    def part(self, name: str) -> Part:
        """Return the part called `name`; raise `CommandError` that lists the parts otherwise."""
        for part in self.parts:
            if part.name == name:
                return part
        known = ", ".join(part.name for part in self.parts)
        raise CommandError(f"{self.name} has no part {name!r}; its parts are: {known}.")


def prediction(lesson: str, name: str, returns: str, points: int = 0) -> Exercise:
    """Write an exercise that asks for a value; `returns` says for which."""
    part = Part("value", points, "your value against the computed one")
    return Exercise(lesson, name, "prediction", (part,), returns=returns)


def written(lesson: str, name: str, points: int) -> Exercise:
    """Write an exercise that asks for an answer in words, graded by hand."""
    return Exercise(lesson, name, "written", (Part("answer", points, "read by a person"),))
