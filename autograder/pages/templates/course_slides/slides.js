// Start the deck, and make slides that are taller than the screen fit on it.
const SMALL = 0.7; // of the usual size: down to here the letters of figures stay as they are
const SMALLEST = 0.6; // below that, a slide scrolls instead
const CELLS = { usual: 16, least: 9 }; // letters of figures, in pixels of the screen

/** Make what is shown smaller: first the slide, then its figures' letters, then both. */
function smaller({ size, cells }) {
  if (size > SMALL || (cells === CELLS.least && size > SMALLEST)) {
    return { size: Math.round(100 * size - 5) / 100, cells };
  }
  return cells > CELLS.least ? { size, cells: cells - 1 } : null;
}

/** Shrink the slide that is shown until it fits. */
function fit(deck) {
  const slide = deck.getCurrentSlide();
  const room = deck.getSlidesElement().getBoundingClientRect().height;
  slide.classList.remove("long");
  for (let next = { size: 1, cells: CELLS.usual }; next !== null; next = smaller(next)) {
    slide.style.zoom = next.size;
    slide.style.setProperty("--screen", 1 / (next.size * deck.getScale()));
    slide.style.setProperty("--cells", `${next.cells}px`);
    if (slide.getBoundingClientRect().height <= room) break;
  }
  slide.classList.toggle("long", slide.getBoundingClientRect().height > room);
}

// A slide is as tall as the window allows: 760 pixels at 16:9, 960 at 4:3.
const WIDTH = 1280;
const heightOf = () => Math.max(760, Math.min(960, Math.round((WIDTH * innerHeight) / innerWidth)));

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
Reveal.initialize({
  width: WIDTH,
  height: heightOf(),
  margin: 0.04,
  center: false,
  hash: true,
  navigationMode: "linear", // the right arrow goes through every slide, those with figures too
  slideNumber: "c/t",
  transition: still ? "none" : "slide",
  transitionSpeed: "fast",
}).then(() => {
  const deck = Reveal;
  addEventListener("resize", () => deck.configure({ height: heightOf() }));
  for (const event of ["slidechanged", "resize"]) deck.on(event, () => fit(deck));
  addEventListener("load", () => fit(deck));
  fit(deck);
});
