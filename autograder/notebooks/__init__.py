"""From a lesson's text to its notebooks: source, release, solution, visible cases, student zip."""
