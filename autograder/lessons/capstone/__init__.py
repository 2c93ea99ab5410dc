"""Lesson 13: train a CNN on real digits with your own layer."""

from autograder.lessons.exercise import Lesson

LESSON = Lesson("13", "capstone", "Train a CNN on real digits with your own layer")
