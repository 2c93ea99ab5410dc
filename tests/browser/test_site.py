"""The site of two lessons, opened from the disk: whole, live, open to all, without answers."""

import functools
import http.server
import re
import threading
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect

from autograder.notebooks.layout import notebook_path, this_course
from autograder.notebooks.leaks import find_site_leaks
from autograder.site.build import FILES, build_site
from autograder.site.lite import ENVIRONMENT, LITE
from tests.browser.axe import barriers
from tests.browser.hosts import FIGURES, answers, figure

FIRST, LAST = "01_sliding_window", "02_gradients_1d"
# Where a page names what a browser loads; a link is followed only when it is clicked.
LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}


ROOT = this_course().root
HAS_LITE = (ROOT / ENVIRONMENT / "wheels").is_dir()
PYODIDE = ROOT / ".venv/pyodide"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder with the site of two lessons, and JupyterLite where it is installed."""
    folder = tmp_path_factory.mktemp("site") / "site"
    pyodide = str(PYODIDE) if PYODIDE.is_dir() else ""
    build_site(this_course(), LAST, folder, lite=HAS_LITE, pyodide=pyodide)
    return folder


@pytest.fixture(scope="session")
def address(site):
    """Where a server of files shows the site; JupyterLite does not run from the disk."""
    if not HAS_LITE:
        pytest.skip("JupyterLite is not installed: run `make .venv/lite.done`")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *words):
            pass

    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def opened(site, blank_page):
    """Open a page of the site as a file, with the network off; it may ask for the site's files."""
    asked = []

    def open_page(name, **settings):
        page = blank_page(offline=True, **settings)
        page.context.unroute_all()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site / name).as_uri())
        return page

    yield open_page
    assert [url for url in asked if not url.startswith((site.as_uri(), "data:", "blob:"))] == []


class Page(HTMLParser):
    """What a page loads, what it links, and the places in it that can be linked."""

    def __init__(self, path):
        super().__init__()
        self.loaded, self.linked, self.places = [], [], set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        """Keep the addresses and the ids of one tag."""
        attrs = dict(attrs)
        self.places |= {attrs.get("id"), attrs.get("name")}
        if tag == "a" and "href" in attrs:
            self.linked.append(attrs["href"])
        elif LOADED.get(tag) in attrs:
            self.loaded.append(attrs[LOADED[tag]])


def pages_of(site):
    """List the site's own pages; JupyterLite's are another's."""
    return [path for path in site.rglob("*.html") if site / LITE not in path.parents]


def test_every_link_leads_somewhere(site):
    """Does each link within the site name a file that is there, and a place in it?"""
    pages = {path: Page(path) for path in pages_of(site)}
    wrong = []
    for path, page in pages.items():
        for address in page.loaded + page.linked:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not target.is_file() or (place and place not in pages[target].places):
                wrong.append((path.name, address))
    assert wrong == []
    assert f"../{FILES}/{FIRST}.ipynb" in pages[site / f"lessons/{FIRST}.html"].linked


def test_no_page_loads_anything_from_elsewhere(site):
    """Do pages and styles load from the site alone, wherever it lies?"""
    for path in pages_of(site):
        strangers = [a for a in Page(path).loaded if re.match(r"(\w+:)?//|/", a)]
        assert strangers == [], path
    for path in (site / "_static").rglob("*.css"):
        style = path.read_text("utf-8")
        assert re.findall(r"(?:@import|url\()\s*['\"]?(?:\w+:)?//[^)]*", style) == [], path


def test_the_site_shows_no_answer(site):
    """Is no solution line, model answer or word of the hidden tests on any page?"""
    course = this_course()
    assert find_site_leaks(course, site) == []
    for name in (FIRST, LAST):
        given = (course.root / notebook_path("release", name)).read_bytes()
        assert (site / FILES / f"{name}.ipynb").read_bytes() == given


def test_the_home_page_has_something_to_try(opened):
    """Is its figure alive, and do its links lead to the first lesson and to all figures?"""
    page = opened("index.html", width=1280, alone=True)  # the browser keeps a chosen theme
    answers(figure(page, "FlipAndSlide"))
    expect(page.get_by_role("img", name=re.compile("^All figures of the course"))).to_be_visible()
    page.get_by_role("link", name="More figures").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(len(FIGURES))
    answers(figure(page, "Im2Col"))
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator(".figure.dark")).to_have_count(len(FIGURES))


def test_a_lesson_stands_as_learners_get_it(opened):
    """Are answers to be written, checks waiting, figures alive and predictions still to make?"""
    page = opened(f"lessons/{FIRST}.html")
    answers(figure(page, "FlipAndSlide").first)
    words = page.locator("article").inner_text()
    assert words.count("raise NotImplementedError") == 5
    assert "correlate1d, values: not written yet" in words
    assert page.get_by_text("Check, 2 points").count() >= 1
    assert "$" not in words
    page.get_by_role("link", name=re.compile("^next")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Derive both gradients")
    told = page.get_by_text("the loss rose by 123.0")
    expect(told).to_be_hidden()
    page.locator("details", has=told).locator("summary").click()
    expect(told).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_a_lesson(opened, scheme):
    """At 360 px, does the page never scroll sideways, and does it follow the theme?"""
    page = opened(f"lessons/{LAST}.html", width=360, color_scheme=scheme)
    page.wait_for_function("document.documentElement.scrollWidth <= 360")
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)


@pytest.mark.parametrize(
    ("name", "colours"),
    [
        ("index.html", True),
        (f"lessons/{FIRST}.html", False),
        ("figures.html", False),
    ],
)
def test_nothing_on_it_shuts_anybody_out(opened, name, colours):
    """Does axe-core find no serious barrier?"""
    assert barriers(opened(name), colours=colours) == []


def test_a_barrier_would_be_seen(blank_page):
    """Is a picture without words found, and a pale text where colours are asked for?"""
    page = blank_page('<img src="data:,"><p style="color: #ddd; background: #fff">pale</p>')
    assert [name for name, _ in barriers(page)] == ["color-contrast", "image-alt"]
    assert [name for name, _ in barriers(page, colours=False)] == ["image-alt"]


# In a new cell; what it prints names what the machine is and what it lacks.
PROBE = """import sys, anywidget, course
try:
    import course.checks
except ImportError as error:
    print(sys.platform, f"{course.__name__}: {error}")"""


def test_the_browsers_jupyter_has_lessons_wheel_and_kernel(site, address, local_page):
    """Are lessons and wheel the released ones, and does a lesson's link open it with a kernel?

    There `course` wants numpy alone, which comes with Pyodide's release; this copy is without.
    """
    course = this_course()
    for name in (FIRST, LAST):
        given = (course.root / notebook_path("release", name)).read_bytes()
        assert (site / LITE / "files" / f"{name}.ipynb").read_bytes() == given
    [wheel] = (site / FILES).glob("*.whl")
    assert (site / LITE / "pypi" / wheel.name).read_bytes() == wheel.read_bytes()
    local_page.goto(f"{address}/lessons/{FIRST}.html")
    local_page.get_by_role("link", name="Open in this browser").click()
    listed = local_page.locator(".jp-DirListing-itemText")
    expect(listed).to_have_text([f"{FIRST}.ipynb", f"{LAST}.ipynb"], timeout=60_000)
    if not PYODIDE.is_dir():
        pytest.skip("no Pyodide to run: run `make .venv/pyodide.done`, which needs npm")
    prose = local_page.locator("p", has_text="Lay the kernel over the first three samples")
    prose.click(timeout=60_000)
    local_page.keyboard.press("b")  # a cell below
    local_page.keyboard.press("Enter")
    local_page.keyboard.insert_text(PROBE)
    local_page.keyboard.press("Control+Enter")
    shown = local_page.locator(".jp-OutputArea-output", has_text="emscripten")
    expect(shown).to_contain_text("course: No module named 'numpy'", timeout=120_000)
