"""Lesson 04: convolve images with seven loops."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("04", "conv2d_loops", "Convolve images with seven loops")
