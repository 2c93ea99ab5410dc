"""What a learner imports: checks, widgets, figures and data."""
