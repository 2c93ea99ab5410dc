"""Drive a notebook in JupyterLab as a learner does: open, run, read, write, run again."""

import re

import nbformat
from nbformat import NotebookNode
from playwright.sync_api import Locator, Page, expect

from tests.browser.jupyter import Jupyter

IN_LAB = """(panel => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  return notebook.widgets;
})()"""


class Lab:
    """A page with JupyterLab, which opens one notebook after another: loading it takes seconds."""

    def __init__(self, page: Page, server: Jupyter):
        self.page, self.server = page, server
        self.written = 0
        page.goto(server.url("lab", reset=""))
        page.wait_for_function("window.jupyterapp", timeout=60_000, polling=100)
        page.evaluate("() => jupyterapp.restored.then(() => null)")

    def open(self, notebook: NotebookNode) -> "Notebook":
        """Write a notebook, and open it alone, with a kernel of its own."""
        self.written += 1
        path = f"{self.written}.ipynb"
        nbformat.write(notebook, self.server.root / path)
        return self.open_again(path)

    def open_again(self, path: str) -> "Notebook":
        """Open what was written earlier alone, with a kernel of its own."""
        self.page.evaluate(
            "() => [...jupyterapp.shell.widgets('main')].forEach(widget => widget.dispose())"
        )
        self.server.shut_kernels_down()
        self.page.mouse.move(2, 2)
        self.page.evaluate(
            "path => void jupyterapp.commands.execute('docmanager:open', { path })", path
        )
        return Notebook(self.page, path)

    def load_again(self, notebook: "Notebook") -> "Notebook":
        """Leave the page, and open a notebook in one that is loaded anew."""
        self.page.goto(self.server.url(f"lab/tree/{notebook.path}", reset=""))
        return Notebook(self.page, notebook.path)


class Notebook:
    """An open notebook of a page in JupyterLab, or of Notebook 7, once its kernel is idle."""

    def __init__(self, page: Page, path: str):
        self.page, self.path = page, path
        page.wait_for_function(
            """path => {
              const { context, sessionContext } = window.jupyterapp?.shell?.currentWidget ?? {};
              return context?.path === path && sessionContext?.isReady
                && sessionContext.session?.kernel?.status === "idle";
            }""",
            arg=path,
            timeout=60_000,
            polling=100,
        )
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=60_000)

    def command(self, name: str) -> None:
        """Start one of JupyterLab's commands; what it does is waited for by its effect."""
        self.page.evaluate(f"void window.jupyterapp.commands.execute({name!r})")

    def save(self) -> None:
        """Save it, and wait until that is done."""
        self.command("docmanager:save")
        self.page.wait_for_function(
            "() => !window.jupyterapp.shell.currentWidget.context.model.dirty", polling=100
        )

    def run_all(self) -> None:
        """Run every cell and wait until each code cell has its execution count."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(
            f"""() => {IN_LAB}.every(cell => cell.model.type !== 'code'
                  || cell.model.sharedModel.getSource().trim() === ''
                  || cell.model.executionCount !== null)""",
            timeout=90_000,
            polling=100,
        )

    def number_of(self, text: str) -> int:
        """Return the index of the first code cell whose source holds `text`."""
        sources = self.page.evaluate(
            f"{IN_LAB}.map(c => c.model.type === 'code' ? c.model.sharedModel.getSource() : '')"
        )
        return next(i for i, source in enumerate(sources) if text in source)

    def count(self) -> int:
        """Return the number of cells."""
        return self.page.evaluate(f"{IN_LAB}.length")

    def cell(self, text: str) -> Locator:
        """Return the code cell whose source holds `text`, scrolled into view."""
        index = self.number_of(text)
        self.page.evaluate(
            f"""() => {{
              const notebook = window.jupyterapp.shell.currentWidget.content;
              notebook.deselectAll();
              notebook.activeCellIndex = {index};
              void notebook.scrollToItem({index});
            }}"""
        )
        return self.page.locator(f".jp-Cell[data-windowed-list-index='{index}']")

    def write(self, text: str, source: str) -> None:
        """Replace the source of the cell that holds `text`, and run it."""
        index = self.number_of(text)
        self.page.evaluate(
            f"source => {IN_LAB}[{index}].model.sharedModel.setSource(source)", source
        )
        self.run(source[:20])

    def run(self, text: str) -> Locator:
        """Run the cell that holds `text`, wait for its count, and return it."""
        cell = self.cell(text)
        index = self.number_of(text)
        before = self.page.evaluate(f"{IN_LAB}[{index}].model.executionCount")
        self.command("notebook:run-cell")
        self.page.wait_for_function(
            f"before => {{ const m = {IN_LAB}[{index}].model;"
            " return m.executionCount !== null && m.executionCount !== before; }",
            arg=before,
            timeout=60_000,
            polling=100,
        )
        return cell

    def say(self, text: str, output: str) -> None:
        """Expect the cell that holds `text` to print `output` (a pattern)."""
        expect(self.cell(text).locator(".jp-OutputArea")).to_contain_text(re.compile(output))
