"""Lesson 02: derive both gradients in one dimension."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("02", "gradients_1d", "Derive both gradients in one dimension")
