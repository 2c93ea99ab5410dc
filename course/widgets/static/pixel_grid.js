// A picture as a grid: its pixels are painted, and one cell goes to where the keyboard is.

import { make } from "./shared.js";
import { within } from "./sheet.js";

/**
 * A canvas with role=grid and one Tab stop. It has as many places as there are outputs, and one
 * cell in the page, which moves: a table of 65,536 cells could not be drawn in a frame.
 * `onMove(index)`: the keyboard went to a place. `onPick(index)`: a click, Enter or Space;
 * `onPick(null)`: Escape. `placeAt(i, j)` is the place that belongs to a pixel.
 */
export class PixelGrid {
  constructor(name, label, { onMove, onPick, placeAt }) {
    Object.assign(this, { name, onMove, onPick, placeAt, current: 0 });
    this.title = make("p", { class: "title" });
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.frame = make("div", { class: "pixel-frame", "aria-hidden": "true" });
    this.cell = make("div", { role: "gridcell", class: "spot", tabindex: 0, "data-row": name });
    const row = make("div", { role: "row", class: "spots" }, this.cell);
    const attributes = { role: "grid", "aria-label": label, class: "pixels" };
    this.area = make("div", attributes, this.canvas, this.frame, row);
    this.element = make("section", { class: `sheet sheet-${name}` }, this.title, this.area);
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("click", (event) => this.onPick(this.under(event)));
  }

  /**
   * A picture of `height` by `width` pixels, `border` of them hatched on each side, above and at
   * the left; as many `places`, down and across.
   */
  lay({ height, width, border, places }) {
    Object.assign(this, { height, width, border, places });
    const [above, left] = border;
    this.area.style.setProperty("--shape", width / height);
    const inset = [above / height, left / width].map((share) => `${100 * share}%`).join(" ");
    this.canvas.style.inset = inset;
    this.canvas.style.width = `${100 * (1 - (2 * left) / width)}%`;
    this.canvas.style.height = `${100 * (1 - (2 * above) / height)}%`;
    this.area.ariaRowCount = places[0];
    this.area.ariaColCount = places[1];
  }

  /**
   * Put the frame on pixels from (i, j), `rows` by `columns`, or nowhere, and the cell with the name
   * of place `index` on `spot`, the same ones unless it is given.
   */
  show(index, frame, { name, faint, pinned }, spot = frame) {
    this.current = index;
    this.put(this.cell, spot);
    this.frame.hidden = frame === null;
    if (frame) this.put(this.frame, frame);
    this.frame.classList.toggle("faint", faint);
    this.cell.dataset.index = index;
    this.cell.ariaLabel = name;
    this.cell.ariaRowIndex = Math.floor(index / this.places[1]) + 1;
    this.cell.ariaColIndex = (index % this.places[1]) + 1;
    this.cell.ariaSelected = String(pinned);
  }

  put(element, { i, j, rows, columns }) {
    const shares = [i / this.height, j / this.width, rows / this.height, columns / this.width];
    ["--y", "--x", "--h", "--w"].forEach((property, at) => {
      element.style.setProperty(property, `${100 * shares[at]}%`);
    });
  }

  /** The place under an event. */
  under({ clientX, clientY }) {
    const box = this.area.getBoundingClientRect();
    const i = Math.floor(((clientY - box.top) / box.height) * this.height);
    const j = Math.floor(((clientX - box.left) / box.width) * this.width);
    return this.placeAt(within(i, this.height), within(j, this.width));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [rows, columns] = this.places;
    const [row, column] = [Math.floor(this.current / columns), this.current % columns];
    const far = event.shiftKey ? 10 : 1;
    const goTo = {
      ArrowLeft: [row, column - far],
      ArrowRight: [row, column + far],
      ArrowUp: [row - far, column],
      ArrowDown: [row + far, column],
      Home: [row, 0],
      End: [row, columns - 1],
    }[event.key];
    if (goTo) this.onMove(within(goTo[0], rows) * columns + within(goTo[1], columns));
    else if (event.key === "Enter" || event.key === " ") this.onPick(this.current);
    else if (event.key === "Escape") this.onPick(null);
    else return;
    event.preventDefault(); // the panel keeps the key from the page
  }
}
