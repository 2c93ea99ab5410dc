// Transposed convolution: every entry of a small map lays the kernel down, times its own value, and
// where kernels overlap the products add up.

import { rings } from "./figure2d.js";
import { growthLimits, growthPlan, growthRule, grownBy, overlaps } from "./growing.js";
import {
  matrixLayout, outputLayout, outputName, pixelLayout, pixelName, weightName, windowFrames,
} from "./image_sheets.js";
import { widgetOf } from "./page.js";
import { factor, make, number } from "./shared.js";
import { copiesOf, coverage2d, hasGaps, isPaddingPixel, windowOf } from "./sliding2d.js";
import { added, sentence, sumLines, wordList } from "./sums.js";
import { TypedFigure2d } from "./typed_sheets.js";

class TransposedConvolution extends TypedFigure2d {
  get label() {
    return "Transposed convolution";
  }

  get traits() {
    return ["y", "kernel"];
  }

  get names() {
    return { y: "small map y", w: "kernel w", grown: "output", cover: "coverage" };
  }

  get typed() {
    return { y: "y", w: "kernel" };
  }

  get rows() {
    return [["y", "w", "grown", "cover"]];
  }

  get hint() {
    return (
      "Press Step to lay down one kernel after the other. Point at a pixel of the output to see " +
      "which entries of y reach it, or at an entry of y to see its kernel."
    );
  }

  planOf(state) {
    return growthPlan(state);
  }

  compute() {
    this.cover = coverage2d(this.plan);
    this.whole = grownBy(this.plan, this.plan.columns);
  }

  /** Kernels up to the one kept have been laid down; all of them where none is kept. */
  takeSelection(selection) {
    super.takeSelection(selection);
    this.upto = this.pin?.row === "y" ? this.pin.index + 1 : this.plan.columns;
    this.image = grownBy(this.plan, this.upto);
  }

  turnedCells() {
    const { image, painted } = this;
    this.painted = image;
    return { grown: [...image.keys()].filter((pixel) => image[pixel] !== painted?.[pixel]) };
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
    return this.stepAt(Math.max(0, Math.min(selection, this.plan.columns - 1)));
  }

  selectionOf({ row, index }) {
    return row === "y" ? index : null;
  }

  layouts() {
    const pixels = pixelLayout(this.plan);
    const { KH, KW } = this.plan;
    return { y: outputLayout(this.plan), w: matrixLayout(KH, KW), grown: pixels, cover: pixels };
  }

  valuesOf() {
    return { y: this.plan.y, w: this.plan.w, grown: this.whole, cover: this.cover };
  }

  titles() {
    const { OH, OW, KH, KW, H, W, PH, PW, padding, columns } = this.plan;
    const cropped = Math.max(...padding) > 0 ? `, cropped from ${PH} × ${PW}` : "";
    const after = this.upto < columns ? `after ${this.nameOf("y", this.upto - 1)}` : "";
    return {
      y: ["y", `map ${OH} × ${OW}`],
      w: ["w", `kernel ${KH} × ${KW}`],
      grown: ["grown", after || `output ${H} × ${W}${cropped}`],
      cover: ["coverage", "kernels per pixel"],
    };
  }

  limitsOn(axes) {
    return growthLimits(axes);
  }

  ruleOn(axis) {
    return growthRule(axis);
  }

  drawSettings() {
    super.drawSettings();
    if (this.plan.problem) return;
    const counts = overlaps(this.plan.axes);
    const all =
      counts.length === 1
        ? `${counts[0]} on every pixel`
        : `${counts.slice(0, -1).join(", ")} or ${counts.at(-1)}, a checkerboard`;
    this.rule.append(make("span", {}, `Kernels on a pixel, away from the edges: ${all}.`));
  }

  look(sheet, index) {
    const { plan } = this;
    const value = { y: plan.y, w: plan.w, grown: this.image, cover: this.cover }[sheet][index];
    const padding = this.isCropped(sheet, index);
    return {
      text: padding ? "" : number(value),
      name: padding ? "padding, cut off" : `${this.nameOf(sheet, index)} = ${number(value)}`,
      share: padding ? null : value / this.ranges[sheet],
      classes: padding ? "padding" : "",
    };
  }

  isCropped(sheet, index) {
    return (sheet === "grown" || sheet === "cover") && isPaddingPixel(this.plan, index);
  }

  nameOf(sheet, index) {
    if (sheet === "y") return outputName(this.plan, index);
    if (sheet === "w") return weightName(this.plan, index);
    return pixelName(this.plan, index, sheet === "cover" ? "coverage" : "grown");
  }

  /** Entries of y whose kernels have been laid on a pixel, each with the weight that lies there. */
  laidOn(pixel) {
    return copiesOf(this.plan, pixel)
      .filter(({ col }) => col < this.upto)
      .sort((a, b) => a.col - b.col);
  }

  links(place) {
    if (!place) return {};
    const { plan } = this;
    if (place.row === "y") {
      const window = windowOf(plan, place.index);
      const frame = windowFrames(plan, window);
      const product = (tap) => added(plan.y[place.index] * plan.w[tap]);
      return {
        frames: { grown: frame, cover: frame },
        marks: { grown: rings(window, product, hasGaps(plan) ? "met" : "") },
        reveal: { grown: window, cover: window },
      };
    }
    if (place.row === "w") {
      const { columns, source } = plan;
      const pixels = [...source.subarray(place.index * columns, (place.index + 1) * columns)];
      return { marks: { grown: rings(pixels, (col) => `×${number(plan.y[col])}`) } };
    }
    const laid = this.laidOn(place.index);
    const [cols, taps] = [laid.map(({ col }) => col), laid.map(({ tap }) => tap)];
    const other = place.row === "grown" ? "cover" : "grown";
    return {
      marks: {
        y: rings(cols, (at) => `×${number(plan.w[taps[at]])}`),
        w: rings(taps),
        [other]: rings([place.index]),
      },
      reveal: { y: cols.slice(0, 1), [other]: [place.index] },
    };
  }

  explain({ row, index }) {
    const { plan } = this;
    const name = this.nameOf(row, index);
    if (row === "y") return this.explainEntry(name, index);
    if (row === "w") {
      return sentence(
        `${name} = ${number(plan.w[index])} is laid down ${plan.columns} times, once times each ` +
          `entry of y: on the pixels with a ring.`,
      );
    }
    if (this.isCropped(row, index)) {
      return sentence("The padding is cropped: what is laid on this cell is cut off.");
    }
    if (row === "cover") return this.explainCount(name, index);
    const terms = this.laidOn(index).map(({ tap, col }) => ({
      a: { name: this.nameOf("y", col), value: plan.y[col] },
      b: { name: this.nameOf("w", tap), value: plan.w[tap] },
    }));
    if (terms.length > 0) return sumLines(name, terms);
    const never = this.cover[index] === 0;
    const why = never ? "no kernel lies on it" : "no kernel has been laid on it yet";
    return sentence(`${name} = 0: ${why}.`);
  }

  explainEntry(name, index) {
    const { plan } = this;
    const value = plan.y[index];
    const window = windowOf(plan, index);
    const cut = window.filter((pixel) => isPaddingPixel(plan, pixel)).length;
    const products = [...plan.w].map((weight) => number(value * weight));
    const lost = cut > 0 ? ` ${cut} of them fall into the padding and are cut off.` : "";
    return sentence(
      `${name} = ${number(value)} lays ${factor(value)} times the kernel on the framed window, ` +
        `which adds ${wordList(products, 25)}.${lost}`,
    );
  }

  explainCount(name, index) {
    const entries = copiesOf(this.plan, index).map(({ col }) => col).sort((a, b) => a - b);
    if (entries.length === 0) return sentence(`${name} = 0: no kernel lies on this pixel.`);
    const which = wordList(entries.map((col) => this.nameOf("y", col)));
    const kernels = entries.length === 1 ? "the kernel" : "the kernels";
    return sentence(`${name} = ${entries.length}: ${kernels} of ${which} lie${entries.length === 1 ? "s" : ""} on it.`);
  }
}

function render({ model, el }) {
  const figure = new TransposedConvolution(model, el);
  return () => figure.close();
}

export default widgetOf(render);
