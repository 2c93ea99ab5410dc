"""A lesson's autograder as Gradescope runs it: one container for each submission."""
