"""Right solutions in several styles: every one must pass the visible checks and hidden tests."""

from autograder import lessons
from autograder.lessons.register import solutions

__all__ = ["solutions"]

for _lesson in lessons.LESSONS:
    lessons.load(_lesson, "solutions")
