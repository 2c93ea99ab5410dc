"""Lesson 10: build the batched Conv2D layer."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("10", "conv2d_layer", "Build the batched Conv2D layer")
