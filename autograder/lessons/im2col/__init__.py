"""Lesson 08: gather patches into columns."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("08", "im2col", "Gather patches into columns")
