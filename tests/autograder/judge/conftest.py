"""Fixtures of the judge's tests."""

from tests.autograder.judge.kit import grade, sandboxed, side

__all__ = ["grade", "sandboxed", "side"]
