// Padding and stride: a window goes over the padded image, and every output's sum is formed.

import { rings, tensor } from "./figure2d.js";
import {
  matrixLayout, outputLayout, outputName, pixelFactor, pixelLayout, pixelName, sizeWords,
  weightName, windowFrames,
} from "./image_sheets.js";
import { widgetOf } from "./page.js";
import { number } from "./shared.js";
import {
  biasTerm, copiesOf, forward2d, hasGaps, isPaddingPixel, plan2d, tapAt, windowOf,
} from "./sliding2d.js";
import { sentence, sumLines, wordList } from "./sums.js";
import { TypedFigure2d } from "./typed_sheets.js";

class PaddingAndStride extends TypedFigure2d {
  get label() {
    return "Padding and stride";
  }

  get traits() {
    return ["image", "kernel", "bias"];
  }

  get names() {
    return { x: "image x", w: "kernel w", y: "output y" };
  }

  get typed() {
    return { x: "image", w: "kernel" };
  }

  get rows() {
    return [["x", "w", "y"]];
  }

  get hint() {
    return "Point at an output to see its window and its sum, at a pixel to see where it goes.";
  }

  planOf({ image, kernel, bias, ...setting }) {
    const { shape, values } = tensor([[kernel]]);
    const images = [[image]];
    const given = { shape: tensor(images).shape, image: images, kernel: { shape, values } };
    const plan = { ...plan2d({ ...given, ...setting }), bias: [bias] };
    const { stride, padding, dilation } = setting;
    const places = JSON.stringify([given.shape, shape, stride, padding, dilation]);
    // How many outputs are to be filled in, and are: none where there are others now.
    if (places !== this.places) {
      this.reached = this.wrong.isCase ? plan.columns : 0;
      this.filled = 0;
    }
    this.places = places;
    return plan;
  }

  compute() {
    this.y = forward2d(this.plan);
  }

  takeSelection(selection) {
    super.takeSelection(selection);
    if (this.pin?.row === "y") this.reached = Math.max(this.reached, this.pin.index + 1);
  }

  walk(step) {
    if (step < 0) this.reached = 0;
    super.walk(step);
  }

  turnedCells() {
    const [from, to] = [this.filled, this.reached].sort((a, b) => a - b);
    this.filled = this.reached;
    return { y: Array.from({ length: to - from }, (_, at) => from + at) };
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
    const last = this.plan.columns - 1;
    return { row: "y", index: Math.max(0, Math.min(selection, last)) };
  }

  selectionOf({ row, index }) {
    return row === "y" ? Math.min(index, this.plan.columns - 1) : null;
  }

  layouts() {
    const { plan } = this;
    return { x: pixelLayout(plan), w: matrixLayout(plan.KH, plan.KW), y: outputLayout(plan) };
  }

  valuesOf() {
    return { x: this.plan.x, w: this.plan.w, y: this.y };
  }

  titles() {
    const { KH, KW, OH, OW } = this.plan;
    return {
      x: ["x", sizeWords(this.plan, "image")],
      w: ["w", `kernel ${KH} × ${KW}`],
      y: ["y", `output ${OH} × ${OW}`],
    };
  }

  look(sheet, index) {
    const value = { x: this.plan.x, w: this.plan.w, y: this.y }[sheet][index];
    const padding = sheet === "x" && isPaddingPixel(this.plan, index);
    const shown = this.shown?.row === "y" && this.shown.index === index;
    const blank = sheet === "y" && index >= this.reached && !shown;
    const name = padding ? "padding" : this.nameOf(sheet, index);
    return {
      text: blank ? "?" : number(value),
      name: blank ? `${name}, not computed yet` : `${name} = ${number(value)}`,
      share: blank || padding ? null : value / this.ranges[sheet],
      classes: [blank && "blank", padding && "padding"].filter(Boolean).join(" "),
    };
  }

  nameOf(sheet, index) {
    return { x: pixelName, w: weightName, y: outputName }[sheet](this.plan, index);
  }

  links(place) {
    const { plan } = this;
    const weight = (tap) => `×${number(plan.w[tap])}`;
    if (place?.row === "x") {
      const copies = copiesOf(plan, place.index);
      const outputs = copies.map(({ col }) => col);
      const taps = copies.map(({ tap }) => tap);
      return { marks: { y: rings(outputs, (at) => weight(taps[at])), w: rings(taps) } };
    }
    if (place?.row === "w") {
      const pixels = this.eachWindow(place.index);
      return { marks: { x: rings(pixels) } };
    }
    const col = place?.index ?? 0;
    const window = windowOf(plan, col);
    const frames = { x: windowFrames(plan, window).map((range) => ({ ...range, faint: !place })) };
    if (!place) return { frames };
    // The frame already shows a window without gaps.
    const ring = hasGaps(plan) ? "met" : "";
    return { marks: { x: rings(window, weight, ring) }, frames, reveal: { x: window, y: [col] } };
  }

  /** The pixel that kernel entry `tap` meets in each window. */
  eachWindow(tap) {
    const { columns, source } = this.plan;
    return Array.from({ length: columns }, (_, col) => source[tap * columns + col]);
  }

  explain({ row, index }) {
    const { plan } = this;
    if (row === "y") {
      const terms = windowOf(plan, index).map((pixel, tap) => ({
        a: pixelFactor(plan, pixel),
        b: { name: this.nameOf("w", tap), value: plan.w[tap] },
      }));
      return sumLines(this.nameOf("y", index), [...terms, ...biasTerm(plan)]);
    }
    if (row === "w") {
      const { a, b } = tapAt(plan, index);
      const value = number(plan.w[index]);
      return sentence(
        `w[${a}, ${b}] = ${value} is used ${plan.columns} times, once in each window: ` +
          `on the cells with a ring.`,
      );
    }
    const { name, value, padding } = pixelFactor(plan, index);
    const who = padding ? "A padding cell is always 0. It" : `${name} = ${number(value)}`;
    const parts = copiesOf(plan, index).map(({ tap, col }) => {
      const weight = `${this.nameOf("w", tap)} = ${number(plan.w[tap])}`;
      return `${this.nameOf("y", col)} through ${weight}`;
    });
    if (parts.length === 0) return sentence(`${who} is reached by no window.`);
    return sentence(`${who} reaches ${wordList(parts)}.`);
  }
}

function render({ model, el }) {
  const figure = new PaddingAndStride(model, el);
  return () => figure.close();
}

export default widgetOf(render);
