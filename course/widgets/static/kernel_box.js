// The box that slides: the kernel as given, how it is turned, the kernel as used over its window,
// and in the forward view the window's products on their way into one output.

import { Grid } from "./grid.js";
import { draw, make, number, paint } from "./shared.js";
import { sumOf } from "./sliding.js";

export class KernelBox {
  /**
   * `heights` is the board's { row: em }; products are drawn where there is a row for them.
   * `handlers` has `onPick(index)`: a click on an entry of the kernel; where it is `editable`, the
   * kernel as given is a grid, which the keyboard comes to, and `onMove(index)` is called.
   */
  constructor(heights, handlers, editable) {
    this.heights = heights;
    this.indices = strip("indices", "wi");
    const label = "kernel w as it is given";
    this.grid = editable ? new Grid("w", label, handlers) : null;
    this.given = this.grid ?? table("w", label);
    this.flip = drawing("flip");
    this.used = table("used", "kernel as it is used");
    const parts = [this.indices, this.given.table, this.flip, this.used.table, strip("frame", "x")];
    if ("products" in heights) {
      this.products = table("products", "products of this window");
      this.gather = drawing("gather");
      parts.push(this.products.table, this.gather);
    }
    this.element = make("div", { class: "box" }, ...parts);
    for (const { table } of this.grid ? [this.used] : [this.given, this.used]) {
      table.addEventListener("click", (event) => {
        const cell = event.target.closest(".kernel");
        if (cell) handlers.onPick(Number(cell.dataset.index));
      });
    }
  }

  /**
   * `view` has: at (the output it stands over), state ("live", "idle" or "faint"),
   * ringed(j) and kept(j) for the kernel's entries, range of w's colours, dark, width of a cell in
   * em.
   */
  update(plan, view) {
    this.element.dataset.state = view.state;
    this.element.style.setProperty("--span", plan.span);
    this.element.style.transform = `translateX(${view.at * plan.stride * view.width}em)`;
    const ringed = [...plan.given.w.keys()].filter(view.ringed);
    const kept = ringed.map(view.kept);
    const look = JSON.stringify([ringed, kept, view.width, view.dark]);
    if (plan !== this.plan || look !== this.look) this.updateKernels(plan, view);
    Object.assign(this, { plan, look });
    if (this.products) this.updateProducts(plan, view);
  }

  updateKernels(plan, view) {
    const { k, span, dilation, mode } = plan;
    const left = (span - k) / 2; // the given kernel stands close together, over the middle
    const given = [...plan.given.w.keys()];
    const used = mode === "convolution" ? given.toReversed() : given;
    const cell = (j, column) => {
      const ring = view.ringed(j) ? " met" : "";
      const attributes = { role: "cell", class: `cell kernel${ring}`, style: place(column) };
      const td = make("td", { ...attributes, "data-row": "w", "data-index": j });
      td.append(number(plan.given.w[j]));
      paint(td, plan.given.w[j] / view.range, view.dark);
      return td;
    };
    if (this.grid) this.updateGrid(given, left, plan, view);
    else this.given.line.replaceChildren(...given.map((j) => cell(j, left + j)));
    this.indices.replaceChildren(...given.map((j) => make("span", { style: place(left + j) }, j)));
    this.used.line.replaceChildren(...used.map((j, tap) => cell(j, tap * dilation)));
    const height = this.heights.flip;
    this.flip.replaceChildren(
      ...used.map((j, tap) => {
        return lineBetween([left + j, 0.12], [tap * dilation, height - 0.12], view.width);
      }),
    );
    this.flip.classList.toggle("crossed", mode === "convolution" && k > 1);
    sizeDrawing(this.flip, span, height, view.width);
  }

  updateGrid(given, left, plan, view) {
    const cells = given.map((j) => ({
      ...{ index: j, column: left + j, text: number(plan.given.w[j]), readOnly: false },
      name: `w[${j}] = ${number(plan.given.w[j])}`,
      share: plan.given.w[j] / view.range,
      classes: view.ringed(j) ? "kernel met" : "kernel",
      selected: view.kept(j),
    }));
    this.grid.update(cells, view.dark);
  }

  updateProducts(plan, view) {
    const { terms } = sumOf(plan, "y", view.at);
    const middle = (plan.span - 1) / 2;
    const height = this.heights.gather;
    this.products.line.replaceChildren(
      ...terms.map(({ product }, tap) => {
        return make("td", { role: "cell", style: place(tap * plan.dilation) }, number(product));
      }),
    );
    this.gather.replaceChildren(
      ...terms.map((_, tap) => {
        return lineBetween([tap * plan.dilation, 0.05], [middle, height - 0.1], view.width);
      }),
    );
    sizeDrawing(this.gather, plan.span, height, view.width);
  }
}

/** Columns are counted in half cells, so that a cell can stand between two others. */
function place(column) {
  return `grid-column: ${2 * column + 1} / span 2`;
}

/** A strip of the board that is only to be looked at: the tables beside it say the same. */
export function strip(classes, row) {
  return make("div", { class: classes, style: `grid-row: ${row}`, "aria-hidden": "true" });
}

function drawing(row) {
  return draw("svg", { class: row, style: `grid-row: ${row}`, "aria-hidden": "true" });
}

/** A table of one line. Its cells are laid out as a CSS grid, so its roles have to be said. */
function table(row, label) {
  const line = make("tr", { role: "row" });
  const body = make("tbody", { role: "rowgroup" }, line);
  const style = `grid-row: ${row}`;
  const attributes = { role: "table", class: `row row-${row}`, style, "aria-label": label };
  return { line, table: make("table", attributes, body) };
}

/** A line between the middles of two columns `width` em wide; points are [column, em from top]. */
export function lineBetween([from, y1], [to, y2], width) {
  return draw("line", { x1: (from + 0.5) * width, y1, x2: (to + 0.5) * width, y2 });
}

/** Size a drawing so that its unit is one em. */
export function sizeDrawing(svg, columns, height, width) {
  svg.setAttribute("viewBox", `0 0 ${columns * width} ${height}`);
  svg.style.width = `${columns * width}em`;
  svg.style.height = `${height}em`;
}
