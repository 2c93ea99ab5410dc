"""What a learner's processes hold together, as the kernel of this machine tells it."""

import os

_PAGE = os.sysconf("SC_PAGE_SIZE")
_IMPORTS = 128 << 20  # bytes of a process that the imports come to, most of them shared


def holds_more(root: int, limit: int) -> bool:
    """Return whether a process and its descendants hold more than `limit` bytes.

    A quick look counts shared pages once for each process; only where that is too much are they
    divided up, which takes the kernel longer.  False where the system does not tell.
    """
    family = _family(root)
    quick = sum(max(0, _resident(pid) - _IMPORTS) for pid in family)
    return quick > limit and sum(_proportional(pid) for pid in family) > limit + _IMPORTS


def _family(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting and len(found) < 1000:
        pid = waiting.pop()
        found.append(pid)
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/children") as file:
                    waiting += [int(child) for child in file.read().split()]
        except (OSError, ValueError):
            continue  # it has ended in the meantime
    return found


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next(int(line.split()[1]) << 10 for line in file if line.startswith("Pss:"))
    except (OSError, ValueError, StopIteration):
        return 0
