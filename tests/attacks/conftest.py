"""The attacks are graded from the judge's own warm side."""

from tests.autograder.judge.kit import grade, sandboxed, side

__all__ = ["grade", "sandboxed", "side"]
