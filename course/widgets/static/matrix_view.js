// Matrix view: the layer as one sparse matrix. A row is a window, a column is a pixel, and the
// entries that are not always 0 are copies of the kernel's weights.

import { rings, tensor } from "./figure2d.js";
import { matrixLayout, outputName, pixelLayout, pixelName } from "./image_sheets.js";
import { widgetOf } from "./page.js";
import { make, number } from "./shared.js";
import {
  copiesOf, forward2d, hasGaps, isPaddingPixel, pixelAt, plan2d, windowOf,
} from "./sliding2d.js";
import { sentence, sumLines, wordList } from "./sums.js";
import { TypedFigure2d } from "./typed_sheets.js";

/** Which weight stands in each entry of the matrix, row by row; -1 where it is always 0. */
export function entriesOf(plan) {
  const { H, W, taps, columns, source } = plan;
  const entries = new Int32Array(columns * H * W).fill(-1);
  for (let row = 0; row < columns; row++) {
    for (let tap = 0; tap < taps; tap++) {
      const pixel = source[tap * columns + row];
      if (!isPaddingPixel(plan, pixel)) entries[row * H * W + columnOf(plan, pixel)] = tap;
    }
  }
  return entries;
}

/** The column of a pixel, which is numbered in the padded image. */
function columnOf(plan, pixel) {
  const { i, j } = pixelAt(plan, pixel);
  return i * plan.W + j;
}

/** The pixel of a column. */
function pixelOf({ W, PW, padding }, column) {
  return (Math.floor(column / W) + padding[0]) * PW + (column % W) + padding[1];
}

class MatrixView extends TypedFigure2d {
  get label() {
    return "Matrix view";
  }

  get traits() {
    return ["image", "kernel"];
  }

  get names() {
    return { w: "kernel w", x: "image x", y: "output y", matrix: "matrix M" };
  }

  get typed() {
    return { w: "kernel", x: "image" };
  }

  get rows() {
    return [["w", "x", "y"], ["matrix"]];
  }

  get hint() {
    return (
      "Point at an output to see its row of M and its window, at a pixel to see its column, " +
      "at a weight to see all its copies."
    );
  }

  planOf({ image, kernel, ...setting }) {
    const images = [[image]];
    const { shape, values } = tensor([[kernel]]);
    const given = { shape: tensor(images).shape, image: images, kernel: { shape, values } };
    return plan2d({ ...given, ...setting });
  }

  compute() {
    this.y = forward2d(this.plan);
    this.entries = entriesOf(this.plan);
  }

  drawSettings() {
    super.drawSettings();
    if (this.plan.problem) return;
    const { H, W, columns, taps } = this.plan;
    const copies = this.entries.filter((tap) => tap >= 0).length;
    const all = columns * H * W;
    const line =
      `M: ${columns} × ${H * W} = ${all} entries; ${copies} of them are copies of ` +
      `${taps} weights, ${all - copies} are always 0.`;
    this.rule.prepend(make("span", {}, line));
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
    const { plan } = this;
    const { H, W, KH, KW, OH, OW } = plan;
    const indices = (width) => (at) => `${Math.floor(at / width)},${at % width}`;
    const matrix = { ...matrixLayout(plan.columns, H * W), head: 2.2 };
    return {
      w: matrixLayout(KH, KW),
      x: pixelLayout(plan),
      y: matrixLayout(OH, OW),
      matrix: { ...matrix, rowHead: indices(OW), columnHead: indices(W) },
    };
  }

  valuesOf() {
    return { w: this.plan.w, x: this.plan.x, y: this.y, matrix: this.plan.w };
  }

  titles() {
    const { H, W, KH, KW, OH, OW, columns } = this.plan;
    return {
      w: ["w", `kernel ${KH} × ${KW}`],
      x: ["x", `image ${H} × ${W}`],
      y: ["y", `output ${OH} × ${OW}`],
      matrix: ["M", `${columns} × ${H * W}: a row for each output, a column for each pixel`],
    };
  }

  look(sheet, index) {
    const { plan } = this;
    if (sheet === "matrix") {
      const tap = this.entries[index];
      const name = this.nameOf(sheet, index);
      if (tap < 0) return { text: "0", name: `${name}, always 0`, share: null, classes: "blank" };
      const value = plan.w[tap];
      const copy = `${name} = ${this.nameOf("w", tap)} = ${number(value)}`;
      return { text: number(value), name: copy, share: value / this.ranges.matrix, classes: "" };
    }
    const value = { w: plan.w, x: plan.x, y: this.y }[sheet][index];
    const padding = sheet === "x" && isPaddingPixel(plan, index);
    return {
      text: number(value),
      name: `${this.nameOf(sheet, index)} = ${number(value)}`,
      share: padding ? null : value / this.ranges[sheet],
      classes: padding ? "padding" : "",
    };
  }

  nameOf(sheet, index) {
    const { plan } = this;
    if (sheet === "x") return isPaddingPixel(plan, index) ? "padding" : pixelName(plan, index);
    if (sheet === "y") return outputName(plan, index);
    if (sheet === "w") return `w[${Math.floor(index / plan.KW)}, ${index % plan.KW}]`;
    const width = plan.H * plan.W;
    return `M[${Math.floor(index / width)}, ${index % width}]`;
  }

  /** The entries of the matrix that are copies of a weight. */
  copies(tap) {
    return [...this.entries.keys()].filter((entry) => this.entries[entry] === tap);
  }

  links(place) {
    const { plan } = this;
    const { H, W, columns } = plan;
    const width = H * W;
    if (place?.row === "w") return this.weightLinks(place.index);
    if (place?.row === "x") {
      const met = copiesOf(plan, place.index);
      const outputs = met.map(({ col }) => col);
      const tag = (at) => `×${number(plan.w[met[at].tap])}`;
      const marks = { y: rings(outputs, tag), w: rings(met.map(({ tap }) => tap)) };
      if (isPaddingPixel(plan, place.index)) return { marks };
      const column = columnOf(plan, place.index);
      const frames = { matrix: [{ from: column, to: (columns - 1) * width + column }] };
      return { marks, frames, reveal: { matrix: [column] } };
    }
    const entry = place?.row === "matrix" ? place.index : null;
    const row = entry === null ? (place?.index ?? 0) : Math.floor(entry / width);
    const window = windowOf(plan, row);
    const faint = place === null || place === undefined;
    const frames = {
      x: [{ from: window[0], to: window.at(-1), faint }],
      matrix: [{ from: row * width, to: (row + 1) * width - 1, faint }],
    };
    if (faint) return { frames };
    if (entry === null) {
      const tag = (tap) => `×${number(plan.w[tap])}`;
      // The frame already shows a window without gaps.
      const ring = hasGaps(plan) ? "met" : "";
      return { frames, marks: { x: rings(window, tag, ring) }, reveal: { matrix: [row * width] } };
    }
    const tap = this.entries[entry];
    const marks = tap < 0 ? {} : { ...this.weightLinks(tap).marks, w: rings([tap]) };
    const pixel = pixelOf(plan, entry % width);
    return { frames, marks: { ...marks, x: rings([pixel]), y: rings([row]) } };
  }

  /** A weight, its copies, and the pixels that it meets. */
  weightLinks(tap) {
    const { columns, source } = this.plan;
    const pixels = Array.from({ length: columns }, (_, row) => source[tap * columns + row]);
    return { marks: { matrix: rings(this.copies(tap)), x: rings(pixels) } };
  }

  explain({ row, index }) {
    const { plan } = this;
    if (row === "y") return this.sum(index);
    if (row === "w") return this.weight(index);
    if (row === "matrix") return this.entry(index);
    const padding = isPaddingPixel(plan, index);
    const who = padding ? "A padding cell is always 0 and has no column. It" : this.column(index);
    const parts = copiesOf(plan, index).map(({ tap, col }) => {
      return `${this.nameOf("y", col)} through ${this.nameOf("w", tap)} = ${number(plan.w[tap])}`;
    });
    if (parts.length === 0) return sentence(`${who} is reached by no window: its column is all 0.`);
    return sentence(`${who} reaches ${wordList(parts)}.`);
  }

  column(pixel) {
    const value = `${this.nameOf("x", pixel)} = ${number(this.plan.x[pixel])}`;
    return `${value}, column ${columnOf(this.plan, pixel)},`;
  }

  /** An output: its row times the image as one column. */
  sum(row) {
    const { plan } = this;
    const terms = windowOf(plan, row).map((pixel, tap) => {
      const padding = isPaddingPixel(plan, pixel);
      return {
        a: { name: this.nameOf("w", tap), value: plan.w[tap] },
        b: { name: this.nameOf("x", pixel), value: plan.x[pixel], padding },
      };
    });
    const zeros = plan.H * plan.W - terms.filter(({ b }) => !b.padding).length;
    const rest = `Row ${row} of M times x; its other ${zeros} entries are 0.`;
    return [...sumLines(this.nameOf("y", row), terms), ...sentence(rest)];
  }

  weight(tap) {
    const copies = this.copies(tap);
    const value = `${this.nameOf("w", tap)} = ${number(this.plan.w[tap])}`;
    const places = wordList(copies.map((entry) => this.nameOf("matrix", entry)));
    return sentence(
      `${value} stands in M ${copies.length} times: ${places}. ` +
        `They are one weight: its gradient is the sum of theirs.`,
    );
  }

  entry(entry) {
    const { plan } = this;
    const width = plan.H * plan.W;
    const output = this.nameOf("y", Math.floor(entry / width));
    const pixel = this.nameOf("x", pixelOf(plan, entry % width));
    const name = this.nameOf("matrix", entry);
    const tap = this.entries[entry];
    if (tap < 0) {
      return sentence(`${name} is always 0: the window of ${output} does not read ${pixel}.`);
    }
    const weight = `${this.nameOf("w", tap)} = ${number(plan.w[tap])}`;
    return sentence(
      `${name} = ${weight}: ${pixel} counts so much in ${output}. ` +
        `One of ${this.copies(tap).length} copies.`,
    );
  }
}

function render({ model, el }) {
  const figure = new MatrixView(model, el);
  return () => figure.close();
}

export default widgetOf(render);
