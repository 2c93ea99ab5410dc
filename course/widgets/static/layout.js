// Layout: where each element of an image lies in memory, and what a patch reads there.

import { choice } from "./controls.js";
import { Figure2d, rings } from "./figure2d.js";
import { widgetOf } from "./page.js";
import { lineLength, patchOf, pixelIn, placeOf, runsOf } from "./places.js";
import { make, puor } from "./shared.js";
import { copiesOf, hasGaps, pixelAt, plan2d, windowOf } from "./sliding2d.js";
import { sentence } from "./sums.js";

class Layout extends Figure2d {
  get label() {
    return "Layout in memory";
  }

  get traits() {
    return ["shape", "kernel_size", "order"];
  }

  get names() {
    return { x: "image x", y: "patches", memory: "memory" };
  }

  get rows() {
    return [["x", "y"], ["memory"]];
  }

  get hint() {
    return (
      "Point at an element of the image to find it in memory, at a patch to see which places it " +
      "reads. Then change the order."
    );
  }

  controls() {
    const orders = { NHWC: "NHWC, channels last", NCHW: "NCHW, channels first" };
    this.choice = choice("Order", orders, (order) => this.set({ order }));
    const { padding, ...others } = super.controls();
    return { order: this.choice.element, ...others };
  }

  planOf({ shape: [H, W, C], kernel_size, order, ...setting }) {
    this.choice.set(order);
    const kernel = { shape: [1, C, ...kernel_size], values: [] };
    return plan2d({ shape: [1, C, H, W], kernel, ...setting, padding: 0 });
  }

  drawSettings() {
    super.drawSettings();
    const { H, W, C } = this.plan;
    const rule = {
      NHWC: `place of a number at row, column, channel c: (row·W + column)·C + c = (row·${W} + column)·${C} + c`,
      NCHW: `place of a number at row, column, channel c: (c·H + row)·W + column = (c·${H} + row)·${W} + column`,
    };
    this.rule.prepend(make("span", {}, `${this.settled.order}, ${rule[this.settled.order]}`));
  }

  limits() {
    const all = super.limits();
    return { ...all, padding: { value: 0, least: 0, most: 0, why: "" } };
  }

  steps() {
    return this.plan.columns;
  }

  stepAt(index) {
    return { row: "y", index };
  }

  stepOf({ row, index }) {
    return row === "y" ? index : -1;
  }

  placeOf(selection) {
    return { row: "y", index: Math.max(0, Math.min(selection, this.plan.columns - 1)) };
  }

  selectionOf({ row, index }) {
    return row === "y" ? Math.min(index, this.plan.columns - 1) : null;
  }

  layouts() {
    const { C, H, W, OH, OW } = this.plan;
    const counted = { rowHead: (at) => at, columnHead: (at) => at };
    const image = (row, column) => (Math.floor(column / W) * H + row) * W + (column % W);
    const line = lineLength(this.plan);
    const memory = { height: (C * H * W) / line, width: line, head: 2.6 };
    return {
      x: {
        ...{ down: 1, across: C, height: H, width: W, index: image, ...counted },
        title: (_, c) => `channel ${c}`,
      },
      y: {
        ...{ down: 1, across: 1, height: OH, width: OW, ...counted },
        index: (row, column) => row * OW + column,
      },
      memory: {
        ...{ down: 1, across: 1, ...memory, index: (row, column) => row * line + column },
        rowHead: (at) => at * line,
        columnHead: (at) => `+${at}`,
      },
    };
  }

  /** What the cells are to be wide enough for: a memory cell holds three indices and commas. */
  valuesOf() {
    const { C, H, W } = this.plan;
    const digits = (n) => String(n - 1).length;
    const longest = digits(H) + digits(W) + digits(C) + 1;
    return { x: [C * H * W], y: [C * H * W], memory: [10 ** (longest - 1)] };
  }

  titles() {
    const { C, H, W, KH, KW, OH, OW } = this.plan;
    const { order } = this.settled;
    const names = order === "NHWC" ? "row, column, channel" : "channel, row, column";
    const line = lineLength(this.plan);
    const broken = line < C * H * W ? `, broken after every ${line} places to fit` : "";
    return {
      x: ["x", `${H} × ${W} × ${C}, each cell’s place in memory`],
      y: ["patches", `${OH} × ${OW} of ${KH} × ${KW} × ${C}, the first place of each`],
      memory: ["memory", `one long row in ${order}${broken}, each place with its ${names}`],
    };
  }

  look(sheet, index) {
    const { plan } = this;
    const { order } = this.settled;
    if (sheet === "y") {
      const place = placeOf(plan, order, windowOf(plan, index)[0]);
      const name = `${this.patchName(index)}, from ${place}`;
      return { text: place, name, share: null, classes: "" };
    }
    const pixel = sheet === "x" ? index : pixelIn(plan, order, index);
    const place = sheet === "x" ? placeOf(plan, order, index) : index;
    const { c, i, j } = pixelAt(plan, pixel);
    const indices = order === "NHWC" ? `${i},${j},${c}` : `${c},${i},${j}`;
    return {
      text: sheet === "x" ? place : indices,
      name: `row ${i}, column ${j}, channel ${c}: place ${place}`,
      share: this.shareOf(c),
      classes: "",
    };
  }

  /** A channel's place among the colours. */
  shareOf(c) {
    return this.plan.C === 1 ? 0.3 : (1.2 * c) / (this.plan.C - 1) - 0.6;
  }

  patchName(col) {
    const { OW } = this.plan;
    return `patch [${Math.floor(col / OW)}, ${col % OW}]`;
  }

  links(place) {
    const { plan } = this;
    const { order } = this.settled;
    if (place && place.row !== "y") {
      const pixel = place.row === "x" ? place.index : pixelIn(plan, order, place.index);
      const at = placeOf(plan, order, pixel);
      const patches = copiesOf(plan, pixel).map(({ col }) => col);
      const marks = { x: rings([pixel]), memory: rings([at]), y: rings(patches) };
      return { marks, reveal: { x: [pixel], memory: [at] } };
    }
    const pixels = windowOf(plan, place?.index ?? 0);
    const block = plan.KH * plan.KW;
    const frames = Array.from({ length: plan.C }, (_, c) => {
      return { from: pixels[c * block], to: pixels[(c + 1) * block - 1], faint: !place };
    });
    if (!place) return { frames: { x: frames } };
    const places = pixels.map((pixel) => placeOf(plan, order, pixel));
    // The frame already shows a window without gaps.
    const marks = { memory: rings(places), ...(hasGaps(plan) && { x: rings(pixels) }) };
    return { marks, frames: { x: frames }, reveal: { x: pixels, memory: places } };
  }

  explain({ row, index }) {
    const { plan } = this;
    const { order } = this.settled;
    if (row === "y") return this.patchLines(index);
    const pixel = row === "x" ? index : pixelIn(plan, order, index);
    const { c, i, j } = pixelAt(plan, pixel);
    const { C, H, W } = plan;
    const last = order === "NHWC";
    const numbers = last ? `(${i}·${W} + ${j})·${C} + ${c}` : `(${c}·${H} + ${i})·${W} + ${j}`;
    const place = placeOf(plan, order, pixel);
    const steps = last ? [W * C, C, 1] : [W, 1, H * W];
    return [
      ...sentence(`Row ${i}, column ${j}, channel ${c} lies at ${numbers} = ${place}.`),
      ...sentence(
        `From here it is ${steps[1]} to the next column, ${steps[0]} to the next row, ` +
          `${steps[2]} to the next channel.`,
      ),
    ];
  }

  /** The flat indices of a patch, and how they lie together. */
  patchLines(col) {
    const channels = patchOf(this.plan, this.settled.order, col);
    const runs = runsOf(channels.flat(2));
    const even = runs.every((run) => run === runs[0]);
    const name = this.patchName(col);
    const lines = channels.map((rows, c) => {
      const text = rows.map((row) => row.join(", ")).join(" / ");
      return make("p", {}, `channel ${c}: ${text}`);
    });
    const count = runs.length === 1 ? "1 run" : `${runs.length} runs`;
    const each = even ? `${runs[0]}` : `${Math.min(...runs)} to ${Math.max(...runs)}`;
    const all = channels.flat(2).length;
    const words = `${name} reads ${all} places in memory: ${count} of ${each} neighbours.`;
    return [...sentence(words), ...lines];
  }

  drawLegend() {
    const parts = Array.from({ length: this.plan.C }, (_, c) => {
      const colour = puor(this.shareOf(c), this.panel.isDark()).join(" ");
      const style = `background: rgb(${colour})`;
      return [make("span", { class: "swatch", style }), `channel ${c}`];
    });
    this.legend.replaceChildren("Colour:", ...parts.flat());
  }
}

function render({ model, el }) {
  const figure = new Layout(model, el);
  return () => figure.close();
}

export default widgetOf(render);
