// The deck's own keys: a presenter's keys always turn, a figure gives its keys back, Q points.

/** Turn with PageDown and PageUp wherever the focus is; leave a figure with one Esc. */
function listen(deck) {
  const leave = () => document.activeElement?.shadowRoot?.activeElement?.blur();
  const turn = { PageDown: () => deck.next(), PageUp: () => deck.prev() };
  addEventListener(
    "keydown",
    (event) => {
      if (turn[event.key]) {
        event.preventDefault();
        event.stopImmediatePropagation();
        turn[event.key]();
      } else if (event.key === "Escape") {
        setTimeout(leave); // the figure first lets go of what it keeps
      }
    },
    true,
  );
  deck.on("slidechanged", leave);
}

/** Make a spot that follows the mouse; what is returned shows and hides it. */
function pointer() {
  const spot = document.createElement("div");
  spot.className = "pointer";
  spot.hidden = true;
  document.documentElement.append(spot); // outside of what is zoomed
  addEventListener("pointermove", ({ clientX, clientY }) => {
    spot.style.translate = `${clientX}px ${clientY}px`;
  });
  return () => (spot.hidden = !spot.hidden);
}
