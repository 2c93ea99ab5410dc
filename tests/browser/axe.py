"""What axe-core finds on a page: barriers for readers who see, hear or move differently."""

from axe_playwright_python.sync_playwright import Axe


def barriers(page, *, colours=True):
    """List the serious and critical violations on a page, each with the places that have it.

    With `colours`, contrasts are measured too, which takes seconds on a long page; those of
    figures have tests of their own.
    """
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
