// col2im: columns go back to their windows, and where windows overlap their entries add up.

import { ColumnPages, columnWords } from "./columns.js";
import { choice } from "./controls.js";
import { rings, tensor } from "./figure2d.js";
import { pixelLayout, pixelName, sizeWords, windowFrames } from "./image_sheets.js";
import { widgetOf } from "./page.js";
import { number } from "./shared.js";
import { placeValues } from "./sliding.js";
import { copiesOf, coverage2d, hasGaps, isPaddingPixel, plan2d, windowOf } from "./sliding2d.js";
import { added, sentence, sumLines, wordList } from "./sums.js";
import { TypedFigure2d } from "./typed_sheets.js";

const FANCY = "fancy +=";
const WRITES = { "+=": "Add, +=", "=": "Overwrite, =", [FANCY]: "NumPy, x[k, i, j] +=" };

/**
 * The padded image after the columns 0 to `upto` - 1 are written back.
 * "+=" adds, "=" overwrites, window by window. "fancy +=" is NumPy's x[k, i, j] += cols: it adds
 * to the old image and keeps, for each pixel, only the entry that comes last in the matrix.
 */
export function scatter2d({ x, copies, columns }, cols, write, upto) {
  const image = new Float64Array(x.length);
  copies.forEach((entries, pixel) => {
    const written = entries.filter((entry) => write === FANCY || entry % columns < upto);
    if (written.length === 0) return;
    if (write === "+=") image[pixel] = written.reduce((sum, entry) => sum + cols[entry], 0);
    else image[pixel] = cols[lastWritten(written, write, columns)];
  });
  return image;
}

/** Which of a pixel's entries is written last. */
function lastWritten(entries, write, columns) {
  if (write === FANCY) return entries.at(-1);
  return entries.reduce((last, entry) => (entry % columns > last % columns ? entry : last));
}

class Col2Im extends TypedFigure2d {
  get label() {
    return "col2im";
  }

  get traits() {
    return ["image_shape", "kernel_size", "cols", "write"];
  }

  get names() {
    return { dx: "image dx", cover: "coverage", cols: "gradient columns dX_col" };
  }

  get typed() {
    return { cols: "cols" };
  }

  get rows() {
    return [["dx", "cover", "cols"]];
  }

  get hint() {
    return (
      "Press Step to write one column after the other into the image. Point at a pixel to see " +
      "which entries of the columns add to it, or at a column to see its window."
    );
  }

  controls() {
    this.write = choice("Write", WRITES, (write) => this.set({ write }));
    return { write: this.write.element, ...super.controls() };
  }

  planOf({ image_shape, kernel_size, cols, write, ...setting }) {
    const shape = [1, image_shape[1], ...kernel_size];
    const kernel = { shape, values: [] };
    const plan = plan2d({ shape: image_shape, kernel, ...setting });
    const given = cols && tensor(cols);
    const fits = given && given.shape[0] === plan.taps && given.shape[1] === plan.columns;
    plan.unused = fits ? [] : ["cols"];
    plan.cols = fits ? given.values : plan.problem ? [] : placeColumns(plan);
    this.write.set(write);
    return plan;
  }

  compute() {
    const { plan } = this;
    this.cover = coverage2d(plan);
    this.whole = scatter2d(plan, plan.cols, "+=", plan.columns);
    this.pages ??= new ColumnPages(this.sheets.cols, () => this.turn());
    this.pages.take(plan);
  }

  /** Another page of columns: its cells get their numbers, then what is shown is drawn again. */
  turn() {
    this.hover = null;
    this.sheets.cols.lay(this.pages.layout(), this.sheets.cols.size.cell);
    this.sheets.cols.fill((index) => this.shows("cols", index), this.panel.isDark());
    if (!this.linking) this.draw();
  }

  /** Columns up to the one kept have been written; all of them where none is kept. */
  takeSelection(selection) {
    super.takeSelection(selection);
    const { write } = this.settled;
    const kept = write === FANCY || !this.pin ? null : this.selectionOf(this.pin);
    this.upto = kept === null ? this.plan.columns : kept + 1;
    this.image = scatter2d(this.plan, this.plan.cols, write, this.upto);
  }

  turnedCells() {
    const { image, painted } = this;
    this.painted = image;
    return { dx: [...image.keys()].filter((pixel) => image[pixel] !== painted?.[pixel]) };
  }

  steps() {
    return this.plan.columns;
  }

  stepAt(col) {
    return { row: "cols", index: col };
  }

  stepOf(place) {
    return this.selectionOf(place) ?? -1;
  }

  placeOf(selection) {
    return this.stepAt(Math.max(0, Math.min(selection, this.plan.columns - 1)));
  }

  selectionOf({ row, index }) {
    return row === "cols" ? index % this.plan.columns : null;
  }

  layouts() {
    const pixels = pixelLayout(this.plan);
    return { dx: pixels, cover: pixels, cols: this.pages.layout() };
  }

  valuesOf() {
    return { dx: this.whole, cover: this.cover, cols: this.plan.cols };
  }

  titles() {
    const { taps, columns } = this.plan;
    const after = this.upto < columns ? `after column ${this.upto - 1}` : sizeWords(this.plan, "image");
    return {
      dx: ["dx", after],
      cover: ["coverage", "windows per pixel"],
      cols: ["dX_col", `${taps} × ${columns}, a column a window`],
    };
  }

  look(sheet, index) {
    const { plan } = this;
    const value = { dx: this.image, cover: this.cover, cols: plan.cols }[sheet][index];
    const padding = sheet !== "cols" && isPaddingPixel(plan, index);
    return {
      text: padding ? "" : number(value),
      name: padding ? "padding, cut off" : `${this.nameOf(sheet, index)} = ${number(value)}`,
      share: padding ? null : value / this.ranges[sheet],
      classes: padding ? "padding" : "",
    };
  }

  nameOf(sheet, index) {
    const { columns } = this.plan;
    if (sheet === "cols") return `dX_col[${Math.floor(index / columns)}, ${index % columns}]`;
    return pixelName(this.plan, index, sheet === "cover" ? "coverage" : "dx");
  }

  /** The entries that have been written to a pixel, window by window, and the last of them. */
  written(pixel) {
    const { plan } = this;
    const { write } = this.settled;
    const entries = copiesOf(plan, pixel)
      .filter(({ col }) => col < this.upto)
      .sort((a, b) => a.col - b.col)
      .map(({ entry }) => entry);
    const matrixOrder = entries.toSorted((a, b) => a - b);
    const last = entries.length ? lastWritten(matrixOrder, write, plan.columns) : null;
    return { entries, last };
  }

  links(place) {
    if (!place) return {};
    const { plan } = this;
    const { write } = this.settled;
    if (place.row !== "cols") {
      const { entries, last } = this.written(place.index);
      const marks = rings(entries);
      if (write !== "+=") {
        for (const entry of entries) if (entry !== last) marks.set(entry, { classes: "lost" });
      }
      const other = place.row === "dx" ? "cover" : "dx";
      return {
        marks: { cols: marks, [other]: rings([place.index]) },
        reveal: { cols: entries.slice(0, 1), [other]: [place.index] },
      };
    }
    const col = place.index % plan.columns;
    this.linking = true;
    this.pages.show(col);
    this.linking = false;
    const window = windowOf(plan, col);
    const frame = windowFrames(plan, window);
    const written = write === "=" ? (value) => `=${number(value)}` : added;
    const tag = (tap) => written(plan.cols[tap * plan.columns + col]);
    const ring = hasGaps(plan) ? "met" : "";
    return {
      frames: { dx: frame, cover: frame, cols: [this.pages.columnFrame(col)] },
      marks: { dx: rings(window, tag, ring) },
      reveal: { dx: window, cover: window, cols: window.map((_, tap) => tap * plan.columns + col) },
    };
  }

  explain({ row, index }) {
    const { plan } = this;
    const name = this.nameOf(row, index);
    if (row === "cols") {
      const pixel = plan.source[index];
      const target = isPaddingPixel(plan, pixel)
        ? "falls into the padding, which is cut off"
        : `goes to ${this.nameOf("dx", pixel)}`;
      const words = columnWords(plan, index % plan.columns);
      return sentence(
        `${name} = ${number(plan.cols[index])} ${target}. ${words[0].toUpperCase()}` +
          `${words.slice(1)}: its entries go to the framed window.`,
      );
    }
    if (isPaddingPixel(plan, index)) {
      return sentence("A padding cell is no part of the image: what is written here is cut off.");
    }
    if (row === "cover") {
      const count = this.cover[index];
      const windows = copiesOf(plan, index).map(({ col }) => col).sort((a, b) => a - b);
      if (count === 0) return sentence(`${name} = 0: no window is over this pixel.`);
      const which = count === 1 ? "that of column" : "those of columns";
      return sentence(`${name} = ${count}: so many windows are over it, ${which} ${wordList(windows)}.`);
    }
    return this.explainPixel(name, index);
  }

  explainPixel(name, index) {
    const { plan } = this;
    const { write } = this.settled;
    const { entries, last } = this.written(index);
    const entry = (at) => `${this.nameOf("cols", at)} = ${number(plan.cols[at])}`;
    if (entries.length === 0) {
      const never = copiesOf(plan, index).length === 0;
      const why = never ? "no window is over it" : "no column has been written to it yet";
      return sentence(`${name} = 0: ${why}.`);
    }
    if (write === "+=") {
      const factors = entries.map((at) => ({ name: this.nameOf("cols", at), value: plan.cols[at] }));
      return sumLines(name, factors.map((a) => ({ a })));
    }
    const lost = entries.filter((at) => at !== last).map(entry);
    const kept = `${name} = ${entry(last)}`;
    if (lost.length === 0) return sentence(`${kept}: the only entry for this pixel.`);
    const why =
      write === "="
        ? "the last window that writes to it wins"
        : "NumPy adds each to the old value 0 and keeps the last in the matrix";
    return sentence(`${kept}: ${why}. Lost: ${wordList(lost)}.`);
  }
}

/** Columns whose digits tell which window they came from: 1, 10, 100, …; all ones if many. */
function placeColumns({ taps, columns }) {
  const row = columns <= 6 ? placeValues(columns) : Array(columns).fill(1);
  return Array(taps).fill(row).flat();
}

function render({ model, el }) {
  const figure = new Col2Im(model, el);
  return () => figure.close();
}

export default widgetOf(render);
