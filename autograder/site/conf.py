"""Sphinx's settings for the site; `autograder.site.build` lays its sources out."""

project = author = "The convolution layer"
extensions = ["myst_nb", "autograder.site.formulas"]

# Lessons come with what their cells show.
nb_execution_mode = "off"
nb_code_prompt_show = "Show what the cell shows"
nb_code_prompt_hide = "Hide what the cell shows"
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["README.md"]  # the site's own pages include parts of it

html_theme = "pydata_sphinx_theme"
html_title = project
html_math_renderer = "mathml"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_use_index = False
html_show_sphinx = False
html_context = {"default_mode": "auto"}
html_sidebars = {page: [] for page in ("index", "figures", "sheet", "elsewhere")}
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "show_toc_level": 2,
    "navigation_with_keys": False,  # figures are worked with the arrow keys
    "footer_start": [],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}
