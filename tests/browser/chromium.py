"""Debian's Chromium for tests and pictures, kept off the network."""

import contextlib
import os
import shutil


def executable():
    """Return the path of a Chromium: $CHROMIUM, else the one on the path, else None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def launch(playwright):
    """Start a headless Chromium that asks nobody for anything."""
    return playwright.chromium.launch(
        executable_path=executable(),
        args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
    )


@contextlib.contextmanager
def local_page(browser, known=()):
    """Open a page that may talk to this machine alone; any other request fails the test.

    Addresses that begin with one of `known` are refused without failing it.
    """
    outside = []
    context = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")

    def only_here(route):
        if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            route.continue_()
            return
        if not route.request.url.startswith(tuple(known)):
            outside.append(route.request.url)
        route.abort()

    context.route("**/*", only_here)
    yield context.new_page()
    context.close()
    assert outside == []
