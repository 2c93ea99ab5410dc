"""nbconvert's HTML in one pass: no template compiled twice, no page parsed again."""

import re
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.html import WidgetsDataTypeFilter
from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode
from traitlets import List

NO_ALT = re.compile(r"<img (?![^>]*\balt=)")


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates for this process's next exporters: a page takes less than they."""

    def __init__(self):
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template that has not changed since."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._kept[bucket.key] = bucket.checksum, bucket.code


class OnePassExporter(HTMLExporter):
    """nbconvert's HTML for templates of the course; subclasses may colour code in their own way."""

    export_from_notebook = None
    # Each of nbconvert's own would copy and check the whole notebook, and none has work here.
    default_preprocessors = List([])
    compiled = CompiledTemplates()

    def colours(self):
        """Return the filter that colours a page's code."""
        return Highlight2HTML(pygments_lexer="python")

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = self.compiled
        return environment

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and the resources; parse nothing again, colour no code twice."""
        resources = self._init_resources(resources)
        self.register_filter("highlight_code", self.colours())
        data_type = WidgetsDataTypeFilter(notebook_metadata={}, parent=self, resources=resources)
        self.register_filter("filter_data_type", data_type)
        page, resources = super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)
        return NO_ALT.sub('<img alt="a picture without a description" ', page), resources

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Take the steps; nbconvert's own would copy and check the notebook before each."""
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        return nb, resources
