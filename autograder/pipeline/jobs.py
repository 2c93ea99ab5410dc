"""How many processes share some work."""

import os


def jobs_for(wanted: int | None, most: int) -> int:
    """Return how many workers to start for `most` submissions."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    return max(1, min(wanted or processors or os.cpu_count() or 1, most))
