"""Chromium for the browser tests: no network, no sleeps, and what is slow to start is kept.

One process draws all pages of a worker.  Pages of HTML are new for each test; figures alone are
drawn on pages that are kept, each in an empty document, and JupyterLab's page is kept, in which
each test opens a notebook of its own.
"""

import contextlib
from collections import defaultdict

import pytest

from tests.browser.chromium import (
    executable,
    fresh_pages,
    kept_context,
    launch,
    local_page,
    stays_here,
)
from tests.browser.jupyter import serve
from tests.browser.stage import EMPTY, Stage, parted, set_looks


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium for the whole run; its tests are skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if executable() is None:
        pytest.skip("no Chromium: install Debian's chromium, or name one in $CHROMIUM")
    with sync_api.sync_playwright() as playwright, launch(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def contexts(chromium):
    """Contexts by what cannot be set page by page: offline or not, with scripts or without."""
    with contextlib.ExitStack() as open_ones:
        kept = {}

        def context_of(**settings):
            key = frozenset(settings.items())
            if key not in kept:
                kept[key] = open_ones.enter_context(kept_context(chromium, **settings))
            return kept[key]

        yield context_of


@pytest.fixture
def wrong():
    """What goes wrong in a test's pages, errors and outside requests: it fails the test."""
    wrong = []
    yield wrong
    assert wrong == []


@pytest.fixture
def blank_page(chromium, contexts, wrong):
    """Open pages that hold one piece of HTML; errors and outside requests fail the test.

    A page that is `alone` shares no clock, which is its whole context's, with another.
    """
    with contextlib.ExitStack() as used:

        def open_page(html="", *, alone=False, **settings):
            looks, settings = parted(settings)
            context = (
                used.enter_context(kept_context(chromium, **settings))
                if alone
                else contexts(**settings)
            )
            used.enter_context(fresh_pages(context))
            page = watched_page(context, wrong)
            set_looks(page, **looks)
            page.set_content(f"{EMPTY}{html}")
            return page

        yield open_page


def watched_page(context, wrong):
    """Open a page; its errors are noted in `wrong`, and requests, which are refused."""

    def refuse(route):
        wrong.append(f"a request left the page: {route.request.url}")
        route.abort()

    context.route("**/*", refuse)
    page = context.new_page()
    page.set_default_timeout(5000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page


@pytest.fixture
def open_offline(blank_page):
    """Open an HTML file from disk with the network off; asking for anything else fails the test."""
    opened = []

    def open_file(path, **settings):
        page = blank_page(offline=True, **settings)
        page.context.unroute_all()
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        opened.append((path.as_uri(), requests))
        return page

    yield open_file
    for address, requests in opened:
        assert {url.partition("#")[0] for url in requests} == {address}


@pytest.fixture(scope="session")
def host_context(chromium):
    """The context of pages from a Jupyter server, whose scripts it reads once."""
    with kept_context(
        chromium, viewport={"width": 1200, "height": 900}, reduced_motion="reduce"
    ) as context:
        yield context


@pytest.fixture(name="local_page")
def _local_page(host_context):
    """A page that may talk to this machine alone; any other request fails the test."""
    with local_page(host_context) as page:
        yield page


@pytest.fixture(scope="session")
def jupyter(chromium, tmp_path_factory):
    """JupyterLab and Notebook 7 on a folder of their own."""
    with serve(tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("private")) as server:
        yield server


@pytest.fixture(scope="session")
def lab(jupyter, host_context):
    """JupyterLab in a page that stays open for all its tests."""
    from tests.browser.lab import Lab

    with fresh_pages(host_context):
        yield Lab(host_context.new_page(), jupyter)


@pytest.fixture
def open_in_lab(lab):
    """Open a notebook in JupyterLab, alone; a request to another machine fails the test."""
    with stays_here(lab.page.context):
        yield lab.open


@pytest.fixture(scope="session")
def stages(chromium):
    """Give out pages to draw figures on, each with the list that it is to be put back into.

    What goes wrong in them is noted. Their contexts are their own, because pages in those of
    `contexts` are closed after a test.
    """
    free, wrong = defaultdict(list), []

    def stage_of(**settings):
        stages = free[frozenset(settings.items())]
        if not stages:
            stages.append(Stage(watched_page(chromium.new_context(**settings), wrong)))
        return stages.pop(), stages

    return stage_of, wrong


@pytest.fixture
def mount(blank_page, stages):
    """Draw a figure in a page, as `Stage.draw` says; one that is `alone` is closed after its test.

    A page is drawn on again by a later test, never by the same one.
    """
    stage_of, wrong = stages
    wrong.clear()
    taken = []

    def mount(figure, html="", *, alone=False, **settings):
        looks, settings = parted(settings)
        if alone:
            stage = Stage(blank_page(alone=True, **settings))
        else:
            stage, place = stage_of(**settings)
            taken.append((stage, place))
        stage.draw(figure, html, looks)
        return stage.page

    yield mount
    for stage, place in reversed(taken):  # the first has read the most modules
        place.append(stage)
    assert wrong == []
