// Start the deck, and make slides that are taller than the screen fit on it.
const SMALLEST = 0.6; // of the usual size: below that, a slide scrolls instead

/** Shrink the slide that is shown until it fits. */
function fit(deck) {
  const slide = deck.getCurrentSlide();
  const room = deck.getSlidesElement().getBoundingClientRect().height;
  slide.classList.remove("long");
  let size = 1;
  for (;;) {
    slide.style.zoom = size;
    if (size <= SMALLEST || slide.getBoundingClientRect().height <= room) break;
    size = Math.max(SMALLEST, size - 0.05);
  }
  slide.classList.toggle("long", slide.getBoundingClientRect().height > room);
}


const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
Reveal.initialize({
  width: 1280,
  height: 760,
  margin: 0.04,
  center: false,
  hash: true,
  navigationMode: "linear", // the right arrow goes through every slide, those with figures too
  slideNumber: "c/t",
  transition: still ? "none" : "slide",
  transitionSpeed: "fast",
}).then(() => {
  const deck = Reveal;
  for (const event of ["slidechanged", "resize"]) deck.on(event, () => fit(deck));
  addEventListener("load", () => fit(deck));
  fit(deck);
});
