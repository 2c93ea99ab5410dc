"""Lesson 09: scatter columns back: the adjoint."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("09", "col2im", "Scatter columns back: the adjoint")
