"""Which of the machine's cores the judge and a learner's process run on.

A test and the learner's function that it calls take turns, some hundred times in a submission.  On
one core the kernel switches between them at once.  On two cores it has to wake the other core each
time, which takes longer than most calls.
"""

import contextlib
import ctypes
import os

_CAN_CHOOSE = hasattr(os, "sched_setaffinity")
_ALL = os.sched_getaffinity(0) if _CAN_CHOOSE else set()


def usable() -> int:
    """Return how many cores this process may use."""
    return len(_ALL) or os.cpu_count() or 1


def stay() -> None:
    """Keep this process on the core that it is on."""
    if _CAN_CHOOSE:
        _choose(0, {ctypes.CDLL(None).sched_getcpu()})


def share(pid: int) -> None:
    """Have a process run where this one does."""
    if _CAN_CHOOSE:
        _choose(pid, os.sched_getaffinity(0))


def release(pid: int) -> None:
    """Let a process run anywhere again: it computes, and nobody takes turns with it."""
    if _CAN_CHOOSE:
        _choose(pid, _ALL)


def _choose(pid: int, cores: set[int]) -> None:
    with contextlib.suppress(OSError):  # it has ended, or another user's is not ours to move
        os.sched_setaffinity(pid, cores)
