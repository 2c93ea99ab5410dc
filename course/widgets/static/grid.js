// A row of cells that can be pointed at, clicked, and walked along with the keyboard.

import { fit, make, paint } from "./shared.js";
import { writeCell } from "./wrong.js";

/**
 * One row of numbers as a table with role=grid and a single Tab stop (roving tabindex).
 * Columns are counted in half cells, so that a cell can stand between two others.
 * `onMove(index)`: the arrow keys, Home or End went to a cell.
 * `onPick(index)`: a click, Enter or Space; `onPick(null)`: Escape.
 */
export class Grid {
  constructor(row, label, { onMove, onPick }) {
    this.row = row;
    this.line = make("tr", { role: "row" });
    this.table = make(
      "table",
      { role: "grid", "aria-label": label, class: `row row-${row}`, style: `grid-row: ${row}` },
      make("tbody", { role: "rowgroup" }, this.line),
    );
    this.current = null;
    this.looks = [];
    this.onMove = onMove;
    this.onPick = onPick;
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("focusin", (event) => {
      const cell = cellAt(event, row);
      if (cell) this.rove(cell.index);
    });
    this.table.addEventListener("click", (event) => {
      const cell = cellAt(event, row);
      if (cell) {
        this.rove(cell.index);
        this.onPick(cell.index);
      }
    });
  }

  /**
   * Show `cells`: { index, column, text, name, share (null: no colour), classes, selected, wrong,
   * readOnly (null where nothing can be typed) }.
   */
  update(cells, dark) {
    const kept = this.line.children;
    fit(this.line, cells.length, () => make("td", { role: "gridcell" }));
    this.looks.length = cells.length;
    cells.forEach((cell, at) => {
      const look = `${JSON.stringify(cell)} ${dark}`;
      if (look === this.looks[at]) return;
      this.looks[at] = look;
      const td = kept[at];
      writeCell(td, cell.text, cell.wrong);
      td.className = `cell ${cell.classes}`;
      td.dataset.row = this.row;
      td.dataset.index = cell.index;
      td.style.gridColumn = `${2 * cell.column + 1} / span 2`;
      td.setAttribute("aria-label", cell.name);
      td.setAttribute("aria-selected", cell.selected);
      td.ariaReadOnly = cell.readOnly === null ? null : String(cell.readOnly);
      if (cell.share === null) td.style.backgroundColor = td.style.color = "";
      else paint(td, cell.share, dark);
    });
    const indices = cells.map((cell) => cell.index);
    this.rove(indices.includes(this.current) ? this.current : (indices.find((i) => i >= 0) ?? 0));
  }

  /** Make `index` the cell that Tab comes to. */
  rove(index) {
    this.current = index;
    for (const td of this.line.children) {
      td.tabIndex = Number(td.dataset.index) === index ? 0 : -1;
    }
  }

  cell(index) {
    return [...this.line.children].find((td) => Number(td.dataset.index) === index);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const indices = [...this.line.children].map((td) => Number(td.dataset.index));
    const at = indices.indexOf(this.current);
    const goTo = {
      ArrowLeft: Math.max(at - 1, 0),
      ArrowRight: Math.min(at + 1, indices.length - 1),
      Home: 0,
      End: indices.length - 1,
    }[event.key];
    if (goTo !== undefined) {
      this.rove(indices[goTo]);
      this.cell(this.current).focus();
      this.onMove(this.current);
    } else if (event.key === "Enter" || event.key === " ") {
      this.onPick(this.current);
    } else if (event.key === "Escape") {
      this.onPick(null);
    } else {
      return;
    }
    event.preventDefault(); // the panel keeps the key from the page
  }
}

/** The { row, index } under an event, or null. A gap in a run of cells counts as a cell next to it. */
export function cellAt(event, row = null) {
  const { target } = event;
  // Where in it is asked only of a run: the answer lays out what has been changed before.
  const inRun = () => {
    return target.children[Math.floor((event.offsetX / target.clientWidth) * target.children.length)];
  };
  const td = target.matches?.(".run") ? inRun() : target.closest?.("[data-index]");
  if (!td || (row !== null && td.dataset.row !== row)) return null;
  return { row: td.dataset.row, index: Number(td.dataset.index) };
}

/**
 * Call `onCell({ row, index } or null)` when the pointer comes to another cell of `area`, as
 * `cellUnder(event)` tells.
 * A still mouse fires again when the page moves under it: only a change of place counts.
 */
export function followPointer(area, onCell, cellUnder = cellAt) {
  let place = null;
  let shown = "";
  const moved = (event) => {
    const here = `${event.clientX},${event.clientY}`;
    const still = here === place || (place === "unknown" && !event.movementX && !event.movementY);
    place = here;
    return !still && event.pointerType !== "touch";
  };
  const show = (cell) => {
    const key = cell ? `${cell.row} ${cell.index}` : "";
    if (key !== shown) {
      shown = key;
      onCell(cell);
    }
  };
  // Before the pointer's first event nobody knows where it rests; the keyboard goes first.
  area.addEventListener("keydown", () => (place ??= "unknown"));
  area.addEventListener("pointermove", (event) => moved(event) && show(cellUnder(event)));
  area.addEventListener("pointerleave", (event) => {
    if (moved(event)) show(null);
    // The page has moved under a still mouse: the next move tells where it is.
    else document.addEventListener("pointermove", elsewhere, { once: true });
  });
  const elsewhere = (event) => !event.composedPath().includes(area) && show(null);
}
