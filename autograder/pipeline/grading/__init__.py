"""From what was handed in to grades: workers, and the queue before them."""
