"""Lesson 07: write convolution as one sparse matrix."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("07", "matrix_view", "Write convolution as one sparse matrix")
