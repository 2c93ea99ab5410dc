"""Lesson 12: see what one output can see."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("12", "receptive_field", "See what one output can see")
