"""Small images and arrays that lessons use, by name."""

from course.data.digits import digits
from course.data.photograph import photograph

__all__ = ["digits", "photograph"]
