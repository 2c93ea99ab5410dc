"""Lesson 01: slide a kernel along a signal."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("01", "sliding_window", "Slide a kernel along a signal")
