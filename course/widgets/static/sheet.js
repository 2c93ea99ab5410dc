// A table of cells in rows and columns, walked in two directions with the keyboard.

import { CellRuns } from "./cell_runs.js";
import { cellAt } from "./grid.js";
import { fit, make, paint } from "./shared.js";
import { SheetHeads } from "./sheet_heads.js";
import { Tags } from "./tags.js";
import { writeCell } from "./wrong.js";

const WIDE = 23; // em; a sheet wider than this shares its row, and scrolls
const TALL = 26; // em; one higher than this scrolls
const MANY = 200; // cells; of more than this, only those in view are drawn
const AROUND = 2.2; // em beyond the edges of the view that are drawn
const KEPT = 100; // em; so near cells stay drawn, once they have been in view

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
    const body = make("tbody", { role: "rowgroup" });
    this.table = make("table", { role: "grid", "aria-label": label, class: "cells" }, body);
    this.cellRuns = new CellRuns(name, body);
    this.heads = new SheetHeads();
    this.frames = make("div", { class: "frames", "aria-hidden": "true" });
    this.tags = new Tags();
    const layers = [this.heads.element, this.table, this.tags.element, this.frames];
    this.area = make("div", { class: "area" }, ...layers);
    this.scroll = make("div", { class: "scroll" }, this.area);
    this.element = make("section", { class: `sheet sheet-${name}` }, this.title, this.scroll);
    this.current = null;
    this.cells = new Map();
    this.marked = new Map();
    this.scroll.addEventListener("scroll", ({ target: { scrollLeft, scrollTop } }) => {
      const known = scrollLeft === this.box?.scrollLeft && scrollTop === this.box?.scrollTop;
      if (!known) this.follow(); // another scrolled than `reveal`
    });
    const sizes = new ResizeObserver(() => this.follow());
    for (const box of [this.scroll, this.area]) sizes.observe(box);
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("focusin", (event) => {
      const cell = cellAt(event);
      if (cell) this.rove(cell.index);
    });
    this.table.addEventListener("click", (event) => {
      const cell = cellAt(event);
      if (cell) this.onPick(this.rove(cell.index));
    });
  }

  /**
   * Lay out `down` by `across` blocks of `height` by `width` cells. `index(row, column)` numbers
   * the cell there, rows and columns counted over all blocks; `rowHead` and `columnHead` name
   * them; `title(down, across)` names a block, in which `before` rows and columns of padding come
   * first. A sheet `total` columns wide in all shows `width` of them from `start`. Nothing is built
   * again while the counts stay.
   */
  lay(layout, cellWidth) {
    const total = layout.across * layout.width;
    this.layout = { start: 0, total, title: null, before: [0, 0], ...layout };
    const { down, across, height, width, before } = this.layout;
    const top = this.layout.title ? 2.6 : 1.4;
    this.size = { cell: cellWidth, line: 2.15, head: layout.head ?? 1.6, top };
    const { cell, line, head } = this.size;
    const [wide, high] = [across * (head + width * cell), down * (top + height * line)];
    this.width = wide + (high > TALL ? 1.9 : 0.7); // with scroll bar and margin
    this.element.classList.toggle("wide", this.width > WIDE);
    this.element.style.setProperty("--wide", `${this.width}em`);
    this.element.classList.toggle("tall", high > TALL);
    const shape = JSON.stringify([down, across, height, width, before, top]);
    const lengths = JSON.stringify([shape, this.size]);
    if (shape !== this.shape) this.build();
    if (lengths !== this.lengths) this.place(wide, high);
    Object.assign(this, { shape, lengths });
    this.renumber();
  }

  /** Put headings and cells where they belong; the sheet is so many em wide and high. */
  place(wide, high) {
    const { cell, line } = this.size;
    this.box = null; // it is laid out anew
    requestAnimationFrame(() => this.large && this.box === null && this.follow());
    Object.assign(this.area.style, { width: `${wide}em`, height: `${high}em` });
    this.heads.lay(this.layout, this.size);
    for (const run of this.runs) {
      const [left, above] = this.corner(run.cells[0]);
      const long = run.cells.length * cell;
      run.edges = [left, above, left + long, above + line];
      const size = `width: ${long}em; height: ${line}em`;
      run.element.style.cssText = `left: ${left}em; top: ${above}em; ${size}`;
    }
  }

  /** Make the cells and headings; those that are there stay. */
  build() {
    const { down, across, height, width } = this.layout;
    this.large = down * height * across * width > MANY;
    this.element.classList.toggle("many", this.large);
    if (!this.large) this.seen = null;
    this.runs = this.cellRuns.build(this.layout, this.large);
    this.table.ariaRowCount = down * height;
    this.table.ariaColCount = across * width;
    this.heads.build(this.layout);
  }

  /** Read how far the sheet is scrolled, how much of it is seen and how large an em is, in pixels. */
  measure() {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = this.scroll;
    const em = parseFloat(getComputedStyle(this.area).fontSize);
    const [widest, highest] = [scrollWidth - clientWidth, scrollHeight - clientHeight];
    this.box = { em, scrollLeft, scrollTop, clientWidth, clientHeight, widest, highest };
  }

  /** What is in view of a large sheet, and a little around it, in em; null of another one. */
  view() {
    if (!this.large || !this.box?.clientWidth) return null;
    const { em, scrollLeft, scrollTop, clientWidth, clientHeight } = this.box;
    const [left, top] = [scrollLeft, scrollTop].map((place) => place / em - AROUND);
    const right = (scrollLeft + clientWidth) / em + AROUND;
    return { left, top, right, bottom: (scrollTop + clientHeight) / em + AROUND };
  }

  /** Take over other sizes or another place to which the sheet is scrolled. */
  follow() {
    this.box = null; // a small sheet is measured when it is to be scrolled
    if (!this.large) return;
    this.measure();
    this.thin();
  }

  /** Draw what is in view, and cells that were and are near: to hide and show them takes time. */
  thin(view = this.view()) {
    this.seen = view;
    if (view === null) return;
    const { left, top, right, bottom } = view;
    const awayOf = (edges) => {
      return Math.max(edges[0] - right, left - edges[2], edges[1] - bottom, top - edges[3]);
    };
    for (const run of this.runs) {
      const hidden = awayOf(run.edges) > (run.stale ? 0 : KEPT);
      if (run.element.hidden !== hidden) run.element.hidden = hidden;
      if (hidden) run.stale = true;
    }
    this.heads.thin(awayOf);
    this.fillShown();
    this.showTags();
  }

  /** Give the cells their numbers, the rows and columns their names. */
  renumber() {
    const { index, start } = this.layout;
    let current = null; // where the element that Tab comes to is now
    this.marked = new Map(); // every cell is written again
    this.cells.clear();
    for (const run of this.runs) {
      run.stale = true;
      for (const cell of run.cells) {
        const at = index(cell.gr, cell.gc + start);
        if (cell.td && at !== cell.index) cell.td.dataset.index = at;
        cell.index = at;
        this.cells.set(at, cell);
        if (cell.td && cell.td === this.stop) current = at;
      }
    }
    this.heads.name(this.layout);
    this.rove(current ?? this.cells.keys().next().value);
  }

  /**
   * Show what `look(index)` says: { text, name, share (null: no colour), classes, wrong,
   * readOnly }, in these cells, or in all that are in view.
   */
  fill(look, dark, indices = null) {
    Object.assign(this, { look, dark });
    if (indices === null) {
      for (const run of this.runs) run.stale = true;
      this.thin(this.seen);
    }
    for (const index of indices ?? []) this.show(index);
    this.fillShown();
  }

  /** Fill the cells that have come into view. */
  fillShown() {
    for (const run of this.runs) {
      if (!run.stale || run.element.hidden) continue;
      run.stale = false;
      this.cellRuns.furnish(run);
      for (const cell of run.cells) this.write(cell);
    }
  }

  /** Write a cell; one that is hidden is written when it comes into view. */
  show(index) {
    const cell = this.cells.get(index);
    if (!cell || cell.run.element.hidden) return;
    this.cellRuns.furnish(cell.run);
    this.write(cell);
  }

  /** Write of a cell what has changed in it. */
  write(cell) {
    const look = { ...this.look(cell.index), dark: this.dark };
    const { td, shown } = cell;
    const { text, wrong } = look;
    cell.shown = look;
    if (text !== shown.text || wrong !== shown.wrong) writeCell(td, text, wrong);
    if (look.name !== shown.name) td.setAttribute("aria-label", look.name);
    if (look.readOnly !== shown.readOnly) td.ariaReadOnly = look.readOnly;
    if (look.share !== shown.share || look.dark !== shown.dark) {
      if (look.share === null) td.style.backgroundColor = td.style.color = "";
      else paint(td, look.share, look.dark);
    }
    cell.base = `cell ${look.classes}`;
    this.dress(cell);
  }

  /** Mark cells: `marks` is a Map of index to { classes, tag }; all others lose their marks. */
  mark(marks) {
    const before = this.marked;
    this.marked = marks;
    for (const index of before.keys()) if (!marks.has(index)) this.remark(index);
    for (const index of marks.keys()) this.remark(index);
    this.showTags();
  }

  /** Show the tags of a large sheet's cells that are drawn. */
  showTags() {
    const { cell, line } = this.size;
    const tagged = this.large ? [...this.marked].filter(([, { tag }]) => tag) : [];
    const drawn = tagged.filter(([index]) => this.cells.get(index)?.run.element.hidden === false);
    const tags = drawn.map(([index, { tag }]) => {
      const one = this.cells.get(index);
      const [left, top] = this.corner(one);
      return { text: tag, ink: one.td.style.color, right: left + cell, bottom: top + line };
    });
    this.tags.show(tags);
  }

  /** Dress a cell; one that waits to be filled is written for it. */
  remark(index) {
    const cell = this.cells.get(index);
    if (cell?.run.stale === false) this.dress(cell);
    else this.show(index);
  }

  /** Write a cell's classes, selection and tag where they have changed since they were written. */
  dress(cell) {
    const { td, base, index } = cell;
    const mark = this.marked.get(index) ?? null;
    const classes = mark ? `${base} ${mark.classes}` : base;
    if (classes !== cell.classes) td.className = classes;
    const pinned = mark !== null && mark.classes.includes("pinned");
    if (pinned !== cell.pinned) td.ariaSelected = String(pinned);
    const tag = this.large ? "" : (mark?.tag ?? "");
    if (tag !== cell.tag && tag) td.dataset.tag = tag;
    if (tag !== cell.tag && !tag) delete td.dataset.tag;
    Object.assign(cell, { classes, pinned, tag });
  }

  /** Put frames around ranges of cells: { from, to (indices of two corners), faint }. */
  frame(ranges) {
    fit(this.frames, ranges.length, () => make("div", { class: "window-frame" }));
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

  /**
   * Scroll a large sheet until these cells can be seen; the page itself stays where it is. Sizes
   * are remembered: to read them when something has changed lays out the page once more.
   */
  reveal(indices) {
    const seen = indices.map((index) => this.cells.get(index)).filter(Boolean);
    if (seen.length === 0) return;
    if (this.box === null) this.measure();
    const { box } = this;
    const corners = seen.map((cell) => this.corner(cell));
    const { cell, line, head, top } = this.size;
    const ranges = [
      ["scrollLeft", "clientWidth", "widest", corners.map(([left]) => left), cell, head],
      ["scrollTop", "clientHeight", "highest", corners.map(([, place]) => place), line, top],
    ];
    for (const [place, extent, most, starts, one, before] of ranges) {
      const from = (Math.min(...starts) - before) * box.em;
      const to = (Math.max(...starts) + one + 0.4) * box.em;
      const scrolled = Math.min(from, Math.max(box[place], to - box[extent]));
      const next = within(scrolled, box[most] + 1);
      if (next === box[place]) continue;
      this.scroll[place] = next;
      box[place] = this.scroll[place]; // in whole pixels, it may be
    }
  }

  /** Make `index` the cell that Tab comes to. */
  rove(index) {
    const cell = this.cells.get(index);
    this.current = index;
    if (cell) this.cellRuns.furnish(cell.run);
    const td = cell?.td;
    if (td === this.stop) return index;
    if (this.stop) this.stop.tabIndex = -1;
    this.stop = td;
    if (td) td.tabIndex = 0;
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
      const next = index(r, c);
      this.onMove(next); // which may turn the page that the cell stands on
      this.rove(next);
      this.reveal([next]);
      this.thin();
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
