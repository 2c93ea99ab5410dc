"""The gallery opened as a file: every figure alive, no request, no scrolling sideways."""

import pytest
from playwright.sync_api import expect

from course import widgets
from course.widgets.gallery import page as gallery
from tests.browser.hosts import answers, figure


@pytest.fixture
def opened(open_offline, tmp_path):
    """Open the gallery as a file."""

    def open_it(**settings):
        path = tmp_path / "gallery.html"
        path.write_text(gallery(), "utf-8")
        return open_offline(path, **settings)

    return open_it


def test_every_figure_is_alive_and_nothing_is_asked_for(opened):
    """Does each answer the pointer, without a kernel and without a request?"""
    page = opened()
    expect(page.get_by_role("status")).to_have_count(len(widgets.__all__))
    expect(page.locator(".figure-tables:visible")).to_have_count(0)
    for name in widgets.__all__:
        answers(figure(page, name))


def test_a_figure_of_the_page_is_taken_along(opened):
    """Under the page's own policy, which allows no address, are both pictures saved?"""
    panel = figure(opened(), "Im2Col")
    panel.get_by_role("button", name="Take along").click()
    for kind in ("png", "svg"):
        with panel.page.expect_download() as download:
            panel.get_by_role("button", name=f"Save as {kind.upper()}").click()
        assert download.value.suggested_filename == f"im2col.{kind}"
        assert download.value.path().stat().st_size > 10_000


def test_a_phone_shows_it_in_both_themes(opened):
    """At 360 px, does the page never scroll sideways, and do the figures follow the theme?"""
    page = opened(width=360)
    for scheme, dark in [("light", 0), ("dark", len(widgets.__all__))]:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".figure.dark")).to_have_count(dark)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("main")).to_have_count(1)


def test_without_scripts_it_is_tables(opened):
    """With scripts off, do titles, sentences and tables stand?"""
    page = opened(java_script_enabled=False)
    assert page.get_by_role("heading", level=2).count() == len(widgets.__all__)
    assert page.get_by_role("table").count() >= 2 * len(widgets.__all__)
