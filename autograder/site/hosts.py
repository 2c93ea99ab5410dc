"""Links that open a lesson elsewhere; `docs/site/addresses.toml` says where the course is."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ADDRESSES = "docs/site/addresses.toml"


@dataclass(frozen=True)
class Addresses:
    """Where the course is on the web; what is empty is not there.

    Attributes
    ----------
    repository : ``OWNER/NAME`` of the public repository of the students' package
    branch : its branch
    site : where the site is published, with "/" at its end
    hosts : by the host's name, how it opens a lesson of the repository
    """

    repository: str
    branch: str
    site: str
    hosts: dict[str, str]

    def launch(self, lesson: str) -> Iterator[tuple[str, str]]:
        """Yield the name of each host and the address at which it opens a lesson.

        Examples
        --------
        >>> hosts = {"Binder": "https://b.example/{repository}/{branch}/{lesson}"}
        >>> list(Addresses("kim/conv", "main", "", hosts).launch("01_sliding_window"))
        [('Binder', 'https://b.example/kim/conv/main/01_sliding_window')]
        >>> list(Addresses("", "main", "", hosts).launch("01_sliding_window"))
        []
        """
        for host, address in self.hosts.items() if self.repository else ():
            yield (
                host,
                address.format(repository=self.repository, branch=self.branch, lesson=lesson),
            )


def addresses(root: Path) -> Addresses:
    """Read the addresses of the course in the folder `root`."""
    return Addresses(**tomllib.loads((root / ADDRESSES).read_text("utf-8")))
