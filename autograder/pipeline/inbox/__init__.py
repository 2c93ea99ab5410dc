"""What learners handed in: found, read into memory, and made to fit the lesson again."""
