"""Lessons as pages and as slides, opened as files: live, complete, nothing asked of a network."""

import re

import pytest
from playwright.sync_api import expect

from autograder.notebooks.layout import this_course
from autograder.pages.export import exported
from autograder.pages.pages import PageExporter
from autograder.pages.slides import DeckExporter
from tests.browser.axe import barriers

LESSONS = this_course().written_lessons()
WITH_FIGURE = "01_sliding_window"
# What the deck's own script knows of the slide that is shown.
SHOWN = """() => {
  const slide = Reveal.getCurrentSlide();
  return {
    place: Reveal.getSlidePastCount(),
    title: slide.innerText.split("\\n")[0],
    titled: /^H[1-4]$/.test(slide.querySelector(".prose")?.firstElementChild?.tagName),
    long: slide.classList.contains("long"),
    wide: [...slide.querySelectorAll(".prose, .code, .shown")]
      .some(part => part.scrollWidth > part.clientWidth + 1),
    last: Reveal.isLastSlide(),
  };
}"""

# Turns to the last slide by the right arrow, and tells of each slide and fragment on the way.
WALK = f"""() => {{
  const shown = {SHOWN};
  const seen = [shown()];
  while (!seen.at(-1).last) {{
    const key = {{ key: "ArrowRight", keyCode: 39, bubbles: true, cancelable: true }};
    document.body.dispatchEvent(new KeyboardEvent("keydown", key));
    seen.push(shown());
  }}
  return seen;
}}"""

# The sizes, on the screen, of the letters in the cells of the figures on the slide that is shown.
LETTERS = """() => [...Reveal.getCurrentSlide().querySelectorAll(".course-figure > div > div")]
  .flatMap(el => [...el.shadowRoot?.querySelectorAll("[role=gridcell]") ?? []])
  .map(td => parseFloat(getComputedStyle(td).fontSize)
    * td.getBoundingClientRect().height / td.offsetHeight)"""

# Of the figure on the slide that is shown: the letters of its numbers and of its words, as above.
NUMBERS_AND_WORDS = """name => {
  const slide = document.querySelector(`[data-figure="${name}"]`).closest("section");
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v);
  const host = slide.querySelector(`[data-figure="${name}"] > div:last-child > div`);
  const sizes = (where) => [...host.shadowRoot.querySelectorAll(where)]
    .filter(e => e.offsetHeight && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => parseFloat(getComputedStyle(e).fontSize)
      * e.getBoundingClientRect().height / e.offsetHeight);
  return {
    numbers: sizes("[role=gridcell], [role=gridcell] *"),
    words: sizes(".words-line *"),
    cut: slide.classList.contains("long") || host.scrollWidth > host.clientWidth,
    below: host.getBoundingClientRect().bottom - innerHeight,
  };
}"""


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Export a lesson once for all tests that open the file."""
    folder = tmp_path_factory.mktemp("exports")
    exporters = {kind: kind() for kind in (DeckExporter, PageExporter)}

    def export(kind, lesson):
        path = folder / f"{kind.__name__}-{lesson}.html"
        if not path.exists():
            path.write_text(exported(this_course(), lesson, exporters[kind]), "utf-8")
        return path

    return export


@pytest.fixture
def opened(open_offline, exports):
    """Open a lesson's file."""

    def open_it(kind, lesson=WITH_FIGURE, **settings):
        return open_offline(exports(kind, lesson), **settings)

    return open_it


def test_a_page_is_live_without_a_kernel(opened):
    """Do its figures answer the pointer, and are formulas formulas?"""
    page = opened(PageExporter)
    figure = page.locator(".course-figure").first
    status = figure.get_by_role("status")
    before = status.inner_text()
    figure.get_by_role("gridcell").first.hover()
    expect(status).not_to_have_text(before)
    assert page.locator("math").count() > 20
    assert "$" not in page.locator("main").inner_text()


def test_a_page_stands_without_scripts(opened):
    """Do tables stand where figures would be, and pictures with their alt texts?"""
    page = opened(PageExporter, java_script_enabled=False)
    expect(page.locator(".figure-tables table").first).to_be_visible()
    pictures = page.locator("main img")
    assert pictures.count()
    assert all(picture.get_attribute("alt") for picture in pictures.all())


def test_a_page_fits_a_phone(opened):
    """At 360 px, does the page never scroll sideways?"""
    page = opened(PageExporter, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_slide_of_a_lesson_fits_the_screen(opened, lesson):
    """Does the right arrow reach every slide, and is none cut off below or at its side?"""
    page = opened(DeckExporter, lesson, width=1280)
    page.wait_for_function("window.Reveal?.isReady()")
    slides = page.evaluate(WALK)
    places = {slide["place"] for slide in slides}  # a fragment stays on its slide
    assert len(places) == page.evaluate("Reveal.getTotalSlides()")
    assert [slide["title"] for slide in slides if slide["long"] or slide["wide"]] == []
    assert [slide for slide in slides if not slide["titled"]] == []


@pytest.fixture
def deck(opened):
    """Open a deck at its first figure: the page, and the figure."""
    page = opened(DeckExporter, width=1280)
    page.wait_for_function("window.Reveal?.isReady()")
    figure = page.locator("section.present:not(.stack) .course-figure")
    while not figure.get_by_role("gridcell").count():
        page.keyboard.press("Space")
    return page, figure


def test_a_figure_on_a_slide_keeps_its_keys(deck):
    """Do arrows walk in a figure with the focus, and do PageDown and one Esc lead out of it?

    PageDown does where a button of the figure has the focus, too.
    """
    page, figure = deck
    number = page.evaluate("Reveal.getSlidePastCount()")
    figure.get_by_role("gridcell").first.click()
    status = figure.get_by_role("status")
    before = status.inner_text()
    page.keyboard.press("ArrowRight")
    expect(status).not_to_have_text(before)
    assert page.evaluate("Reveal.getSlidePastCount()") == number
    page.keyboard.press("PageDown")
    assert page.evaluate("Reveal.getSlidePastCount()") == number + 1
    page.keyboard.press("ArrowLeft")  # the figure has lost the focus with its slide
    figure.get_by_role("button", name="Step", exact=True).click()
    page.keyboard.press("PageDown")
    assert page.evaluate("Reveal.getSlidePastCount()") == number + 1
    page.keyboard.press("ArrowLeft")
    figure.get_by_role("gridcell").first.click()
    page.keyboard.press("Escape")
    expect(page.locator(":focus")).to_have_count(0)
    page.keyboard.press("Escape")  # as the figure's own hint says: it opens nothing
    assert not page.evaluate("Reveal.isOverview()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getSlidePastCount()") == number + 1


def test_notes_follow_the_slides_in_a_window_of_their_own(opened):
    """From a disk, does S show the notes, do they follow, and do keys there turn the deck?"""
    page = opened(DeckExporter, width=1280)
    page.wait_for_function("window.Reveal?.isReady()")
    with page.context.expect_page() as coming:
        page.keyboard.press("s")
    notes = coming.value
    expect(notes.locator("#notes")).to_contain_text("Ask who has seen a blurred photograph")
    expect(notes.locator("#next")).to_have_text("Slide by hand")
    notes.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getSlidePastCount()") == 1
    expect(notes.locator("#notes")).to_contain_text("Compute 14 on the board")
    page.bring_to_front()
    page.keyboard.press("Space")
    expect(notes.locator("#place")).to_contain_text("3 of")
    page.keyboard.press("s")  # the same window again
    assert page.context.pages.count(notes) == 1
    assert "Compute 14" not in page.locator(".slides").inner_text()


def test_a_spot_follows_the_mouse_and_a_place_can_be_made_large(opened):
    """Does Q show and hide the pointer, and do Ctrl + click and Esc zoom in and out?"""
    page = opened(DeckExporter, width=1280)
    page.wait_for_function("window.Reveal?.isReady()")
    spot = page.locator(".pointer")
    expect(spot).to_be_hidden()
    page.keyboard.press("q")
    page.mouse.move(300, 200)
    expect(spot).to_be_visible()
    box = spot.bounding_box()
    assert abs(box["x"] + box["width"] / 2 - 300) <= 1
    assert abs(box["y"] + box["height"] / 2 - 200) <= 1
    page.keyboard.press("q")
    expect(spot).to_be_hidden()
    page.keyboard.down("Control")
    page.mouse.click(300, 200)
    page.keyboard.up("Control")
    enlarged = re.compile(r"scale\(2\)")
    expect(page.locator("body")).to_have_attribute("style", enlarged)
    page.keyboard.press("Escape")
    expect(page.locator("body")).not_to_have_attribute("style", enlarged)


def test_esc_leaves_the_list_of_keys_and_the_view_of_all_slides(opened):
    """Does ? list the deck's own keys too, and does Esc close it, and what O opens?"""
    page = opened(DeckExporter, width=1280)
    page.wait_for_function("window.Reveal?.isReady()")
    page.keyboard.press("Shift+Slash")
    for words in ("Speaker notes", "Pointer", "All slides; Esc goes back"):
        expect(page.get_by_text(words)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Speaker notes")).to_have_count(0)
    page.keyboard.press("o")
    assert page.evaluate("Reveal.isOverview()")
    page.keyboard.press("Escape")
    assert not page.evaluate("Reveal.isOverview()")


@pytest.mark.parametrize("kind", [PageExporter, DeckExporter])
def test_a_drawing_follows_the_theme(opened, kind):
    """Is a plot light on dark where the page is dark, and as it was drawn where it is light?"""
    page = opened(kind)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        looks = page.locator("img.course-drawing").evaluate_all(
            "imgs => imgs.map(img => getComputedStyle(img).filter)"
        )
        assert len(looks) >= 2
        assert {look != "none" for look in looks} == {scheme == "dark"}
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") == (scheme == "light")


def test_a_figure_on_a_slide_can_be_read_from_afar(opened):
    """On a projector of 1024 × 768, are no letters in a cell smaller than 16 pixels?"""
    page = opened(DeckExporter, width=1024)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.wait_for_function("window.Reveal?.isReady()")
    seen = []
    while not page.evaluate(SHOWN)["last"]:
        page.keyboard.press("ArrowRight")
        seen += page.evaluate(LETTERS)
    assert len(seen) > 20
    assert round(min(seen)) >= 16  # the browser rounds a cell to whole pixels


@pytest.mark.parametrize(
    ("lesson", "figure"), [("04_conv2d_loops", "kernel_lab"), ("13_capstone", "draw_digit")]
)
def test_numbers_of_a_figure_are_as_large_as_its_words(opened, lesson, figure):
    """On a projector's slide, does a full figure fit, no number smaller than the prose beside?

    A slide is as tall as the window, and follows when the window becomes taller or wider.
    """
    page = opened(DeckExporter, lesson, width=1024)
    page.wait_for_function("window.Reveal?.isReady()")
    for width, height, tall in [(1024, 768, 960), (1920, 1080, 760)]:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("tall => Reveal.getConfig().height === tall", arg=tall)
        shown = page.evaluate(NUMBERS_AND_WORDS, figure)
        assert not shown["cut"]
        assert shown["below"] <= 0
        assert len(shown["numbers"]) > 15
        # The browser rounds a cell, and so its measured height, to whole pixels.
        assert min(shown["numbers"]) >= max(shown["words"]) - 0.5
        assert min(shown["numbers"]) >= 12


def test_a_deck_shows_no_answer_and_shuts_nobody_out(opened):
    """Are solutions, checks and model answers off the slides, and has the first no barrier?"""
    page = opened(DeckExporter, width=1280)
    page.wait_for_function("window.Reveal?.isReady()")
    text = page.locator(".slides").evaluate("el => el.textContent")
    assert "Exercise 1: correlate" in text
    for word in ("def correlate1d", "check(", "The second network learns"):
        assert word not in text
    assert barriers(page) == []
