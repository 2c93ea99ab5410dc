// Grids whose cells are pictures: the maps of a layer, and the bars of ten probabilities.

import { luminance, make, puor } from "./shared.js";

const SHADES = 64; // on each side of 0

/** Colours of shares from -1 to 1, each as numbers, as CSS, and the ink to write on it. */
function coloursOf(dark) {
  return Array.from({ length: 2 * SHADES + 1 }, (_, step) => {
    const rgb = puor(step / SHADES - 1, dark);
    const ink = luminance(rgb) > 0.179 ? "#000" : "#fff";
    return { rgb, paint: `rgb(${rgb.join(" ")})`, ink };
  });
}

// A stroke paints a thousand pixels: their colours are worked out once for each theme.
const COLOURS = { light: coloursOf(false), dark: coloursOf(true) };

/** The { rgb, paint, ink } of a share from -1 to 1. */
export function colourOf(share, dark) {
  const step = Math.round((Math.max(-1, Math.min(1, share)) + 1) * SHADES);
  return COLOURS[dark ? "dark" : "light"][step];
}

/**
 * A table with role=grid and one Tab stop. `onMove(at)`: the keyboard went to a cell;
 * `onPick(at, index)`: a click, Enter or Space, with the [data-index] under the pointer;
 * `onPick(null)`: Escape. Left, right, up and down follow the cells as they lie in the page.
 */
export class CellGrid {
  constructor(name, label, { onMove, onPick }) {
    Object.assign(this, { name, onMove, onPick });
    this.line = make("tr", { role: "row" });
    const body = make("tbody", { role: "rowgroup" }, this.line);
    const attributes = { role: "grid", "aria-label": label, class: `pictures pictures-${name}` };
    this.table = make("table", attributes, body);
    this.title = make("p", { class: "title" });
    this.element = make("section", { class: `layer layer-${name}` }, this.title, this.table);
    this.current = 0;
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("click", (event) => {
      const td = event.target.closest("td");
      if (!td) return;
      this.rove(this.cells.indexOf(td));
      this.onPick(this.current, Number(event.target.closest("[data-index]").dataset.index));
    });
  }

  /** Make `count` cells; `content(at)` gives the nodes of one, `label(at)` its name. */
  build(count, content, label) {
    this.cells = Array.from({ length: count }, (_, at) => {
      const name = { role: "gridcell", tabindex: -1, "aria-label": label(at) };
      return make("td", name, ...content(at));
    });
    this.line.replaceChildren(...this.cells);
    this.rove(Math.min(this.current, count - 1));
  }

  rove(at) {
    this.cells[this.current]?.setAttribute("tabindex", -1);
    this.current = at;
    this.cells[at].tabIndex = 0;
  }

  /** Say which cell is kept and which is shown; null: none. */
  mark(pinned, shown) {
    this.cells.forEach((td, at) => {
      const selected = String(at === pinned);
      if (td.ariaSelected !== selected) td.ariaSelected = selected;
      td.classList.toggle("pinned", at === pinned);
      td.classList.toggle("shown", at === shown);
    });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const across = this.cells.filter((td) => td.offsetTop === this.cells[0].offsetTop).length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    const end = { Home: 0, End: this.cells.length - 1 }[event.key];
    const to = end ?? this.current + step;
    if (this.cells[to]) {
      this.rove(to);
      this.cells[to].focus({ preventScroll: true });
      this.onMove(to);
    } else if (event.key === "Enter" || event.key === " ") {
      this.onPick(this.current);
    } else if (event.key === "Escape") {
      this.onPick(null);
    } else if (step === undefined) {
      return;
    }
    event.preventDefault(); // the panel keeps the key from the page
  }
}

/** Maps of `side` by `side` pixels; with `written` each pixel has its number in it. */
export class Maps extends CellGrid {
  lay(count, side, word, written = false) {
    Object.assign(this, { side, written });
    this.canvases = [];
    const content = (map) => {
      const squares = Array.from({ length: side * side }, (_, at) => {
        const place = { "data-row": this.name, "data-index": map * side * side + at };
        return make("span", place, ...(written ? [""] : []));
      });
      const frame = make("i", { class: "window" });
      if (written) return [...squares, frame];
      this.canvases.push(make("canvas", { width: side, height: side, "aria-hidden": "true" }));
      return [this.canvases[map], ...squares, frame];
    };
    this.build(count, content, (map) => `${word} ${map}`);
    this.table.style.setProperty("--side", side);
    this.windows = this.cells.map((td) => td.lastChild);
    this.framed = "";
    this.looks = [];
    this.squares = this.cells.flatMap((td) => [...td.querySelectorAll("span")]);
    this.spot = null;
  }

  /** Paint `values`, each a share of `most`; `write(value)` is its text. */
  paint(values, most, dark, write) {
    if (this.written) {
      values.forEach((value, at) => {
        const { paint, ink } = colourOf(value / most, dark);
        const text = write(value);
        const look = `${text} ${paint}`;
        if (look === this.looks[at]) return;
        this.looks[at] = look;
        this.squares[at].firstChild.data = text;
        Object.assign(this.squares[at].style, { backgroundColor: paint, color: ink });
      });
      return;
    }
    const pixels = this.side * this.side;
    this.canvases.forEach((canvas, map) => {
      const brush = canvas.getContext("2d");
      const image = brush.createImageData(this.side, this.side);
      for (let at = 0; at < pixels; at++) {
        const { rgb } = colourOf(values[map * pixels + at] / most, dark);
        image.data.set([...rgb, 255], 4 * at);
      }
      brush.putImageData(image, 0, 0);
    });
  }

  /** Mark the pixel shown, and the map of the one kept; null: none. */
  point(pinned, shown) {
    const mapOf = (index) => (index === null ? null : Math.floor(index / this.side ** 2));
    this.mark(mapOf(pinned), mapOf(shown));
    this.spot?.classList.remove("spot");
    this.spot = shown === null ? null : this.squares[shown];
    this.spot?.classList.add("spot");
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
    const [rows, columns] = cut;
    const part = (length) => `${(100 * length) / this.side}%`;
    const place = { top: part(rows[0]), left: part(columns[0]) };
    const size = { height: part(rows[1] - rows[0] + 1), width: part(columns[1] - columns[0] + 1) };
    this.windows.filter((_, at) => isFramed(at)).forEach((box) => Object.assign(box.style, place, size));
  }
}

/** Ten probabilities as bars. */
export class Odds extends CellGrid {
  constructor(...given) {
    super(...given);
    const content = (digit) => {
      return [make("b", {}, digit), make("i", { class: "bar" }), make("span", { class: "share" })];
    };
    this.build(10, content, (digit) => `Probability of ${digit}`);
    this.cells.forEach((td, digit) => Object.assign(td.dataset, { row: this.name, index: digit }));
  }

  /** Show the shares, the largest one in bold. */
  paint(shares) {
    const most = Math.max(...shares);
    shares.forEach((share, digit) => {
      const [, bar, text] = this.cells[digit].children;
      bar.style.setProperty("--share", share);
      text.textContent = percent(share);
      this.cells[digit].classList.toggle("most", share === most);
    });
  }
}

/** A probability in percent. */
export function percent(share) {
  if (share > 0.9995 && share < 1) return "> 99.9 %";
  if (share < 0.0005 && share > 0) return "< 0.1 %";
  return `${(100 * share).toFixed(1)} %`;
}
