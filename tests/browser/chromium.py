"""Debian's Chromium for tests and pictures, kept off the network."""

import contextlib

from course.widgets.film import executable


def launch(playwright):
    """Start a headless Chromium that finds no other machine.

    Refusing requests by a route would do as well, but switches the cache off, and JupyterLab
    takes seconds of a processor to load without it.
    """
    return playwright.chromium.launch(
        executable_path=executable(),
        args=[
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--renderer-process-limit=1",
        ],
    )


@contextlib.contextmanager
def kept_context(browser, **settings):
    """Make a context for many pages; an idle one keeps alive the process that draws them."""
    context = browser.new_context(**settings)
    context.new_page()
    yield context
    context.close()


@contextlib.contextmanager
def fresh_pages(context):
    """Close, at the end, every page that is opened in the block."""
    before = list(context.pages)
    yield
    context.unroute_all()
    for page in context.pages:
        if page not in before:
            page.close()


@contextlib.contextmanager
def stays_here(context, known=()):
    """Let pages talk to this machine alone: any other request in the block fails the test.

    Addresses that begin with one of `known` may be asked for, and are not found.
    """
    here = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:", *known)
    outside = []

    def note(request):
        if not request.url.startswith(here):
            outside.append(request.url)

    context.on("request", note)
    yield
    context.remove_listener("request", note)
    assert outside == []


@contextlib.contextmanager
def local_page(context, known=()):
    """Open a page that may talk to this machine alone, as `stays_here` says."""
    with stays_here(context, known), fresh_pages(context):
        yield context.new_page()
