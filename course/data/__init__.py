"""Small images and arrays that lessons use, by name."""

from course.data.digits import digits
from course.data.network import network
from course.data.photograph import photograph
from course.data.temperatures import temperatures

__all__ = ["digits", "network", "photograph", "temperatures"]
