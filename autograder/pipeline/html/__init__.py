"""A learner's text and outputs as HTML in which nothing runs."""
