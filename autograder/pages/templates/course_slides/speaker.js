// The lecturer's window: the notes of the slide that is shown, what comes next, and the time.
// It is written from here, so it works from a disk too, where windows cannot read each other's files.

const SPEAKER_PAGE = `
<style>
  :root { color-scheme: light dark; }
  body { margin: 0; padding: 1.5rem 2rem; font: 1.5rem/1.5 system-ui, sans-serif; }
  header { display: flex; gap: 2rem; font-variant-numeric: tabular-nums; }
  header button { font: inherit; margin-inline-start: auto; padding: 0 .6rem; }
  h1 { font-size: 1.2rem; margin: 1rem 0 .3rem; opacity: .75; }
  #notes { min-height: 10rem; }
</style>
<header><span id="place"></span><span id="clock"></span><span id="spent"></span>
  <button id="again">Time from 0</button></header>
<h1 id="title"></h1>
<main id="notes" aria-live="polite"></main>
<h1>Next: <span id="next"></span></h1>`;

/** Open the window, or bring it to the front; keys pressed in it turn the deck. */
function speaker(deck) {
  let other = null;
  let since = 0;

  const put = (id, text) => (other.document.getElementById(id).textContent = text);
  const title = (slide) => slide?.querySelector("h1, h2, h3")?.textContent ?? "the end";

  const update = () => {
    if (!other || other.closed) return;
    const at = deck.getSlidePastCount();
    const slides = deck.getSlides();
    put("place", `${at + 1} of ${slides.length}`);
    put("title", title(slides[at]));
    put("next", title(slides[at + 1]));
    other.document.getElementById("notes").innerHTML =
      deck.getSlideNotes() ?? "<p>No notes on this slide.</p>";
  };
  const tick = () => {
    if (other.closed) return;
    put("clock", new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
    const seconds = Math.floor((Date.now() - since) / 1000);
    put("spent", `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`);
    setTimeout(tick, 1000);
  };
  const key = (event) => {
    const forwards = ["ArrowRight", "ArrowDown", "PageDown", " "].includes(event.key);
    if (!forwards && !["ArrowLeft", "ArrowUp", "PageUp"].includes(event.key)) return;
    if (event.key === " " && event.target.tagName === "BUTTON") return;
    event.preventDefault();
    if (forwards) deck.next();
    else deck.prev();
  };

  for (const event of ["slidechanged", "fragmentshown", "fragmenthidden"]) deck.on(event, update);
  addEventListener("pagehide", () => other?.close());

  return () => {
    if (other && !other.closed) {
      other.focus();
      return;
    }
    other = open("", "_blank", "popup,width=900,height=700");
    if (other === null) {
      alert("The browser held the window with the notes back. Allow windows of this page.");
      return;
    }
    other.document.title = `Notes: ${document.title}`;
    other.document.body.innerHTML = SPEAKER_PAGE;
    other.document.documentElement.lang = "en";
    other.document.addEventListener("keydown", key);
    since = Date.now();
    other.document.getElementById("again").addEventListener("click", () => (since = Date.now()));
    update();
    tick();
  };
}
