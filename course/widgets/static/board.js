// The picture of a sliding kernel: rows of cells on one set of columns, the kernel's box that
// moves over them, and the lines between rows. It is told what to show; it decides nothing.

import { Grid } from "./grid.js";
import { KernelBox, lineBetween, sizeDrawing, strip } from "./kernel_box.js";
import { draw, factor, make, number } from "./shared.js";
import { entry, isPadding, meetingsOf, valueOf } from "./sliding.js";

// Heights in em, from top to bottom; a name ending in "i" is the row of indices of its cells.
const KERNELS = { wi: 1.2, w: 2.2, flip: 1.8, used: 2.2, gap: 0.35, x: 2.5, xi: 1.3 };
const HEIGHTS = {
  forward: { ...KERNELS, products: 1.6, gather: 1.6, y: 2.5, yi: 1.2 },
  backward: {
    ...KERNELS,
    ...{ up: 1.8, dy: 2.5, dyi: 1.2, down: 2.8 },
    ...{ dx: 2.5, dxi: 1.2, space: 0.9, dw: 2.5, dwi: 1.2 },
  },
};

const LABELS = {
  w: ["w", "kernel"],
  used: ["↓", "kernel as it is"],
  x: ["x", "signal"],
  products: ["x·w", "products"],
  y: ["y", "output"],
  dy: ["dy", "upstream gradient"],
  dx: ["dx", "gradient of x"],
  dw: ["dw", "gradient of w"],
};

const NAMES = {
  x: "signal x",
  y: "output y",
  dy: "upstream gradient dy",
  dx: "gradient of x, dx",
  dw: "gradient of w, dw",
};

// What is ringed while an entry of a row is shown.
const MEETS = {
  forward: { x: ["y", "w"], y: ["x"], w: ["x", "w"] },
  backward: {
    x: ["dy", "dw"],
    w: ["x", "dw", "w"],
    dy: ["x", "dx"],
    dx: ["dy", "w"],
    dw: ["dy", "x", "w"],
  },
};

// The lines drawn for an entry: between which rows, and the row whose value stands at their ends.
const FANS = {
  forward: { x: { from: "x", to: "y", by: "w" } },
  backward: {
    x: { from: "x", to: "dy" },
    dy: { from: "dy", to: "dx", by: "w" },
    dx: { from: "dx", to: "dy", by: "w" },
    dw: { from: "x", to: "dy" },
  },
};

const ROWS = { forward: ["x", "y"], backward: ["x", "dy", "dx", "dw"] };

export class Board {
  /**
   * `handlers(row)` gives a row's { onMove, onPick }; in an `editable` board the keyboard comes to
   * the kernel, too. `given` has the table of each row that is given.
   */
  constructor(show, handlers, editable) {
    this.heights = HEIGHTS[show];
    this.rings = MEETS[show];
    this.fans = FANS[show];
    this.grids = ROWS[show].map((row) => new Grid(row, NAMES[row], handlers(row)));
    this.indices = this.grids.map(({ row }) => strip("indices", `${row}i`));
    this.labels = Object.fromEntries(
      Object.keys(LABELS)
        .filter((row) => row in this.heights)
        .map((row) => [row, strip("label", row)]),
    );
    this.fan = draw("svg", { class: "fan", "aria-hidden": "true" });
    this.box = new KernelBox(this.heights, handlers("w"), editable);
    const inputs = this.grids.filter(({ row }) => row === "x" || row === "dy");
    const tables = inputs.map(({ row, table }) => [row, table]);
    this.given = { ...Object.fromEntries(tables), w: this.box.given.table };
    this.editable = editable;
    this.element = make(
      "div",
      { class: "board" },
      make("div", { class: "margin", "aria-hidden": "true" }),
      ...Object.values(this.labels),
      ...this.grids.flatMap((grid, at) => [grid.table, this.indices[at]]),
      this.box.element,
      this.fan,
    );
    const rows = Object.entries(this.heights).map(([name, height]) => `[${name}] ${height}em`);
    this.element.style.setProperty("--rows", rows.join(" "));
    this.stage = make("div", { class: "stage" }, this.element);
  }

  /**
   * Show a plan. `view` has: shown and pinned ({ row, index } or null), at (the box's output),
   * filled ({ y, dx, dw }: how many entries can be seen), ranges, results, wrong, dark.
   */
  update(plan, view) {
    const fresh = plan !== this.plan;
    Object.assign(this, { plan, view });
    if (fresh) this.lay();
    this.grids.forEach((grid) => grid.update(this.cellsOf(grid.row), view.dark));
    this.updateBox();
    this.updateFan();
  }

  /** What stays while the pointer moves: widths, labels, indices. */
  lay() {
    const { plan, view } = this;
    const rows = Object.keys(view.ranges);
    const texts = rows.flatMap((row) => {
      const values = view.results[row] ?? plan.given[row];
      return [...values.map(number), ...view.wrong.textsOf(row)];
    });
    this.width = Math.max(2.5, 0.64 * Math.max(...texts.map((text) => text.length)) + 0.7);
    this.element.style.setProperty("--columns", plan.room);
    this.element.style.setProperty("--cell", `${this.width}em`);
    this.stage.style.setProperty("--needs", plan.room * this.width);
    for (const [row, label] of Object.entries(this.labels)) {
      const [symbol, words] = this.labelOf(row);
      label.replaceChildren(make("b", {}, symbol), make("span", { class: "words" }, words));
    }
    this.grids.forEach(({ row }, at) => {
      const spans = this.places(row).map((index) => {
        const style = `grid-column: ${2 * this.column(row, index) + 1} / span 2`;
        return make("span", { style }, isPadding(plan, row, index) ? "" : index);
      });
      this.indices[at].replaceChildren(...spans);
    });
  }

  /** The numbers of a row's cells. */
  places(row) {
    const { n, k, length, padding: p } = this.plan;
    const first = row === "x" ? -p : 0;
    const end = { x: n + p, y: length, dy: length, dx: n, dw: k }[row];
    return Array.from({ length: end - first }, (_, at) => first + at);
  }

  labelOf(row) {
    const { mode, n, k } = this.plan;
    if (row === "used" && mode === "convolution") return ["⇄", "kernel flipped"];
    const size = { x: `, n = ${n}`, w: `, k = ${k}` }[row] ?? "";
    return [LABELS[row][0], LABELS[row][1] + size];
  }

  /** The column, in cells from the left edge, of an entry. Outputs stand under their windows. */
  column(row, index) {
    if (row === "w" || row === "dw") return index;
    if (row === "x" || row === "dx") return index + this.plan.padding;
    return index * this.plan.stride + (this.plan.span - 1) / 2;
  }

  cellsOf(row) {
    const { plan, view } = this;
    return this.places(row).map((index) => {
      const shown = same(view.shown, row, index);
      const hidden = row in view.filled && index >= view.filled[row] && !shown;
      const value = row in view.results ? view.results[row][index] : valueOf(plan, row, index);
      const padding = isPadding(plan, row, index);
      const name = padding ? "padding" : `${row}[${index}]`;
      const classes = [
        padding && "padding",
        hidden && "blank",
        shown && "shown",
        same(view.pinned, row, index) && "pinned",
        this.meets(row, index) && "met",
      ];
      return view.wrong.mark(row, index, {
        index,
        column: this.column(row, index),
        text: hidden ? "?" : number(value),
        name: hidden ? `${name}, not computed yet` : `${name} = ${number(value)}`,
        share: hidden || padding ? null : value / view.ranges[row],
        classes: classes.filter(Boolean).join(" "),
        selected: same(view.pinned, row, index),
        readOnly: this.editable && row in this.given ? padding : null,
      });
    });
  }

  /** Is this the row of outputs: y, or dy in the backward view? */
  isOutput(row) {
    return row === this.grids[1].row;
  }

  /** Is this entry part of what is shown? */
  meets(row, index) {
    const { shown } = this.view;
    if (!shown || !this.rings[shown.row].includes(row)) return false;
    // The frame already shows a window without gaps.
    if (row === "x" && this.isOutput(shown.row) && this.plan.dilation === 1) return false;
    return meetingsOf(this.plan, shown.row, shown.index).some((m) => entry(m, row) === index);
  }

  updateBox() {
    const { shown, at, ranges, dark } = this.view;
    const state = !shown ? "idle" : this.isOutput(shown.row) ? "live" : "faint";
    const ringed = (j) => this.meets("w", j);
    const kept = (j) => same(this.view.pinned, "w", j);
    const { width } = this;
    this.box.update(this.plan, { state, at, ringed, kept, range: ranges.w, dark, width });
  }

  /** The lines from one entry to all that it meets, each with what it is multiplied by. */
  updateFan() {
    const { plan, view } = this;
    const { shown } = view;
    sizeDrawing(this.fan, plan.room, sum(Object.values(this.heights)), this.width);
    this.fan.replaceChildren();
    const fan = shown && this.fans[shown.row];
    if (!fan) return;
    const up = this.top(fan.from) > this.top(fan.to);
    const start = up ? this.top(fan.from) - 0.1 : this.bottom(fan.from);
    const touch = up ? this.bottom(fan.to) : this.top(fan.to);
    const end = touch + (fan.by ? 1 : 0.1) * (up ? 1 : -1);
    for (const meeting of meetingsOf(plan, shown.row, shown.index)) {
      const [from, to] = [fan.from, fan.to].map((row) => entry(meeting, row));
      if (fan.to === "dx" && isPadding(plan, "x", to)) continue;
      const [left, right] = [this.column(fan.from, from), this.column(fan.to, to)];
      this.fan.append(lineBetween([left, start], [right, end], this.width));
      if (fan.by) {
        const place = { x: (right + 0.5) * this.width, y: (touch + end) / 2 + 0.3 };
        const value = valueOf(plan, fan.by, entry(meeting, fan.by));
        this.fan.append(draw("text", place, `×${factor(value)}`));
      }
    }
  }

  top(row) {
    const names = Object.keys(this.heights);
    return sum(names.slice(0, names.indexOf(row)).map((name) => this.heights[name]));
  }

  /** Below a row's indices. */
  bottom(row) {
    return this.top(row) + this.heights[row] + this.heights[`${row}i`];
  }

  /** Scroll a wide board to what is kept; the page itself stays where it is. */
  reveal({ row, index }) {
    if (row === "w") return; // the kernel slides with its window
    const { plan, stage, width } = this;
    const em = parseFloat(getComputedStyle(this.element).fontSize);
    const window = this.isOutput(row);
    const first = this.grids[0].table.offsetLeft;
    const left = first + width * em * (window ? index * plan.stride : this.column(row, index));
    const right = left + width * em * (window ? plan.span : 1);
    if (left - first < stage.scrollLeft) stage.scrollLeft = left - first;
    if (right > stage.scrollLeft + stage.clientWidth) stage.scrollLeft = right - stage.clientWidth;
  }
}

function same(place, row, index) {
  return place !== null && place.row === row && place.index === index;
}

function sum(numbers) {
  return numbers.reduce((total, one) => total + one, 0);
}
