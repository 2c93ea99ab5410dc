"""Figures that a learner can point at, step through and read in numbers."""

from course.widgets.flip_and_slide import FlipAndSlide

__all__ = ["FlipAndSlide"]
