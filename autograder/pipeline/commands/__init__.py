"""The commands of ``python -m autograder`` that work on a class."""
