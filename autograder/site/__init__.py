"""The course on the web: a static site of its lessons, figures and guides, and JupyterLite."""
