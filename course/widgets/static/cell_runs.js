// The cells of a sheet, in runs that are laid out and drawn together.

import { make } from "./shared.js";

const RUN = 16; // cells of a large sheet that stand in one run

/**
 * Rows and runs are known by where they stand from the first number, not from the first cell: where
 * padding is added or taken away, all others stay the elements that they are.
 */
export class CellRuns {
  /** `name` is the sheet's, which each cell carries; the rows go into `body`. */
  constructor(name, body) {
    Object.assign(this, { name, body, rows: new Map() });
  }

  /**
   * List the runs of a layout, as Sheet.lay takes it: { element, cells: [{ run, gr, gc }] }, rows
   * and columns counted over all blocks. The runs of a `large` sheet are short, and hidden while
   * they are new. `furnish` makes a run's cells.
   */
  build({ down, across, height, width, before }, large) {
    const longest = large ? RUN : Infinity;
    const lines = upTo(down).flatMap((d) => upTo(height).map((i) => `${d} ${i - before[0]}`));
    const parts = upTo(across).flatMap((a) => {
      return cut(width, before[1], longest).map(({ at, first, count }) => {
        return { key: `${longest} ${a} ${at}`, gc: a * width + first, count };
      });
    });
    const keys = parts.map(({ key }) => key);
    this.rows = keep(this.body, this.rows, lines, () => {
      return { element: make("tr", { role: "row" }), runs: new Map() };
    });
    return [...this.rows.values()].flatMap((row, gr) => {
      row.runs = keep(row.element, row.runs, keys, () => {
        const element = make("div", { class: "run", role: "presentation", hidden: large });
        return { element, cells: [] };
      });
      const runs = [...row.runs.values()];
      runs.forEach((run, at) => this.fit(run, gr, parts[at]));
      return runs;
    });
  }

  /** Give a run so many cells, from row `gr` and column `gc` on. */
  fit(run, gr, { gc, count }) {
    const { cells } = run;
    while (cells.length > count) cells.pop().td?.remove();
    while (cells.length < count) cells.push({ run, base: "", shown: {} });
    cells.forEach((cell, place) => Object.assign(cell, { gr, gc: gc + place }));
  }

  /** Make the elements of a run's cells, as `td` of each. */
  furnish({ element, cells }) {
    const attributes = { role: "gridcell", tabindex: -1, "data-row": this.name };
    for (const cell of cells) {
      if (cell.td) continue;
      cell.td = make("td", { ...attributes, "data-index": cell.index });
      element.append(cell.td);
    }
  }
}

function upTo(length) {
  return [...Array(length).keys()];
}

/** Cut `length` places, of which `before` come before number 0, at every multiple of `most`. */
function cut(length, before, most) {
  const parts = [];
  for (let first = 0; first < length; ) {
    const at = Math.floor((first - before) / most);
    const count = Math.min(length, (at + 1) * most + before) - first;
    parts.push({ at, first, count });
    first += count;
  }
  return parts;
}

/**
 * Give `parent` one element for each key, in their order, and return { key: { element } } as a Map.
 * Those that `kept` has stay, the others go, and `fresh()` makes new ones.
 */
function keep(parent, kept, keys, fresh) {
  const all = new Map(keys.map((key) => [key, kept.get(key) ?? fresh()]));
  for (const [key, { element }] of kept) if (!all.has(key)) element.remove();
  let next = parent.firstChild;
  for (const { element } of all.values()) {
    if (element === next) next = next.nextSibling;
    else parent.insertBefore(element, next);
  }
  return all;
}
