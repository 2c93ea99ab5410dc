// Grids whose cells are pictures, and one of them: the bars of ten probabilities.

import { make, writeText } from "./shared.js";

/**
 * A table with role=grid and one Tab stop. `onMove(at)`: the keyboard went to a cell;
 * `onPick(at, index)`: a click, Enter or Space, with the index under the pointer;
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
    this.table.addEventListener("focusin", ({ target }) => {
      const at = this.cells.indexOf(target);
      if (at >= 0) this.rove(at);
    });
    this.table.addEventListener("click", (event) => {
      const place = this.cellUnder(event);
      if (!place) return;
      this.rove(this.cellOf(place.index));
      this.onPick(this.current, place.index);
    });
  }

  /** The { row, index } under an event, or null. */
  cellUnder({ target }) {
    const at = this.cells.indexOf(target.closest("td"));
    return at < 0 ? null : { row: this.name, index: at };
  }

  /** Which cell holds a place. */
  cellOf(index) {
    return index;
  }

  /** Make `count` cells; `content(at)` gives the nodes of one, `label(at)` its name. */
  build(count, content, label) {
    this.cells = Array.from({ length: count }, (_, at) => {
      const state = { role: "gridcell", tabindex: -1, "aria-selected": "false" };
      return make("td", { ...state, "aria-label": label(at) }, ...content(at));
    });
    this.marked = { pinned: null, shown: null };
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
    for (const [word, at] of Object.entries({ pinned, shown })) {
      const before = this.marked[word];
      if (at === before) continue;
      for (const one of [before, at].filter((one) => one !== null)) {
        this.cells[one].classList.toggle(word, one === at);
        if (word === "pinned") this.cells[one].ariaSelected = String(one === at);
      }
    }
    this.marked = { pinned, shown };
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
      writeText(text, percent(share));
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
