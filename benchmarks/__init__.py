"""Speed of what the course computes with, measured; run from the root of the repository."""
