"""What is told of grades: feedback pages, the class report, and tables."""
