"""Debian's Chromium for tests and pictures, kept off the network."""

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
