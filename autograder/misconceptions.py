"""What learners get wrong, as small wrong variants beside the exercise that each one breaks."""

from autograder import lessons
from autograder.lessons.register import CATALOGUE, Misconception, variants

__all__ = ["CATALOGUE", "Misconception", "variants"]

for _lesson in lessons.LESSONS:
    lessons.load(_lesson, "mistakes")
