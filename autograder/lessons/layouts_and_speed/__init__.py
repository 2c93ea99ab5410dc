"""Lesson 11: change the layout, measure the speed."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("11", "layouts_and_speed", "Change the layout, measure the speed")
