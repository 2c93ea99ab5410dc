"""The register in which each right solution is entered beside its exercise."""

from collections.abc import Callable

SOLUTIONS: dict[str, list[Callable]] = {}


def solves(exercise: str) -> Callable[[Callable], Callable]:
    """Mark a function or class as a right solution of `exercise`."""

    def register(solution: Callable) -> Callable:
        SOLUTIONS.setdefault(exercise, []).append(solution)
        return solution

    return register
