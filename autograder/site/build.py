"""The site command: the whole course as static pages in dist/site/."""

import argparse
import copy
import shutil
import subprocess
import sys
import tempfile
import time
from html import escape
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import CommandError
from autograder.notebooks.layout import Course, notebook_path, this_course
from autograder.notebooks.roles import KERNEL
from autograder.notebooks.student import student_files
from autograder.pages.sheet import SHEET, TEXT
from autograder.site.hosts import Addresses, addresses
from autograder.site.lessons import lesson_page
from autograder.site.lite import LITE, build_lite
from autograder.startup import START
from course.widgets import gallery

SITE = "dist/site"
OWN = "docs/site"  # pages that only the site has
FILES = "files"  # what the site offers as files: notebooks, the wheel, the sheet to print
# What Sphinx and its theme leave beside the pages: a template, source maps, and an empty folder.
LEFT_OUT = ("webpack-macros.html", "*.map", "_sources", ".buildinfo", "objects.inv")
HERE = Path(__file__).parent


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        f"Write the course as static pages to {SITE}/: lessons unsolved, with live figures, the "
        "guides and the evidence. It asks no other host for anything, and opens from the disk."
    )
    parser.add_argument("--upto", metavar="NN", help="the last lesson on the site; default: all")
    parser.add_argument(
        "--lite", action="store_true", help=f"add JupyterLite in {LITE}/; needs `make lite` once"
    )
    parser.add_argument(
        "--pyodide",
        metavar="PATH",
        default="",
        help="a Pyodide release, an archive or a folder, that JupyterLite has beside its pages",
    )


def run(args: argparse.Namespace) -> int:
    """Build the site up to the lesson asked for."""
    course = this_course()
    last = course.name_of(args.upto) if args.upto else course.written_lessons()[-1]
    build_site(course, last, course.root / SITE, lite=args.lite, pyodide=args.pyodide)
    print(f"Open {SITE}/index.html in a browser, or publish the folder.")
    return 0


def build_site(
    course: Course, last: str, site: Path, *, lite: bool = False, pyodide: str = ""
) -> None:
    """Build the site of the lessons up to `last` in the folder `site`, instead of what is there.

    Raises
    ------
    CommandError
        If a lesson does not run, or Sphinx warns of anything; the earlier site then stays.
    """
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        source, extra, built = (Path(folder, name) for name in ("source", "extra", "built"))
        lay_out(course, last, source, extra, lite)
        count = len(list(extra.rglob("*.ipynb")))
        print(f"{count} lessons run unsolved  {time.perf_counter() - started:.1f} s", flush=True)
        started = time.perf_counter()
        run_sphinx(source, extra, built)
        if lite:
            [wheel] = (extra / FILES).glob("*.whl")
            notebooks = sorted((extra / FILES).glob("*.ipynb"))
            build_lite(course.root, notebooks, wheel, built / LITE, pyodide)
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(built, site, ignore=shutil.ignore_patterns(*LEFT_OUT))
    pages = len([path for path in site.rglob("*.html") if LITE not in path.parts])
    print(f"{pages} pages  {time.perf_counter() - started:.1f} s", flush=True)


def lay_out(course: Course, last: str, source: Path, extra: Path, lite: bool) -> None:
    """Write what Sphinx reads, and beside it what the site offers as files.

    Sphinx reads the repository's own pages, in folders as they are there, so that links hold, and
    lessons and figures as they are shown.
    """
    root, known = course.root, addresses(course.root)
    shutil.copytree(root / "docs/pictures", source / "docs/pictures")
    shutil.copy(root / "README.md", source)
    for page in (root / "docs").glob("*.md"):
        shutil.copy(page, source / "docs")
    files = extra / FILES
    files.mkdir(parents=True)
    wheel = build_wheel(course, last, files)
    for page in (root / OWN).glob("*.md"):
        text = page.read_text("utf-8")
        (source / page.name).write_text(
            text.replace("{wheel}", f"{known.site or 'ADDRESS-OF-THIS-SITE/'}{FILES}/{wheel.name}"),
            "utf-8",
        )
    text = (root / TEXT).read_text("utf-8").rstrip()
    shutil.copy(root / SHEET, files)
    link = f'<a href="{FILES}/{Path(SHEET).name}">The same on one page, to print</a>'
    (source / "sheet.md").write_text(f"{text}\n\n{link}\n", "utf-8")
    nbformat.write(figures_page(), source / "figures.ipynb")
    [(*_, figure, _, _)] = gallery.figures(["FlipAndSlide"])
    (source / "first_figure.html").write_text(figure.html(), "utf-8")

    (source / "lessons").mkdir()
    lessons = course.written_lessons()
    lessons = lessons[: lessons.index(last) + 1]
    for name in lessons:
        page = lesson_page(course, name, links(name, known, lite))
        nbformat.write(page, source / "lessons" / f"{name}.ipynb")
        shutil.copy(root / notebook_path("release", name), files)
    entries = "\n".join(f"{name[:2]} {course.title_of(name)} <{name}>" for name in lessons)
    (source / "lessons/index.md").write_text(LESSONS.format(entries=entries), "utf-8")


LESSONS = """# Lessons

Each is one notebook: short cells to read, figures to play with, functions to write, and a check
under each.

```{{toctree}}
{entries}
```
"""


def links(lesson: str, known: Addresses, lite: bool) -> str:
    """Return the line under a lesson's title, from which it is opened as a notebook."""
    here = f"../{LITE}/lab/index.html?path={lesson}.ipynb"
    places = [
        *([(here, "Open in this browser")] if lite else []),
        (f"../{FILES}/{lesson}.ipynb", "Download the notebook"),
        *((address, host) for host, address in known.launch(lesson)),
        ("../elsewhere.html", "How to run it"),
    ]
    made = (f'<a href="{escape(address)}">{escape(words)}</a>' for address, words in places)
    return f'<p class="places">{" · ".join(made)}</p>'


def figures_page() -> NotebookNode:
    """Return the gallery as a notebook to be shown: each figure with what to try."""
    page = nbformat.v4.new_notebook(metadata=copy.deepcopy(KERNEL))
    page.cells = [nbformat.v4.new_markdown_cell(f"# Figures to play with\n\n{gallery.WORDS}")]
    for title, words, figure, code, sentence in gallery.figures():
        text = f"## {title}\n\n{words}\n\n**Try this.** {sentence}"
        shown = nbformat.v4.new_output("display_data", {"text/html": figure.html()})
        page.cells += [
            nbformat.v4.new_markdown_cell(text),
            nbformat.v4.new_code_cell(code, outputs=[shown]),
        ]
    return page


def build_wheel(course: Course, last: str, folder: Path) -> Path:
    """Build the wheel of `course` as students get it with the lesson `last`; return its path."""
    with tempfile.TemporaryDirectory() as tree:
        for name, path in student_files(course, last):
            target = Path(tree, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir"]
        done = subprocess.run([*build, str(folder), tree], capture_output=True, text=True)
    if done.returncode:
        raise CommandError(f"The wheel of course was not built.\n{done.stdout}{done.stderr}")
    [wheel] = folder.glob("*.whl")
    return wheel


def run_sphinx(source: Path, extra: Path, built: Path) -> None:
    """Build the pages, without a word where all is well.

    Raises
    ------
    CommandError
        With Sphinx's words, if it warns of anything or is not there.
    """
    options = ["-q", "-W", "--keep-going", "-c", str(HERE), "-D", f"html_extra_path={extra}"]
    places = ["-d", str(built) + ".trees", str(source), str(built)]
    done = subprocess.run(
        [sys.executable, "-c", START, "sphinx", *options, *places],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CommandError(f"The site was not built.\n{done.stdout}{done.stderr}")
