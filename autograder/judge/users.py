"""User ids: what a learner's process is inside, and what that is on this machine."""

import os
import sys

from autograder.judge.host import ROOT

NOBODY = 65534
INSIDE = 1000
HOW_MANY = "/proc/sys/user/max_user_namespaces"


class CannotIsolate(Exception):
    """The kernel refused a part of the sandbox; the message says which."""


def user_namespaces() -> bool:
    """Return whether to build the sandbox in a user namespace: always, but for root without any."""
    try:
        with open(HOW_MANY) as file:
            available = int(file.read()) > 0
    except (OSError, ValueError):
        available = os.path.exists("/proc/self/ns/user")
    return available or os.geteuid() != 0


def map_ids(pid: int) -> None:
    """Write the user ids that a new user namespace knows.

    Root keeps its id inside to read the host's files and gives the learner's process another
    one; an ordinary user has one id, and with it no right over anything in the namespace.
    """
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        try:
            _write(pid, "gid_map", f"0 0 1\n{INSIDE} {NOBODY} 1")
            _write(pid, "uid_map", f"0 0 1\n{INSIDE} {NOBODY} 1")
            return
        except OSError as error:
            raise CannotIsolate(f"user ids cannot be mapped: {error.strerror}") from None
    try:
        _write(pid, "setgroups", "deny")
        _write(pid, "gid_map", f"{INSIDE} {gid} 1")
        _write(pid, "uid_map", f"{INSIDE} {uid} 1")
    except OSError as error:
        raise CannotIsolate(f"user ids cannot be mapped: {error.strerror}") from None


def _write(pid: int, name: str, text: str) -> None:
    with open(f"/proc/{pid}/{name}", "w") as file:
        file.write(text)


def plain_user() -> int:
    """Return the id to run a learner's code under without a sandbox, 0 for the caller's own.

    Root's rights are given up where everybody can read what Python needs.
    """
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return 0
    needed = (sys.prefix, sys.base_prefix, str(ROOT / "course"))
    return NOBODY if all(_open_to_all(os.path.realpath(path)) for path in needed) else 0


def _open_to_all(path: str) -> bool:
    while True:
        if os.stat(path).st_mode & 0o005 != 0o005:
            return False
        if path == os.path.dirname(path):
            return True
        path = os.path.dirname(path)
