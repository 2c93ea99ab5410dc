"""A class of submissions: reading, grading through nbgrader, feedback and export."""
