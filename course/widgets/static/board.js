// The picture of a sliding kernel: rows of cells on one set of columns, the kernel's box that
// moves over them, and the lines between rows. It is told what to show; it decides nothing.

import { Grid } from "./grid.js";
import { draw, factor, make, number, paint } from "./shared.js";
import { entry, isPadding, meetingsOf, sumOf, valueOf } from "./sliding.js";

// Heights in em, from top to bottom; a name ending in "i" is the row of indices below its cells.
const HEIGHTS = {
  forward: {
    wi: 1.2, w: 2.2, flip: 1.8, used: 2.2, gap: 0.35, x: 2.5, xi: 1.3, products: 1.6, gather: 1.6,
    y: 2.5, yi: 1.2,
  },
  backward: {
    wi: 1.2, w: 2.2, flip: 1.8, used: 2.2, gap: 0.35, x: 2.5, xi: 1.3, up: 1.8, dy: 2.5, dyi: 1.2,
    down: 2.8, dx: 2.5, dxi: 1.2, space: 0.9, dw: 2.5, dwi: 1.2,
  },
};

const LABELS = {
  w: ["w", "kernel as given"],
  used: ["↓", "kernel as used"],
  x: ["x", "signal"],
  products: ["x·w", "products"],
  y: ["y", "output"],
  dy: ["dy", "upstream gradient"],
  dx: ["dx", "gradient of x"],
  dw: ["dw", "gradient of w"],
};

const NAMES = { x: "signal x", y: "output y", dy: "upstream gradient dy", dx: "gradient dx", dw: "gradient dw" };

// What is ringed while an entry of a row is shown.
const MEETS = {
  forward: { x: ["y", "w"], y: ["x"] },
  backward: { x: ["dy", "dw"], dy: ["x", "dx"], dx: ["dy", "w"], dw: ["dy", "x", "w"] },
};

const ROWS = { forward: ["x", "y"], backward: ["x", "dy", "dx", "dw"] };

export class Board {
  /** `handlers(row)` gives a row's { onMove, onPick }. */
  constructor(show, handlers) {
    this.heights = HEIGHTS[show];
    this.rings = MEETS[show];
    this.grids = ROWS[show].map((row) => new Grid(row, NAMES[row], handlers(row)));
    this.indices = this.grids.map(({ row }) => this.place("indices", `${row}i`));
    this.labels = Object.fromEntries(
      Object.keys(LABELS)
        .filter((row) => row in this.heights)
        .map((row) => [row, this.place("label", row)]),
    );
    this.fan = draw("svg", { class: "fan", "aria-hidden": "true" });
    this.box = this.makeBox(show);
    this.element = make(
      "div",
      { class: "board" },
      ...Object.values(this.labels),
      ...this.grids.flatMap((grid, at) => [grid.table, this.indices[at]]),
      this.box.element,
      this.fan,
    );
    const rows = Object.entries(this.heights).map(([name, height]) => `[${name}] ${height}em`);
    this.element.style.setProperty("--rows", rows.join(" "));
    this.stage = make("div", { class: "stage" }, this.element);
  }

  place(classes, row) {
    return make("div", { class: classes, style: `grid-row: ${row}`, "aria-hidden": "true" });
  }

  /** The box: both kernels, the frame over the signal, and in the forward view the products. */
  makeBox(show) {
    const table = (row, label) => {
      // The cells are laid out as a CSS grid, so the roles of a table have to be said.
      const line = make("tr", { role: "row" });
      const body = make("tbody", { role: "rowgroup" }, line);
      const style = `grid-row: ${row}`;
      const attributes = { role: "table", class: `row row-${row}`, style, "aria-label": label };
      return { line, table: make("table", attributes, body) };
    };
    const parts = {
      indices: this.place("indices", "wi"),
      given: table("w", "kernel w as it is given"),
      flip: draw("svg", { class: "flip", "aria-hidden": "true", style: "grid-row: flip" }),
      used: table("used", "kernel as it is used"),
      frame: this.place("frame", "x"),
    };
    const drawn = [parts.indices, parts.given.table, parts.flip, parts.used.table, parts.frame];
    if (show === "forward") {
      parts.products = table("products", "products of this window");
      parts.gather = draw("svg", { class: "gather", "aria-hidden": "true", style: "grid-row: gather" });
      drawn.push(parts.products.table, parts.gather);
    }
    return { ...parts, element: make("div", { class: "box" }, ...drawn) };
  }

  /**
   * Show a plan. `view` has: shown and pinned ({ row, index } or null), at (the box's output),
   * filled ({ y, dx, dw }: how many entries can be seen), ranges, results, dark.
   */
  update(plan, view) {
    this.plan = plan;
    this.view = view;
    const rows = Object.keys(view.ranges);
    const texts = rows.flatMap((row) => view.results[row] ?? plan.given[row]).map(number);
    this.width = Math.max(2.5, 0.64 * Math.max(...texts.map((text) => text.length)) + 0.7);
    this.element.style.setProperty("--columns", plan.room);
    this.element.style.setProperty("--cell", `${this.width}em`);
    this.grids.forEach((grid, at) => this.updateRow(grid, this.indices[at]));
    for (const [row, label] of Object.entries(this.labels)) {
      const [symbol, words] = row === "used" ? this.usedLabel() : LABELS[row];
      label.replaceChildren(make("b", {}, symbol), make("span", { class: "words" }, words));
    }
    this.updateKernels();
    this.updateBox();
    this.updateFan();
  }

  usedLabel() {
    return this.plan.mode === "convolution" ? ["⇄", "kernel flipped"] : LABELS.used;
  }

  /** The column, in cells from the left edge, of an entry. Outputs stand under their windows. */
  column(row, index) {
    if (row === "w" || row === "dw") return index;
    if (row === "x" || row === "dx") return index + this.plan.padding;
    return index * this.plan.stride + (this.plan.span - 1) / 2;
  }

  updateRow(grid, indices) {
    const { plan, view } = this;
    const { row } = grid;
    const range = { x: [-plan.padding, plan.n + plan.padding] }[row];
    const [first, end] = range ?? [0, { y: plan.length, dy: plan.length, dx: plan.n, dw: plan.k }[row]];
    const cells = [];
    for (let index = first; index < end; index++) {
      const hidden = row in view.filled && index >= view.filled[row] && !same(view.shown, row, index);
      const value = row in view.results ? view.results[row][index] : valueOf(plan, row, index);
      const padding = isPadding(plan, row, index);
      const classes = [
        padding && "padding",
        hidden && "blank",
        same(view.shown, row, index) && "shown",
        same(view.pinned, row, index) && "pinned",
        this.meets(row, index) && "met",
      ];
      cells.push({
        index,
        column: this.column(row, index),
        text: hidden ? "?" : number(value),
        name: `${padding ? "padding" : `${row}[${index}]`} ${hidden ? "not computed yet" : `= ${number(value)}`}`,
        share: hidden || padding ? null : value / view.ranges[row],
        classes: classes.filter(Boolean).join(" "),
        selected: same(view.pinned, row, index),
      });
    }
    grid.update(cells, view.dark);
    indices.replaceChildren(
      ...cells.map((cell) => {
        const style = `grid-column: ${2 * cell.column + 1} / span 2`;
        return make("span", { style }, isPadding(plan, row, cell.index) ? "" : cell.index);
      }),
    );
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

  /** Both kernels, with a line from each entry as given to where it is used. */
  updateKernels() {
    const { plan, view, box } = this;
    const { k, span, dilation } = plan;
    const before = (span - k) / 2; // the given kernel is compact, in the middle of the window
    const order = Array.from({ length: k }, (_, tap) => (plan.mode === "convolution" ? k - 1 - tap : tap));
    const cell = (j, column) => {
      const style = `grid-column: ${2 * column + 1} / span 2`;
      const td = make("td", { role: "cell", class: "cell kernel", style });
      if (this.meets("w", j)) td.classList.add("met");
      td.append(number(plan.given.w[j]));
      paint(td, plan.given.w[j] / view.ranges.w, view.dark);
      return td;
    };
    box.given.line.replaceChildren(...order.map((_, j) => cell(j, before + j)));
    box.indices.replaceChildren(
      ...order.map((_, j) => make("span", { style: `grid-column: ${2 * (before + j) + 1} / span 2` }, j)),
    );
    box.used.line.replaceChildren(...order.map((j, tap) => cell(j, tap * dilation)));
    const height = this.heights.flip;
    box.flip.replaceChildren(
      ...order.map((j, tap) => this.line([before + j, 0.12], [tap * dilation, height - 0.12])),
    );
    box.flip.classList.toggle("crossed", plan.mode === "convolution" && k > 1);
    this.size(box.flip, span, height);
    box.element.style.setProperty("--span", span);
  }

  updateBox() {
    const { plan, view, box } = this;
    const { shown } = view;
    box.element.dataset.state = !shown ? "idle" : this.isOutput(shown.row) ? "live" : "faint";
    box.element.style.transform = `translateX(${view.at * plan.stride * this.width}em)`;
    if (!box.products) return;
    const { terms } = sumOf(plan, "y", view.at);
    const columns = terms.map((_, tap) => tap * plan.dilation);
    box.products.line.replaceChildren(
      ...terms.map((term, tap) =>
        make("td", { role: "cell", style: `grid-column: ${2 * columns[tap] + 1} / span 2` }, number(term.product)),
      ),
    );
    const height = this.heights.gather;
    const middle = (plan.span - 1) / 2;
    box.gather.replaceChildren(...columns.map((c) => this.line([c, 0.05], [middle, height - 0.1])));
    this.size(box.gather, plan.span, height);
  }

  /** The lines from one entry to all that it meets, each with what it is multiplied by. */
  updateFan() {
    const { plan, view } = this;
    const { shown } = view;
    this.size(this.fan, plan.room, sum(Object.values(this.heights)));
    this.fan.replaceChildren();
    const result = this.grids[1].row;
    const fans = {
      x: { from: "x", to: result, by: result === "y" ? "w" : null },
      dy: { from: "dy", to: "dx", by: "w" },
      dx: { from: "dx", to: "dy", by: "w" },
      dw: { from: "x", to: "dy", by: null },
    };
    const fan = shown && fans[shown.row];
    if (!fan) return;
    for (const meeting of meetingsOf(plan, shown.row, shown.index)) {
      const [i, o] = [fan.from, fan.to].map((row) => entry(meeting, row));
      if (fan.to === "dx" && (i === undefined || isPadding(plan, "x", o))) continue;
      const up = this.top(fan.from) > this.top(fan.to);
      const start = [this.column(fan.from, i), up ? this.top(fan.from) - 0.1 : this.bottom(fan.from)];
      const end = [this.column(fan.to, o), up ? this.bottom(fan.to) + 0.9 : this.top(fan.to) - 1];
      this.fan.append(this.line(start, fan.by ? end : [end[0], this.top(fan.to) - 0.1]));
      if (fan.by) {
        const place = { x: (end[0] + 0.5) * this.width, y: end[1] + (up ? -0.1 : 0.75) };
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

  /** A line between the middles of two columns; points are [column, em from the top]. */
  line([from, y1], [to, y2]) {
    const [x1, x2] = [from, to].map((column) => (column + 0.5) * this.width);
    return draw("line", { x1, y1, x2, y2 });
  }

  /** One unit of a drawing is one em. */
  size(svg, columns, height) {
    const width = columns * this.width;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.style.width = `${width}em`;
    svg.style.height = `${height}em`;
  }

  /** Scroll a wide board so that the box can be seen; the page itself stays where it is. */
  reveal() {
    const stage = this.stage.getBoundingClientRect();
    const box = this.box.element.offsetLeft + this.view.at * this.plan.stride * this.em();
    const right = box + this.plan.span * this.em();
    const label = this.labels.x.offsetWidth;
    if (box - label < this.stage.scrollLeft) this.stage.scrollLeft = box - label;
    else if (right > this.stage.scrollLeft + stage.width) this.stage.scrollLeft = right - stage.width;
  }

  /** A cell's width in pixels. */
  em() {
    return this.width * parseFloat(getComputedStyle(this.element).fontSize);
  }
}

function same(place, row, index) {
  return place !== null && place.row === row && place.index === index;
}

function sum(numbers) {
  return numbers.reduce((total, one) => total + one, 0);
}
