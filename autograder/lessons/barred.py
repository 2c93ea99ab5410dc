"""What an answer may not call, since it does the exercise's own work.

Families are those of `course.checks.families`; a name without a dot is a function that a lesson
gives to check or compare answers with.
"""

BARRED_1D = ("convolution of signals",)
BARRED_2D = ("convolution of images",)

# A product of frequencies correlates, too.
BARRED_FOURIER = ("2-D Fourier transforms",)

# The oracle of lesson 03, given wherever gradients are checked: it would answer for its caller.
ORACLE = ("numerical_gradient",)
