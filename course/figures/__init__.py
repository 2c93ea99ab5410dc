"""Figures that lessons show: a shared look, alt text, and colours that carry a sign."""

from course.figures.show import COLOURS, show

__all__ = ["COLOURS", "show"]
