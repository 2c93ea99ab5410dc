"""Small images and arrays that lessons use, by name."""

from course.data.photograph import photograph

__all__ = ["photograph"]
