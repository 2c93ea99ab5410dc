"""What lies there: files of a class, and who handed them in."""

from collections.abc import Callable
from dataclasses import dataclass

from autograder.pipeline.records import Account, Handed


@dataclass(frozen=True)
class File:
    """One file of a folder or archive.

    Attributes
    ----------
    name : with its folders, from the top
    when : when it was last changed; of two files the larger one is newer
    read : returns its bytes; `most` is how many at most; raises `Unreadable` with the reason
    """

    name: str
    when: tuple
    read: Callable[..., bytes]


class Inbox(dict[str, Callable[[], Handed]]):
    """Who handed in, in order, and a function that reads it: a class may not fit into memory.

    Attributes
    ----------
    accounts : what the platform calls those whom it has named
    left : names of files that are nobody's
    """

    def __init__(self, *learners):
        super().__init__(*learners)
        self.accounts: dict[str, tuple[Account, ...]] = {}
        self.left: list[str] = []
