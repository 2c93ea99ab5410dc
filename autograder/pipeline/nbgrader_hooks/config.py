"""The settings with which nbgrader grades through the judge.  `nbgrader_config.py` calls this."""

from pathlib import Path

import nbgrader
from traitlets.config import Config

from autograder.notebooks.settings import course_config

PIPELINE = "autograder.pipeline"
HERE = f"{PIPELINE}.nbgrader_hooks"
TEMPLATES = [
    Path(__file__).parents[1] / "reports" / "templates",
    Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates",
]


def configure(c: Config, root: Path) -> None:
    """Set in `c` how nbgrader grades the course in the folder `root`."""
    c.merge(course_config(root))
    # Of what a learner hands in beside the notebook, nothing that a browser would run is kept.
    c.CourseDirectory.ignore = [
        ".ipynb_checkpoints",
        "*.pyc",
        "__pycache__",
        "feedback",
        *("*.html", "*.htm", "*.xhtml", "*.svg", "*.xml", "*.js", "*.mjs"),
    ]

    c.Autograde.pre_convert_hook = f"{HERE}.register.register_before_autograding"
    c.Autograde.sanitize_preprocessors = [f"{HERE}.preprocessors.RepairNotebook"]
    c.Autograde.autograde_preprocessors = [
        f"{HERE}.preprocessors.JudgeExecutor",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        f"{HERE}.preprocessors.SaveVerdict",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]
    c.AssignLatePenalties.plugin_class = f"{PIPELINE}.gradebook.late.LateRule"
    # Points and names are the lesson's own, checked when it was registered: the notebook's form is
    # checked once, after the last step, and not after each.
    c.NotebookExporter.optimistic_validation = True
    # What the judge found stays in the autograded notebook; the feedback page shows it.
    c.ClearMetadataPreprocessor.preserve_nb_metadata_mask |= {"autograder"}

    # Every page that shows a learner's work: sanitised, formulas as MathML, nothing from a network.
    c.HTMLExporter.preprocessors = [f"{PIPELINE}.html.sanitize.SanitizeOutputs"]
    c.HTMLExporter.filters = {"markdown2html": f"{PIPELINE}.html.sanitize.markdown_filter"}
    c.HTMLExporter.template_name = "course_formgrade"
    c.HTMLExporter.extra_template_basedirs = [str(folder) for folder in TEMPLATES]
    c.GenerateFeedback.exporter_class = f"{PIPELINE}.reports.feedback.FeedbackExporter"
    c.GenerateFeedback.preprocessors = [f"{HERE}.preprocessors.Summarize"]
    c.FeedbackExporter.template_name = "course_feedback"

    c.ExchangeFactory.release_feedback = f"{HERE}.exchange.ReleaseFeedback"
    # Ada Lovelace_31337_assignsubmission_file_/01_topic.ipynb, as Moodle names it, or
    # ada_01_topic.ipynb.
    c.FileNameCollectorPlugin.named_regexp = (
        r".*[/\\](?P<student_id>[^/\\]+?)_(?:\d+_assignsubmission_file_?[/\\]?)?"
        r"(?P<file_id>\d\d_\w+)"
    )
    c.ExportApp.plugin_class = f"{HERE}.export.CourseExport"
