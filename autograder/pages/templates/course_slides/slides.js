// Start the deck, and make slides that are taller than the screen fit on it.
const WIDTH = 1280;
const HEIGHT = 760; // on paper, and at 16:9
const SMALL = 0.7; // of the usual size: down to here the letters of figures stay as they are
const SMALLEST = 0.6; // below that, a slide scrolls instead
const CELLS = { usual: 16, least: 9 }; // letters of figures, in pixels of the screen

/** On a screen a slide is as tall as the window allows: 960 pixels at 4:3. */
function heightOf() {
  return Math.max(HEIGHT, Math.min(960, Math.round((WIDTH * innerHeight) / innerWidth)));
}

/** Make what is shown smaller: first the slide, then its figures' letters, then both. */
function smaller({ size, cells }) {
  if (size > SMALL || (cells === CELLS.least && size > SMALLEST)) {
    return { size: Math.round(100 * size - 5) / 100, cells };
  }
  return cells > CELLS.least ? { size, cells: cells - 1 } : null;
}

/** Shrink a slide until it fits into `room`; `scale`: pixels of the screen for one of the slide. */
function fit(slide, room, scale) {
  slide.classList.remove("long");
  for (let next = { size: 1, cells: CELLS.usual }; next !== null; next = smaller(next)) {
    slide.style.zoom = next.size;
    slide.style.setProperty("--screen", 1 / (next.size * scale));
    slide.style.setProperty("--cells", `${next.cells}px`);
    if (slide.getBoundingClientRect().height <= room) break;
  }
  slide.classList.toggle("long", slide.getBoundingClientRect().height > room);
}

/** Let the figures keep their colours on paper, where the deck shows backgrounds. */
function keepColours() {
  for (const host of document.querySelectorAll(".course-figure > div > div")) {
    for (const { cssRules } of host.shadowRoot?.styleSheets ?? []) {
      for (const print of [...cssRules].filter((rule) => rule.media?.mediaText === "print")) {
        const cells = [...print.cssRules].findIndex((rule) => rule.selectorText === ".cell");
        if (cells >= 0) print.deleteRule(cells);
      }
    }
  }
}

/** Lay every slide on a page of its own, at once: a browser without a window waits for no more. */
function layOnPaper() {
  document.documentElement.classList.add("print-pdf"); // reveal.css leaves it alone
  keepColours();
  for (const slide of document.querySelectorAll(".slides section section")) fit(slide, HEIGHT, 1);
}

/** Start the deck on a screen. */
async function show(deck) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // Esc leaves a figure, so it opens nothing; O shows all slides.
  const back = () => {
    deck.toggleHelp(false);
    deck.toggleOverview(false);
  };
  await deck.initialize({
    width: WIDTH,
    height: heightOf(),
    margin: 0.04,
    center: false,
    hash: true,
    navigationMode: "linear", // the right arrow goes through every slide, those with figures too
    slideNumber: "c/t",
    transition: still ? "none" : "slide",
    transitionSpeed: "fast",
    keyboard: { 27: back },
    plugins: [RevealZoom],
  });
  const room = () => deck.getSlidesElement().getBoundingClientRect().height;
  const fitThis = () => fit(deck.getCurrentSlide(), room(), deck.getScale());
  for (const event of ["slidechanged", "resize"]) deck.on(event, fitThis);
  addEventListener("load", fitThis);
  addEventListener("resize", () => deck.configure({ height: heightOf() }));
  fitThis();
  listen(deck);
  deck.registerKeyboardShortcut("ESC, O", "All slides; Esc goes back");
  deck.addKeyBinding({ keyCode: 83, key: "S", description: "Speaker notes" }, speaker(deck));
  deck.addKeyBinding({ keyCode: 81, key: "Q", description: "Pointer" }, pointer());
}

if (location.search === "?print-pdf") addEventListener("load", layOnPaper);
else show(Reveal);
