"""Lesson 06: send gradients back through the window."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("06", "backward_loops", "Send gradients back through the window")
