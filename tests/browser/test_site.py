"""The site of two lessons, opened from the disk: whole, live, open to all, without answers."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect

from autograder.notebooks.layout import notebook_path, this_course
from autograder.notebooks.leaks import find_site_leaks
from autograder.site.build import FILES, build_site
from tests.browser.axe import barriers
from tests.browser.hosts import answers, figure

FIRST, LAST = "01_sliding_window", "02_gradients_1d"
# Where a page names what a browser loads; a link is followed only when it is clicked.
LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder with the site of two lessons."""
    folder = tmp_path_factory.mktemp("site") / "site"
    build_site(this_course(), LAST, folder)
    return folder


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


def test_every_link_leads_somewhere(site):
    """Does each link within the site name a file that is there, and a place in it?"""
    pages = {path: Page(path) for path in site.rglob("*.html")}
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
    for path in site.rglob("*.html"):
        strangers = [a for a in Page(path).loaded if re.match(r"(\w+:)?//|/", a)]
        assert strangers == [], path
    for path in site.rglob("*.css"):
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
    page = opened("index.html", width=1280)
    answers(figure(page, "FlipAndSlide"))
    expect(page.get_by_role("img", name="All eight figures")).to_be_visible()
    page.get_by_role("link", name="Seven more figures").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(8)
    answers(figure(page, "Im2Col"))
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator(".figure.dark")).to_have_count(8)


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
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)


@pytest.mark.parametrize(
    ("name", "colours"),
    [
        ("index.html", True),
        (f"lessons/{FIRST}.html", True),
        (f"lessons/{LAST}.html", False),
        ("figures.html", False),
    ],
)
def test_nothing_on_it_shuts_anybody_out(opened, name, colours):
    """Does axe-core find no serious barrier?"""
    assert barriers(opened(name), colours=colours) == []
