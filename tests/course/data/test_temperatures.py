"""Tests of the temperatures: they are what their docstring says."""

import numpy as np

from course.data import temperatures


def test_the_temperatures_are_what_their_docstring_says():
    """Is there one number a year, in degrees, around 0 from 1951 to 1980?"""
    years, warming = temperatures()
    assert years.tolist() == list(range(1880, 2024))
    assert warming.shape == (144,)
    assert warming.dtype == np.float64
    between = (years >= 1951) & (years <= 1980)
    assert abs(warming[between].mean()) < 0.01


def test_a_few_years_are_as_published():
    """Do the cold year 1909, the warm ones 2016 and 2023, and 1976 stand at their places?"""
    years, warming = temperatures()
    known = {1880: -0.17, 1909: -0.49, 1976: -0.1, 2016: 1.01, 2023: 1.17}
    found = dict(zip(years.tolist(), warming.tolist(), strict=True))
    assert {year: found[year] for year in known} == known


def test_each_call_gives_arrays_of_its_own():
    """Does a change to what a learner got leave the next call alone?"""
    temperatures()[1][:] = 0.0
    assert temperatures()[1].any()
