"""Chromium for the browser tests: no network, no sleeps, every page closed after its test.

A page is new for each test; the process that draws it is kept, because starting one takes longer
than most tests.  JupyterLab's page is kept, too: each test opens a new notebook in it.
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
from tests.browser.stage import EMPTY, Stage


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

        def open_page(
            html="",
            *,
            width=900,
            reduced_motion="reduce",
            color_scheme="light",
            alone=False,
            **settings,
        ):
            context = (
                used.enter_context(kept_context(chromium, **settings))
                if alone
                else contexts(**settings)
            )
            used.enter_context(fresh_pages(context))
            context.route("**/*", lambda route: refuse(route, wrong))
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": 700})
            page.emulate_media(reduced_motion=reduced_motion, color_scheme=color_scheme)
            page.set_default_timeout(5000)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.set_content(f"{EMPTY}{html}")
            return page

        yield open_page


def refuse(route, wrong):
    """Note a request, and do not let it leave the page."""
    wrong.append(f"a request left the page: {route.request.url}")
    route.abort()


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
    """Give out pages to draw figures on, until they are given back; what goes wrong there is noted.

    Their contexts are their own, for a page of another kind would be closed after its test.
    """
    with contextlib.ExitStack() as open_ones:
        free, wrong = defaultdict(list), []

        def stage_of(**settings):
            key = frozenset(settings.items())
            if not free[key]:
                context = open_ones.enter_context(kept_context(chromium, **settings))
                context.route("**/*", lambda route: refuse(route, wrong))
                page = context.new_page()
                page.set_default_timeout(5000)
                page.on("pageerror", lambda error: wrong.append(str(error)))
                free[key].append(Stage(page))
            return free[key], free[key].pop()

        yield stage_of, wrong


@pytest.fixture
def mount(blank_page, stages):
    """Draw a figure in a page, as `Stage.draw` says; one that is `alone` is closed after its test.

    A page is drawn on again by a later test, never by the same one.
    """
    stage_of, wrong = stages
    wrong.clear()
    taken = []

    def mount(
        figure,
        html="",
        *,
        width=900,
        reduced_motion="reduce",
        color_scheme="light",
        alone=False,
        **settings,
    ):
        if alone:
            stage = Stage(blank_page(alone=True, **settings))
        else:
            free, stage = stage_of(**settings)
            taken.append((free, stage))
        media = {"reduced_motion": reduced_motion, "color_scheme": color_scheme}
        stage.draw(figure, html, width=width, **media)
        return stage.page

    yield mount
    for free, stage in taken:
        free.append(stage)
    assert wrong == []
