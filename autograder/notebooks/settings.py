"""nbgrader's settings: the same for the build, the command line and Formgrader."""

from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from autograder.marks import CODE_STUB, SOLUTION, TEXT_STUB, outside
from autograder.startup import version_gradebooks_here


class ClearLessonSolutions(ClearSolutions):
    """nbgrader's ClearSolutions, except that a prediction's solution leaves nothing behind.

    What stays of a prediction is the line above its marks, ``NAME = None``: the notebook runs on.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Replace the solution of one cell by its stub."""
        if "prediction" in cell.metadata.get("tags", ()):
            cell.source = outside(cell.source, SOLUTION)
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)


def course_config(root: Path) -> Config:
    """Return nbgrader's settings for the course in the folder `root`."""
    version_gradebooks_here()
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.solution_directory = "solutions"
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.ClearSolutions.text_stub = TEXT_STUB
    config.GenerateAssignment.preprocessors = [
        ClearLessonSolutions if step is ClearSolutions else step
        for step in GenerateAssignment(coursedir=None).preprocessors
    ]
    # Times of a run would make every built notebook differ from the one before.
    config.NotebookClient.record_timing = False
    # Saved widget state makes exported pages blank.
    config.ClearMetadataPreprocessor.enabled = True
    config.ClearMetadataPreprocessor.clear_cell_metadata = False
    config.ClearMetadataPreprocessor.preserve_nb_metadata_mask = {"kernelspec", "language_info"}
    return config
