"""What nbgrader's own commands call: settings, steps and the export."""
