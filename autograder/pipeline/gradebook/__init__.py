"""What the gradebook holds of a class: one writer, and what reads it."""
