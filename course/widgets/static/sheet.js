// A table of cells in rows and columns, walked in two directions with the keyboard.

import { make, paint } from "./shared.js";
import { writeCell } from "./wrong.js";

const WIDE = 23; // em; a sheet wider than this shares its row, and scrolls
const TALL = 26; // em; one higher than this scrolls
const MANY = 300; // cells; of more than this, only those in view are there to be painted
const AROUND = 4; // cells that are there beyond the edges of the view

/**
 * Blocks of cells (one for each image and channel) as one table with role=grid and one Tab stop.
 * Cells are laid out once; pointing changes classes and texts of the few that it concerns.
 * `onMove(index)`: the keyboard went to a cell. `onPick(index)`: a click, Enter or Space;
 * `onPick(null)`: Escape.
 */
export class Sheet {
  constructor(name, label, { onMove, onPick }) {
    Object.assign(this, { name, label, onMove, onPick });
    this.title = make("p", { class: "title" });
    this.body = make("tbody", { role: "rowgroup" });
    this.table = make("table", { role: "grid", "aria-label": label, class: "cells" }, this.body);
    this.heads = make("div", { class: "heads", "aria-hidden": "true" });
    this.frames = make("div", { class: "frames", "aria-hidden": "true" });
    this.area = make("div", { class: "area" }, this.heads, this.table, this.frames);
    this.scroll = make("div", { class: "scroll" }, this.area);
    this.element = make("section", { class: `sheet sheet-${name}` }, this.title, this.scroll);
    this.current = null;
    this.marked = new Map();
    this.view = "";
    this.scroll.addEventListener("scroll", () => this.thin());
    new ResizeObserver(() => this.thin()).observe(this.scroll);
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("click", (event) => {
      const td = event.target.closest("td");
      if (td) this.onPick(this.rove(Number(td.dataset.index)));
    });
  }

  /**
   * Lay out `down` by `across` blocks of `height` by `width` cells. `index(row, column)` numbers
   * the cell there, rows and columns counted over all blocks; `rowHead` and `columnHead` name
   * them; `title(down, across)` names a block. A sheet `total` columns wide in all shows `width`
   * of them from `start`. Nothing is built again while the counts stay.
   */
  lay(layout, cellWidth) {
    this.layout = { start: 0, total: layout.across * layout.width, title: null, ...layout };
    const { down, across, height, width } = this.layout;
    const titled = this.layout.title !== null;
    this.size = { cell: cellWidth, line: 2.15, head: layout.head ?? 1.6, top: titled ? 2.6 : 1.4 };
    const { cell, line, head, top } = this.size;
    const tall = down * (top + height * line) > TALL;
    this.width = across * (head + width * cell) + (tall ? 1.9 : 0.7); // with scroll bar and margin
    this.element.classList.toggle("wide", this.width > WIDE);
    this.element.style.setProperty("--wide", `${this.width}em`);
    this.element.classList.toggle("tall", tall);
    this.area.style.setProperty("--head", head);
    this.area.style.setProperty("--top", top);
    const shape = JSON.stringify([down, across, height, width, titled]);
    if (shape !== this.shape) this.build(titled);
    this.shape = shape;
    const tracks = `${head}em repeat(${width}, ${cell}em)`;
    const lines = `${top}em repeat(${height}, ${line}em)`;
    this.area.style.gridTemplateColumns = Array(across).fill(tracks).join(" ");
    this.area.style.gridTemplateRows = Array(down).fill(lines).join(" ");
    this.renumber();
    this.thin();
  }

  build(titled) {
    const { down, across, height, width } = this.layout;
    this.tds = [];
    this.headings = [];
    const rows = [];
    this.heads.replaceChildren();
    // Headings stay in view while their block is scrolled: each reaches over all of it.
    const heading = (kind, block, at, row, column, rows, columns) => {
      const style = `grid-area: ${row} / ${column} / span ${rows} / span ${columns}`;
      const span = make("span", { class: kind, style });
      this.headings.push({ span, kind, block, at });
      this.heads.append(span);
    };
    const [all, every] = [height + 1, width + 1];
    for (let gr = 0; gr < down * height; gr++) {
      const tr = make("tr", { role: "row" });
      const row = gr + Math.floor(gr / height) + 2;
      for (let gc = 0; gc < across * width; gc++) {
        const column = gc + Math.floor(gc / width) + 2;
        const td = make("td", { role: "gridcell", tabindex: -1 });
        td.style.gridArea = `${row} / ${column}`;
        td.dataset.row = this.name;
        this.tds.push({ td, gr, gc });
        tr.append(td);
      }
      rows.push(tr);
    }
    for (let d = 0; d < down; d++) {
      for (let a = 0; a < across; a++) {
        const [row, column] = [d * (height + 1) + 1, a * (width + 1) + 1];
        for (let r = 0; r < height; r++) heading("row-head", [d, a], r, row + r + 1, column, 1, every);
        for (let c = 0; c < width; c++) heading("column-head", [d, a], c, row, column + c + 1, all, 1);
        heading("corner", [d, a], 0, row, column, all, every);
        if (titled) heading("block", [d, a], 0, row, column, all, every);
      }
    }
    this.body.replaceChildren(...rows);
    this.table.ariaRowCount = down * height;
    this.table.ariaColCount = across * width;
    this.view = "";
  }

  /** Of a very large sheet, take the cells far out of view away: a browser paints all it has. */
  thin() {
    if (this.tds.length <= MANY) return;
    const { down, across, height, width } = this.layout;
    const { cell, line, head, top } = this.size;
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.scroll;
    const em = parseFloat(getComputedStyle(this.area).fontSize);
    const part = (from, extent, one, before, inBlock, blocks) => {
      const place = (at) => ((Math.floor(at / inBlock) + 1) * before + at * one) * em;
      const cells = [...Array(inBlock * blocks).keys()];
      const first = cells.findIndex((at) => place(at + 1) > from);
      const last = cells.findLastIndex((at) => place(at) < from + extent);
      return [first - AROUND, last + AROUND];
    };
    const columns = part(scrollLeft, clientWidth || 500, cell, head, width, across);
    const rows = part(scrollTop, clientHeight || 500, line, top, height, down);
    const view = `${columns} ${rows}`;
    if (view === this.view) return;
    this.view = view;
    for (const { td, gr, gc } of this.tds) {
      const away = gr < rows[0] || gr > rows[1] || gc < columns[0] || gc > columns[1];
      if (td.hidden !== away) td.hidden = away;
    }
  }

  /** Give the cells their numbers, the rows and columns their names. */
  renumber() {
    const { index, start } = this.layout;
    this.cells = new Map();
    for (const { td, gr, gc } of this.tds) {
      const number = index(gr, gc + start);
      td.dataset.index = number;
      this.cells.set(number, { td, gr, gc, base: "", painted: "" });
    }
    this.rename(this.layout);
    this.marked.clear();
    this.rove(this.cells.has(this.current) ? this.current : this.cells.keys().next().value);
  }

  /** Give rows, columns and blocks their names. */
  rename({ rowHead, columnHead, title = null, start = 0 }) {
    for (const { span, kind, block, at } of this.headings) {
      if (kind === "block") span.textContent = title(...block);
      if (kind === "row-head") span.textContent = rowHead(at);
      if (kind === "column-head") span.textContent = columnHead(at + start);
    }
  }

  /** Show what `look(index)` says: { text, name, share (null: no colour), classes, wrong }. */
  fill(look, dark, indices = this.cells.keys()) {
    for (const index of indices) {
      const cell = this.cells.get(index);
      if (!cell) continue;
      const { text, name, share, classes, wrong } = look(index);
      const painted = `${text}|${name}|${share}|${classes}|${dark}`;
      if (painted === cell.painted) continue;
      Object.assign(cell, { painted, base: `cell ${classes}` });
      writeCell(cell.td, text, wrong);
      cell.td.setAttribute("aria-label", name);
      if (share === null) cell.td.style.backgroundColor = cell.td.style.color = "";
      else paint(cell.td, share, dark);
      this.dress(cell, this.marked.get(index));
    }
  }

  /** Mark cells: `marks` is a Map of index to { classes, tag }; all others lose their marks. */
  mark(marks) {
    for (const index of this.marked.keys()) {
      if (!marks.has(index) && this.cells.has(index)) this.dress(this.cells.get(index));
    }
    for (const [index, mark] of marks) {
      if (this.cells.has(index)) this.dress(this.cells.get(index), mark);
    }
    this.marked = marks;
  }

  dress({ td, base }, mark = null) {
    const classes = mark ? `${base} ${mark.classes}` : base;
    if (td.className !== classes) td.className = classes;
    const pinned = mark !== null && mark.classes.includes("pinned");
    if (td.ariaSelected !== String(pinned)) td.ariaSelected = String(pinned);
    if (mark?.tag) td.dataset.tag = mark.tag;
    else if (td.dataset.tag) delete td.dataset.tag;
  }

  /** Put frames around ranges of cells: { from, to (indices of two corners), faint }. */
  frame(ranges) {
    while (this.frames.children.length > ranges.length) this.frames.lastChild.remove();
    while (this.frames.children.length < ranges.length) {
      this.frames.append(make("div", { class: "window-frame" }));
    }
    ranges.forEach(({ from, to, faint }, at) => {
      const [first, last] = [from, to].map((index) => this.cells.get(index));
      const box = this.frames.children[at];
      box.hidden = !first || !last;
      if (box.hidden) return;
      box.classList.toggle("faint", Boolean(faint));
      box.style.width = `${(last.gc - first.gc + 1) * this.size.cell}em`;
      box.style.height = `${(last.gr - first.gr + 1) * this.size.line}em`;
      const [left, top] = this.corner(first);
      box.style.transform = `translate(${left}em, ${top}em)`;
    });
  }

  /** Left and top of a cell, in em. */
  corner({ gr, gc }) {
    const { height, width } = this.layout;
    const { cell, line, head, top } = this.size;
    const blocks = [Math.floor(gc / width) + 1, Math.floor(gr / height) + 1];
    return [blocks[0] * head + gc * cell, blocks[1] * top + gr * line];
  }

  /** Scroll a large sheet until these cells can be seen; the page itself stays where it is. */
  reveal(indices) {
    const box = this.scroll;
    if (box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight) return;
    const seen = indices.map((index) => this.cells.get(index)).filter(Boolean);
    if (seen.length === 0) return;
    const em = parseFloat(getComputedStyle(this.area).fontSize);
    const corners = seen.map((cell) => this.corner(cell));
    const { cell, line, head, top } = this.size;
    const ranges = [
      ["scrollLeft", "clientWidth", corners.map(([left]) => left), cell, head],
      ["scrollTop", "clientHeight", corners.map(([, place]) => place), line, top],
    ];
    for (const [place, extent, starts, one, before] of ranges) {
      const from = (Math.min(...starts) - before) * em;
      const to = (Math.max(...starts) + one + 0.4) * em;
      if (to > box[place] + box[extent]) box[place] = to - box[extent];
      if (from < box[place]) box[place] = from;
    }
    this.thin();
  }

  /** Make `index` the cell that Tab comes to. */
  rove(index) {
    if (this.stop) this.stop.tabIndex = -1;
    this.current = index;
    this.stop = this.cells.get(index)?.td;
    if (this.stop) this.stop.tabIndex = 0;
    return index;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { down, height, total, start, index } = this.layout;
    const here = this.cells.get(this.current);
    const [row, column] = [here.gr, here.gc + start];
    const goTo = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      Home: [row, 0],
      End: [row, total - 1],
    }[event.key];
    if (goTo) {
      const [r, c] = [within(goTo[0], down * height), within(goTo[1], total)];
      this.current = index(r, c);
      this.onMove(this.current);
      this.rove(this.current);
      this.reveal([this.current]);
      this.stop?.focus({ preventScroll: true });
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

/** The nearest of the whole numbers 0 to `length` - 1. */
export function within(value, length) {
  return Math.max(0, Math.min(value, length - 1));
}
