"""Lesson 05: control the output's geometry."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("05", "geometry", "Control the output's geometry")
