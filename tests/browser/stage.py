"""A page on which figures are drawn one after another: a new page takes longer than most tests."""

EMPTY = '<!doctype html><html lang="en"><title>One figure</title>'
# Forgets the figure before and all that its test has noted, and keeps the modules that were read.
DRAW = """async ({ name, source, state }) => {
    const kept = window[Symbol.for("kept")] ??= { names: Object.keys(window), modules: {} };
    for (const key of Object.keys(window)) if (!kept.names.includes(key)) delete window[key];
    if (source) {
        const file = new Blob([source], { type: "text/javascript" });
        kept.modules[name] = await import(URL.createObjectURL(file));
    }
    window.module = kept.modules[name];
    window.model = new module.Model(state);
    const el = document.getElementById("place");
    window.close_figure = module.default.render({ model, el });
    // The cells of a large sheet are made in the figure's first frame.
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
}"""


LOOKS = {"width": 900, "height": 700, "reduced_motion": "reduce", "color_scheme": "light"}


def parted(settings):
    """Part settings into a page's looks, as LOOKS has them unless they are given, and the rest."""
    looks = LOOKS | {name: value for name, value in settings.items() if name in LOOKS}
    return looks, {name: value for name, value in settings.items() if name not in LOOKS}


def set_looks(page, *, width, height, **media):
    """Give a page a size in pixels and the media features that its reader has asked for."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media="null", forced_colors="null", **media)


class Stage:
    """One page; `read` are the figures whose modules it has."""

    def __init__(self, page):
        self.page = page
        self.read = set()

    def draw(self, figure, html, looks):
        """Draw a figure in an empty document, with the pointer away, and let it draw a frame.

        The page's variables `module` and `model` are the ES module's exports and the model, which
        is the stand-in for the widget's; `close_figure` ends the view.
        """
        page = self.page
        page.evaluate("window.close_figure?.()")
        page.mouse.move(-1, -1)
        set_looks(page, **looks)
        page.set_content(f'{EMPTY}{html}<main id="place"></main>')
        source = None if figure.figure in self.read else figure._esm
        what = {"name": figure.figure, "source": source, "state": figure.state()}
        page.evaluate(DRAW, what)
        self.read.add(figure.figure)
