"""Lessons for the web and the lecture hall: pages and slides that need no kernel and no network."""
