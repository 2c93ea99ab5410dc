"""How many processes share some work."""

from autograder.judge import cores


def jobs_for(wanted: int | None, most: int) -> int:
    """Return how many workers to start for `most` submissions."""
    return max(1, min(wanted or cores.usable(), most))
