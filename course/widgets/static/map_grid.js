// The maps of a layer as a grid: each is a cell, all of them are painted on one canvas.

import { CellGrid } from "./cell_grid.js";
import { placeIn } from "./digit_network.js";
import { luminance, make, puor, writeText } from "./shared.js";
import { within } from "./sheet.js";

const SHADES = 64; // on each side of 0
const GRAIN = 12; // dots of a canvas on a side of a map, whose pixels are 2, 3 or 4
const PITCH = GRAIN + 1; // dots from a map to the next one

/** Colours of shares from -1 to 1, each as a dot of a canvas, and the ink to write on it. */
function coloursOf(dark) {
  return Array.from({ length: 2 * SHADES + 1 }, (_, step) => {
    const rgb = puor(step / SHADES - 1, dark);
    const [dot] = new Uint32Array(Uint8Array.of(...rgb, 255).buffer);
    return { dot, ink: luminance(rgb) > 0.179 ? "black" : "white" };
  });
}

// A stroke paints thousands of pixels: their colours are worked out once for each theme.
const COLOURS = { light: coloursOf(false), dark: coloursOf(true) };

/** The { dot, ink } of a share from -1 to 1. */
function colourOf(share, dark) {
  const step = Math.round((Math.max(-1, Math.min(1, share)) + 1) * SHADES);
  return COLOURS[dark ? "dark" : "light"][step];
}

/**
 * Maps of `side` by `side` pixels, on one canvas under all cells: an element for each pixel would
 * take longer to draw than a frame lasts. With `written` each pixel has its number in it.
 */
export class Maps extends CellGrid {
  constructor(...given) {
    super(...given);
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.spot = make("i", { class: "spot" });
    this.element.append(make("div", { class: "painted" }, this.canvas, this.table));
    new ResizeObserver(() => this.follow()).observe(this.table);
  }

  lay(count, side, word, written = false) {
    Object.assign(this, { side, framed: "", colours: null });
    const texts = () => Array.from({ length: written ? side * side : 0 }, () => make("span"));
    this.build(count, texts, (map) => `${word} ${map}`);
    this.texts = this.cells.flatMap((td) => [...td.children]);
    this.table.classList.toggle("written", written);
    this.table.style.setProperty("--side", side);
  }

  /** The { row, index } of the pixel under an event, told by its place in the grid, or null. */
  cellUnder({ clientX, clientY }) {
    const { side, across, cells } = this;
    const box = this.table.getBoundingClientRect();
    const parts = [
      [(clientY - box.top) / box.height, Math.ceil(cells.length / across)],
      [(clientX - box.left) / box.width, across],
    ];
    // Of each axis the map and its pixel; the gap after a map belongs to its last pixel.
    const [[down, row], [right, column]] = parts.map(([share, count]) => {
      const dots = within(Math.floor(share * (count * PITCH - 1)), count * PITCH);
      return [Math.floor(dots / PITCH), within(Math.floor(((dots % PITCH) / GRAIN) * side), side)];
    });
    const map = down * across + right;
    return map < cells.length ? { row: this.name, index: (map * side + row) * side + column } : null;
  }

  cellOf(index) {
    return placeIn(this.side, index)[0];
  }

  /** Paint `values`, each a share of `most`; `write(value)` is its text. */
  paint(values, most, dark, write) {
    this.colours = Array.from(values, (value) => colourOf(value / most, dark));
    this.texts.forEach((span, at) => {
      const { ink } = this.colours[at];
      writeText(span, write(values[at]));
      if (span.className !== ink) span.className = ink;
    });
    if (this.across) this.put();
    else this.follow();
  }

  /** Take over from the style sheet how many maps lie side by side. */
  follow() {
    const across = Number(getComputedStyle(this.table).getPropertyValue("--across"));
    if (across === this.across) return;
    this.across = across;
    this.put();
  }

  /** Put the colours on the canvas, where the cells lie. */
  put() {
    if (!this.across || this.colours === null) return;
    const { canvas, side, across, cells } = this;
    const grain = GRAIN / side;
    const [width, height] = [across, Math.ceil(cells.length / across)].map((many) => many * PITCH - 1);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const brush = canvas.getContext("2d");
    const image = brush.createImageData(width, height);
    const dots = new Uint32Array(image.data.buffer);
    this.colours.forEach(({ dot }, at) => {
      const [map, row, column] = placeIn(side, at);
      const top = Math.floor(map / across) * PITCH + row * grain;
      const left = (map % across) * PITCH + column * grain;
      for (let line = top; line < top + grain; line++) {
        dots.fill(dot, line * width + left, line * width + left + grain);
      }
    });
    brush.putImageData(image, 0, 0);
  }

  /** Mark the pixel shown, and the map of the one kept; null: none. */
  point(pinned, shown) {
    const [kept, map] = [pinned, shown].map((at) => (at === null ? null : placeIn(this.side, at)[0]));
    this.mark(kept, map);
    if (shown === null) return this.spot.remove();
    const [, row, column] = placeIn(this.side, shown);
    Object.assign(this.spot.style, { top: this.part(row), left: this.part(column) });
    if (this.spot.parentNode !== this.cells[map]) this.cells[map].append(this.spot);
  }

  /** So many pixels of a map's side. */
  part(pixels) {
    return `${(100 * pixels) / this.side}%`;
  }

  /** Frame [rows, columns], the first and last of each, on one map, or on all (map null). */
  frame(range, map = null) {
    const key = `${range} ${map}`;
    if (key === this.framed) return;
    this.framed = key;
    const isFramed = (at) => range !== null && (map === null || map === at);
    this.cells.forEach((td, at) => td.classList.toggle("framed", isFramed(at)));
    if (range === null) return;
    const cut = range.map(([first, last]) => [Math.max(0, first), Math.min(this.side - 1, last)]);
    const [[top, bottom], [left, right]] = cut;
    const box = { top, left, height: bottom - top + 1, width: right - left + 1 };
    for (const [name, pixels] of Object.entries(box)) {
      this.table.style.setProperty(`--frame-${name}`, this.part(pixels));
    }
  }
}
