"""A class of simulated learners, with what each should get."""
