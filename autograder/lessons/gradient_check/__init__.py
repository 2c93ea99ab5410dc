"""Lesson 03: check any gradient numerically."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("03", "gradient_check", "Check any gradient numerically")
