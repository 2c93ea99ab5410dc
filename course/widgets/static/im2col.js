// im2col: every window is written out as a column, and the layer is one matrix product.

import { ColumnPages, columnWords, rowWords } from "./columns.js";
import { rings, tensor } from "./figure2d.js";
import {
  matrixLayout, outputLayout, outputName, pixelFactor, pixelLayout, pixelName, sizeWords,
  weightName, windowFrames,
} from "./image_sheets.js";
import { widgetOf } from "./page.js";
import { number } from "./shared.js";
import {
  biasTerm, copiesOf, forward2d, hasGaps, isPaddingPixel, outputAt, outputOf, plan2d, windowOf,
} from "./sliding2d.js";
import { sentence, sumLines, wordList } from "./sums.js";
import { TypedFigure2d } from "./typed_sheets.js";

class Im2Col extends TypedFigure2d {
  get label() {
    return "im2col";
  }

  get traits() {
    return ["image", "kernel", "bias"];
  }

  get names() {
    return {
      x: "image x",
      w: "kernel as a row, W_row",
      y: "output y",
      cols: "columns X_col",
    };
  }

  get typed() {
    return { x: "image", w: "kernel" };
  }

  get rows() {
    return [["x", "w", "y"], ["cols"]];
  }

  get hint() {
    return (
      "Point at an output to see its window and its column, or at a pixel to see where it is " +
      "copied to."
    );
  }

  planOf({ image, kernel, bias, ...setting }) {
    const given = { shape: tensor(image).shape, image, kernel: tensor(kernel) };
    return { ...plan2d({ ...given, ...setting }), bias };
  }

  compute() {
    this.y = forward2d(this.plan);
    this.pages ??= new ColumnPages(this.sheets.cols, () => this.turn());
    this.pages.take(this.plan);
  }

  /** Another page of columns: its cells get their numbers, then what is shown is drawn again. */
  turn() {
    this.hover = null;
    this.sheets.cols.lay(this.pages.layout(), this.sheets.cols.size.cell);
    this.sheets.cols.fill((index) => this.shows("cols", index), this.panel.isDark());
    if (!this.linking) this.draw();
  }

  steps() {
    return this.plan.columns;
  }

  stepAt(col) {
    return { row: "y", index: outputOf(this.plan, 0, col) };
  }

  stepOf(place) {
    return this.selectionOf(place) ?? -1;
  }

  placeOf(selection) {
    return this.stepAt(Math.max(0, Math.min(selection, this.plan.columns - 1)));
  }

  selectionOf({ row, index }) {
    if (row === "y") return outputAt(this.plan, index).col;
    return row === "cols" ? index % this.plan.columns : null;
  }

  layouts() {
    const { plan } = this;
    return {
      x: pixelLayout(plan),
      w: matrixLayout(plan.F, plan.taps),
      y: outputLayout(plan),
      cols: this.pages.layout(),
    };
  }

  valuesOf() {
    return { x: this.plan.x, w: this.plan.w, y: this.y, cols: this.plan.x };
  }

  titles() {
    const { F, OH, OW, taps, columns } = this.plan;
    return {
      x: ["x", sizeWords(this.plan, "image")],
      w: ["W_row", `kernel as ${F === 1 ? "a row" : "rows"}, ${F} × ${taps}`],
      y: ["y", `output ${OH} × ${OW}`],
      cols: ["X_col", `${taps} × ${columns}: one column for each window`],
    };
  }

  look(sheet, index) {
    const { plan } = this;
    const pixel = sheet === "cols" ? plan.source[index] : index;
    const value = { x: plan.x, cols: plan.x, w: plan.w, y: this.y }[sheet][pixel];
    const padding = (sheet === "x" || sheet === "cols") && isPaddingPixel(plan, pixel);
    const own = sheet === "x" && padding ? "padding" : this.nameOf(sheet, index);
    return {
      text: number(value),
      name: `${own} = ${number(value)}`,
      share: padding ? null : value / this.ranges[sheet],
      classes: padding ? "padding" : "",
    };
  }

  nameOf(sheet, index) {
    const { taps, columns } = this.plan;
    if (sheet === "w") return `W_row[${Math.floor(index / taps)}, ${index % taps}]`;
    if (sheet === "cols") return `X_col[${Math.floor(index / columns)}, ${index % columns}]`;
    return sheet === "x" ? pixelName(this.plan, index) : outputName(this.plan, index);
  }

  links(place) {
    if (!place) return { frames: {} };
    const { plan, pages } = this;
    const { columns, taps, F } = plan;
    const filters = [...Array(F).keys()];
    if (place.row === "x") {
      const copies = copiesOf(plan, place.index);
      const outputs = filters.flatMap((f) => copies.map(({ col }) => outputOf(plan, f, col)));
      const entries = copies.map(({ entry }) => entry);
      return {
        marks: { cols: rings(entries), y: rings(outputs) },
        reveal: { cols: entries.slice(0, 1) },
      };
    }
    if (place.row === "w") {
      const tap = place.index % taps;
      const pixels = Array.from({ length: columns }, (_, col) => plan.source[tap * columns + col]);
      return { frames: { cols: [pages.rowFrame(tap)] }, marks: { x: rings(pixels) } };
    }
    const col = this.selectionOf(place);
    this.linking = true;
    pages.show(col);
    this.linking = false;
    const window = windowOf(plan, col);
    const entries = window.map((_, tap) => tap * columns + col);
    const frames = { x: windowFrames(plan, window), cols: [pages.columnFrame(col)] };
    const reveal = { x: window, cols: entries };
    if (place.row === "cols") {
      const tap = Math.floor(place.index / columns);
      const marks = {
        x: rings([plan.source[place.index]]),
        w: rings(filters.map((f) => f * taps + tap)),
        y: rings(filters.map((f) => outputOf(plan, f, col))),
      };
      return { frames, marks, reveal };
    }
    const { f } = outputAt(plan, place.index);
    frames.w = [{ from: f * taps, to: (f + 1) * taps - 1 }];
    const weight = (tap) => `×${number(plan.w[f * taps + tap])}`;
    const ring = hasGaps(plan) ? "met" : "";
    const marks = { x: rings(window, weight, ring), cols: rings(entries, weight, "") };
    return { frames, marks, reveal: { ...reveal, y: [place.index] } };
  }

  explain({ row, index }) {
    const { plan } = this;
    const { taps, columns } = plan;
    if (row === "y") {
      const { f, col } = outputAt(plan, index);
      const name = this.nameOf("y", index);
      const terms = windowOf(plan, col).map((pixel, tap) => ({
        a: { name: this.nameOf("w", f * taps + tap), value: plan.w[f * taps + tap] },
        b: { ...pixelFactor(plan, pixel), name: this.nameOf("cols", tap * columns + col) },
      }));
      const added = biasTerm(plan, f);
      const plus = added.length > 0 ? `, plus ${added[0].a.name}` : "";
      const words = `${name} is row ${f} of W_row times column ${col} of X_col${plus}.`;
      return [...sentence(words), ...sumLines(name, [...terms, ...added])];
    }
    const value = number(this.valueAt(row, index));
    const name = this.nameOf(row, index);
    if (row === "w") {
      const weight = weightName(plan, index);
      const tap = index % taps;
      return sentence(
        `${name} = ${weight} = ${value}: ${rowWords(plan, tap)}. In the product it meets ` +
          `row ${tap} of X_col, which holds the ringed pixels.`,
      );
    }
    if (row === "cols") {
      const pixel = plan.source[index];
      const from = isPaddingPixel(plan, pixel) ? "padding" : pixelName(plan, pixel);
      const [tap, col] = [Math.floor(index / columns), index % columns];
      return sentence(
        `${name} = ${from} = ${value}: ${rowWords(plan, tap)}; ${columnWords(plan, col)}.`,
      );
    }
    const who = isPaddingPixel(plan, index) ? "A padding cell is always 0. It" : `${name} = ${value}`;
    const places = copiesOf(plan, index).map(({ entry }) => this.nameOf("cols", entry));
    if (places.length === 0) return sentence(`${who} is in no window, so it is copied nowhere.`);
    const times = places.length === 1 ? "once" : `${places.length} times`;
    return sentence(`${who} is copied ${times}: to ${wordList(places)}.`);
  }

  valueAt(sheet, index) {
    if (sheet === "cols") return this.plan.x[this.plan.source[index]];
    return { x: this.plan.x, w: this.plan.w, y: this.y }[sheet][index];
  }
}

function render({ model, el }) {
  const figure = new Im2Col(model, el);
  return () => figure.close();
}

export default widgetOf(render);
